"""When a test can be begun: its window with the wait between attempts, and the time of those who have begun."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from assessments.attempts import CannotStart, can_start, expire_attempt, submit_attempt
from assessments.models import AssessmentVersion, AttemptState
from people.models import WaitingWork
from tests.assessments.attempt_acts import candidate_fixture  # noqa: F401
from tests.assessments.building import MINUTE, NOON, SECOND, assessment, started

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OPENS, CLOSES = NOON + HOUR, NOON + 2 * HOUR


@pytest.fixture(name="version")
def version_fixture() -> AssessmentVersion:
    return assessment(opens_at=OPENS, closes_at=CLOSES, wait_hours=0, attempts=3)


def reason(version: AssessmentVersion, officer: Any, at: datetime) -> str:
    return can_start(version, officer, context_ref="course:1", at=at).reason


def test_before_the_window_it_says_when_it_opens(version: AssessmentVersion, candidate: Any) -> None:
    answer = can_start(version, candidate, context_ref="course:1", at=OPENS - SECOND)
    assert (answer.allowed, answer.opens_at) == (False, OPENS)
    assert answer.reason == "This test opens on Monday 23 November 2026, 13:00."
    with pytest.raises(CannotStart, match="opens on Monday"):
        started(version, candidate, at=OPENS - SECOND)
    assert started(version, candidate, at=OPENS).number == 1


def test_when_it_has_closed_it_says_so_and_whom_to_ask(version: AssessmentVersion, candidate: Any) -> None:
    with pytest.raises(CannotStart) as refusal:
        started(version, candidate, at=CLOSES)
    assert str(refusal.value) == "This test closed on Monday 23 November 2026, 14:00. Ask your trainer what comes next."
    answer = can_start(version, candidate, context_ref="course:1", at=CLOSES)
    assert (answer.allowed, answer.opens_at) == (False, None)


def test_who_begins_in_the_last_second_keeps_the_whole_time_limit(version: AssessmentVersion, candidate: Any) -> None:
    attempt = started(version, candidate, at=CLOSES - SECOND)
    assert attempt.deadline_at == CLOSES - SECOND + 40 * MINUTE
    assert can_start(version, candidate, context_ref="course:1", at=CLOSES + MINUTE).open_attempt == attempt
    assert started(version, candidate, at=CLOSES + MINUTE) == attempt
    assert submit_attempt(attempt, by=candidate, at=CLOSES + 39 * MINUTE).state == AttemptState.SUBMITTED


def test_without_a_time_limit_the_window_ends_the_test(candidate: Any) -> None:
    version = assessment(minutes=None, closes_at=CLOSES)
    attempt = started(version, candidate, at=NOON)
    assert attempt.deadline_at == CLOSES
    assert WaitingWork.objects.filter(kind="expire_attempt", key=str(attempt.pk)).exists()
    assert expire_attempt(attempt, at=CLOSES + MINUTE).state == AttemptState.EXPIRED


def test_a_wait_inside_the_window_is_waited(candidate: Any) -> None:
    version = assessment(closes_at=NOON + 48 * HOUR, wait_hours=24, attempts=3)
    submit_attempt(started(version, candidate), by=candidate, at=NOON)
    assert reason(version, candidate, NOON + HOUR) == "You can try again from Tuesday 24 November 2026, 12:00."


def test_a_wait_that_outlasts_the_window_is_not_promised(candidate: Any) -> None:
    version = assessment(closes_at=CLOSES, wait_hours=24, attempts=3)
    submit_attempt(started(version, candidate), by=candidate, at=NOON)
    answer = can_start(version, candidate, context_ref="course:1", at=NOON + HOUR)
    assert answer.opens_at is None
    assert answer.reason == (
        "You could try again from Tuesday 24 November 2026, 12:00, but this test closes on Monday 23 November 2026, "
        "14:00. Ask your trainer what comes next."
    )


def test_a_window_that_opens_after_the_wait_is_what_counts(candidate: Any) -> None:
    first = assessment(wait_hours=0, attempts=3)
    submit_attempt(started(first, candidate), by=candidate, at=NOON)
    first.opens_at = OPENS
    answer = can_start(first, candidate, context_ref="course:1", at=NOON + MINUTE)
    assert (answer.opens_at, answer.reason) == (OPENS, "You can try again from Monday 23 November 2026, 13:00.")


def test_what_else_stands_in_the_way_is_said_first(version: AssessmentVersion, candidate: Any) -> None:
    attempt = started(version, candidate, at=OPENS)
    version.attempts = 1
    submit_attempt(attempt, by=candidate, at=OPENS)
    assert reason(version, candidate, CLOSES).startswith("You have used your only attempt.")
