"""How an assessment and its questions performed, ready to be shown: figures, what was answered, and what to do, the worst first."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Max

from assessments import question_types
from assessments.analysis.advice import Advice, advise, worst_first
from assessments.analysis.answers import Blanks, OptionFigures, median_seconds, option_figures, thirds_of
from assessments.analysis.columns import Column
from assessments.analysis.counted_attempts import Counted, Policy, QuestionAnswers, counted_attempts, marked_attempts
from assessments.analysis.figures import as_json, item_as_json
from assessments.analysis.items import ItemFigures, Strengths, WholeFigures, analyse, rests, strengths_of
from assessments.analysis.pass_marks import decision_consistency, wilson_interval
from assessments.models import Assessment, Outcome
from assessments.question_types.words import divide_stem

# A band of the distribution of scores, in per cent of full marks.
BAND = 5
# The key changes with every mark, so time only makes room.
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class QuestionReport:
    """One question version: what it asks, its figures, its options, what to do. ``number`` is its place in the order of codes."""

    number: int
    question_id: UUID
    code: str
    version: int
    asked: str
    figures: ItemFigures
    options: tuple[OptionFigures, ...]
    blanks: Blanks
    taken_out: int
    seconds: float | None
    advice: Advice

    @property
    def blank(self) -> int:
        return self.blanks.omitted + self.blanks.not_reached


@dataclass(frozen=True)
class Analysis:
    """How an assessment performed. ``questions`` the worst first; ``bands`` counts candidates by score, from 0 per cent, 5 in each.

    ``full`` is how many marks a candidate can have; ``pass_percent`` None where there is none, or versions differ. ``passed`` of
    ``decided`` candidates, between the bounds of ``pass_bounds``.
    """

    policy: Policy
    version: int | None
    figures: WholeFigures
    questions: tuple[QuestionReport, ...]
    full: int | float
    began_at: datetime | None
    ended_at: datetime | None
    pass_percent: int | None
    passed: int
    decided: int
    pass_bounds: tuple[float, float] | None
    consistency: float | None
    bands: tuple[int, ...]

    @property
    def pass_rate(self) -> float | None:
        return self.passed / self.decided if self.decided else None

    @property
    def weak(self) -> tuple[QuestionReport, ...]:
        """The questions that need somebody, the worst first."""
        return tuple(one for one in self.questions if one.advice.is_needed)


def analyse_assessment(
    assessment: Assessment, *, policy: Policy = Policy.FIRST, version: int | None = None
) -> Analysis:
    """Return how an assessment performed, worked out anew from the attempts that count."""
    return _analysis(counted_attempts(assessment, policy=policy, version=version), policy, version)


def kept_analysis(assessment: Assessment, *, policy: Policy = Policy.FIRST, version: int | None = None) -> Analysis:
    """Return the same, worked out once a day as long as no attempt is marked, marked again or voided."""
    stand = marked_attempts(assessment, version).aggregate(count=Count("pk"), last=Max("marked_at"))
    key = (
        f"analysis:2:{assessment.pk}:{version}:{policy}:{stand['count']}:{stand['last'] and stand['last'].timestamp()}"
    )
    found: Analysis | None = cache.get(key)
    if found is None:
        found = analyse_assessment(assessment, policy=policy, version=version)
        cache.set(key, found, KEPT_SECONDS)
    return found


def analysis_as_json(assessment: Assessment, analysis: Analysis) -> dict[str, Any]:
    """Return an analysis with the keys of a matrix's and more: fractions of 1; mean, median, sd and standard error in marks."""
    by_number = sorted(analysis.questions, key=lambda one: one.number)
    low, high = analysis.pass_bounds or (None, None)
    return {
        **as_json(analysis.figures),
        "per_item": [_question_as_json(one) for one in by_number],
        "assessment": assessment.code,
        "version": analysis.version,
        "policy": analysis.policy.value,
        "median": analysis.figures.median,
        "full_marks": analysis.full,
        "pass_percent": analysis.pass_percent,
        "passed": analysis.passed,
        "pass_rate": analysis.pass_rate,
        "pass_rate_between": [low, high],
        "decision_consistency": analysis.consistency,
        "is_few": analysis.figures.is_few,
    }


def _question_as_json(one: QuestionReport) -> dict[str, Any]:
    return {
        **item_as_json(one.figures),
        "question": one.code,
        "question_version": one.version,
        "asked": one.asked,
        "attempts": one.figures.count,
        "intended_weight": one.figures.intended_weight,
        "omitted": one.blanks.omitted,
        "not_reached": one.blanks.not_reached,
        "taken_out": one.taken_out,
        "median_seconds": one.seconds,
        "options": [
            {
                "option": option.option,
                "group": option.group,
                "text": option.text,
                "is_right": option.is_right,
                "chosen": option.chosen,
                "by_third": list(option.by_third),
                "correlation": option.correlation,
            }
            for option in one.options
        ],
        "advice": one.advice.sentence,
    }


def _analysis(counted: Counted, policy: Policy, version: int | None) -> Analysis:
    figures, strengths = analyse(counted.marks), strengths_of(counted.marks)
    questions = [
        _question(number, answers, column, item, strengths)
        for number, (answers, column, item) in enumerate(
            zip(counted.questions, counted.marks.columns, figures.items, strict=True), start=1
        )
    ]
    decided = counted.decided
    passed = sum(attempt.outcome == Outcome.PASSED for attempt in decided)
    pass_marks = {attempt.pass_percent for attempt in counted.attempts}
    pass_percent = pass_marks.pop() if len(pass_marks) == 1 else None
    full: dict[int, Fraction] = defaultdict(Fraction)
    for question in counted.questions:
        for candidate in question.who:
            full[candidate] += Fraction(question.version.max_mark)
    moments = [attempt.started_at for attempt in counted.attempts]
    return Analysis(
        policy=policy,
        version=version,
        figures=figures,
        questions=tuple(sorted(questions, key=lambda one: worst_first(one.advice, one.figures))),
        full=_plain(max(full.values(), default=Fraction(0))),
        began_at=min(moments, default=None),
        ended_at=max(moments, default=None),
        pass_percent=pass_percent,
        passed=passed,
        decided=len(decided),
        pass_bounds=wilson_interval(passed, len(decided)),
        consistency=_consistency(counted, figures, pass_percent),
        bands=_bands(counted.shares),
    )


def _question(
    number: int, answers: QuestionAnswers, column: Column, figures: ItemFigures, strengths: Strengths
) -> QuestionReport:
    version = answers.version
    thirds = thirds_of([strengths.of[candidate] for candidate in column.who])
    choices = question_types.asked(version.type, version.definition).choices()
    options = option_figures(choices, answers.chosen, rests(column, strengths), thirds)
    _scene, asked = divide_stem(str(version.definition.get("stem", "")))
    return QuestionReport(
        number=number,
        question_id=version.question_id,
        code=version.question.code,
        version=version.number,
        asked=asked,
        figures=figures,
        options=tuple(options),
        blanks=answers.blanks,
        taken_out=answers.taken_out,
        seconds=median_seconds(answers.seconds),
        # Rivals are told of one thing that is asked for; of several each has a table of its own.
        advice=advise(figures, options if len({one.group for one in options}) == 1 else (), answers.blanks),
    )


def _plain(number: Fraction) -> int | float:
    """Return a whole number as such: '4 marks', not '4.0'."""
    return int(number) if number.denominator == 1 else float(number)


def _consistency(counted: Counted, figures: WholeFigures, pass_percent: int | None) -> float | None:
    if pass_percent is None or figures.alpha is None:
        return None
    reliability = Fraction(figures.alpha).limit_denominator(10**9)
    return decision_consistency(counted.shares, reliability=reliability, pass_share=Fraction(pass_percent, 100))


def _bands(shares: list[Fraction]) -> tuple[int, ...]:
    """Count candidates in bands of 5 per cent; full marks are in the last."""
    most = 100 // BAND - 1
    counts = Counter(min(most, int(share * 100 / BAND)) for share in shares)
    return tuple(counts[band] for band in range(most + 1))
