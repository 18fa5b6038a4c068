"""Questions, assessments and attempts made through the engine's own verbs, for every test of assessments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from assessments.assessment_rules import save_assessment_version
from assessments.attempts import start_attempt
from assessments.bank import approve_version, save_question_version, submit_for_review
from assessments.models import AssessmentVersion, Attempt, QuestionVersion
from people.models import User

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

SINGLE = {
    "stem": "She sits calmly on a bench. When do you speak to the nurse?",
    "options": [
        {"id": "a", "text": "On the way to hospital", "fraction": 0, "feedback": "Useful, but too late."},
        {"id": "b", "text": "Now, before you decide", "fraction": 1, "feedback": "Right. It is practicable."},
        {"id": "c", "text": "After deciding", "fraction": "0.25", "feedback": "No approval is needed."},
    ],
}
MULTIPLE = {
    "stem": "Which two people would meet that duty?",
    "choose": 2,
    "partial": True,
    "options": [
        {"id": "a", "text": "A registered nurse", "fraction": 0.5, "feedback": "Yes. A nurse is listed."},
        {"id": "b", "text": "An AMHP", "fraction": 0.5, "feedback": "Yes. An AMHP is listed."},
        {"id": "c", "text": "Your duty sergeant", "fraction": -0.5, "feedback": "Not a professional listed."},
        {"id": "d", "text": "Her sister", "fraction": -0.5, "feedback": "Ask her, but it is not the duty."},
    ],
}
TRUE_FALSE = {
    "stem": "A 17-year-old may be taken to a police station if an inspector authorises it.",
    "answer": False,
    "feedback": {"right": "Right. No rank can authorise it.", "wrong": "No rank can authorise it."},
}
NUMBER = {
    "stem": "You arrive at 14:20. For how many hours may she be detained?",
    "answer": 24,
    "tolerance": "0.5",
    "unit": "hours from arrival",
    "near": [{"value": 72, "fraction": 0, "feedback": "The limit before 11 December 2017."}],
    "feedback": {"right": "Yes: to 14:20 next day.", "wrong": "24 hours, from arrival."},
}
SHORT_TEXT = {
    "stem": "Which professional would apply for the warrant? Role or initials.",
    "accept": [
        {"text": "AMHP", "fraction": 1, "feedback": "Yes. The AMHP applies."},
        {"text": "approved mental health professional", "fraction": 1, "feedback": "Yes. The AMHP applies."},
        {"text": "social worker", "fraction": 0.5, "feedback": "Close: many AMHPs are social workers."},
    ],
    "otherwise": "It is the approved mental health professional.",
}
DEFINITIONS: dict[str, dict[str, Any]] = {
    "single_choice": SINGLE,
    "multiple_response": MULTIPLE,
    "true_false": TRUE_FALSE,
    "number": NUMBER,
    "short_text": SHORT_TEXT,
}


def question(
    code: str, *, type: str = "true_false", definition: dict[str, Any] | None = None, approved: bool = True, **more: Any
) -> QuestionVersion:
    """Make a question of the bank MH-101, outcome LO1, approved unless said."""
    words = {"bank": "MH-101", "outcome": "LO1", "by": None, "at": NOON - timedelta(days=9), **more}
    version = save_question_version(code, type=type, definition=definition or DEFINITIONS[type], **words)
    if approved:
        submit_for_review(version, by=None, at=words["at"])
        approve_version(version, by=None, at=words["at"])
    return version


def assessment(
    *, questions: int = 3, bank_size: int | None = None, code: str = "final", **rules: Any
) -> AssessmentVersion:
    """Make an assessment of so many true/false questions on LO1, and the bank it draws from."""
    for number in range(1, (questions if bank_size is None else bank_size) + 1):
        question(f"{code}-q{number}")
    return rules_only(code=code, draw=[{"outcome": "LO1", "count": questions}], **rules)


def rules_only(*, code: str = "final", **rules: Any) -> AssessmentVersion:
    """Make an assessment over the bank as it is."""
    usual = {"bank": "MH-101", "title": "Final test", "minutes": 40, "pass_percent": 80, "by": None}
    return save_assessment_version(code, **{**usual, "at": NOON - timedelta(days=8), **rules})


def started(
    version: AssessmentVersion, by: User, *, at: datetime = NOON, context: str = "course:1", **more: Any
) -> Attempt:
    return start_attempt(version, by=by, at=at, context_ref=context, **more)
