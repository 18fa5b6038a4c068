"""An attempt while it is open: finding it under its lock, and how long it takes answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assessments.models import Attempt, AttemptState, StepKind
from assessments.refusals import AttemptClosed, AttemptPaused, MovedElsewhere, UnknownAttempt
from assessments.steps import add_step
from people.models import User

# A save sent before the deadline may be this late on the network.
GRACE = timedelta(seconds=5)
LONGEST_DEVICE = 64


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


def take_turn(attempt: Attempt, *, by: User, at: datetime, device: str, turn: int | None) -> None:
    """Let ``device`` write: as the holder, or by taking over from a page opened in the present turn.

    A holder's page may be a turn behind: when the answer to its taking over was lost, it says again what it said then.
    """
    device = device[:LONGEST_DEVICE]
    is_behind = attempt.device == device and turn == attempt.turn - 1
    if turn is not None and turn != attempt.turn and not is_behind:
        moved = attempt.steps.filter(kind=StepKind.MOVED).order_by("-number").first()
        raise MovedElsewhere(moved.at if moved else None)
    if attempt.device == device and attempt.turn:
        return
    attempt.device = device
    attempt.turn += 1
    attempt.save(update_fields=["device", "turn"])
    add_step(attempt, StepKind.MOVED, by=by, at=at, device=device)
