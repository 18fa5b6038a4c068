"""Sitting an assessment: start, save, submit, expire. Every change is a step first; what the rows keep is a cache of the steps.

The server owns the clock. Saving itself stands in ``assessments.saves`` and is offered from here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments import question_types
from assessments.assessment_rules import draw_by_section
from assessments.drawing import CannotDraw
from assessments.going_on import PassedOn, go_on, is_forward, is_passed, refuse_passed
from assessments.marks import close_and_mark
from assessments.models import (
    AssessmentVersion,
    Attempt,
    AttemptItem,
    AttemptState,
    Outcome,
    QuestionVersion,
    Room,
    StepKind,
)
from assessments.open_attempts import GRACE, is_overdue, lock_attempt
from assessments.refusals import (
    AnswerFinal,
    AttemptClosed,
    AttemptRefused,
    CannotStart,
    MovedElsewhere,
    RepeatedSequence,
    StillRunning,
    UnknownAttempt,
    day_and_time,
)
from assessments.releasing import told_from
from assessments.rooms.starting import hold_room, refuse_start
from assessments.saves import KEEP, Saved, check_answer, open_on_device, save_posted, save_response, set_flag
from assessments.sitting_clock import told_deadline
from assessments.steps import add_step
from people import clock, work
from people.adjustments import adjustments_of
from people.adjustments import extra_minutes as adjustments_time
from people.models import User

__all__ = [
    "GRACE",
    "KEEP",
    "AnswerFinal",
    "AttemptClosed",
    "AttemptRefused",
    "CannotStart",
    "MovedElsewhere",
    "PassedOn",
    "RepeatedSequence",
    "Saved",
    "StartAnswer",
    "StillRunning",
    "UnknownAttempt",
    "can_start",
    "check_answer",
    "expire_attempt",
    "expire_overdue",
    "go_on",
    "is_forward",
    "is_overdue",
    "is_passed",
    "open_on_device",
    "refuse_passed",
    "save_posted",
    "save_response",
    "set_flag",
    "start_attempt",
    "submit_attempt",
    "sweep_overdue",
]

# A stopped clock is looked at again after this long.
LOOK_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True)
class StartAnswer:
    """Whether an attempt may be started now. ``reason`` is a sentence where not; ``attempts_left`` None is any number.

    Where ``open_attempt`` is given there is one to go on with, and starting returns it.
    """

    allowed: bool
    reason: str
    opens_at: datetime | None
    attempts_left: int | None
    open_attempt: Attempt | None

    @property
    def is_new(self) -> bool:
        """Whether pressing start begins an attempt, and does not go on with one."""
        return self.allowed and self.open_attempt is None


def can_start(version: AssessmentVersion, officer: User, *, context_ref: str, at: datetime) -> StartAnswer:
    """Answer whether ``officer`` may start an attempt in this context at that moment. Writes nothing."""
    sat = Attempt.objects.sat_by(officer).filter(context_ref=context_ref).counted()
    attempts = list(sat.select_related("assessment_version"))
    left = None if version.attempts is None else max(0, version.attempts - len(attempts))
    running = [attempt for attempt in attempts if attempt.state == AttemptState.OPEN and not is_overdue(attempt, at=at)]
    if running:
        return StartAnswer(True, "", None, left, running[0])
    if withheld := [told for attempt in attempts if (told := told_from(attempt.assessment_version)) and at < told]:
        sentence = f"Your result comes on {day_and_time(max(withheld))}. Until then no further attempt can be started."
        return StartAnswer(False, sentence, None, left, None)
    if any(attempt.outcome == Outcome.PASSED for attempt in attempts):
        return StartAnswer(False, "You have passed this assessment.", None, left, None)
    if any(attempt.outcome == Outcome.COMPLETED for attempt in attempts):
        return StartAnswer(False, "You have completed this assessment.", None, left, None)
    if any(attempt.state != AttemptState.OPEN and not attempt.outcome for attempt in attempts):
        return StartAnswer(False, "Your last attempt is still being marked.", None, left, None)
    if left == 0:
        used = "your only attempt" if version.attempts == 1 else f"all {version.attempts} attempts"
        return StartAnswer(False, f"You have used {used}. Ask your trainer what comes next.", None, 0, None)
    return _within_window(version, attempts, left, at=at)


def _within_window(
    version: AssessmentVersion, attempts: Sequence[Attempt], left: int | None, *, at: datetime
) -> StartAnswer:
    """Answer by the window of the assessment and the wait between attempts, where nothing else speaks against a start."""
    closes_at = version.closes_at
    if closes_at is not None and at >= closes_at:
        sentence = f"This test closed on {day_and_time(closes_at)}. Ask your trainer what comes next."
        return StartAnswer(False, sentence, None, left, None)
    ends = [ended for attempt in attempts if (ended := attempt.closed_at or attempt.deadline_at)]
    again_at = max(ends) + timedelta(hours=version.wait_hours) if ends else at
    if at < again_at and closes_at is not None and again_at >= closes_at:
        sentence = (
            f"You could try again from {day_and_time(again_at)}, but this test closes on {day_and_time(closes_at)}. "
            "Ask your trainer what comes next."
        )
        return StartAnswer(False, sentence, None, left, None)
    opens_at = max(again_at, version.opens_at or again_at)
    if at < opens_at:
        words = "You can try again from" if attempts else "This test opens on"
        return StartAnswer(False, f"{words} {day_and_time(opens_at)}.", opens_at, left, None)
    return StartAnswer(True, "", None, left, None)


def start_attempt(
    version: AssessmentVersion,
    *,
    by: User,
    at: datetime,
    context_ref: str,
    context_title: str = "",
    context_address: str = "",
    extra_minutes: int = 0,
    room: Room | None = None,
) -> Attempt:
    """Start an attempt, or return the one already open, so that a double click starts one.

    What was agreed with the person holds: their adjustments of the day are kept with the attempt, and never change it later.
    An invigilated one starts in a ``room`` that is open for it, which ``rooms.starting.room_for_code`` finds.
    Draws the questions and fixes their order and that of the options; stores the deadline, ``extra_minutes`` included.
    """
    for overdue in Attempt.objects.sat_by(by).filter(context_ref=context_ref).open():
        if is_overdue(overdue, at=at):
            expire_attempt(overdue, at=at)
    answer = can_start(version, by, context_ref=context_ref, at=at)
    if answer.open_attempt is not None:
        return answer.open_attempt
    if not answer.allowed:
        raise CannotStart(answer.reason)
    refuse_start(version, None if room is None else room.pk, by=by, at=at)
    seed = secrets.token_hex(16)
    earlier = AttemptItem.objects.filter(attempt__officer=by, attempt__context_ref=context_ref)
    try:
        seen = set(earlier.values_list("question_version", flat=True))
        drawn = draw_by_section(version, seed=seed, exclude=seen, attempts_left=answer.attempts_left)
    except CannotDraw as refusal:
        raise CannotStart("This assessment has too few approved questions to start. Tell your trainer.") from refusal
    adjustments = adjustments_of(by, on=timezone.localdate(at))
    if version.minutes is not None:
        extra_minutes += adjustments_time(adjustments, version.minutes)
    time_limit = None if version.minutes is None else timedelta(minutes=version.minutes + extra_minutes)
    try:
        with transaction.atomic():
            if room is not None:
                hold_room(room.pk)
                # Asked again now that whoever closes or stops the room waits, or has done so.
                refuse_start(version, room.pk, by=by, at=at)
            attempt = Attempt.objects.create(
                assessment_version=version,
                officer=by,
                context_ref=context_ref,
                context_title=context_title,
                context_address=context_address,
                number=Attempt.objects.filter(officer=by, context_ref=context_ref).count() + 1,
                seed=seed,
                started_at=at,
                # Who has begun keeps the whole limit; without one, the window ends it.
                deadline_at=version.closes_at if time_limit is None else at + time_limit,
                extra_minutes=extra_minutes,
                adjustments=adjustments,
                room=room,
            )
            AttemptItem.objects.bulk_create(
                AttemptItem(
                    attempt=attempt,
                    position=position,
                    question_version=question,
                    section=section,
                    option_order=_option_order(question, seed, adjustments),
                )
                for position, (section, question) in enumerate(drawn, start=1)
            )
            told: dict[str, Any] = {
                "questions": [question.pk for _section, question in drawn],
                **told_deadline(attempt),
            }
            if any(section for section, _question in drawn):
                told["sections"] = [section for section, _question in drawn]
            if adjustments:
                told["adjustments"] = adjustments
            add_step(attempt, StepKind.STARTED, by=by, at=at, data=told)
            if attempt.deadline_at is not None:
                work.ask("expire_attempt", str(attempt.pk), at=attempt.deadline_at + GRACE)
    except IntegrityError:
        # A second click came first: the database holds one open attempt in a context.
        open_attempt = Attempt.objects.sat_by(by).filter(context_ref=context_ref).open().first()
        if open_attempt is None:
            raise
        return open_attempt
    return attempt


def _option_order(version: QuestionVersion, seed: str, adjustments: Mapping[str, Any]) -> list[str]:
    kind, own_seed = question_types.get(version.type), f"{seed}:{version.question.code}"
    if adjustments.get("keeps_order"):
        return kind.written_order(version.definition, own_seed)
    return kind.option_order(version.definition, own_seed)


def submit_attempt(attempt: Attempt, *, by: User, at: datetime) -> Attempt:
    """Hand in and mark. Submitting again returns the same; after the deadline what had been saved is what counts."""
    with transaction.atomic():
        locked = lock_attempt(Attempt.objects.sat_by(by).filter(pk=attempt.pk))
        if locked.state != AttemptState.OPEN:
            return locked
        if is_overdue(locked, at=at):
            return close_and_mark(locked, StepKind.EXPIRED, by=None, closed_at=_deadline(locked), at=at)
        return close_and_mark(locked, StepKind.SUBMITTED, by=by, closed_at=at, at=at)


def expire_attempt(attempt: Attempt, *, at: datetime) -> Attempt:
    """Submit an attempt as it stands because its time is over; closing twice is closing once."""
    with transaction.atomic():
        locked = lock_attempt(Attempt.objects.filter(pk=attempt.pk))
        if locked.state != AttemptState.OPEN:
            return locked
        if not is_overdue(locked, at=at):
            left = timedelta(minutes=1) if locked.deadline_at is None else locked.deadline_at + GRACE - at
            least = LOOK_AGAIN if locked.paused_at is not None else timedelta()
            raise StillRunning(max(left, least).total_seconds() + 0.01)
        return close_and_mark(locked, StepKind.EXPIRED, by=None, closed_at=_deadline(locked), at=at)


@work.background("expire_attempt")
def expire_when_due(key: str) -> None:
    """Close the attempt named by ``key`` once its time is over."""
    attempt = Attempt.objects.open().filter(pk=key).first()
    if attempt is None or attempt.deadline_at is None:
        return
    try:
        expire_attempt(attempt, at=clock.now())
    except StillRunning as early:
        raise work.NotYet(early.seconds) from early


def expire_overdue(*, at: datetime) -> int:
    """Close every attempt whose time is over, whether or not a row waits for it; return how many."""
    overdue = list(Attempt.objects.open().filter(deadline_at__lt=at - GRACE, paused_at__isnull=True))
    for attempt in overdue:
        expire_attempt(attempt, at=at)
    return len(overdue)


@shared_task(name="assessments.attempts.sweep_overdue")
def sweep_overdue() -> int:
    """Close what is overdue now; once a minute is enough, since every attempt also has a waiting row of its own."""
    return 0 if work.is_held() else expire_overdue(at=clock.now())


def _deadline(attempt: Attempt) -> datetime:
    if attempt.deadline_at is None:
        raise ValueError("An attempt without a time limit does not expire.")
    return attempt.deadline_at
