"""Whatever happens to an attempt, its steps alone tell what its rows keep."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import attempts
from assessments.attempts import AttemptRefused
from assessments.marks import cache_as_told, cache_of, rebuild_attempt
from assessments.models import CLOSED_STATES, AssessmentVersion, Attempt
from assessments.replay import replay
from tests.assessments.attempt_acts import taken_out
from tests.assessments.building import NOON, SECOND, assessment, started

RESPONSES = st.sampled_from([None, {"answer": True}, {"answer": False}])
POSITIONS = st.integers(1, 3)
DEVICES = st.sampled_from(["desk", "phone"])
SAVES = st.tuples(
    st.just("save"),
    POSITIONS,
    RESPONSES,
    DEVICES,
    st.one_of(st.none(), st.integers(1, 9)),
    st.one_of(st.none(), st.integers(0, 3)),
    st.sampled_from([attempts.KEEP, True, False]),
)
EVENTS = st.one_of(
    SAVES,
    SAVES,
    st.tuples(st.just("flag"), POSITIONS, st.booleans(), DEVICES),
    st.tuples(st.just("open"), DEVICES),
    st.tuples(st.just("check"), POSITIONS),
    st.tuples(st.just("submit")),
    st.tuples(st.just("late")),
    st.tuples(st.just("remark"), POSITIONS),
)


def happen(attempt: Attempt, marker: Any, event: tuple[Any, ...], at: Any) -> None:
    """Let one thing happen; a refusal is as good as any other outcome."""
    by, kind = attempt.officer, event[0]
    if kind == "save":
        _kind, position, response, device, sequence, turn, flagged = event
        attempts.save_response(
            attempt, position, response, by=by, at=at, device=device, sequence=sequence, turn=turn, flagged=flagged
        )
    elif kind == "flag":
        attempts.set_flag(attempt, event[1], event[2], by=by, at=at, device=event[3])
    elif kind == "open":
        attempts.open_on_device(attempt.pk, by=by, at=at, device=event[1])
    elif kind == "check":
        attempts.check_answer(attempt.pk, event[1], by=by, at=at)
    elif kind == "submit":
        attempts.submit_attempt(attempt, by=by, at=at)
    elif kind == "late":
        attempts.expire_attempt(attempt, at=at)
    else:
        attempt.refresh_from_db()
        if attempt.state in CLOSED_STATES:
            taken_out(attempt, event[1], people=(marker, marker), at=at)


@pytest.fixture
def version(db: None) -> AssessmentVersion:
    return assessment(questions=3, feedback="at_once")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EVENTS, max_size=12))
def test_replaying_the_steps_gives_what_the_rows_keep(person: Any, version: AssessmentVersion, events: Any) -> None:
    candidate, marker = person("Bo"), person("Cy")
    attempt = started(version, candidate)
    for number, event in enumerate(events, start=1):
        try:
            happen(attempt, marker, event, NOON + number * 20 * 12 * SECOND)
        except AttemptRefused:
            continue
    attempt.refresh_from_db()
    steps = list(attempt.steps.all())
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    told = replay(steps)
    rows = cache_of(attempt, {item.position: item for item in attempt.items.all()})
    assert rows == cache_as_told(told, attempt)
    assert not rebuild_attempt(attempt)
