"""What of this app goes when an officer's records are erased: first what they answered, years later the result itself.

Score, version and decision stay with the result when the answers go. The steps that held them are deleted, and the rows are blanked to what
the steps that are left tell, so that a replay finds nothing wrong.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from assessments.models import AttemptState, StepKind
from people.erasure_plans import Files, Part, Plan, not_ended

ANSWERS = Q(kind__in=(StepKind.SAVED, StepKind.FLAGGED))
AS_IF_NEVER_SAVED = {"response": None, "saved_at": None, "turn": 0, "sequence": 0, "flagged": False}
HANDED_IN = Files("digest", folder="answers/", is_shared=True)


def _unmarked(moment: datetime) -> Q:
    """Those that were still being answered, or waited for their mark."""
    return not_ended("closed_at")(moment) | (~Q(state=AttemptState.VOIDED) & not_ended("marked_at")(moment))


def _test(row: Any) -> str:
    return f"{row.context_title or 'A test'}, attempt {row.number}"


PLANS = (
    Plan(
        "assessments.Attempt",
        "officer",
        "Answers in tests",
        "responses",
        made="started_at",
        since=("marked_at",),
        going_on=_unmarked,
        only=Q(responses_erased_at__isnull=True),
        parts=(
            Part("assessments.AnswerFile", "attempt", files=HANDED_IN),
            Part("assessments.AttemptStep", "attempt", only=ANSWERS),
            Part("assessments.AttemptItem", "attempt", blanks=AS_IF_NEVER_SAVED),
            Part("assessments.Contact", "attempt"),
        ),
        blanks={"responses_erased_at": lambda row, at: at},
        name=_test,
    ),
    Plan("assessments.PracticeAnswer", "officer", "Answers in practice", "responses", made="at", since=("at",)),
    Plan(
        "assessments.PracticeRound",
        "officer",
        "Rounds of practice",
        "responses",
        made="started_at",
        since=("started_at",),
        parts=(Part("assessments.PracticeAnswer", "round"),),
    ),
    Plan("assessments.PracticeCard", "officer", "Questions that practice brings back", "responses", since=("due_on",)),
    Plan(
        "assessments.Attempt",
        "officer",
        "Results of tests",
        "cpd",
        made="started_at",
        since=("closed_at",),
        going_on=_unmarked,
        parts=(
            Part("assessments.QueryAnswer", "query__item__attempt"),
            Part("assessments.QuestionQuery", "item__attempt"),
            Part("assessments.DecisionEffect", "attempt"),
            Part("assessments.RoomEvent", "attempt"),
            Part("assessments.AnswerFile", "attempt", files=HANDED_IN),
            Part("assessments.Contact", "attempt"),
            Part("assessments.AttemptStep", "attempt"),
            Part("assessments.AttemptItem", "attempt"),
        ),
        name=_test,
    ),
    Plan(
        "assessments.RoomCandidate",
        "officer",
        "Exam rooms named for",
        "cpd",
        made="room__created_at",
        since=("room__closes_at",),
    ),
)
STAYS = {
    "It is part of how others were assessed, and names nobody once the person's own name is erased.": (
        ("assessments.RoomInvigilator", "invigilator"),
        ("assessments.StandardJudge", "person"),
        ("assessments.StandardRating", "judge__person"),
        ("assessments.StandardCompromise", "judge__person"),
    ),
}
