"""What a candidate is told of a marked attempt: everything a result page shows, frozen with the versions used.

Feedback follows the policy (``assessments.feedback``): whoever shows a result asks its ``shows_answers`` before a key or feedback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils import timezone

from assessments import question_types
from assessments.blueprints import least_by_section
from assessments.feedback import is_last, shows_answers
from assessments.marking import MarkedItem, marks_of
from assessments.marks import MARKS, certainty_in
from assessments.models import (
    Attempt,
    AttemptItem,
    AttemptStep,
    Outcome,
    QuestionVersion,
)
from assessments.picture_addresses import address_in_attempt
from assessments.question_types import AnsweredPart, FacePicture
from assessments.question_types.asking import CONFIDENCE, confidence_of
from assessments.question_types.contract import FULL_MARKS
from assessments.question_types.words import divide_stem
from assessments.releasing import is_withheld
from assessments.rulings import Ruled, is_awarded, is_neutral, key_ids, keys_by_id
from people.dates import long_date


@dataclass(frozen=True)
class ItemResult:
    """One question of a result. ``fraction`` in millionths, None where the question was taken out.

    ``feedback`` belongs to the response, or to the key where there was none; ``key_feedback`` to the key. ``parts`` are the answer part by
    part, for a question that has several and whose key still holds.
    """

    position: int
    code: str
    scene: str
    question: str
    outcome: str
    topic: str
    must_pass: str
    references: tuple[str, ...]
    response: str
    key: str
    feedback: tuple[str, ...]
    key_feedback: tuple[str, ...]
    fraction: int | None
    is_answered: bool
    is_right: bool
    is_neutral: bool
    is_awarded: bool = False
    is_erased: bool = False
    pictures: Mapping[str, FacePicture] = field(default_factory=dict)
    parts: tuple[AnsweredPart, ...] = ()


@dataclass(frozen=True)
class Calibration:
    """How often somebody was right who said to be so sure: questions right of those asked, at one of the levels in words."""

    level: str
    right: int
    asked: int


@dataclass(frozen=True)
class EarlierMark:
    """A mark that another took the place of, and why it did: it is kept, and shown. ``positions`` are the questions ruled on."""

    percent: int
    outcome: str
    marked_at: datetime
    replaced_at: datetime
    reason: str
    positions: tuple[int, ...]

    @property
    def heading(self) -> str:
        """'26 November 2026, about question 3'."""
        about = " and ".join(str(position) for position in self.positions)
        named = f", about question{'s' if len(self.positions) > 1 else ''} {about}" if about else ""
        return f"{long_date(timezone.localdate(self.replaced_at))}{named}"

    @property
    def is_passed(self) -> bool:
        return self.outcome in (Outcome.PASSED, Outcome.COMPLETED)


@dataclass(frozen=True)
class OutcomeResult:
    """How one outcome went: questions right of those asked, and the marks missed in millionths of a question."""

    code: str
    right: int
    asked: int
    missed: int


@dataclass(frozen=True)
class SectionResult:
    """How one section of the paper went. ``percent`` is rounded down, None where none of its questions counts any more.

    ``least`` is the per cent it had to reach, None for no such rule.
    """

    title: str
    percent: int | None
    least: int | None
    is_failed: bool


@dataclass(frozen=True)
class Result:
    """A result. ``score`` in millionths; ``percent`` is rounded down, so that a narrow fail never reads as the pass mark."""

    attempt_id: UUID
    title: str
    number: int
    state: str
    outcome: str
    score: int
    percent: int
    right: int
    asked: int
    pass_percent: int | None
    failed_rules: tuple[str, ...]
    must_pass: bool
    missed_must_pass: tuple[int, ...]
    submitted_at: datetime
    marked_at: datetime
    shows_answers: bool
    is_last_attempt: bool
    items: tuple[ItemResult, ...]
    by_outcome: tuple[OutcomeResult, ...]
    weakest: tuple[str, ...]
    earlier_marks: tuple[EarlierMark, ...] = ()
    calibration: tuple[Calibration, ...] = ()
    sections: tuple[SectionResult, ...] = ()
    counts_confidence: bool = False

    @property
    def is_passed(self) -> bool:
        return self.outcome in (Outcome.PASSED, Outcome.COMPLETED)

    @property
    def partly(self) -> int:
        """How many questions were right in part."""
        return sum(0 < (item.fraction or 0) < FULL_MARKS for item in self.items if not item.is_neutral)

    @property
    def failed_sections(self) -> tuple[SectionResult, ...]:
        return tuple(section for section in self.sections if section.is_failed)

    @property
    def missed(self) -> tuple[ItemResult, ...]:
        """The questions to look at again."""
        return tuple(item for item in self.items if not item.is_right and not item.is_neutral)


class NotMarked(Exception):
    """The attempt has no result yet."""

    def __init__(self) -> None:
        super().__init__("This test has no result yet.")


class Withheld(NotMarked):
    """There is a mark, and its candidate is not told of it yet, or ever."""


def result_of(attempt: Attempt, *, at: datetime) -> Result:
    """Return the result of a marked attempt, as its candidate may hear of it at a moment; five queries at most, however long it is."""
    if attempt.closed_at is not None and is_withheld(attempt.assessment_version, at=at):
        raise Withheld
    if attempt.score is None or attempt.closed_at is None or attempt.marked_at is None:
        raise NotMarked
    rules = attempt.assessment_version
    marks = list(AttemptStep.objects.filter(attempt=attempt, kind__in=MARKS).order_by("number"))
    rulings = _rulings(marks[-1]) if marks else {}
    keys = keys_by_id(rulings.values())
    rows = attempt.items.select_related("question_version__question").order_by("position")
    items = tuple(item_result(row, rulings.get(row.position, {}), keys) for row in rows)
    counted = [item for item in items if not item.is_neutral]
    by_outcome = _by_outcome(counted)
    return Result(
        attempt_id=attempt.pk,
        title=attempt.context_title or rules.title,
        number=attempt.number,
        state=attempt.state,
        outcome=attempt.outcome,
        score=attempt.score,
        percent=attempt.score // 10_000,
        right=sum(item.is_right for item in counted),
        asked=len(counted),
        pass_percent=rules.pass_percent,
        failed_rules=tuple(attempt.failed_rules),
        must_pass=rules.must_pass,
        missed_must_pass=tuple(
            item.position for item in counted if rules.must_pass and item.must_pass and not item.is_right
        ),
        submitted_at=attempt.closed_at,
        marked_at=attempt.marked_at,
        shows_answers=shows_answers(attempt, at=at),
        is_last_attempt=is_last(attempt),
        items=items,
        by_outcome=by_outcome,
        weakest=tuple(row.code for row in sorted(by_outcome, key=lambda row: -row.missed) if row.missed),
        earlier_marks=_earlier_marks(marks),
        calibration=_calibration(rows, items),
        sections=_sections(attempt, rows, marks[-1].data if marks else {}),
        counts_confidence=rules.counts_confidence,
    )


def _rulings(step: AttemptStep) -> dict[int, dict[str, Any]]:
    return {int(position): ruled for position, ruled in step.data.get("rulings", {}).items()}


def _earlier_marks(marks: Sequence[AttemptStep]) -> tuple[EarlierMark, ...]:
    """Return the marks that moved when the attempt was marked again, the latest first; looking again without a change is none."""
    earlier = []
    for before, after in pairwise(marks):
        if (before.data["score"], before.data["outcome"]) == (after.data["score"], after.data["outcome"]):
            continue
        known = _rulings(before)
        earlier.append(
            EarlierMark(
                percent=before.data["score"] // 10_000,
                outcome=before.data["outcome"],
                marked_at=before.at,
                replaced_at=after.at,
                reason=after.data.get("reason", ""),
                positions=tuple(
                    position for position, ruled in sorted(_rulings(after).items()) if known.get(position) != ruled
                ),
            )
        )
    return tuple(reversed(earlier))


def _calibration(rows: Iterable[AttemptItem], items: Sequence[ItemResult]) -> tuple[Calibration, ...]:
    """Return how often each level of sureness was right, of the questions that asked and were answered; nothing where none did."""
    right: dict[str, list[bool]] = {level: [] for level in CONFIDENCE}
    for row, item in zip(rows, items, strict=True):
        level = confidence_of(row.response)
        if level and item.is_answered and not item.is_neutral and not item.is_awarded:
            right[level].append(item.is_right)
    return tuple(Calibration(CONFIDENCE[level], sum(told), len(told)) for level, told in right.items() if told)


def _sections(attempt: Attempt, rows: Iterable[AttemptItem], mark: Mapping[str, Any]) -> tuple[SectionResult, ...]:
    """Return how each section of the paper went, in its order; which of them failed is what the mark says."""
    failed = mark.get("failed_sections", ())
    told = []
    for title, least in least_by_section(attempt.assessment_version).items():
        counted = [
            MarkedItem(
                row.fraction,
                max_mark=Fraction(row.question_version.max_mark),
                certainty=certainty_in(attempt, row, mark.get("rulings", {}).get(str(row.position), {})),
            )
            for row in rows
            if row.section == title and row.fraction is not None
        ]
        total, full = marks_of(counted)
        percent = max(int(total * 100 // full), 0) if counted else None
        told.append(SectionResult(title, percent, least, title in failed))
    return tuple(told)


def item_result(row: AttemptItem, ruled: Ruled, keys: Mapping[int, QuestionVersion]) -> ItemResult:
    """Return one question of a result from its row and what was ruled on it; ``keys`` are the versions that rulings name."""
    own = row.question_version
    versions = [keys[key] for key in key_ids(ruled)] or [own]
    here = question_types.asked(own.type, own.definition)
    # Of several keys the one that suits the answer best explains it, as it marked it.
    marks = [question_types.asked(one.type, one.definition).mark(row.response) for one in versions]
    best = max(range(len(versions)), key=lambda number: marks[number].fraction or 0)
    question = versions[best]
    scene, asked = divide_stem(question.definition["stem"])
    is_ruled_out = is_neutral(ruled) or is_awarded(ruled)
    is_erased = row.attempt.responses_erased_at is not None
    summaries = [question_types.get(one.type).summarise_key(one.definition) for one in versions]
    return ItemResult(
        position=row.position,
        code=own.question.code,
        scene=scene,
        question=asked,
        outcome=question.outcome,
        topic=question.topic,
        must_pass=own.must_pass,
        references=tuple(question.references),
        response="Erased" if is_erased else here.summarise(row.response),
        # The key of a question that was found faulty says nothing any more.
        key="" if is_ruled_out else " or ".join(dict.fromkeys(summaries)),
        feedback=() if is_ruled_out or is_erased else marks[best].feedback,
        key_feedback=() if is_ruled_out else question_types.asked(question.type, question.definition).explain_key(),
        fraction=row.fraction,
        is_answered=here.is_answered(row.response),
        is_right=row.fraction == FULL_MARKS,
        is_neutral=is_neutral(ruled),
        is_awarded=is_awarded(ruled),
        is_erased=is_erased,
        parts=()
        if is_ruled_out or is_erased
        else tuple(question_types.asked(question.type, question.definition).parts(row.response)),
        pictures=question_types.asked(question.type, question.definition).pictures(
            address_in_attempt(row.attempt_id, row.position)
        ),
    )


def _by_outcome(items: Sequence[ItemResult]) -> tuple[OutcomeResult, ...]:
    codes = sorted({item.outcome for item in items})
    groups = {code: [item for item in items if item.outcome == code] for code in codes}
    return tuple(
        OutcomeResult(
            code=code,
            right=sum(item.is_right for item in group),
            asked=len(group),
            missed=sum(FULL_MARKS - (item.fraction or 0) for item in group),
        )
        for code, group in groups.items()
    )
