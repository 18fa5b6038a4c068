"""An assessment tried out as its candidates meet it, without an attempt: what was answered goes from page to page in the form.

A rehearsal is drawn from its seed each time it is asked for, marked by the arithmetic of real attempts, and forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from assessments import assessment_rules, question_types
from assessments.attempt_pages import NavigatorItem, section_title
from assessments.marking import Mark
from assessments.marks import mark_of
from assessments.models import (
    AssessmentVersion,
    Attempt,
    AttemptItem,
    FeedbackPolicy,
    Layout,
    Navigation,
    QuestionVersion,
)
from assessments.picture_addresses import address_in_bank
from assessments.posted import FIELD, Fields
from assessments.question_types import BadResponse, Face
from assessments.question_types.asking import telling, without_confidence
from assessments.question_types.contract import FULL_MARKS
from assessments.question_types.openings import opening_of
from assessments.review_pages import ReviewPage, review_of

REVIEW, RESULT = "review", "submit"
LONGEST_KEPT = 2_000_000


@dataclass(frozen=True)
class Kept:
    """What a form carries: answer fields as they were typed, by version of the question, and which were flagged and checked."""

    answers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    flagged: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()

    def as_text(self) -> str:
        return json.dumps(
            {"answers": self.answers, "flagged": sorted(self.flagged), "checked": sorted(self.checked)},
            separators=(",", ":"),
        )


def read_kept(text: str) -> Kept:
    """Return what a form carried; what is not of its shape is nothing, for nothing hangs on it."""
    try:
        found = json.loads(text[:LONGEST_KEPT]) if text else {}
    except (ValueError, RecursionError):
        return Kept()
    if not isinstance(found, dict):
        return Kept()
    answers = found.get("answers")
    return Kept(
        {str(key): _fields(one) for key, one in answers.items()} if isinstance(answers, dict) else {},
        _names(found.get("flagged")),
        _names(found.get("checked")),
    )


def _fields(found: Any) -> dict[str, list[str]]:
    if not isinstance(found, dict):
        return {}
    return {name: list(_names_in_order(values)) for name, values in found.items()}


def _names_in_order(found: Any) -> list[str]:
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _names(found: Any) -> frozenset[str]:
    return frozenset(_names_in_order(found))


@dataclass(frozen=True)
class Shown:
    """A question as its candidate sees it, its place, and what is told of it once its answer was checked."""

    item: AttemptItem
    face: Face
    section: str
    is_flagged: bool
    verdict: str = ""
    opening: str = ""
    feedback: str = ""

    @property
    def flag_name(self) -> str:
        return f"flagged-{self.item.position}"


@dataclass(frozen=True)
class ResultRow:
    """A question on the result: its place and code, what was answered in words, what is right, what it is marked."""

    item: AttemptItem
    answer: str
    key: str
    fraction: int | None

    @property
    def verdict(self) -> str:
        return verdict_of(self.fraction)

    @property
    def percent(self) -> str:
        return "" if self.fraction is None else f"{self.fraction * 100 / FULL_MARKS:.4g}"


@dataclass(frozen=True)
class Draw:
    """What a seed draws: the section and the question of each place."""

    version: AssessmentVersion
    seed: str
    questions: tuple[tuple[str, QuestionVersion], ...]


def drawn(version: AssessmentVersion, *, seed: str) -> Draw:
    """Return what a seed draws; may raise ``CannotDraw``."""
    return Draw(version, seed, tuple(assessment_rules.draw_by_section(version, seed=seed)))


class Rehearsal:
    """A draw with what was answered so far. ``position`` is the question shown, all of them in a layout of one page."""

    def __init__(self, draw: Draw, kept: Kept, *, position: int = 1) -> None:
        self.version = draw.version
        self.draw = draw
        self.kept = kept
        self.attempt = Attempt(assessment_version=draw.version, seed=draw.seed)
        self.items = [self._item(place, section, one) for place, (section, one) in enumerate(draw.questions, 1)]
        self.position = min(max(position, 1), len(self.items))
        self.errors: dict[int, str] = {}

    def _item(self, place: int, section: str, question: QuestionVersion) -> AttemptItem:
        kind = question_types.get(question.type)
        return AttemptItem(
            attempt=self.attempt,
            position=place,
            question_version=question,
            section=section,
            option_order=kind.option_order(question.definition, f"{self.draw.seed}:{question.question.code}"),
            flagged=str(question.pk) in self.kept.flagged,
            response=self._response(question),
        )

    def _response(self, question: QuestionVersion) -> Any:
        try:
            return question_types.asked(question.type, question.definition).parse(self._typed(question), FIELD)
        except BadResponse:
            return None

    def _typed(self, question: QuestionVersion) -> Fields:
        return Fields(self.kept.answers.get(str(question.pk), {}))

    @property
    def is_whole(self) -> bool:
        return self.version.layout == Layout.WHOLE

    @property
    def is_forward_only(self) -> bool:
        return self.version.navigation == Navigation.FORWARD

    @property
    def checks_at_once(self) -> bool:
        return self.version.feedback == FeedbackPolicy.AT_ONCE

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def answered(self) -> int:
        return sum(item.is_answered for item in self.navigator)

    @property
    def flagged(self) -> int:
        return sum(item.flagged for item in self.items)

    @property
    def navigator(self) -> list[NavigatorItem]:
        return [
            NavigatorItem(
                item.position,
                without_confidence(item.response) is not None,
                item.flagged,
                item.position == self.position and not self.is_whole,
                item.section,
            )
            for item in self.items
        ]

    @property
    def on_page(self) -> list[AttemptItem]:
        return self.items if self.is_whole else [self.items[self.position - 1]]

    def name_of(self, item: AttemptItem) -> str:
        """Return what the fields of a question are called: as on a candidate's page, numbered where several stand on it."""
        return f"{FIELD}-{item.position}" if self.is_whole else FIELD

    def take(self, posted: QueryDict) -> Kept:
        """Return what is known once the questions of this page are posted, and keep what could not be taken of them."""
        answers, flagged = dict(self.kept.answers), set(self.kept.flagged)
        for item in self.on_page:
            key, name = str(item.question_version.pk), self.name_of(item)
            if key in self.kept.checked:
                continue
            typed = {
                FIELD + one.removeprefix(name): [str(value) for value in posted.getlist(one)]
                for one in posted
                if one == name or one.startswith(f"{name}.")
            }
            question = item.question_version
            try:
                question_types.asked(question.type, question.definition).parse(Fields(typed), FIELD)
            except BadResponse as refused:
                self.errors[item.position] = str(refused)
            answers[key] = typed
            flagged = flagged | {key} if posted.get(f"flagged-{item.position}") else flagged - {key}
        return replace(self.kept, answers=answers, flagged=frozenset(flagged))

    def shown(self) -> list[Shown]:
        """Return the questions of this page."""
        has_sections = any(item.section for item in self.items)
        return [self._shown(item, section_title(item.section, has_sections=has_sections)) for item in self.on_page]

    def _shown(self, item: AttemptItem, section: str) -> Shown:
        question = item.question_version
        here = question_types.asked(question.type, question.definition)
        is_checked = str(question.pk) in self.kept.checked
        error = self.errors.get(item.position, "")
        name = self.name_of(item)
        face = here.face(
            item.response,
            name=name,
            order=item.option_order,
            level=2 if self.is_whole else 1,
            is_closed=is_checked,
            error=error,
            typed=_under(name, self.kept.answers.get(str(question.pk), {})) if error else None,
            address=address_in_bank(question),
            counts_confidence=self.version.counts_confidence,
        )
        told = here.mark(item.response) if is_checked else None
        return Shown(
            item,
            telling(face, is_checked),
            section,
            item.flagged,
            verdict_of(told.fraction) if told else "",
            opening_of(verdict_of(told.fraction), told.feedback) if told else "",
            " ".join(told.feedback) if told else "",
        )

    def review(self) -> ReviewPage:
        """Return what needs a look before submitting, as the candidate is told it."""
        return review_of(self.attempt, self.items, address=str)

    def mark(self) -> Mark | None:
        """Return what a real attempt with these answers would come to; None where a person has to mark some."""
        return mark_of(self.attempt, self.items, {})

    def rows(self) -> list[ResultRow]:
        rows = []
        for item in self.items:
            question = item.question_version
            here = question_types.asked(question.type, question.definition)
            answer = here.summarise(item.response) if item.response is not None else ""
            key = here.kind.summarise_key(question.definition)
            rows.append(ResultRow(item, answer, key, here.mark(item.response).fraction))
        return rows


def verdict_of(fraction: int | None) -> str:
    """Return what a mark is called: right, partly, wrong, or waits for a person."""
    if fraction is None:
        return "waits"
    return "right" if fraction == FULL_MARKS else "partly" if fraction else "wrong"


def _under(name: str, typed: Mapping[str, list[str]]) -> Fields:
    return Fields({name + one.removeprefix(FIELD): values for one, values in typed.items()})
