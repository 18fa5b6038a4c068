"""Whether a candidate is shown what was right and why: by the policy of the assessment, never while others still sit the same window."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from assessments.models import AssessmentVersion, Attempt, AttemptState, FeedbackPolicy, Outcome
from assessments.open_attempts import GRACE
from assessments.refusals import day_and_time
from assessments.releasing import is_withheld


def shows_answers(attempt: Attempt, *, at: datetime) -> bool:
    """Return whether the candidate of a marked attempt may see keys and feedback at that moment.

    'After the window' is after ``closes_at``, once nobody who began in time still sits. A test without one closes for each candidate by
    itself, with a pass or the last attempt.
    """
    rules = attempt.assessment_version
    if rules.feedback == FeedbackPolicy.NEVER:
        return False
    if rules.feedback == FeedbackPolicy.AFTER_WINDOW:
        if rules.closes_at is not None:
            return at >= rules.closes_at and not is_still_sat(rules, at=at)
        return attempt.outcome in (Outcome.PASSED, Outcome.COMPLETED) or is_last(attempt)
    return True


def why_not_shown(attempt: Attempt, *, at: datetime) -> str:
    """Return why answers are not shown, and from when they are, as a sentence; empty where they are."""
    rules = attempt.assessment_version
    if shows_answers(attempt, at=at):
        return ""
    if rules.feedback == FeedbackPolicy.NEVER:
        return "This test does not show its answers, so that its questions can be used again."
    if rules.closes_at is None:
        return "Answers are shown after your last attempt, so that the next one is fair."
    if at < rules.closes_at:
        return f"Answers are shown when the test has closed, on {day_and_time(rules.closes_at)}, and everybody has handed in."
    return "Somebody still sits this test. Answers are shown when everybody has handed in."


def is_still_sat(rules: AssessmentVersion, *, at: datetime) -> bool:
    """Return whether an attempt of the same window still takes answers: with extra or added time also past its closing. One query."""
    sitting = Attempt.objects.open().filter(
        Q(paused_at__isnull=False) | Q(deadline_at__isnull=True) | Q(deadline_at__gte=at - GRACE),
        # A window is the assessment's: a later version, with another standard say, may be sat in the same one.
        assessment_version__assessment=rules.assessment_id,
        assessment_version__closes_at=rules.closes_at,
    )
    return bool(sitting.exists())


def is_last(attempt: Attempt) -> bool:
    """Return whether no attempt is left after this one."""
    most = attempt.assessment_version.attempts
    return most is not None and attempt.number >= most


def may_see_questions_again(attempt: Attempt, *, at: datetime) -> bool:
    """Return whether a closed attempt's result shows its candidate the questions, with their pictures."""
    if attempt.marked_at is None or is_withheld(attempt.assessment_version, at=at):
        return False
    return shows_answers(attempt, at=at)


def shows_answer_at_once(attempt: Attempt) -> bool:
    """Return whether an open attempt tells what is right question by question, as soon as an answer is checked."""
    return attempt.state == AttemptState.OPEN and attempt.assessment_version.feedback == FeedbackPolicy.AT_ONCE
