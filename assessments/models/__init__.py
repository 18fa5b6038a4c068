"""The engine's tables: the question bank, assessments, attempts. Nothing here knows a course or the ledger."""

from assessments.models.analysis import AnalysedAssessment, WeakQuestion
from assessments.models.attempts import (
    CLOSED_STATES,
    Attempt,
    AttemptItem,
    AttemptState,
    AttemptStep,
    Outcome,
    StepKind,
)
from assessments.models.bank import (
    Assessment,
    AssessmentVersion,
    Difficulty,
    FeedbackPolicy,
    Question,
    QuestionUse,
    QuestionVersion,
    VersionState,
    VersionStep,
)

__all__ = [
    "CLOSED_STATES",
    "AnalysedAssessment",
    "Assessment",
    "AssessmentVersion",
    "Attempt",
    "AttemptItem",
    "AttemptState",
    "AttemptStep",
    "Difficulty",
    "FeedbackPolicy",
    "Outcome",
    "Question",
    "QuestionUse",
    "QuestionVersion",
    "StepKind",
    "VersionState",
    "VersionStep",
    "WeakQuestion",
]
