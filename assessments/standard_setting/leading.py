"""Leading an exercise: beginning it, asking judges, moving from round to round, and applying what came of it."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from assessments.assessment_rules import draw, rows_of, rules_again, save_assessment_version
from assessments.bank import approved_versions
from assessments.drawing import BankItem, CannotDraw
from assessments.models import (
    AssessmentVersion,
    QuestionVersion,
    StandardItem,
    StandardJudge,
    StandardSetting,
    StandardStep,
    StandardStepKind,
)
from assessments.models.standard_setting import CANDIDATE_LENGTH
from assessments.standard_setting.angoff import FEWEST_JUDGES
from assessments.standard_setting.reading import Stage, complete_ratings, figures_in, stage_of
from assessments.standard_setting.refusals import StandardRefused
from people import work
from people.mail import tell_of_submission
from people.models import User

MOST_ITEMS = 200
TELL = "assessments.tell_judge"
NEXT = {
    Stage.FIRST: (StandardStepKind.DISCUSSED, 1),
    Stage.DISCUSSION: (StandardStepKind.SECOND, 0),
    Stage.SECOND: (StandardStepKind.CLOSED, 2),
}


def begin_standard_setting(
    version: AssessmentVersion, *, candidate: str, by: User, at: datetime, one_draw: bool = False
) -> StandardSetting:
    """Begin an exercise on all the questions this version may draw, or on one draw of them (``one_draw``), a fixed form."""
    candidate = candidate.strip()
    if not candidate:
        raise StandardRefused(
            "Describe the candidate who just passes. Every judge rates for that person.", field="candidate"
        )
    if len(candidate) > CANDIDATE_LENGTH:
        raise StandardRefused(f"Use at most {CANDIDATE_LENGTH} characters.", field="candidate")
    questions = _one_draw(version) if one_draw else pool_of(version)
    if not questions:
        raise StandardRefused("The bank has no approved question for this assessment yet. Approve some first.")
    if len(questions) > MOST_ITEMS:
        raise StandardRefused(
            f"The bank has {len(questions)} questions for this assessment, more than a panel can rate. Take one draw.",
            field="form",
        )
    with transaction.atomic():
        exercise = StandardSetting.objects.create(assessment_version=version, candidate=candidate, by=by, at=at)
        StandardItem.objects.bulk_create(
            StandardItem(exercise=exercise, position=position, question_version=question)
            for position, question in enumerate(questions, start=1)
        )
    return exercise


def pool_of(version: AssessmentVersion) -> list[QuestionVersion]:
    """Return the approved questions that a version of an assessment may draw, in the order of their codes."""
    rows = rows_of(version)
    found = []
    for one in approved_versions(version.assessment.bank).defer("note").order_by("question__code"):
        item = BankItem(one.question.code, one.outcome, one.topic, one.difficulty, one.must_pass)
        if any(row.accepts(item) for row in rows) or (version.must_pass and one.must_pass):
            found.append(one)
    return found


def invite_judge(exercise: StandardSetting, person: User, *, by: User, at: datetime) -> StandardJudge:
    """Ask somebody to judge, while the first round is open; they need no role, and are told by mail."""
    if stage_of(exercise) != Stage.FIRST:
        raise StandardRefused("The first round is over, so the panel stays as it is.", field="person")
    try:
        with transaction.atomic():
            judge = StandardJudge.objects.create(exercise=exercise, person=person, invited_by=by, at=at)
            work.ask(TELL, str(judge.pk))
    except IntegrityError as repeated:
        raise StandardRefused("This person is on the panel already.", field="person") from repeated
    return judge


def move_on(exercise: StandardSetting, *, by: User, at: datetime) -> StandardStep:
    """Close the first round and begin the discussion; begin the second round; close it.

    Whoever has not rated every question of a round counts in none of its figures; two who did are needed.
    """
    found = NEXT.get(stage_of(exercise))
    if found is None:
        raise StandardRefused("This exercise has no further round.")
    kind, number = found
    if number and len(complete_ratings(exercise, number)) < FEWEST_JUDGES:
        raise StandardRefused("Two judges at least must have rated every question before the round is closed.")
    return _step(exercise, kind, by=by, at=at)


def withdraw_exercise(exercise: StandardSetting, *, by: User, at: datetime, words: str) -> StandardStep:
    """Give an exercise up before it is applied."""
    if stage_of(exercise) in (Stage.APPLIED, Stage.WITHDRAWN):
        raise StandardRefused("This exercise has ended. Nothing was changed.")
    if not words.strip():
        raise StandardRefused("Say why the exercise is given up.", field="words")
    return _step(exercise, StandardStepKind.WITHDRAWN, by=by, at=at, words=words.strip()[:CANDIDATE_LENGTH])


def apply_standard(exercise: StandardSetting, *, by: User, at: datetime) -> AssessmentVersion:
    """Save a version of the assessment whose pass mark is the cut of the second round, and link the two.

    Refused where the assessment has changed since the exercise began: the panel rated what that version draws.
    """
    if stage_of(exercise) != Stage.CLOSED:
        raise StandardRefused("Close the second round before its pass mark is applied.")
    rated = exercise.assessment_version
    figures = figures_in(exercise, 2)
    if figures is None:
        raise StandardRefused("No judge has rated every question of the second round, so there is no pass mark.")
    newest = AssessmentVersion.objects.filter(assessment=rated.assessment_id).latest("number")
    if newest.pk != rated.pk:
        raise StandardRefused(
            f"Version {newest.number} of the assessment has been saved since this exercise began on version {rated.number}. "
            "Begin an exercise on the newest version."
        )
    with transaction.atomic():
        version = save_assessment_version(
            rated.assessment.code,
            bank=rated.assessment.bank,
            family=rated.assessment.family,
            **{**rules_again(rated), "pass_percent": figures.pass_percent},
            by=by,
            at=at,
            seen=rated.number,
        )
        _step(exercise, StandardStepKind.APPLIED, by=by, at=at, version=version)
    return version


@work.background(TELL)
def tell_judge(key: str) -> None:
    """Tell somebody that they were asked to judge; questions stay out of mail."""
    judge = StandardJudge.objects.select_related("person", "invited_by", "exercise__assessment_version").get(pk=key)
    tell_of_submission(
        judge.person,
        subject="You are asked to judge a test’s pass mark",
        template="assessments/mail/judge_asked.txt",
        about={"judge": judge},
        path=f"/assess/standards/{judge.exercise_id}/",
    )


def _one_draw(version: AssessmentVersion) -> list[QuestionVersion]:
    try:
        return draw(version, seed=secrets.token_hex(16))
    except CannotDraw as refusal:
        raise StandardRefused(f"{refusal} Approve more questions first.", field="form") from refusal


def _step(exercise: StandardSetting, kind: StandardStepKind, *, by: User, at: datetime, **more: object) -> StandardStep:
    try:
        with transaction.atomic():
            return StandardStep.objects.create(exercise=exercise, kind=kind, by=by, at=at, **more)
    except IntegrityError as repeated:
        raise StandardRefused("Somebody took this step a moment ago. Look at the exercise again.") from repeated
