"""Hearing from the page of a test, answers or none: so that an invigilator sees who has lost contact, and the page how its clock stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from assessments.models import Attempt, AttemptState, Contact
from assessments.open_attempts import is_overdue
from assessments.refusals import UnknownAttempt, clock_time
from assessments.rests import allowance_of, last_pause, rest_left
from assessments.sitting_clock import PauseCause
from people.models import User

RUNNING, STOPPED, RESTING, ENDED = "running", "stopped", "resting", "ended"


@dataclass(frozen=True)
class ClockNow:
    """How a clock stands: ``running``, ``stopped`` by an invigilator, ``resting`` or ``ended``.

    ``since`` is when it was stopped; ``ends_at`` the end of the test as it would be if the clock ran on now, None for no limit;
    ``rest_ends_at`` is when the rest that runs is used up; ``rest_minutes`` are whole minutes of rest left, rounded up.
    """

    state: str
    ends_at: datetime | None = None
    since: datetime | None = None
    rest_ends_at: datetime | None = None
    rest_minutes: int = 0
    has_rests: bool = False
    is_heard: bool = False

    def as_data(self, *, at: datetime) -> dict[str, Any]:
        """Return it as the page's script reads it, moments in milliseconds."""
        return {
            "clock": self.state,
            "now": _milliseconds(at),
            "end": None if self.ends_at is None else _milliseconds(self.ends_at),
            "endsAt": "" if self.ends_at is None else clock_time(self.ends_at),
        }


def is_resting(attempt: Attempt, *, at: datetime) -> bool:
    """Return whether the candidate takes a rest break, in which questions, their pictures too, are hidden."""
    return attempt.paused_at is not None and clock_now(attempt, at=at).state == RESTING


def clock_now(attempt: Attempt, *, at: datetime) -> ClockNow:
    """Return how an attempt's clock stands. One query where it is stopped or has rests, none else."""
    if attempt.state != AttemptState.OPEN or is_overdue(attempt, at=at):
        return ClockNow(ENDED)
    has_rests = bool(allowance_of(attempt))
    is_heard = has_rests or attempt.room_id is not None
    pause = last_pause(attempt)
    if pause is None:
        left = rest_left(attempt, at=at) if has_rests else None
        return ClockNow(
            RUNNING, attempt.deadline_at, rest_minutes=_minutes(left), has_rests=has_rests, is_heard=is_heard
        )
    stood = at - pause.at
    ends_at = None if attempt.deadline_at is None else attempt.deadline_at + stood
    if pause.data.get("cause") != PauseCause.REST:
        return ClockNow(STOPPED, ends_at, since=pause.at, has_rests=has_rests, is_heard=is_heard)
    left = rest_left(attempt, at=pause.at)
    return ClockNow(
        RESTING,
        ends_at,
        since=pause.at,
        rest_ends_at=pause.at + left,
        rest_minutes=_minutes(rest_left(attempt, at=at)),
        has_rests=True,
        is_heard=is_heard,
    )


def hear_from(attempt_id: UUID, *, by: User, at: datetime) -> ClockNow:
    """Keep that the page of one's own attempt was heard of, where somebody watches it, and return how its clock stands. No step."""
    attempt = Attempt.objects.sat_by(by).select_related("assessment_version").filter(pk=attempt_id).first()
    if attempt is None:
        raise UnknownAttempt
    found = clock_now(attempt, at=at)
    if attempt.room_id is not None and found.state != ENDED:
        Contact.objects.bulk_create(
            [Contact(attempt=attempt, seen_at=at)],
            update_conflicts=True,
            unique_fields=["attempt"],
            update_fields=["seen_at"],
        )
    return found


def _minutes(left: Any) -> int:
    return 0 if not left else -(-int(left.total_seconds()) // 60)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
