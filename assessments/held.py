"""What this app holds about a person, for whoever asks to be handed all of it.

Questions with their keys are the force's, not the candidate's: what somebody answered is handed over, and each result that they are
told, in the words of the result page. A result that is withheld stays withheld.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from assessments.models import Attempt
from assessments.results import NotMarked, result_of
from people.held import DEED
from people.models import User
from people.subject_data import Held, LeftOut, Part, Told, parts_of

MARK = ("score", "outcome", "failed_rules", "marked_at")
HELD = (
    Held("assessments.Attempt", "officer", "Tests begun", leaves=("seed", "device", *MARK)),
    Held(
        "assessments.AttemptItem",
        "attempt__officer",
        "What you answered",
        leaves=("question_version", "option_order", "fraction"),
        is_long=True,
    ),
    Held(
        "assessments.AttemptStep",
        "attempt__officer",
        "What happened in your tests, minute by minute",
        leaves=("data", "device"),
        is_long=True,
    ),
    Held(
        "assessments.AnswerFile",
        "attempt__officer",
        "Files you handed in as answers",
        path="digest",
        name="name",
        folder="answers/",
    ),
    Held("assessments.Contact", "attempt__officer", "When a test's page was last heard of", is_long=True),
    Held("assessments.PracticeRound", "officer", "Rounds of practice", leaves=("versions",), is_long=True),
    Held(
        "assessments.PracticeAnswer",
        "officer",
        "What you answered in practice",
        leaves=("round", "question", "question_version"),
        is_long=True,
    ),
    Held(
        "assessments.PracticeCard", "officer", "Questions that practice brings back", leaves=("question",), is_long=True
    ),
    Held("assessments.QuestionQuery", "officer", "Questions you asked about", leaves=("item",)),
    Held("assessments.QueryAnswer", "officer", "What you were answered", leaves=("decision",)),
    Held("assessments.RoomCandidate", "officer", "Exam rooms you were named for"),
    Held("assessments.RoomEvent", "attempt__officer", "What was written down about your sittings"),
    Held("assessments.RoomInvigilator", "invigilator", "Exam rooms you invigilated"),
    Held("assessments.StandardJudge", "person", "Panels you judged on"),
    Held("assessments.StandardRating", "judge__person", "What you judged there", leaves=("item",), is_long=True),
    Held("assessments.StandardCompromise", "judge__person", "Pass marks you would accept"),
)
LEFT_OUT: LeftOut = {
    DEED: (
        "assessments.Assessment.created_by",
        "assessments.AssessmentVersion.created_by",
        "assessments.AttemptStep.by",
        "assessments.BroughtFile.by",
        "assessments.DecisionStep.by",
        "assessments.DecisionStep.author",
        "assessments.LegalReference.changed_by",
        "assessments.QueryAnswer.by",
        "assessments.Question.created_by",
        "assessments.QuestionDecision.by",
        "assessments.QuestionLine.author",
        "assessments.QuestionLine.reviewer",
        "assessments.QuestionPicture.added_by",
        "assessments.QuestionVersion.created_by",
        "assessments.Room.created_by",
        "assessments.RoomEvent.by",
        "assessments.RoomInvigilator.added_by",
        "assessments.StandardJudge.invited_by",
        "assessments.StandardSetting.by",
        "assessments.StandardStep.by",
        "assessments.Topic.created_by",
        "assessments.TopicChange.by",
        "assessments.VersionStep.by",
    ),
    "It says what a decision on a question did to a mark; the result that followed is handed over.": (
        "assessments.DecisionEffect.attempt",
    ),
    "It leads to a row that is handed over, from another that is.": (
        "assessments.QuestionQuery.item",
        "assessments.PracticeAnswer.round",
        "assessments.QueryAnswer.query",
    ),
}


def export_officer(officer: User, *, at: datetime) -> Iterator[Part]:
    """Yield everything this app holds about somebody, table by table, and the results they may hear of at the moment."""
    yield from parts_of(HELD, officer)
    yield Part("Results you were told", "assessments.results", tuple(_results(officer, at)), (), is_long=False)


def _results(officer: User, at: datetime) -> Iterator[Told]:
    attempts = Attempt.objects.filter(officer=officer, closed_at__isnull=False).select_related("assessment_version")
    for attempt in attempts.order_by("started_at", "pk"):
        try:
            result = result_of(attempt, at=at)
        except NotMarked:  # or withheld from its candidate
            continue
        yield {
            "test": result.title,
            "attempt": result.number,
            "handed in": result.submitted_at.isoformat(),
            "marked": result.marked_at.isoformat(),
            "outcome": result.outcome,
            "percent": result.percent,
        }
