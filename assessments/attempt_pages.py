"""What the pages of an attempt show, read in few queries whatever the length of the test. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from assessments import question_types
from assessments.answer_files import with_names
from assessments.contact import ClockNow, clock_now
from assessments.feedback import shows_answer_at_once
from assessments.going_on import is_forward, is_passed
from assessments.models import Attempt, AttemptItem, Layout
from assessments.picture_addresses import address_in_attempt
from assessments.posted import FIELD
from assessments.question_types import BadResponse, Face, Marked, Posted
from assessments.question_types.asking import telling, without_confidence
from assessments.question_types.openings import opening_of
from assessments.refusals import UnknownAttempt
from people import access
from people.models import User
from people.prepared import prepared

LAST_MINUTES = (1, 5, 10)
BESIDE = "Further questions"


@dataclass(frozen=True)
class NavigatorItem:
    """One square of the navigator."""

    position: int
    is_answered: bool
    is_flagged: bool
    is_current: bool
    section: str = ""

    @property
    def words(self) -> str:
        """What the square says to somebody who does not see it, after its number."""
        said = "answered" if self.is_answered else "not answered"
        return f", {said}" + (", flagged" if self.is_flagged else "") + (", shown now" if self.is_current else "")


@dataclass(frozen=True)
class Checked:
    """What the candidate is told at once: ``verdict`` right, partly, wrong, or waits for a person; ``opening`` says it in words."""

    verdict: str
    opening: str
    feedback: str


@dataclass(frozen=True, kw_only=True)
class PageOfAttempt:
    """What stands around the questions of an open attempt, in either layout: navigator, clock and notices.

    ``turns`` is the turn of the last save of each question, in their order: a page's script tells by it which of the answers kept in
    a browser are behind what another device saved.
    """

    attempt: Attempt
    total: int
    navigator: tuple[NavigatorItem, ...]
    turns: tuple[int, ...]
    saved_at: datetime | None
    now: datetime
    clock: ClockNow
    checks_at_once: bool = False
    refusal: str = ""
    is_read_only: bool = False
    passed: str = ""

    @property
    def is_forward(self) -> bool:
        return is_forward(self.attempt)

    @property
    def kept_turns(self) -> str:
        """The turns of the last saves as a script reads them."""
        return in_a_row(self.turns)

    @property
    def has_sections(self) -> bool:
        return any(item.section for item in self.navigator)

    @property
    def navigator_by_section(self) -> list[tuple[str, list[NavigatorItem]]]:
        """The squares under the headings of their sections, in the order of the paper."""
        return [
            (section_title(section, has_sections=self.has_sections), list(items))
            for section, items in groupby(self.navigator, key=lambda item: item.section)
        ]

    @property
    def answered(self) -> int:
        return sum(item.is_answered for item in self.navigator)

    @property
    def unanswered(self) -> int:
        return self.total - self.answered

    @property
    def flagged(self) -> int:
        return sum(item.is_flagged for item in self.navigator)

    @property
    def minutes_left_at_most(self) -> int | None:
        """10, 5 or 1 when no more than so many minutes are left and half the time has gone: a short test does not begin with it."""
        if self.attempt.deadline_at is None or self.attempt.paused_at is not None:
            return None
        left = self.attempt.deadline_at - self.now
        half = (self.attempt.deadline_at - self.attempt.started_at) / 2
        return next((minutes for minutes in LAST_MINUTES if left <= timedelta(minutes=minutes) <= half), None)

    @property
    def in_milliseconds(self) -> dict[str, int | None]:
        """The moments a script counts from."""
        deadline = self.clock.ends_at
        return {
            "now": _milliseconds(self.now),
            "start": _milliseconds(self.attempt.started_at),
            "end": None if deadline is None else _milliseconds(deadline),
        }


@dataclass(frozen=True, kw_only=True)
class AttemptPage(PageOfAttempt):
    """One question of an open attempt."""

    face: Face
    position: int
    is_flagged: bool
    checked: Checked | None = None

    @property
    def section(self) -> str:
        """The heading of the section the question stands in; empty where the paper has none."""
        return section_title(self.navigator[self.position - 1].section, has_sections=self.has_sections)


def section_title(section: str, *, has_sections: bool) -> str:
    """Return the heading over questions of a section; those beside every section stand under one of their own."""
    return section or (BESIDE if has_sections else "")


def own_attempt(user: Any, attempt_id: UUID) -> Attempt:
    """Return somebody's own attempt with its rules; for everybody else there is none."""
    attempts = attempts_sat(attempt=attempt_id, officer=user.pk) if access.is_person(user) else []
    if not attempts:
        raise UnknownAttempt
    attempt: Attempt = attempts[0]
    return attempt


@prepared
def attempts_sat(attempt: UUID, officer: int) -> QuerySet[Attempt]:
    return Attempt.objects.select_related("assessment_version").filter(pk=attempt, officer=officer)


@prepared
def items_in_brief(attempt: UUID) -> QuerySet[AttemptItem, Any]:
    """What the navigator shows of each question."""
    return AttemptItem.objects.filter(attempt=attempt).values_list(
        "position", "response", "flagged", "section", "saved_at", "turn"
    )


def in_a_row(turns: Iterable[int]) -> str:
    """Return the turns of the last saves of the questions, in their order, as a page hands them to its script."""
    return ",".join(str(turn) for turn in turns)


def kept_turns(attempt: Attempt) -> str:
    """Return the same of an attempt whose questions are not shown."""
    return in_a_row(attempt.items.order_by("position").values_list("turn", flat=True))


@prepared
def items_at(attempt: UUID, position: int) -> QuerySet[AttemptItem]:
    items = AttemptItem.objects.select_related("question_version").defer("question_version__note")
    return items.filter(attempt=attempt, position=position)


def is_over(attempt: Attempt, *, at: datetime) -> bool:
    """Return whether an attempt still open takes answers no more but for those on their way; never while its clock stands still."""
    return attempt.paused_at is None and attempt.deadline_at is not None and at >= attempt.deadline_at


def attempt_page(
    attempt: Attempt,
    position: int,
    *,
    at: datetime,
    error: str = "",
    posted: Posted | None = None,
    refusal: str = "",
    is_read_only: bool = False,
    passed: str = "",
) -> AttemptPage:
    """Return one question's page in two queries; a position out of range shows the nearest question.

    ``passed`` says why the question is shown that a forward-only test is at, and not the one that was asked for.
    ``posted`` is what was sent and not kept: it is shown again, so that nothing typed is lost.
    """
    light = list(items_in_brief(attempt=attempt.pk))
    position = min(max(position, 1), len(light))
    item = items_at(attempt=attempt.pk, position=position)[0]
    at_once = shows_answer_at_once(attempt)
    return AttemptPage(
        attempt=attempt,
        face=face_of(item, attempt, posted=posted, error=error, is_closed=is_read_only),
        position=position,
        total=len(light),
        is_flagged=item.flagged,
        navigator=tuple(
            NavigatorItem(number, without_confidence(response) is not None, flagged, number == position, section)
            for number, response, flagged, section, *_rest in light
        ),
        turns=tuple(row[-1] for row in light),
        saved_at=max((row[-2] for row in light if row[-2]), default=None),
        now=at,
        checks_at_once=at_once,
        checked=_checked(item) if at_once and item.checked_at else None,
        clock=clock_now(attempt, at=at),
        refusal=refusal,
        is_read_only=is_read_only,
        passed=passed,
    )


def question_pieces(attempt: Attempt) -> dict[int, str]:
    """Return the HTML of every question by position, so that a candidate without connection can go on; none that was left for good."""
    items = list(attempt.items.select_related("question_version").defer("question_version__note"))
    has_sections = any(item.section for item in items)
    pieces: dict[int, str] = {}
    for item in items:
        if is_passed(attempt, item.position):
            continue
        shown = {"question": face_of(item, attempt), "section": section_title(item.section, has_sections=has_sections)}
        pieces[item.position] = render_to_string("assessments/piece.html", shown)
    return pieces


def device_of(user: User, session_key: str | None) -> str:
    """Return the name of a browser without script: the same through a session, and telling nothing of it."""
    return "page-" + sha256(f"attempt-device:{user.pk}:{session_key}".encode()).hexdigest()[:32]


def face_of(
    item: AttemptItem,
    attempt: Attempt,
    *,
    name: str = FIELD,
    level: int = 1,
    posted: Posted | None = None,
    error: str = "",
    is_closed: bool = False,
) -> Face:
    """Return a question of an attempt as its candidate sees it; ``posted`` under ``name`` is shown again where it was not kept."""
    question = item.question_version
    asked = question_types.asked(question.type, question.definition)
    response = item.response
    if posted is not None:
        with suppress(BadResponse):
            response = with_names(item, asked.parse(posted, name))
    face = asked.face(
        response,
        name=name,
        order=item.option_order,
        level=level,
        error=error,
        typed=posted,
        address=address_in_attempt(item.attempt_id, item.position),
        is_closed=is_closed or item.checked_at is not None,
        counts_confidence=attempt.assessment_version.counts_confidence,
    )
    # A page that is only read only, because another device took over, must not tell what is right.
    return telling(face, item.checked_at is not None)


def marked_now(item: AttemptItem) -> Marked:
    """Return what the answer would be marked by the question's own key."""
    question = item.question_version
    return question_types.asked(question.type, question.definition).mark(item.response)


def _checked(item: AttemptItem) -> Checked:
    marked = marked_now(item)
    if marked.fraction is None:
        return Checked("waits", "A person marks this answer. It is final now.", " ".join(marked.feedback))
    full = question_types.contract.FULL_MARKS
    verdict = "right" if marked.fraction == full else "partly" if marked.fraction else "wrong"
    return Checked(verdict, opening_of(verdict, marked.feedback), " ".join(marked.feedback))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def is_whole(attempt: Attempt) -> bool:
    """Return whether all questions of an attempt stand on one page."""
    return attempt.assessment_version.layout == Layout.WHOLE


def address_in(attempt: Attempt, position: int) -> str:
    """Return the address of one question, in the layout it is shown in."""
    if is_whole(attempt):
        return f"{reverse('assessments:attempt', args=[attempt.pk])}#question-{position}"
    return address_of(attempt.pk, position)


def address_of(attempt_id: UUID, position: int) -> str:
    """Return the address of one question."""
    return f"{reverse('assessments:attempt', args=[attempt_id])}?q={position}"
