"""Saving answers in an open attempt. Ordered by (turn, sequence): a turn is one device's time with the attempt, a sequence number
that device's count. A page opened before another device took over is refused; an older save never overwrites a newer one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from assessments import question_types
from assessments.answer_files import with_names
from assessments.going_on import pass_on, refuse_passed
from assessments.models import Attempt, AttemptItem, FeedbackPolicy, StepKind
from assessments.open_attempts import check_open, lock_attempt, take_turn
from assessments.question_types import Posted, Response
from assessments.refusals import AnswerFinal, RepeatedSequence, UnknownAttempt
from assessments.steps import add_step
from people.models import User
from people.prepared import prepared

LARGEST_SEQUENCE = 2**53


class _Keep:
    """Says that a save leaves something as it is, where None would clear it."""


KEEP = _Keep()


@dataclass(frozen=True)
class Saved:
    """What became of a save. ``is_news`` is False for a repeated, older or unchanged one, which changed nothing.

    ``ends_at`` is when the attempt ends now: its end may have moved since the page was shown.
    """

    saved_at: datetime | None
    turn: int
    is_news: bool
    ends_at: datetime | None = None


def open_on_device(attempt_id: UUID, *, by: User, at: datetime, device: str, turn: int | None = None) -> Attempt:
    """Make ``device`` the one that writes, as a step that shows; a page opened in an earlier turn is refused."""
    with transaction.atomic():
        attempt = lock_attempt(Attempt.objects.sat_by(by).filter(pk=attempt_id))
        check_open(attempt, at=at)
        take_turn(attempt, by=by, at=at, device=device, turn=turn)
    return attempt


def save_response(
    attempt: Attempt,
    position: int,
    response: Response | None,
    *,
    by: User,
    at: datetime,
    device: str,
    sequence: int | None,
    turn: int | None = None,
    flagged: bool | _Keep = KEEP,
) -> Saved:
    """Keep an answer that is already parsed; None clears it. See ``save_posted`` for the order of saves."""
    return _save(
        attempt.pk,
        position,
        lambda item: response,
        by=by,
        at=at,
        device=device,
        sequence=sequence,
        turn=turn,
        flagged=flagged,
    )


def save_posted(
    attempt_id: UUID,
    position: int,
    data: Posted,
    *,
    by: User,
    at: datetime,
    device: str,
    sequence: int | None,
    turn: int | None,
    flagged: bool | _Keep = KEEP,
    name: str = "answer",
) -> Saved:
    """Keep the answer a page posted, parsed by the question's type, which may raise ``BadResponse``.

    ``turn`` is the attempt's turn when the page was opened: in an earlier one the page is read only, in the present one another
    ``device`` takes over. ``sequence`` None (no script) is always the newest. Repeated and older saves are answered quietly.
    """

    def parse(item: AttemptItem) -> Response | None:
        question = item.question_version
        asked = question_types.asked(question.type, question.definition)
        response = asked.parse(data, name)
        return with_names(item, response) if asked.kind.takes_files else response

    return _save(
        attempt_id, position, parse, by=by, at=at, device=device, sequence=sequence, turn=turn, flagged=flagged
    )


def set_flag(
    attempt: Attempt,
    position: int,
    flagged: bool,
    *,
    by: User,
    at: datetime,
    device: str,
    sequence: int | None = None,
    turn: int | None = None,
) -> Saved:
    """Flag a question to come back to, or take the flag off."""
    return _save(attempt.pk, position, None, by=by, at=at, device=device, sequence=sequence, turn=turn, flagged=flagged)


def check_answer(attempt_id: UUID, position: int, *, by: User, at: datetime) -> None:
    """Record that the candidate sees what is right, which makes the saved answer final. Only where feedback comes at once."""
    with transaction.atomic():
        attempt = lock_attempt(Attempt.objects.sat_by(by).filter(pk=attempt_id))
        check_open(attempt, at=at)
        refuse_passed(attempt, position)
        item = attempt.items.filter(position=position).first()
        if item is None or attempt.assessment_version.feedback != FeedbackPolicy.AT_ONCE:
            raise UnknownAttempt
        if item.response is None or item.checked_at is not None:
            return
        item.checked_at = at
        item.save(update_fields=["checked_at"])
        add_step(attempt, StepKind.CHECKED, by=by, at=at, position=position)


def _save(
    attempt_id: UUID,
    position: int,
    read: Callable[[AttemptItem], Response | None] | None,
    *,
    by: User,
    at: datetime,
    device: str,
    sequence: int | None,
    turn: int | None,
    flagged: bool | _Keep,
) -> Saved:
    if sequence is not None and not 0 < sequence < LARGEST_SEQUENCE:
        raise RepeatedSequence
    try:
        with transaction.atomic():
            item = next(iter(items_to_save(attempt=attempt_id, position=position, officer=by.pk)), None)
            if item is None:
                raise UnknownAttempt
            check_open(item.attempt, at=at)
            refuse_passed(item.attempt, position)
            response = KEEP if read is None else read(item)
            if item.checked_at is not None:
                if response not in (KEEP, None, item.response):
                    raise AnswerFinal
                response = KEEP
            take_turn(item.attempt, by=by, at=at, device=device, turn=turn)
            # An answer to a later question says that its candidate has gone on, also when the network was away meanwhile.
            pass_on(item.attempt, position, by=by, at=at)
            saved = _write(item, response, flagged, by=by, at=at, device=device, sequence=sequence)
            return replace(saved, ends_at=item.attempt.deadline_at)
    except IntegrityError as repeated:
        raise RepeatedSequence from repeated


@prepared
def items_to_save(attempt: UUID, position: int, officer: int) -> QuerySet[AttemptItem]:
    """The candidate's own question, with its attempt locked; the attempt alone, or a save and a submission could wait for each other."""
    return (
        AttemptItem.objects.select_for_update(of=("attempt",))
        .select_related("attempt__assessment_version", "question_version")
        .defer(*(f"attempt__assessment_version__{name}" for name in ("draw", "excluded", "title", "digest")))
        .filter(attempt=attempt, position=position, attempt__officer=officer)
    )


@prepared
def items_saved_before(item: int, of_turn: int, of_sequence: int) -> QuerySet[AttemptItem]:
    """The question, unless a later save was kept."""
    earlier = Q(turn__lt=of_turn) | Q(turn=of_turn, sequence__lt=of_sequence)
    return AttemptItem.objects.filter(earlier, pk=item)


def _write(
    item: AttemptItem,
    response: Response | _Keep | None,
    flagged: bool | _Keep,
    *,
    by: User,
    at: datetime,
    device: str,
    sequence: int | None,
) -> Saved:
    """Change the item if this save comes after the last one, then write the step; under the attempt's lock."""
    turn = item.attempt.turn
    if sequence is None:
        item.refresh_from_db(fields=["response", "flagged", "saved_at"])
        if response in (KEEP, item.response) and flagged in (KEEP, item.flagged):
            return Saved(item.saved_at, turn, is_news=False)
    changes: dict[str, Any] = {"turn": turn, "sequence": sequence or 0}
    data: dict[str, Any] = {}
    if not isinstance(flagged, _Keep):
        changes["flagged"] = data["flagged"] = flagged
    if not isinstance(response, _Keep):
        data["response"] = response
        changes |= {"response": response, "saved_at": at}
    latest = LARGEST_SEQUENCE if sequence is None else sequence
    if not items_saved_before.update(changes, item=item.pk, of_turn=turn, of_sequence=latest):
        return Saved(item.saved_at, turn, is_news=False)
    kind = StepKind.FLAGGED if isinstance(response, _Keep) else StepKind.SAVED
    add_step(item.attempt, kind, by=by, at=at, position=item.position, data=data, device=device, sequence=sequence)
    return Saved(at if kind == StepKind.SAVED else item.saved_at, turn, is_news=True)
