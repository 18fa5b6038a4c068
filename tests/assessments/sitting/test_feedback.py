"""When a candidate is shown what was right: each policy at each moment, and never while somebody still sits the same window."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from assessments.attempts import expire_attempt, submit_attempt
from assessments.feedback import shows_answers, why_not_shown
from assessments.models import Attempt, AttemptState, FeedbackPolicy
from assessments.results import result_of
from assessments.sitting_clock import PauseCause, add_time, run_clock, stop_clock
from people.adjustments import Granted, grant_adjustment
from tests.assessments.attempt_acts import RIGHT, WRONG, candidate_fixture, save  # noqa: F401
from tests.assessments.building import MINUTE, NOON, SECOND, assessment, rules_only, started

pytestmark = pytest.mark.django_db
CLOSES = NOON + timedelta(hours=2)
LATER = CLOSES + timedelta(days=1)


def handed_in(version: Any, by: Any, *, right: bool = True, at: datetime = NOON) -> Attempt:
    attempt = started(version, by, at=at)
    for item in attempt.items.all():
        save(attempt, item.position, RIGHT if right else WRONG, item.position, at=at)
    attempt.refresh_from_db()
    return submit_attempt(attempt, by=by, at=at + MINUTE)


@pytest.mark.parametrize(
    ("policy", "closes_at", "before", "after"),
    [
        ("at_once", None, True, True),
        ("at_once", CLOSES, True, True),
        ("after_submit", None, True, True),
        ("after_submit", CLOSES, True, True),
        ("after_window", CLOSES, False, True),
        ("never", None, False, False),
        ("never", CLOSES, False, False),
    ],
)
@pytest.mark.parametrize("right", [True, False])
def test_each_policy_before_the_window_closes_and_from_then_on(
    candidate: Any, policy: str, closes_at: datetime | None, before: bool, after: bool, right: bool
) -> None:
    version = assessment(feedback=policy, closes_at=closes_at, attempts=1)
    attempt = handed_in(version, candidate, right=right)
    shown = [shows_answers(attempt, at=at) for at in (NOON + 2 * MINUTE, CLOSES - SECOND, CLOSES, LATER)]
    assert shown == [before, before, after, after]
    assert [result_of(attempt, at=at).shows_answers for at in (CLOSES - SECOND, CLOSES)] == [before, after]


def test_every_policy_is_tried_above() -> None:
    assert set(FeedbackPolicy.values) == {"at_once", "after_submit", "after_window", "never"}


@pytest.mark.parametrize(("right", "attempts", "shown"), [(True, 3, True), (False, 1, True), (False, 3, False)])
def test_without_a_closing_time_it_closes_for_each_with_a_pass_or_the_last_attempt(
    candidate: Any, right: bool, attempts: int, shown: bool
) -> None:
    attempt = handed_in(assessment(feedback="after_window", attempts=attempts), candidate, right=right)
    assert shows_answers(attempt, at=LATER) is shown


def test_a_pass_or_a_last_attempt_opens_nothing_while_others_can_still_begin(candidate: Any) -> None:
    attempt = handed_in(assessment(feedback="after_window", closes_at=CLOSES, attempts=1), candidate)
    assert not shows_answers(attempt, at=CLOSES - SECOND)
    assert why_not_shown(attempt, at=CLOSES - SECOND) == (
        "Answers are shown when the test has closed, on Monday 23 November 2026, 14:00, and everybody has handed in."
    )


def test_somebody_with_extra_time_past_the_closing_is_waited_for(candidate: Any, person: Any) -> None:
    slow = person("Cy")
    day = (NOON - timedelta(days=30)).date()
    grant_adjustment(slow, Granted(extra_percent=50), by=person("Admin", "training-admin"), valid_from=day)
    version = assessment(feedback="after_window", closes_at=CLOSES)
    attempt = handed_in(version, candidate)
    # 40 minutes and half as many more: until 14:59.
    sitting = started(version, slow, at=CLOSES - MINUTE)
    for at in (CLOSES, CLOSES + 58 * MINUTE):
        assert not shows_answers(attempt, at=at)
        assert why_not_shown(attempt, at=at) == (
            "Somebody still sits this test. Answers are shown when everybody has handed in."
        )
    submit_attempt(sitting, by=slow, at=CLOSES + 58 * MINUTE)
    assert shows_answers(attempt, at=CLOSES + 58 * MINUTE)
    assert why_not_shown(attempt, at=CLOSES + 58 * MINUTE) == ""


def test_who_hands_in_after_the_closing_sees_answers_at_once_where_nobody_else_sits(candidate: Any) -> None:
    version = assessment(feedback="after_window", closes_at=CLOSES, attempts=3)
    attempt = handed_in(version, candidate, right=False, at=CLOSES - SECOND)
    assert attempt.closed_at is not None
    assert attempt.closed_at > CLOSES
    assert shows_answers(attempt, at=attempt.closed_at)


def test_time_that_ran_out_needs_no_sweeper_to_be_over(candidate: Any, person: Any) -> None:
    version = assessment(feedback="after_window", closes_at=CLOSES)
    attempt = handed_in(version, candidate)
    left = started(version, person("Cy"), at=CLOSES - MINUTE)
    assert left.deadline_at is not None
    assert not shows_answers(attempt, at=left.deadline_at)
    assert shows_answers(attempt, at=left.deadline_at + 6 * SECOND)
    assert expire_attempt(left, at=left.deadline_at + 6 * SECOND).state == AttemptState.EXPIRED


def test_a_stopped_clock_and_added_time_are_waited_for(candidate: Any, person: Any) -> None:
    version, guard = assessment(feedback="after_window", closes_at=CLOSES), person("Guard")
    attempt = handed_in(version, candidate)
    stopped = started(version, person("Cy"), at=CLOSES - MINUTE)
    stop_clock(stopped, PauseCause.INVIGILATOR, by=guard, at=CLOSES)
    assert not shows_answers(attempt, at=LATER)
    run_clock(stopped, by=guard, at=LATER)
    add_time(stopped, 30, by=guard, at=LATER, reason="The alarm.")
    assert not shows_answers(attempt, at=LATER + 68 * MINUTE)
    assert shows_answers(attempt, at=LATER + 70 * MINUTE)


def test_a_later_version_sat_in_the_same_window_is_waited_for_and_one_with_another_window_is_not(
    candidate: Any, person: Any
) -> None:
    version = assessment(feedback="after_window", closes_at=CLOSES)
    attempt = handed_in(version, candidate)
    draw = [{"outcome": "LO1", "count": 3}]
    same = rules_only(draw=draw, feedback="after_window", closes_at=CLOSES, pass_percent=70)
    other = rules_only(draw=draw, feedback="after_window", closes_at=LATER)
    assert len({version.pk, same.pk, other.pk}) == 3
    started(other, person("Cy"), at=CLOSES - MINUTE)
    assert shows_answers(attempt, at=CLOSES)
    started(same, person("Di"), at=CLOSES - MINUTE)
    assert not shows_answers(attempt, at=CLOSES)
