"""What the tests of decisions share: a question drawn by attempts, and a decision on the way to its confirmation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assessments.attempts import submit_attempt
from assessments.decisions.applying import apply_decision
from assessments.decisions.deciding import check_law, confirm_decision, propose_decision
from assessments.decisions.foreseeing import foresee
from assessments.models import AssessmentVersion, Attempt, QuestionDecision, QuestionVersion
from people.models import User
from people.work import NotYet
from tests.assessments.attempt_acts import RIGHT, WRONG, save
from tests.assessments.building import MINUTE, NOON, started
from tests.factories import person

LATER = NOON + timedelta(days=1)


def sat(version: AssessmentVersion, by: User, *, wrong: tuple[str, ...] = (), submit: bool = True) -> Attempt:
    """Sit an assessment of true/false questions, every one right but those of these codes."""
    attempt = started(version, by)
    for item in attempt.items.select_related("question_version__question"):
        answer = WRONG if item.question_version.question.code in wrong else RIGHT
        save(attempt, item.position, answer, item.position)
    attempt.refresh_from_db()
    return submit_attempt(attempt, by=by, at=NOON + 5 * MINUTE) if submit else attempt


def version_of(code: str, number: int = 1) -> QuestionVersion:
    return QuestionVersion.objects.select_related("question").get(question__code=code, number=number)


def proposed(code: str, kind: str = "neutral", *, by: User | None = None, **more: Any) -> QuestionDecision:
    version = version_of(code)
    usual: dict[str, Any] = {"versions": [version], "reason": "Both answers can be right.", "at": LATER}
    return propose_decision(version.question, kind, by=by or person("Ada"), **{**usual, **more})


def checked(decision: QuestionDecision, *, by: User | None = None, **more: Any) -> QuestionDecision:
    usual = {"holds": True, "reference": "PACE 1984, section 1", "looked_on": NOON.date(), "words": "", "at": LATER}
    check_law(decision, by=by or person("Lex"), **{**usual, **more})
    return decision


def confirmed(code: str, kind: str = "neutral", *, by: User | None = None, **more: Any) -> QuestionDecision:
    """Take a decision as far as its confirmation; ``applied`` does what then waits."""
    decision = checked(proposed(code, kind, **more))
    confirm_decision(decision, by=by or person("Con"), at=LATER, seen=foresee(decision).seen)
    return decision


def applied(decision: QuestionDecision) -> QuestionDecision:
    """Do the waiting work of a confirmed decision, as often as it asks to be done."""
    while True:
        try:
            apply_decision(str(decision.pk))
        except NotYet:
            continue
        return decision


def decided(attempt: Attempt, position: int, kind: str = "neutral", **more: Any) -> Attempt:
    """Confirm and apply a decision on the question at a place of an attempt; return the attempt as it is then."""
    version = attempt.items.get(position=position).question_version
    applied(confirmed(version.question.code, kind, versions=[version], **more))
    return reread(attempt)


def reread(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("assessment_version", "officer").get(pk=attempt.pk)
