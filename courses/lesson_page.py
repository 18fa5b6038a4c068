"""What one reader's lesson page shows: the released parts, with their own answers and reflections in the slots.

The parts come from the cache; the reader's own come from one query for answers and one for reflections, and only where there are any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from assessments import question_types
from assessments.question_types import Face, Posted
from assessments.question_types.openings import opening_of
from courses.lesson_media import picture_address
from courses.models import CheckAnswer, ReflectionNote
from courses.outlines import Lesson, LessonPart, Step
from courses.standing import ReaderStanding
from people.prepared import prepared

FULL_MARKS = 1_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """A check as its reader sees it. ``verdict`` is ``right``, ``partly``, ``wrong`` or empty while it is unanswered."""

    slot: str
    face: Face
    verdict: str = ""
    feedback: tuple[str, ...] = ()
    is_before: bool = False
    heading: str = ""
    anchor: str = ""
    can_answer: bool = True

    @property
    def opening(self) -> str:
        """The verdict in words, unless the author's own words begin with it."""
        return opening_of(self.verdict, self.feedback)

    @property
    def read_again(self) -> str:
        """The heading to read again after a wrong answer; none where the text is still to come."""
        return self.heading if self.verdict == "wrong" and not self.is_before else ""


@dataclass(frozen=True, slots=True)
class Reflection:
    """A reflection as its writer sees it: the prompt as HTML, the last text, when it was kept."""

    slot: str
    prompt: str
    text: str
    kept_at: datetime | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of three: released HTML, a check, a reflection."""

    html: str = ""
    check: Check | None = None
    reflection: Reflection | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What was just posted and could not be taken: shown again as it was typed, with the reason. Slot to text and to sentence;
    ``fields`` are those of the checks as they were posted.
    """

    reflections: Mapping[str, str]
    fields: Posted | None
    errors: Mapping[str, str]


NOTHING_TYPED = Typed({}, None, {})


def lesson_parts(
    reader: ReaderStanding, step: Step, lesson: Lesson, *, again: str = "", typed: Typed = NOTHING_TYPED
) -> list[Part]:
    """Return the parts of a lesson for its reader. ``again`` is the slot of a check that is shown unanswered once more.

    A check whose new answer could not be taken stays open too, whatever was answered before.
    """
    answers = _answers(reader, step) if lesson.checks else {}
    notes = _notes(reader, step) if lesson.reflections else {}
    parts = []
    for part in lesson.parts:
        if part.html:
            parts.append(Part(html=part.html))
        elif part.slot in lesson.checks:
            is_open = part.slot == again or part.slot in typed.errors
            answer = None if is_open else answers.get(part.slot)
            parts.append(Part(check=_check(reader, part, lesson.checks[part.slot], answer, typed)))
        elif part.slot in lesson.reflections:
            parts.append(Part(reflection=_reflection(reader, part.slot, lesson, notes, typed)))
    return parts


def _check(
    reader: ReaderStanding, part: LessonPart, check: dict[str, Any], answer: tuple[Any, int] | None, typed: Typed
) -> Check:
    asked = question_types.asked(check["type"], check["definition"])
    response, fraction = answer if answer else (None, 0)
    face = asked.face(
        response,
        name=part.slot,
        order=asked.kind.option_order(asked.definition, f"{reader.id}:{part.slot}"),
        level=2,
        is_closed=answer is not None or not reader.is_open,
        error=typed.errors.get(part.slot, ""),
        # What was answered is shown as it was kept; what stands beside it unanswered, as it was typed.
        typed=None if answer is not None else typed.fields,
        address=picture_address,
    )
    verdict = "" if answer is None else "right" if fraction >= FULL_MARKS else "partly" if fraction > 0 else "wrong"
    return Check(
        slot=part.slot,
        face=face,
        verdict=verdict,
        feedback=asked.mark(response).feedback if answer else (),
        is_before=check.get("when") == "before",
        heading=part.heading,
        anchor=part.anchor,
        can_answer=reader.is_open,
    )


def _reflection(
    reader: ReaderStanding, slot: str, lesson: Lesson, notes: dict[str, tuple[str, datetime]], typed: Typed
) -> Reflection:
    text, kept_at = notes.get(slot, ("", None))
    return Reflection(
        slot=slot,
        prompt=lesson.reflections[slot],
        text=typed.reflections.get(slot, text),
        kept_at=kept_at,
        error=typed.errors.get(slot, ""),
    )


@prepared
def answers_given(enrolment: UUID, step: str) -> QuerySet[CheckAnswer, Any]:
    answers = CheckAnswer.objects.filter(enrolment=enrolment, step=step).order_by("id")
    return answers.values_list("slot", "response", "fraction")


@prepared
def notes_written(officer: int, course: int, step: str) -> QuerySet[ReflectionNote, Any]:
    notes = ReflectionNote.objects.filter(enrolment__officer=officer, enrolment__course=course, step=step)
    return notes.order_by("id").values_list("slot", "text", "at")


def _answers(reader: ReaderStanding, step: Step) -> dict[str, tuple[Any, int]]:
    """Return the last response and its fraction by slot."""
    given = answers_given(enrolment=reader.id, step=step.slug)
    return {slot: (response, fraction) for slot, response, fraction in given}


def _notes(reader: ReaderStanding, step: Step) -> dict[str, tuple[str, datetime]]:
    """Return the last text by slot, written on this occasion or an earlier one."""
    notes = notes_written(officer=reader.officer_id, course=reader.course_id, step=step.slug)
    return {slot: (text, at) for slot, text, at in notes}
