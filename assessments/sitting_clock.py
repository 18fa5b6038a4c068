"""The clock of an open attempt: stopping it, letting it run on, adding time. Each is a step, and the deadline follows from the steps.

Whoever calls has decided who may and holds the attempt's lock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models

from assessments.models import Attempt, StepKind
from assessments.steps import add_step
from people.models import User


class PauseCause(models.TextChoices):
    """Why a clock stands still."""

    REST = "rest", "Rest break"
    INVIGILATOR = "invigilator", "Stopped by the invigilator"


def stop_clock(attempt: Attempt, cause: PauseCause, *, by: User, at: datetime, reason: str = "") -> bool:
    """Stop the clock; return False where it stands still already."""
    if attempt.paused_at is not None:
        return False
    attempt.paused_at = at
    attempt.save(update_fields=["paused_at"])
    add_step(attempt, StepKind.PAUSED, by=by, at=at, data=_with_reason({"cause": cause.value}, reason))
    return True


def run_clock(attempt: Attempt, *, by: User | None, at: datetime, reason: str = "") -> bool:
    """Let the clock run on, with as much time left as when it stopped; return False where it runs already."""
    if attempt.paused_at is None:
        return False
    if attempt.deadline_at is not None:
        attempt.deadline_at += max(at - attempt.paused_at, timedelta())
    attempt.paused_at = None
    attempt.save(update_fields=["deadline_at", "paused_at"])
    add_step(attempt, StepKind.RESUMED, by=by, at=at, data=_with_reason(told_deadline(attempt), reason))
    return True


def add_time(attempt: Attempt, minutes: int, *, by: User, at: datetime, reason: str) -> bool:
    """Move the deadline by so many minutes; return False where there is no time limit."""
    if attempt.deadline_at is None:
        return False
    attempt.deadline_at += timedelta(minutes=minutes)
    attempt.save(update_fields=["deadline_at"])
    add_step(attempt, StepKind.EXTENDED, by=by, at=at, data=_with_reason(told_deadline(attempt), reason))
    return True


def told_deadline(attempt: Attempt) -> dict[str, Any]:
    """Return the deadline as a step tells it."""
    return {"deadline": None if attempt.deadline_at is None else attempt.deadline_at.isoformat()}


def _with_reason(data: dict[str, Any], reason: str) -> dict[str, Any]:
    return {**data, "reason": reason} if reason else data
