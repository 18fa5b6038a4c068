"""Judging a piece of evidence: each judgement is a row of its own, and of two people at once the second is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses.models import ItemState, PortfolioItem, PortfolioJudgement, PortfolioVersion, Recruit
from courses.models.portfolio import REASON_LENGTH
from courses.portfolio.judges import may_judge
from courses.portfolio.refusals import (
    NotYours,
    RecruitRefused,
    checked_text,
    locked_recruit,
    phase_of,
    refuse_ended,
    refuse_signed_off,
)
from courses.programmes.refusals import MovedMeanwhile
from people import access
from people.dates import long_date
from people.models import User, display_name

OWN = "You cannot judge your own evidence. Somebody else has to."
VOUCHED = "You are named as having been there, so somebody else judges this."
NOT_A_JUDGE = (
    "Evidence is judged by the recruit’s tutor, a trainer of their intake or an assessor. You are none of them today."
)


@dataclass(frozen=True, slots=True)
class Marks:
    """The four things asked of evidence. It is sufficient as a whole where all four hold."""

    valid: bool
    authentic: bool
    up_to_date: bool
    sufficient: bool

    @property
    def all_hold(self) -> bool:
        return self.valid and self.authentic and self.up_to_date and self.sufficient


def judge_item(
    item: PortfolioItem, marks: Marks, *, reason: str, seen: tuple[int, int], by: User, at: datetime
) -> PortfolioJudgement:
    """Judge what was handed in last: sufficient where all four hold, else returned with a reason.

    ``seen`` is what the page showed: the number of the version and of its judgements. An item judged before is judged again by a new
    row, until the portfolio is signed off. Raises ``RecruitRefused``.
    """
    with transaction.atomic():
        recruit = locked_recruit(item.recruit)
        current = PortfolioItem.objects.select_related("current").get(pk=item.pk)
        version = current.current
        if version is None:
            raise RecruitRefused("This has not been handed in.")
        refuse_judge(version, recruit, by=by, at=at)
        refuse_ended(recruit)
        refuse_signed_off(recruit, phase_of(recruit, current.phase))
        _refuse_changed(version, seen)
        reason = checked_text(
            reason,
            field="reason",
            most=REASON_LENGTH,
            missing="" if marks.all_hold else "Say what is missing and what would do. The recruit reads this.",
        )
        judgement = PortfolioJudgement.objects.create(
            version=version,
            number=seen[1] + 1,
            outcome=ItemState.SUFFICIENT if marks.all_hold else ItemState.RETURNED,
            valid=marks.valid,
            authentic=marks.authentic,
            up_to_date=marks.up_to_date,
            sufficient=marks.sufficient,
            reason=reason,
            officer=recruit.officer,
            witness=version.witness,
            by=by,
            at=at,
        )
        set_state(current, ItemState(judgement.outcome), at=at)
        return judgement


def refuse_judge(version: PortfolioVersion, recruit: Recruit, *, by: User, at: datetime) -> None:
    """Refuse the recruit, whoever vouched for it, and everybody who is no judge of the recruit's today."""
    if access.is_own(by, recruit.officer):
        raise NotYours(OWN)
    if version.witness_id == by.pk:
        raise NotYours(VOUCHED)
    if not may_judge(by, recruit, on=timezone.localdate(at)):
        raise NotYours(NOT_A_JUDGE)


def set_state(item: PortfolioItem, state: ItemState, *, at: datetime) -> None:
    """Keep beside the item what its last row decided; inside the caller's transaction and lock."""
    item.state = state
    item.decided_on = None if state is ItemState.WAITING else timezone.localdate(at)
    item.save(update_fields=["state", "decided_on"])


def seen_of(version: PortfolioVersion) -> tuple[int, int]:
    """Return what a page hands back as ``seen``: the version's number, and how often it was judged."""
    return version.number, len(version.judgements.all())  # type: ignore[attr-defined]


def _refuse_changed(version: PortfolioVersion, seen: tuple[int, int]) -> None:
    number, judged = seen
    if version.number != number:
        raise MovedMeanwhile("The recruit handed this in anew meanwhile. Read what it says now, then judge it.")
    last = version.judgements.select_related("by").order_by("-number").first()  # type: ignore[attr-defined]
    if (last.number if last else 0) == judged:
        return
    if last is None:
        raise MovedMeanwhile("This page shows a judgement that there is none of. Open it again, then judge.")
    when = timezone.localtime(last.at)
    raise MovedMeanwhile(
        f"{display_name(last.by)} judged this at {when:%H:%M} on {long_date(when.date())}: "
        f"{last.get_outcome_display().lower()}. Look at it, then decide again; nothing of yours was recorded."
    )
