"""Reading the attempts that count, one of each candidate, into columns of marks; and what they answered.

What is read of a question lies in a ``QuestionAnswers`` beside its column; a million answers are read in pieces and kept small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import lcm
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from assessments import question_types
from assessments.analysis.answers import Blanks, blank_places, seconds_on_questions
from assessments.analysis.columns import Column, Marks, in_largest_units
from assessments.models import (
    Assessment,
    Attempt,
    AttemptItem,
    AttemptState,
    AttemptStep,
    Outcome,
    QuestionVersion,
    StepKind,
)
from assessments.question_types.contract import FULL_MARKS

PIECE = 5_000
# What a candidate does to a question, and the start. Moving to another device is noted with the first save there, and is no act of its own.
SITTING = (StepKind.STARTED, StepKind.SAVED, StepKind.FLAGGED, StepKind.CHECKED)


class Policy(models.TextChoices):
    """Which of a candidate's attempts counts."""

    FIRST = "first", "first attempts"
    LAST = "last", "last attempts"
    BEST = "best", "best attempts"


@dataclass(frozen=True)
class CountedAttempt:
    """One candidate's attempt that counts. Score in millionths of full marks."""

    id: UUID
    started_at: datetime
    score: int
    outcome: str
    pass_percent: int | None


@dataclass
class QuestionAnswers:
    """One question version: whose marks (candidates from 0), marks in millionths, which options, blanks, and seconds spent.

    ``who``, ``marks`` and ``chosen`` are in one order. A question taken out of an attempt has no mark there and no answer.
    """

    version: QuestionVersion
    who: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    chosen: list[tuple[str, ...]] = field(default_factory=list)
    omitted: int = 0
    not_reached: int = 0
    taken_out: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def blanks(self) -> Blanks:
        return Blanks(self.omitted, self.not_reached)


@dataclass(frozen=True)
class Counted:
    """The attempts that count and their answers, question by question in the order of codes."""

    attempts: tuple[CountedAttempt, ...]
    questions: tuple[QuestionAnswers, ...]
    marks: Marks

    @property
    def shares(self) -> list[Fraction]:
        """Of full marks, one of each candidate."""
        return [Fraction(attempt.score, FULL_MARKS) for attempt in self.attempts]

    @property
    def decided(self) -> list[CountedAttempt]:
        """Attempts with a pass mark."""
        return [one for one in self.attempts if one.outcome in (Outcome.PASSED, Outcome.FAILED)]


def marked_attempts(assessment: Assessment, version: int | None = None) -> QuerySet[Attempt]:
    """Return the attempts that can count: closed and marked, not voided; of one version of the assessment, or of all."""
    found = Attempt.objects.filter(
        assessment_version__assessment=assessment,
        state__in=(AttemptState.SUBMITTED, AttemptState.EXPIRED),
        score__isnull=False,
        # Without its answers an attempt would count as one in which nothing was answered.
        responses_erased_at__isnull=True,
    )
    return found if version is None else found.filter(assessment_version__number=version)


def counted_attempts(assessment: Assessment, *, policy: Policy, version: int | None = None) -> Counted:
    """Return each candidate's first, last or best attempt among those asked about, in four queries.

    The best is the one with the highest score, of equal ones the first. A question answered in two versions is two items: what was
    asked differs.
    """
    asked = marked_attempts(assessment, version)
    attempts = _one_of_each(asked, policy)
    place = {attempt.id: number for number, attempt in enumerate(attempts)}
    questions, at = _answers(asked, place)
    _times(asked, place, questions, at)
    ordered = sorted(questions.values(), key=lambda one: (one.version.question.code, one.version.number))
    weights = [Fraction(one.version.max_mark) for one in ordered]
    # Questions may carry other marks than 1, such as 0.5: in a unit small enough all are whole.
    small = lcm(*(weight.denominator for weight in weights), 1)
    columns = tuple(
        _column(one, _name(one.version, ordered), int(weight * small))
        for one, weight in zip(ordered, weights, strict=True)
    )
    marks = Marks(len(attempts), FULL_MARKS * small, columns, is_drawn=True)
    return Counted(tuple(attempts), tuple(ordered), in_largest_units(marks))


def _column(one: QuestionAnswers, name: str, weight: int) -> Column:
    return Column(name, FULL_MARKS * weight, one.who, [mark * weight for mark in one.marks])


def _one_of_each(asked: QuerySet[Attempt], policy: Policy) -> list[CountedAttempt]:
    chosen: dict[int, CountedAttempt] = {}
    rows = asked.order_by("started_at", "number", "pk").values_list(
        "officer_id", "pk", "started_at", "score", "outcome", "assessment_version__pass_percent"
    )
    for officer, key, started_at, score, outcome, pass_percent in rows.iterator(chunk_size=PIECE):
        attempt = CountedAttempt(key, started_at, score or 0, outcome, pass_percent)
        known = chosen.get(officer)
        if known is None or policy == Policy.LAST or (policy == Policy.BEST and attempt.score > known.score):
            chosen[officer] = attempt
    return list(chosen.values())


def _answers(
    asked: QuerySet[Attempt], place: dict[UUID, int]
) -> tuple[dict[int, QuestionAnswers], dict[int, list[int]]]:
    """Return the answers by question version, and for each candidate the question version at each position from 1."""
    items = AttemptItem.objects.filter(attempt__in=asked)
    versions = QuestionVersion.objects.filter(pk__in=items.values("question_version")).select_related("question")
    questions = {version.pk: QuestionAnswers(version) for version in versions}
    asked_as = {key: question_types.asked(one.version.type, one.version.definition) for key, one in questions.items()}
    at: dict[int, list[int]] = defaultdict(list)
    answered: dict[int, list[bool]] = defaultdict(list)
    alike: dict[tuple[str, ...], tuple[str, ...]] = {}
    rows = items.order_by("attempt_id", "position").values_list(
        "attempt_id", "question_version_id", "response", "fraction"
    )
    for attempt, key, response, fraction in rows.iterator(chunk_size=PIECE):
        number = place.get(attempt)
        if number is None:
            continue
        question = questions[key]
        at[number].append(key)
        answered[number].append(fraction is None or asked_as[key].is_answered(response))
        if fraction is None:
            question.taken_out += 1
            continue
        options = tuple(asked_as[key].chosen(response))
        question.who.append(number)
        question.marks.append(fraction)
        question.chosen.append(alike.setdefault(options, options))
    for number, said in answered.items():
        omitted, not_reached = blank_places(said)
        for blank in omitted:
            questions[at[number][blank]].omitted += 1
        for blank in not_reached:
            questions[at[number][blank]].not_reached += 1
    return questions, at


def _times(
    asked: QuerySet[Attempt], place: dict[UUID, int], questions: dict[int, QuestionAnswers], at: dict[int, list[int]]
) -> None:
    """Add to each question the seconds that candidates spent on it, from the moments of their saves and flags."""
    for attempt, events in _sittings(asked):
        number = place.get(attempt)
        if number is not None:
            for position, seconds in seconds_on_questions(events).items():
                questions[at[number][position - 1]].seconds.append(seconds)


def _sittings(asked: QuerySet[Attempt]) -> Iterator[tuple[UUID, list[tuple[datetime, int | None]]]]:
    """Yield each attempt's events in their order: when, and at which position; the start has none."""
    steps = AttemptStep.objects.filter(attempt__in=asked, kind__in=SITTING)
    rows = steps.order_by("attempt_id", "number").values_list("attempt_id", "at", "position")
    events: list[tuple[datetime, int | None]] = []
    before: UUID | None = None
    for attempt, moment, position in rows.iterator(chunk_size=PIECE):
        if attempt != before:
            if before is not None:
                yield before, events
            before, events = attempt, []
        events.append((moment, position))
    if before is not None:
        yield before, events


def _name(version: QuestionVersion, every: list[QuestionAnswers]) -> str:
    """Return a question's code, with its version where more than one was asked."""
    others = sum(1 for one in every if one.version.question_id == version.question_id)
    code = version.question.code
    return code if others == 1 else f"{code}, version {version.number}"
