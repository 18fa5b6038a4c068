"""What leaders and judges read of an exercise: where it stands, who has rated, and the figures of a round once it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from assessments import question_types
from assessments.models import (
    AssessmentVersion,
    Attempt,
    Outcome,
    StandardCompromise,
    StandardItem,
    StandardJudge,
    StandardRating,
    StandardSetting,
    StandardStep,
    StandardStepKind,
)
from assessments.question_types.words import divide_stem
from assessments.standard_setting.angoff import Figures, ItemFigures, figures_of, hofstee


class Stage(StrEnum):
    """Where an exercise stands, by its steps."""

    FIRST = "First round"
    DISCUSSION = "Discussion"
    SECOND = "Second round"
    CLOSED = "Second round closed"
    APPLIED = "Applied"
    WITHDRAWN = "Withdrawn"


AFTER = (
    (StandardStepKind.WITHDRAWN, Stage.WITHDRAWN),
    (StandardStepKind.APPLIED, Stage.APPLIED),
    (StandardStepKind.CLOSED, Stage.CLOSED),
    (StandardStepKind.SECOND, Stage.SECOND),
    (StandardStepKind.DISCUSSED, Stage.DISCUSSION),
)
ROUNDS = {Stage.FIRST: 1, Stage.SECOND: 2}


@dataclass(frozen=True)
class JudgeLine:
    """A judge as the leader sees them: how many questions are rated in each round; ratings themselves only by figures."""

    judge: StandardJudge
    rated: tuple[int, int]


@dataclass(frozen=True)
class ItemLine:
    """A question with its key, one judge's ratings of it, and the panel's figures where the round behind them is closed."""

    position: int
    code: str
    scene: str
    question: str
    options: tuple[str, ...]
    key: str
    must_pass: str
    first: ItemFigures | None = None
    second: ItemFigures | None = None
    own_first: int | None = None
    own: int | None = None

    @property
    def spread(self) -> float:
        """How far the judges lie apart in the last closed round; 0 where that is not defined."""
        figures = self.second or self.first
        return (figures.sd or 0.0) if figures else 0.0


@dataclass(frozen=True)
class Compromise:
    """The Hofstee check: what the panel would accept on average, and where the marks of those who sat the assessment meet it."""

    marks: tuple[float, float]
    fails: tuple[float, float]
    candidates: int
    met_at: tuple[float, float] | None


def stage_of(exercise: StandardSetting) -> Stage:
    """Return where an exercise stands."""
    kinds = set(StandardStep.objects.filter(exercise=exercise).values_list("kind", flat=True))
    return next((stage for kind, stage in AFTER if kind in kinds), Stage.FIRST)


def is_closed(exercise: StandardSetting, number: int) -> bool:
    """Return whether a round's figures may be seen: before, the panel is blind."""
    stage = stage_of(exercise)
    if stage == Stage.WITHDRAWN:
        kind = StandardStepKind.DISCUSSED if number == 1 else StandardStepKind.CLOSED
        return StandardStep.objects.filter(exercise=exercise, kind=kind).exists()
    return stage in (Stage.CLOSED, Stage.APPLIED) or (number == 1 and stage != Stage.FIRST)


def ratings_of(judge: StandardJudge, number: int) -> dict[int, int]:
    """Return a judge's ratings of a round by the question's position; the last one of each counts."""
    rows = StandardRating.objects.filter(judge=judge, round=number).order_by("pk")
    return dict(rows.values_list("item__position", "percent"))


def complete_ratings(exercise: StandardSetting, number: int) -> list[dict[int, int]]:
    """Return the ratings of those who rated every question of a round."""
    asked = StandardItem.objects.filter(exercise=exercise).count()
    by_judge: dict[int, dict[int, int]] = {}
    rows = StandardRating.objects.filter(judge__exercise=exercise, round=number).order_by("pk")
    for judge, position, percent in rows.values_list("judge", "item__position", "percent"):
        by_judge.setdefault(judge, {})[position] = percent
    return [ratings for _judge, ratings in sorted(by_judge.items()) if len(ratings) == asked]


def figures_in(exercise: StandardSetting, number: int) -> Figures | None:
    """Return the figures of a closed round; None while it is open, or where nobody rated every question."""
    if not is_closed(exercise, number):
        return None
    rows = complete_ratings(exercise, number)
    return figures_of([[row[position] for position in sorted(row)] for row in rows]) if rows else None


def judge_lines(exercise: StandardSetting) -> list[JudgeLine]:
    """Return the panel with how far each has come."""
    judges = StandardJudge.objects.filter(exercise=exercise).select_related("person").order_by("pk")
    return [JudgeLine(one, (len(ratings_of(one, 1)), len(ratings_of(one, 2)))) for one in judges]


def item_lines(exercise: StandardSetting, *, judge: StandardJudge | None = None) -> list[ItemLine]:
    """Return the questions, with a judge's own ratings where one asks."""
    first, second = figures_in(exercise, 1), figures_in(exercise, 2)
    own_first: Mapping[int, int] = ratings_of(judge, 1) if judge else {}
    own_second: Mapping[int, int] = ratings_of(judge, 2) if judge else {}
    own = own_first if stage_of(exercise) == Stage.FIRST else own_second
    items = StandardItem.objects.filter(exercise=exercise).select_related("question_version__question")
    lines = []
    for place, item in enumerate(items.order_by("position")):
        version = item.question_version
        kind = question_types.get(version.type)
        scene, question = divide_stem(version.definition["stem"])
        face = kind.face(version.definition, None, is_closed=True)
        lines.append(
            ItemLine(
                position=item.position,
                code=version.question.code,
                scene=scene,
                question=question,
                options=tuple(option.text for option in face.options),
                key=kind.summarise_key(version.definition),
                must_pass=version.must_pass,
                first=first.items[place] if first else None,
                second=second.items[place] if second else None,
                own_first=own_first.get(item.position),
                own=own.get(item.position),
            )
        )
    return lines


def compromise_of(exercise: StandardSetting) -> Compromise | None:
    """Return the Hofstee check of a closed second round, or None where no judge said what they would accept."""
    if not is_closed(exercise, 2):
        return None
    rows = StandardCompromise.objects.filter(judge__exercise=exercise).order_by("pk")
    last = {row.judge_id: row for row in rows}.values()
    if not last:
        return None
    marks = fmean(row.least_mark for row in last), fmean(row.most_mark for row in last)
    fails = fmean(row.least_fails for row in last), fmean(row.most_fails for row in last)
    sat = Attempt.objects.counted().filter(
        assessment_version__assessment=exercise.assessment_version.assessment_id,
        score__isnull=False,
        outcome__in=[Outcome.PASSED, Outcome.FAILED],
        number=1,
    )
    scores = [score / 10_000 for score in sat.values_list("score", flat=True) if score is not None]
    return Compromise(marks, fails, len(scores), hofstee(scores, marks=marks, fails=fails))


def exercise_behind(version: AssessmentVersion) -> StandardStep | None:
    """Return the step by which an exercise set this version's pass mark, if one did."""
    step: StandardStep | None = version.standard_steps.select_related("exercise").last()  # type: ignore[attr-defined]
    return step
