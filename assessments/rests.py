"""Rest breaks: a candidate whose adjustments give minutes of rest for each hour of the time limit stops their own clock.

The allowance is reckoned from the steps, so that no order of events gives more of it. When it is used up the clock runs on by itself, from
that moment, whoever notices it and when.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db import transaction

from assessments.models import Attempt, AttemptState, AttemptStep, StepKind
from assessments.open_attempts import check_open, lock_attempt
from assessments.refusals import AttemptRefused
from assessments.sitting_clock import PauseCause, run_clock, stop_clock
from people import clock, work
from people.models import User

END_REST = "assessments.end_rest"
HOUR = timedelta(hours=1)


class ClockStep(Protocol):
    """A step, as far as the clock goes."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> dict[str, object]: ...


class RestRefused(AttemptRefused):
    """A rest break cannot begin, or none runs."""

    kind = "rest"


def allowance_of(attempt: Attempt) -> timedelta:
    """Return all the rest of an attempt: so many minutes for each hour of its time limit, the person's extra time included."""
    minutes = attempt.assessment_version.minutes
    if minutes is None:
        return timedelta()
    limit = timedelta(minutes=minutes + attempt.extra_minutes)
    return timedelta(minutes=int(attempt.adjustments.get("rest_minutes", 0))) * (limit / HOUR)


def rested(steps: Iterable[ClockStep], *, until: datetime) -> timedelta:
    """Return how long an attempt's clock stood still for rest breaks, the one that runs at ``until`` included."""
    total, began = timedelta(), None
    for step in steps:
        if step.kind == StepKind.PAUSED:
            began = step.at if step.data.get("cause") == PauseCause.REST else None
        elif began is not None and step.kind in ENDS:
            total += max(step.at - began, timedelta())
            began = None
    return total if began is None else total + max(until - began, timedelta())


ENDS = frozenset({StepKind.RESUMED, StepKind.SUBMITTED, StepKind.EXPIRED, StepKind.VOIDED})


def rest_left(attempt: Attempt, *, at: datetime) -> timedelta:
    """Return how much of the allowance is left; never less than nothing."""
    whole = allowance_of(attempt)
    if not whole:
        return whole
    return max(whole - rested(_clock_steps(attempt), until=at), timedelta())


def is_resting(attempt: Attempt) -> bool:
    """Return whether the clock stands still for a rest break."""
    last = last_pause(attempt)
    return last is not None and last.data.get("cause") == PauseCause.REST


def last_pause(attempt: Attempt) -> AttemptStep | None:
    """Return the step that stopped the clock, or None where it runs."""
    if attempt.paused_at is None:
        return None
    last: AttemptStep | None = attempt.steps.filter(kind=StepKind.PAUSED).order_by("-number").first()
    return last


def rest_ends_at(attempt: Attempt) -> datetime | None:
    """Return when the rest break that runs is used up, or None where none runs."""
    if attempt.paused_at is None or not is_resting(attempt):
        return None
    return attempt.paused_at + rest_left(attempt, at=attempt.paused_at)


def begin_rest(attempt_id: UUID, *, by: User, at: datetime) -> Attempt:
    """Stop one's own clock for as long as the allowance goes."""
    with transaction.atomic():
        attempt = lock_attempt(Attempt.objects.sat_by(by).filter(pk=attempt_id))
        if attempt.paused_at is not None:
            if is_resting(attempt):
                return attempt
            raise RestRefused("The invigilator has stopped the clock. Your rest breaks are kept for later.")
        check_open(attempt, at=at)
        if not allowance_of(attempt):
            raise RestRefused("Your test has no rest breaks that stop the clock. Ask your trainer about adjustments.")
        left = rest_left(attempt, at=at)
        if not left:
            raise RestRefused("Your rest breaks are used up. The clock runs on.")
        stop_clock(attempt, PauseCause.REST, by=by, at=at)
        number = attempt.steps.order_by("-number").values_list("number", flat=True)[0]
        work.ask(END_REST, f"{attempt.pk}:{number}", at=at + left)
    return attempt


def end_rest(attempt_id: UUID, *, by: User, at: datetime) -> Attempt:
    """Let one's own clock run on after a rest break; where it runs already nothing is changed."""
    with transaction.atomic():
        attempt = lock_attempt(Attempt.objects.sat_by(by).filter(pk=attempt_id))
        if attempt.state != AttemptState.OPEN or attempt.paused_at is None:
            return attempt
        if not is_resting(attempt):
            raise RestRefused("The invigilator has stopped the clock. It runs on when they let it.")
        end_rest_of(attempt, by=by, at=at)
    return attempt


def end_rest_of(attempt: Attempt, *, by: User | None, at: datetime) -> bool:
    """End the rest break of a locked attempt, at the latest when it was used up; return whether one ran."""
    due = rest_ends_at(attempt)
    return due is not None and run_clock(attempt, by=by if at < due else None, at=min(at, due))


@work.background(END_REST)
def end_rest_when_due(key: str) -> None:
    """Let the clock run on when the rest break that ``key`` names, by attempt and step, is used up."""
    attempt_id, _colon, number = key.partition(":")
    with transaction.atomic():
        attempt = lock_attempt(Attempt.objects.filter(pk=attempt_id))
        pause = last_pause(attempt)
        if attempt.state != AttemptState.OPEN or pause is None or pause.number != int(number):
            return
        due, now = rest_ends_at(attempt), clock.now()
        if due is not None and now < due:
            raise work.NotYet((due - now).total_seconds() + 0.01)
        end_rest_of(attempt, by=None, at=now)


def _clock_steps(attempt: Attempt) -> list[AttemptStep]:
    kinds = (StepKind.PAUSED, *ENDS)
    return list(attempt.steps.filter(kind__in=kinds).order_by("number"))
