"""An attempt while it is open: finding it under its lock, and how long it takes answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assessments.models import Attempt, AttemptState
from assessments.refusals import AttemptClosed, AttemptPaused, UnknownAttempt

# A save sent before the deadline may be this late on the network.
GRACE = timedelta(seconds=5)


def is_overdue(attempt: Attempt, *, at: datetime) -> bool:
    """Return whether the time is over, grace for the network included; never while the clock stands still."""
    return attempt.paused_at is None and attempt.deadline_at is not None and at > attempt.deadline_at + GRACE


def check_open(attempt: Attempt, *, at: datetime) -> None:
    """Refuse where the attempt takes answers no more."""
    if attempt.state != AttemptState.OPEN or is_overdue(attempt, at=at):
        raise AttemptClosed(attempt)
    if attempt.paused_at is not None and at > attempt.paused_at + GRACE:
        raise AttemptPaused


def lock_attempt(attempts: Any) -> Attempt:
    """Return the one attempt of a queryset, locked until the transaction ends; refuse where there is none."""
    locked: Attempt | None = (
        attempts.select_for_update(of=("self",)).select_related("assessment_version").order_by("pk").first()
    )
    if locked is None:
        raise UnknownAttempt
    return locked
