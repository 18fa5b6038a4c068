"""Assessments that people sat, through the engine's own verbs: who answered what, when, and how it was marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from assessments.attempts import start_attempt, submit_attempt
from assessments.models import AssessmentVersion, Attempt
from assessments.saves import save_response
from people.models import User
from tests import factories
from tests.assessments import building
from tests.assessments.building import NOON, SECOND

RIGHT, WRONG = {"answer": False}, {"answer": True}
# Strong candidates first: three are right on everything, the last on nothing.
LADDER = ((1, 1, 1), (1, 1, 1), (1, 1, 0), (1, 0, 0), (1, 0, 0), (0, 0, 0))


def sat(
    version: AssessmentVersion,
    officer: User,
    answers: Mapping[str, Any],
    *,
    at: datetime = NOON,
    context: str = "course:1",
    seconds: int = 30,
) -> Attempt:
    """Sit an assessment: save the answers by question code, one every ``seconds``, in the order of positions, then submit."""
    attempt = start_attempt(version, by=officer, at=at, context_ref=context)
    moment = at
    for item in attempt.items.select_related("question_version__question").order_by("position"):
        response = answers.get(item.question_version.question.code)
        if response is not None:
            moment += seconds * SECOND
            save_response(
                attempt, item.position, response, by=officer, at=moment, device="laptop", sequence=item.position
            )
    return submit_attempt(attempt, by=officer, at=moment + SECOND)


def candidate(number: int) -> User:
    return factories.person(f"Candidate {number}")


def ladder(version: AssessmentVersion, rows: Sequence[Sequence[int]] = LADDER, *, code: str = "final") -> list[Attempt]:
    """Sit an assessment of true/false questions by one candidate for each row of right (1) and wrong (0) answers; None is blank."""
    attempts = []
    for number, row in enumerate(rows):
        answers = {
            f"{code}-q{place}": RIGHT if right else WRONG
            for place, right in enumerate(row, start=1)
            if right is not None
        }
        attempts.append(sat(version, candidate(number), answers, at=NOON + timedelta(hours=number)))
    return attempts


def single_choice_test(**rules: Any) -> AssessmentVersion:
    """Make an assessment of two true/false questions and one with options a, b and c, of which b is right."""
    building.question("final-q1", **family(rules))
    building.question("final-q2", **family(rules))
    options = [{**option, "fraction": 1 if option["id"] == "b" else 0} for option in building.SINGLE["options"]]
    building.question(
        "final-q3", type="single_choice", definition={**building.SINGLE, "options": options}, **family(rules)
    )
    return building.rules_only(draw=[{"outcome": "LO1", "count": 3}], **rules)


def family(rules: Mapping[str, Any]) -> dict[str, Any]:
    return {"family": rules["family"]} if "family" in rules else {}
