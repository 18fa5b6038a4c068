"""What an officer may practise: the checks of the courses they are on or have finished, and what they missed when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from assessments.models import PracticeRound
from assessments.practice.rounds import (
    PracticeRefused,
    begin_round,
    due_questions,
    next_due_on,
    open_round,
    questions_behind,
)
from courses.models import Enrolment, EnrolmentOutcome
from courses.outlines import lesson_of, outlines_of
from people.models import User

ADDRESS = "/my/practice/"
DUE = "due"
DUE_TITLE = "What you missed"


@dataclass(frozen=True, slots=True)
class Stack:
    """Questions of one course that somebody may practise."""

    code: str
    title: str
    questions: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PracticePage:
    """What there is to practise. ``next_due_on`` is when something comes back, None where nothing does."""

    due: int
    next_due_on: date | None
    stacks: tuple[Stack, ...]
    left_open: PracticeRound | None


def stacks_of(officer: User) -> list[Stack]:
    """Return the courses somebody is on or has finished that have checks to practise, by title; a course that was left is not among them.

    Of a course taken twice the release of the last occasion counts.
    """
    taken = Enrolment.objects.of(officer).filter(Q(closed_at__isnull=True) | Q(outcome=EnrolmentOutcome.COMPLETED))
    releases = {row.course_id: row.release for row in taken.select_related("release").order_by("occasion")}
    outlines = outlines_of({release.pk: release.digest for release in releases.values()})
    checks = {
        outline.release: [
            check["id"] for step in outline.steps if step.is_lesson for check in lesson_of(step).checks.values()
        ]
        for outline in outlines.values()
    }
    questions = questions_behind(version for versions in checks.values() for version in versions)
    stacks = []
    for outline in outlines.values():
        mine = tuple(dict.fromkeys(questions[version] for version in checks[outline.release] if version in questions))
        if mine:
            stacks.append(Stack(outline.code, outline.title, mine))
    return sorted(stacks, key=lambda stack: stack.title)


def practice_page(officer: User, *, on: date, at: datetime) -> PracticePage:
    """Return what there is to practise on a day."""
    due = len(due_questions(officer, on=on))
    return PracticePage(
        due=due,
        next_due_on=None if due else next_due_on(officer),
        stacks=tuple(stacks_of(officer)),
        left_open=open_round(officer, at=at),
    )


def begin_practice(officer: User, what: str, *, by: User, on: date, at: datetime) -> PracticeRound:
    """Begin a round of what is due (``due``), or of a course by its code."""
    if what == DUE:
        due = due_questions(officer, on=on)
        if not due:
            raise PracticeRefused("Nothing you missed is due today. Choose a course to practise.")
        return begin_round(officer, due, title=DUE_TITLE, address=ADDRESS, by=by, at=at, in_order=True)
    stack = next((stack for stack in stacks_of(officer) if stack.code == what), None)
    if stack is None:
        raise PracticeRefused("You can practise courses you are on or have finished. Choose one of those shown.")
    return begin_round(officer, stack.questions, title=stack.title, address=ADDRESS, by=by, at=at)
