"""What a candidate reads of a marked attempt, and what it means for their course: consequences, study, the next attempt.

The engine says what was marked and what may be shown; the course says what follows. One page for one candidate, never anybody else's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from assessments.attempts import StartAnswer, can_start
from assessments.feedback import why_not_shown
from assessments.models import Attempt, AttemptState
from assessments.queries.asking import QueryWindow, query_window
from assessments.queries.reading import QueryLine, query_lines
from assessments.question_types import AnsweredPart
from assessments.releasing import told_from
from assessments.results import ItemResult, NotMarked, Result, Withheld, result_of
from courses.completions import certificate_now, finishes, is_withdrawn
from courses.course_lines import step_address, step_to_resume
from courses.course_page import NUMBER_WORDS
from courses.enrolments import context_stem, is_overruled
from courses.models import Completion, CompletionRule, CourseReview, Enrolment
from courses.outlines import Outline, Step
from courses.progress import context_of, enrolment_of, missing_for_completion, outline_for, steps_done
from courses.study_advice import Advice, advise, lessons_for
from cpd_records.models import Certificate
from people.dates import long_date
from people.durations import hours

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

# The sentence with which feedback on a right answer often begins.
_VERDICT = re.compile(r"^(?:right|yes|correct|that is right)[.!]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """How an outcome went: its words, 'right of asked', and the lesson to study where marks were lost."""

    text: str
    right: int
    asked: int
    lesson: Step | None

    @property
    def is_weak(self) -> bool:
        return self.right < self.asked


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One question with the lesson that teaches it."""

    item: ItemResult
    lesson: Step | None

    @property
    def said(self) -> tuple[str, ...]:
        """What is told of the answer given; nothing where there was none."""
        return self.item.feedback if self.item.is_answered else ()

    @property
    def parts(self) -> tuple[AnsweredPart, ...]:
        """The answer part by part, where it has several and its key is told."""
        return self.item.parts if self.item.is_answered else ()

    @property
    def better(self) -> tuple[str, ...]:
        """What is told of the better answer, without the 'Right.' meant for those who gave it and without what is said already."""
        said = {_VERDICT.sub("", text) for text in self.said}
        told = (_VERDICT.sub("", text) for text in self.item.key_feedback)
        return tuple(text for text in told if text and text not in said)

    @property
    def heading(self) -> str:
        """'Question 7: records'."""
        topic = self.item.topic.replace("-", " ")
        return f"Question {self.item.position}" + (f": {topic}" if topic else "")


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Everything the page shows. ``result`` is None while the attempt is still being marked."""

    attempt: Attempt
    outline: Outline
    step: Step
    result: Result | None
    completion: Completion | None = None
    certificate: Certificate | None = None
    outcomes: tuple[OutcomeLine, ...] = ()
    missed: tuple[ItemLine, ...] = ()
    items: tuple[ItemLine, ...] = ()
    advice: Advice | None = None
    answer: StartAnswer | None = None
    following: Step | None = None
    awaits_supervisor: bool = False
    is_overruled: bool = False
    passed_since: bool = False
    in_date_until: Any = None
    is_reviewed: bool = False
    told_from: datetime | None = None
    is_withheld: bool = False
    is_withdrawn: bool = False
    why_no_answers: str = ""
    queries: tuple[QueryLine, ...] = ()
    window: QueryWindow | None = None

    @property
    def is_open(self) -> bool:
        return self.attempt.state == AttemptState.OPEN

    @property
    def address(self) -> str:
        return step_address(self.outline, self.step)

    @property
    def study_heading(self) -> str:
        """'Study two lessons, about 25 minutes'."""
        if self.advice is None or not self.advice.lessons:
            return ""
        count = len(self.advice.lessons)
        time = f", about {hours(self.advice.minutes)}" if self.advice.minutes else ""
        return f"Study {NUMBER_WORDS[count]} lesson{'' if count == 1 else 's'}{time}"

    @property
    def study_sentence(self) -> str:
        """'Five of your seven wrong answers were about what they teach.'"""
        if self.advice is None or not self.advice.lessons:
            return ""
        covered, missed = self.advice.covered, self.advice.missed
        it = "it teaches" if len(self.advice.lessons) == 1 else "they teach"
        counted = "All" if covered == missed else _word(covered).capitalize()
        verb = "was" if covered == 1 else "were"
        if self.result is not None and self.result.partly:
            # An answer that was right in part is not a wrong one.
            if missed == 1:
                return f"The one question that lost marks was about what {it}."
            return f"{counted} of the {_word(missed)} questions that lost marks {verb} about what {it}."
        if missed == 1:
            return f"Your one wrong answer was about what {it}."
        return f"{counted} of your {_word(missed)} wrong answers {verb} about what {it}."

    @property
    def study_address(self) -> str:
        return step_address(self.outline, self.advice.lessons[0]) if self.advice and self.advice.lessons else ""


def result_page(
    officer: AbstractBaseUser | AnonymousUser, attempt_id: UUID, *, address: str, at: datetime
) -> ResultPage | None:
    """Return the page for the candidate's own attempt at the step with this address; None for any other attempt."""
    attempt = (
        Attempt.objects.sat_by(officer)
        .select_related("assessment_version__assessment", "officer")
        .filter(pk=attempt_id, context_address=address)
        .first()
    )
    enrolment = enrolment_of(attempt) if attempt else None
    if attempt is None or enrolment is None:
        return None
    outline = outline_for(enrolment)
    step = next(
        (step for step in outline.assessments if context_of(context_stem(enrolment), step.slug) == attempt.context_ref),
        None,
    )
    if step is None:
        return None
    try:
        result = result_of(attempt, at=at)
    except Withheld:
        return ResultPage(
            attempt, outline, step, None, told_from=told_from(attempt.assessment_version), is_withheld=True
        )
    except NotMarked:
        return ResultPage(attempt, outline, step, None)
    return _marked(attempt, enrolment, outline, step, result, at=at)


def words_of(page: ResultPage, *, show_all: bool) -> dict[str, str]:
    """Return the sentences the page's parts are given: they join several values."""
    if page.result is None:
        return {}
    words = {"withheld_words": page.why_no_answers}
    count = len(page.missed)
    words["items_heading"] = (
        f"All {len(page.items)} questions" if show_all else f"{_word(count).capitalize()} to look at again"
    )
    if page.advice and page.advice.lessons:
        words["study_button"] = f"Start: {page.advice.lessons[0].title}"
    if page.answer and page.answer.attempts_left is not None:
        left = page.answer.attempts_left
        words["attempts_words"] = f"You have {_word(left)} attempt{'' if left == 1 else 's'} left."
    if page.completion and page.certificate:
        at, until = timezone.localtime(page.completion.at), page.certificate.valid_until
        words["recorded_words"] = f"Recorded at {at:%H:%M} with your {hours(page.outline.minutes)}. Nothing to retype."
        words["in_date_words"] = f"In date until {long_date(until)}" if until else ""
        words["in_date_detail"] = f"{page.outline.title}, on your record."
    return words


def calendar_file(page: ResultPage, *, address: str, at: datetime) -> str:
    """Return an iCalendar file with the moment from which the next attempt can be started."""
    if page.answer is None or page.answer.opens_at is None:
        raise ValueError("There is no next attempt to note.")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Training site//Next attempt//EN",
        "BEGIN:VEVENT",
        f"UID:{page.attempt.pk}@next-attempt",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{page.answer.opens_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{_calendar_text(f'{page.outline.title}: {page.step.title} can be tried again')}",
        f"URL:{address}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(_folded(line) for line in lines) + "\r\n"


def _calendar_text(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, "\\" + character)
    return " ".join(text.split())


def _folded(line: str) -> str:
    """Break a line so that no piece has more than 75 bytes, as iCalendar asks."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > 73:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])


def _marked(
    attempt: Attempt, enrolment: Enrolment, outline: Outline, step: Step, result: Result, *, at: datetime
) -> ResultPage:
    texts = {outcome["code"]: outcome["text"] for outcome in outline.particulars.get("outcomes") or []}
    advice = advise(outline, result.missed)
    done = steps_done(enrolment)
    completion = Completion.objects.filter(enrolment=enrolment).select_related("certificate__revocation").first()
    was_withdrawn = completion is not None and is_withdrawn(completion)
    passed_since = not result.is_passed and step.slug in done
    return ResultPage(
        attempt=attempt,
        outline=outline,
        step=step,
        result=result,
        completion=None if was_withdrawn else completion,
        certificate=None if was_withdrawn or completion is None else certificate_now(completion),
        is_withdrawn=was_withdrawn,
        why_no_answers="" if result.shows_answers else why_not_shown(attempt, at=at),
        queries=tuple(query_lines(attempt)),
        window=query_window(attempt, at=at),
        outcomes=tuple(
            OutcomeLine(
                texts.get(row.code, row.code or "Everything"),
                row.right,
                row.asked,
                _lesson_of(outline, row.code, result, advice),
            )
            for row in sorted(result.by_outcome, key=lambda row: (-row.missed, row.code))
        ),
        missed=tuple(_item_line(outline, item) for item in result.missed),
        items=tuple(_item_line(outline, item) for item in result.items),
        advice=None if result.is_passed or passed_since else advice,
        passed_since=passed_since,
        answer=None
        if result.is_passed or passed_since or enrolment.closed_at
        else can_start(attempt.assessment_version, attempt.officer, context_ref=attempt.context_ref, at=at),
        following=None if enrolment.closed_at else step_to_resume(outline, enrolment.place, done),
        awaits_supervisor=enrolment.closed_at is None
        and outline.completion == CompletionRule.SUPERVISOR
        and not missing_for_completion(outline, done),
        is_overruled=enrolment.closed_at is None and is_overruled(enrolment),
        in_date_until=_in_date_until(enrolment, at=at),
        is_reviewed=CourseReview.objects.filter(release=enrolment.release_id).exists(),
    )


def _item_line(outline: Outline, item: ItemResult) -> ItemLine:
    lessons = lessons_for(outline, item)
    return ItemLine(item, lessons[0] if lessons else None)


def _lesson_of(outline: Outline, code: str, result: Result, advice: Advice) -> Step | None:
    """Return the lesson to study for an outcome: an advised one where it teaches a question that was missed."""
    missed = [item for item in result.missed if item.outcome == code]
    teachers = [step for item in missed for step in lessons_for(outline, item)]
    return next((step for step in teachers if step in advice.lessons), teachers[0] if teachers else None)


def _in_date_until(enrolment: Enrolment, *, at: datetime) -> Any:
    """Return until when an earlier completion of the course still holds, if one does."""
    others = Completion.objects.filter(enrolment__officer=enrolment.officer_id, enrolment__course=enrolment.course_id)
    ends = [one.valid_until for one in finishes(others.exclude(enrolment=enrolment)) if one.valid_until is not None]
    return max((end for end in ends if end >= timezone.localdate(at)), default=None)


def _word(count: int) -> str:
    return NUMBER_WORDS[count] if count < len(NUMBER_WORDS) else str(count)
