"""What the world needs to be asked about marks: a query that waits, a decision that waits, a panel; and what is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assessments.assessment_rules import current_version
from assessments.decisions.deciding import check_law, propose_decision
from assessments.decisions.foreseeing import foresee
from assessments.models import Assessment, Question, QuestionDecision
from assessments.queries.asking import ask_query
from assessments.standard_setting.leading import begin_standard_setting, invite_judge
from people import clock
from tests import factories

if TYPE_CHECKING:
    from tests.permissions.asking import World


def what_is_asked_of_marks(made: World) -> None:
    """The owner has queried a question and judges on a panel; a colleague of the trainer's proposed a decision."""
    owner, author, now = made.people["Owner"], made.people["Author"], clock.now()
    asked = ask_query(made.places["attempt"], 2, words="Both could be right.", by=owner, at=now)  # type: ignore[arg-type]
    question = Question.objects.get(pk=made.places["question"])
    versions = list(question.versions.all())
    decision = propose_decision(question, "neutral", versions=versions, reason="Both are right.", by=author, at=now)
    version = current_version(Assessment.objects.get(pk=made.places["assessment"]))
    assert version is not None
    exercise = begin_standard_setting(version, candidate="Somebody who is just sure enough.", by=author, at=now)
    invite_judge(exercise, owner, by=author, at=now)
    made.places |= {
        "query": str(asked.pk),
        "decision": str(decision.pk),
        "standard": str(exercise.pk),
    }


def _decision(world: World) -> QuestionDecision:
    return QuestionDecision.objects.get(pk=world.places["decision"])


def law_checked(world: World) -> None:
    """Let somebody who is neither the author nor any of those asked check the law."""
    found = {"holds": True, "reference": "PACE 1984, section 1", "looked_on": clock.today(), "words": ""}
    check_law(_decision(world), **found, by=factories.person("Lex"), at=clock.now())


def a_check(world: World) -> dict[str, Any]:
    return {"do": "check", "reference": "PACE 1984, section 1", "looked_on": clock.today().isoformat(), "words": ""}


def a_confirmation(world: World) -> dict[str, Any]:
    return {"do": "confirm", "seen": foresee(_decision(world)).seen}


def a_proposal(world: World) -> dict[str, Any]:
    return {"kind": "neutral", "versions": ["1"], "reason": "Both answers are right."}


def an_exercise(world: World) -> dict[str, Any]:
    return {"candidate": "Somebody who is just sure enough.", "form": "pool"}


def a_judge(world: World) -> dict[str, Any]:
    return {"do": "invite", "person": world.people["Assessor"].email}
