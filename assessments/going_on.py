"""Forward-only tests: going on to a question leaves those before it for good. Each advance is a step, and ``Attempt.reached`` follows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from assessments.models import Attempt, AttemptState, Navigation, StepKind
from assessments.open_attempts import check_open, lock_attempt, take_turn
from assessments.refusals import AttemptRefused
from assessments.steps import add_step
from people.models import User


class PassedOn(AttemptRefused):
    """The candidate has gone on from a question of a forward-only test."""

    kind = "passed"

    def __init__(self, position: int, reached: int) -> None:
        super().__init__(
            f"You have gone on from question {position}, and this test goes forward only. What you had answered there counts. "
            f"Go on with question {reached}."
        )


def is_forward(attempt: Attempt) -> bool:
    """Return whether one cannot go back in an attempt."""
    return attempt.assessment_version.navigation == Navigation.FORWARD


def is_passed(attempt: Attempt, position: int) -> bool:
    """Return whether a question of an open attempt was left for good."""
    return attempt.state == AttemptState.OPEN and position < attempt.reached and is_forward(attempt)


def refuse_passed(attempt: Attempt, position: int) -> None:
    """Refuse a question that was left for good."""
    if is_passed(attempt, position):
        raise PassedOn(position, attempt.reached)


def pass_on(attempt: Attempt, position: int, *, by: User, at: datetime) -> None:
    """Let an attempt be at a question, if it is not yet so far; under the attempt's lock."""
    if position <= attempt.reached or not is_forward(attempt):
        return
    attempt.reached = position
    attempt.save(update_fields=["reached"])
    add_step(attempt, StepKind.PASSED_ON, by=by, at=at, position=position)


def go_on(attempt_id: UUID, position: int, *, by: User, at: datetime, device: str, turn: int | None) -> Attempt:
    """Go on to a question: those before it can be neither seen nor answered from then on. Said twice it is done once.

    Past the last question there is only the last. Where one may go back nothing is written.
    """
    with transaction.atomic():
        attempt = lock_attempt(Attempt.objects.sat_by(by).filter(pk=attempt_id))
        check_open(attempt, at=at)
        refuse_passed(attempt, position)
        take_turn(attempt, by=by, at=at, device=device, turn=turn)
        pass_on(attempt, min(position, attempt.items.count()), by=by, at=at)
    return attempt
