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
    QUERY_DAYS,
    Assessment,
    AssessmentVersion,
    Difficulty,
    FeedbackPolicy,
    Question,
    QuestionUse,
    QuestionVersion,
    ResultsPolicy,
    VersionState,
    VersionStep,
)
from assessments.models.decisions import (
    DecisionAssessment,
    DecisionEffect,
    DecisionKey,
    DecisionKind,
    DecisionStep,
    DecisionStepKind,
    DecisionVersion,
    QuestionDecision,
)
from assessments.models.queries import QueryAnswer, QuestionQuery

__all__ = [
    "CLOSED_STATES",
    "QUERY_DAYS",
    "AnalysedAssessment",
    "Assessment",
    "AssessmentVersion",
    "Attempt",
    "AttemptItem",
    "AttemptState",
    "AttemptStep",
    "DecisionAssessment",
    "DecisionEffect",
    "DecisionKey",
    "DecisionKind",
    "DecisionStep",
    "DecisionStepKind",
    "DecisionVersion",
    "Difficulty",
    "FeedbackPolicy",
    "Outcome",
    "QueryAnswer",
    "Question",
    "QuestionDecision",
    "QuestionQuery",
    "QuestionUse",
    "QuestionVersion",
    "ResultsPolicy",
    "StepKind",
    "VersionState",
    "VersionStep",
    "WeakQuestion",
]
