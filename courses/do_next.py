"""The one thing to do next, chosen among sittings, what is due and open courses. It is never repeated in the lists below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils import timezone

from assessments.models import Attempt
from courses.course_lines import as_sentence, step_address
from courses.my_learning import Due, DueKind, OpenCourse
from courses.outlines import Step
from people.durations import hours

NEAR_DAYS = 30


@dataclass(frozen=True, slots=True)
class DoNext:
    """The one thing to do: ``heading``, a sentence, a button. ``course`` is the code of what must not be listed again below."""

    heading: str
    sentence: str
    button: str
    address: str
    course: str = ""


def do_next(
    sittings: Iterable[Attempt], courses: Iterable[OpenCourse], due: Iterable[Due], *, on: date
) -> DoNext | None:
    """Choose the one thing to do.

    In this order: a sitting that is open; what a newer release asks, and what has expired and stops something; the course half done;
    what has expired otherwise or ends within 30 days; what is asked for and not begun. What the officer can do nothing about here, for
    want of a course or because a test must wait, stays in the lists.
    """
    courses = list(courses)
    for sitting in sittings:
        return _finish_sitting(sitting, courses)
    ready = [course for course in courses if course.following and not course.waits and not course.reader.retake]
    waiting = {course.reader.code for course in courses} - {course.reader.code for course in ready}
    can = [item for item in due if item.kind == DueKind.RELEASE or (item.course and item.course not in waiting)]
    begun = [course for course in ready if course.is_begun]
    fresh = [course for course in ready if not course.is_begun]
    for item in can:
        if item.kind == DueKind.RELEASE or (item.is_expired and item.blocks):
            return _renew(item, ready)
    for course in begun[:1]:
        return _go_on(course)
    near = on + timedelta(days=NEAR_DAYS)
    for item in can:
        if item.is_expired or (item.by is not None and item.by <= near):
            return _renew(item, ready)
    for item in can:
        if item.kind == DueKind.NOMINATION:
            return _renew(item, ready)
    for course in fresh[-1:]:
        return _begin(course)
    for item in can:
        if item.by is None:
            return _renew(item, ready)
    return None


def _renew(item: Due, ready: list[OpenCourse]) -> DoNext:
    """Lead to the course that answers it: its next step where the officer is on it already."""
    for course in ready:
        if item.course == course.reader.code and item.kind != DueKind.RELEASE:
            step = _go_on(course) if course.is_begun else _begin(course)
            return replace(step, sentence=f"{item.title}. {item.detail}")
    return DoNext(item.title, item.detail, item.button, item.address, item.course)


def _finish_sitting(sitting: Attempt, courses: list[OpenCourse]) -> DoNext:
    ends = f" It ends at {timezone.localtime(sitting.deadline_at):%H:%M}." if sitting.deadline_at else ""
    code = next((c.reader.code for c in courses if sitting.context_ref.startswith(c.reader.context_ref + ":")), "")
    course, _, step = sitting.context_title.rpartition(": ")
    heading = f"Finish: {step}" if course else "Finish your test"
    sentence = f"{course or sitting.context_title}. Your answers are kept.{ends}"
    return DoNext(heading, sentence, "Continue the test", f"/assess/{sitting.pk}/", code)


def _go_on(course: OpenCourse) -> DoNext:
    step = course.following
    if step is None:
        raise ValueError("A course with nothing left is not gone on with.")
    place = f"{course.outline.title}, module {step.module}." if step.module else as_sentence(course.outline.title)
    if step.is_assessment:
        return DoNext(
            step.title, f"{place} It is open.", "Open the test", step_address(course.outline, step), course.reader.code
        )
    time = f" About {hours(step.minutes)}." if step.minutes else ""
    after = course.outline.after(step)
    then = (
        f" After it, ‘{after.title}’ opens."
        if after and after.is_assessment and course.done + 1 == _place(course, after)
        else ""
    )
    return DoNext(
        step.title, f"{place}{time}{then}", "Continue lesson", step_address(course.outline, step), course.reader.code
    )


def _begin(course: OpenCourse) -> DoNext:
    step = course.following
    if step is None:
        raise ValueError("A course with nothing left is not begun.")
    time = f" The first lesson takes {hours(step.minutes)}." if step.minutes else ""
    return DoNext(
        step.title,
        f"{course.outline.title}.{time}",
        "Start lesson 1",
        step_address(course.outline, step),
        course.reader.code,
    )


def _place(course: OpenCourse, step: Step) -> int:
    return course.outline.steps.index(step)
