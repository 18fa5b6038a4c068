"""What is refused about portfolios, and the lock every verb takes."""

from __future__ import annotations

from typing import Any

from courses.models import PortfolioSignOff, Recruit
from courses.portfolio.case_details import Found
from courses.programmes.refusals import NotYours, RecruitRefused
from courses.programmes.releasing import plan_of
from courses.programmes.values import Phase, Plan
from cpd_records.activity_rules import cleaned_text, says_something

__all__ = ["LooksLikeACase", "NotConfirmed", "NotYours", "RecruitRefused"]


class LooksLikeACase(RecruitRefused):
    """Something in the text looks like a detail of a case, and nobody has said yet that it is none. ``found`` says what."""

    def __init__(self, found: tuple[Found, ...]) -> None:
        super().__init__(
            "Something here looks like a detail of a case. Take it out, or confirm below that it is none.", "words"
        )
        self.found = found


class NotConfirmed(RecruitRefused):
    """Whoever signs off has not signed in again for it."""

    def __init__(self) -> None:
        super().__init__("Signing off is confirmed by signing in again. Nothing was recorded yet.")


def locked_recruit(recruit: Recruit) -> Recruit:
    """Return the recruit, locked, so that decisions about one portfolio follow one another; inside the caller's transaction."""
    rows = Recruit.objects.select_for_update(of=("self",)).select_related("officer", "release__programme")
    return rows.get(pk=recruit.pk)


def refuse_ended(recruit: Recruit) -> None:
    if recruit.closed_at is not None:
        raise RecruitRefused("Their training has ended, so their portfolio stays as it is.")


def refuse_signed_off(recruit: Recruit, phase: Phase) -> None:
    if PortfolioSignOff.objects.filter(recruit=recruit, phase=phase.slug, ended_at__isnull=True).exists():
        raise RecruitRefused(f"The portfolio of ‘{phase.title}’ is signed off, so it stays as it was judged.")


def phase_of(recruit: Recruit, slug: str) -> Phase:
    """Return the phase with a portfolio that has the slug; refuse any other."""
    found = [phase for phase in plan_of(recruit.release).with_portfolio if phase.slug == slug]
    if not found:
        raise RecruitRefused("Their programme asks for no such portfolio.", "phase")
    return found[0]


def phase_in(plan: Plan, slug: str) -> Phase | None:
    return next((phase for phase in plan.with_portfolio if phase.slug == slug), None)


def checked_text(text: str, *, field: str, most: int, missing: str = "", lines: bool = True) -> str:
    """Return text as it is kept; refuse one too long and, with a ``missing`` sentence, one that says nothing."""
    text = cleaned_text(text)
    text = text if lines else " ".join(text.split())
    if not says_something(text):
        if missing:
            raise RecruitRefused(missing, field)
        return ""
    if len(text) > most:
        raise RecruitRefused(f"That is {len(text):,} characters long and {most:,} fit. Shorten it.", field)
    return text


def among(values: Any, known: Any) -> tuple[str, ...]:
    """Return those of ``known`` that are among ``values``, each once, in the order of ``known``."""
    wanted = set(values)
    return tuple(one for one in known if one in wanted)
