"""What a learner answers and writes inside a lesson: checks that never count, and private reflections. Added, never overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from assessments import question_types
from assessments.practice.rounds import note_lesson_answer
from assessments.question_types.asking import without_confidence
from courses.models import CheckAnswer, Enrolment, ReflectionNote
from courses.outlines import lesson_of
from courses.progress import EnrolmentClosed, NoSuchStep, ProgressRefused, refuse_stranger, step_of
from people.models import User

LONGEST_REFLECTION = 20_000


class NothingAnswered(ProgressRefused):
    pass


class ReflectionTooLong(ProgressRefused):
    pass


def answer_check(enrolment: Enrolment, slug: str, slot: str, response: Any, *, by: User, at: datetime) -> CheckAnswer:
    """Keep and mark an answer to a check of a lesson, from the release's own copy of the question.

    It never counts; what is missed comes back in practice.
    ``response`` is what the question type's ``parse`` gave, None when nothing was answered. The same answer again is kept once.
    """
    _outline, step = step_of(enrolment, slug)
    refuse_stranger(enrolment, by)
    check = lesson_of(step).checks.get(slot)
    if check is None:
        raise NoSuchStep("This question is not part of the lesson you are reading.")
    if without_confidence(response) is None:
        raise NothingAnswered("Choose or write an answer first, then check it.")
    if enrolment.closed_at is not None:
        raise EnrolmentClosed(
            "You have finished this course, so answers are no longer kept. The lesson stays open to read."
        )
    last = CheckAnswer.objects.filter(enrolment=enrolment, step=slug, slot=slot).last()
    if last is not None and last.response == response:
        return last
    marked = question_types.asked(check["type"], check["definition"]).mark(response)
    with transaction.atomic():
        answer = CheckAnswer.objects.create(
            enrolment=enrolment,
            step=slug,
            slot=slot,
            question_version=check["id"],
            response=response,
            fraction=marked.fraction or 0,
            at=at,
        )
        note_lesson_answer(check["id"], response, officer=by, at=at)
    return answer


def write_reflection(enrolment: Enrolment, slug: str, slot: str, text: str, *, by: User, at: datetime) -> bool:
    """Keep what a learner wrote for themselves and return whether it changed; earlier texts stay beneath it."""
    _outline, step = step_of(enrolment, slug)
    refuse_stranger(enrolment, by)
    if slot not in lesson_of(step).reflections:
        raise NoSuchStep("This reflection is not part of the lesson you are reading.")
    if len(text) > LONGEST_REFLECTION:
        raise ReflectionTooLong(
            f"Your text has {len(text):,} characters; {LONGEST_REFLECTION:,} can be kept. It is below, unchanged. Shorten it, then save."
        )
    last = reflection_of(enrolment, slug, slot)
    if text == last:
        return False
    ReflectionNote.objects.create(enrolment=enrolment, step=slug, slot=slot, text=text, at=at)
    return True


def reflection_of(enrolment: Enrolment, slug: str, slot: str) -> str:
    """Return what the officer last wrote there, on this occasion or an earlier one; empty when nothing."""
    note = ReflectionNote.objects.filter(
        enrolment__officer=enrolment.officer_id, enrolment__course=enrolment.course_id, step=slug, slot=slot
    ).last()
    return note.text if note else ""
