"""Where a recruit stands on a day, as known at a time, and the days their programme is meant to take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from courses.models import Recruit, RecruitState
from courses.programmes.needs import Need, NeedKind, needs_of
from courses.programmes.releasing import plan_of
from courses.programmes.states import WORDS, Kind, Standing, standing_of
from courses.programmes.values import INDEPENDENT_PATROL, Phase, Plan
from people.dates import long_date
from people.models import User


def standing_on(recruit: Recruit, on: date, *, known_at: datetime | None = None) -> Standing:
    """Return where a recruit stands on the day, as known at a time (aware; None is now). One query."""
    return standing_of(recruit.states.in_force(on, known_at))  # type: ignore[attr-defined]


def standings_on(recruits: Sequence[Recruit], on: date, *, known_at: datetime | None = None) -> dict[Any, Standing]:
    """Return where each of many recruits stands, by recruit. One query."""
    rows: dict[Any, list[RecruitState]] = defaultdict(list)
    for row in RecruitState.objects.in_force(on, known_at).filter(recruit__in=[recruit.pk for recruit in recruits]):
        rows[row.recruit_id].append(row)
    return {recruit.pk: standing_of(rows[recruit.pk]) for recruit in recruits}


@dataclass(frozen=True, slots=True)
class PathPhase:
    """A phase on a recruit's path: done, present or to come, with its days as they were or are meant to be."""

    phase: Phase
    starts_on: date
    ends_on: date
    is_done: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class Path:
    """A recruit's way through the programme on a day. ``needs`` are those of the present phase."""

    recruit: Recruit
    plan: Plan
    standing: Standing
    phases: tuple[PathPhase, ...]
    needs: tuple[Need, ...]
    week: int

    @property
    def present(self) -> PathPhase | None:
        return next((one for one in self.phases if one.is_present), None)

    @property
    def plain_needs(self) -> list[Need]:
        """What is needed, a portfolio as one thing."""
        return [need for need in self.needs if need.kind is not NeedKind.HEADING]

    @property
    def heading_needs(self) -> list[Need]:
        """The headings of the present phase's portfolio."""
        return [need for need in self.needs if need.kind is NeedKind.HEADING]

    @property
    def has_portfolio(self) -> bool:
        """Whether the programme asks for a portfolio in any phase."""
        return bool(self.plan.with_portfolio)

    @property
    def needs_heading(self) -> str:
        """What stands between the recruit and what comes next, as a heading."""
        present = self.present
        if present is None:
            return ""
        if present.phase.grants == INDEPENDENT_PATROL:
            return "Before independent patrol"
        following = self.following
        return f"Before {following.phase.title.lower()}" if following else "Before confirmation in rank"

    @property
    def ended_words(self) -> str:
        day = self.standing.ended_on
        return f"{WORDS[self.standing.ended]} on {long_date(day)}." if self.standing.ended and day else ""

    @property
    def following(self) -> PathPhase | None:
        present = self.present
        if present is None:
            return None
        place = self.phases.index(present) + 1
        return self.phases[place] if place < len(self.phases) else None


def path_of(recruit: Recruit, on: date) -> Path:
    """Return a recruit's path as it is on the day."""
    plan, standing = plan_of(recruit.release), standing_on(recruit, on)
    rows = recruit.states.known().filter(kind=Kind.PHASE, is_void=False).order_by("valid_from")  # type: ignore[attr-defined]
    # Where somebody waits for a later intake to begin, the phase they will enter counts from its first day.
    at_hand = standing.phase or next((row.phase for row in rows if row.valid_from > on), "")
    phases = tuple(_phases(plan, at_hand, {row.phase: row for row in rows}, recruit.began_on, on))
    present = plan.phase(standing.phase) if standing.phase else None
    needs = tuple(needs_of(recruit, present, on=on)) if present else ()
    week = (on - standing.since).days // 7 + 1 if standing.since else 0
    return Path(recruit, plan, standing, phases, needs, week)


def own_path(officer: User, *, on: date) -> Path | None:
    """Return the officer's path where they are in initial training, else None. One query for everybody else."""
    recruit = Recruit.objects.of(officer).open().select_related("release__programme", "officer").first()
    return path_of(recruit, on) if recruit else None


def due_on(plan: Plan, phase: str, since: date) -> date:
    """Return the day by which what a phase asks is due: the last day of its target weeks."""
    return since + timedelta(weeks=plan.phase(phase).weeks) - timedelta(days=1)


def _phases(
    plan: Plan, at_hand: str, entered: dict[str, RecruitState], began_on: date, on: date
) -> Iterable[PathPhase]:
    """Yield the phases: those gone by as they were, the one ``at_hand`` and the later ones as they are meant from when it begins.

    ``entered`` is the last row of each phase. With none at hand, training has ended, and what was entered is gone by.
    """
    slugs = [phase.slug for phase in plan.phases]
    here = slugs.index(at_hand) if at_hand else len(slugs)
    day = began_on
    for place, phase in enumerate(plan.phases):
        row = entered.get(phase.slug)
        begun = row.valid_from if row is not None and place <= here else day
        is_done = place < here and row is not None
        last = row.valid_until if is_done and row is not None and row.valid_until else _last(phase, begun)
        yield PathPhase(phase, begun, last, is_done=is_done, is_present=place == here and begun <= on)
        day = last + timedelta(days=1)


def _last(phase: Phase, begun: date) -> date:
    return begun + timedelta(weeks=phase.weeks) - timedelta(days=1)
