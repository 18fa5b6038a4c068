"""In whatever order saves, stops, rests, added minutes and crashes come, the clock is the same, and nobody works longer than the limit."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.attempts import GRACE, expire_attempt, save_response
from assessments.marks import cache_as_told, cache_of, rebuild_attempt
from assessments.models import Attempt, AttemptState
from assessments.refusals import AttemptRefused
from assessments.replay import replay
from assessments.rests import allowance_of, begin_rest, end_rest, rested
from assessments.rooms.pausing import extend, run_on, stop
from assessments.rooms.refusals import RoomRefused
from tests.assessments.building import MINUTE, NOON, SECOND
from tests.assessments.rooms.sittings import a_room, fresh, ina_of, invigilated
from tests.assessments.rooms.test_rests import sitting
from tests.permissions.asking import undone

ACTS = st.sampled_from(["save", "stop", "run", "extend", "rest", "work on", "crash", "expire"])
EVENTS = st.lists(st.tuples(st.integers(1, 900), ACTS), min_size=1, max_size=25)


@dataclass
class Worked:
    """The clock as somebody with a stopwatch sees it, second by second; it knows none of the product's rules but the allowance of rest."""

    limit: timedelta
    allowance: timedelta
    state: str = "running"
    worked: timedelta = timedelta()
    rested: timedelta = timedelta()
    stood: timedelta = timedelta()
    saved_at: list[timedelta] = field(default_factory=list)

    def passes(self, time: timedelta) -> None:
        if self.state == "resting":
            rest = min(time, self.allowance - self.rested)
            self.rested += rest
            time -= rest
            if self.rested == self.allowance:
                self.state = "running"
        if self.state == "stopped":
            self.stood += time
        elif self.state == "running":
            self.worked += time

    @property
    def is_over(self) -> bool:
        return self.worked > self.limit + GRACE


def happens(act: str, room: Any, attempt: Attempt, watch: Worked, at: datetime, number: int) -> None:
    """Let one thing happen to the test, and write down what the stopwatch should make of it."""
    ina, officer = ina_of(room), attempt.officer
    if act == "save":
        save_response(attempt, 1, {"answer": True}, by=officer, at=at, device="desk", sequence=number)
        watch.saved_at.append(watch.worked)
    elif act == "stop":
        stop(room, attempt, reason="Why", by=ina, at=at)
        watch.state = "stopped"
    elif act == "run":
        run_on(room, attempt, reason="Why", by=ina, at=at)
        watch.state = "running"
    elif act == "extend":
        extend(room, attempt, 3, reason="Why", by=ina, at=at)
        watch.limit += 3 * MINUTE
    elif act == "rest":
        begin_rest(attempt.pk, by=officer, at=at)
        watch.state = "resting"
    elif act == "work on":
        end_rest(attempt.pk, by=officer, at=at)
        watch.state = "running"
    elif act == "crash":
        # Whatever the rows keep is lost but for the steps.
        Attempt.objects.filter(pk=attempt.pk).update(deadline_at=NOON, paused_at=None, state=AttemptState.OPEN)
        rebuild_attempt(attempt)
    else:
        expire_attempt(attempt, at=at)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_the_clock_is_the_same_in_any_order_and_nobody_works_longer_than_the_limit(events):
    with undone():
        room = a_room(invigilated(minutes=60))
        attempt = sitting(room=room)
        watch, at = Worked(60 * MINUTE, allowance_of(attempt)), NOON
        for number, (seconds, act) in enumerate(events, start=1):
            at += seconds * SECOND
            watch.passes(seconds * SECOND)
            with suppress(AttemptRefused, RoomRefused):
                happens(act, room, attempt, watch, at, number)
            attempt = fresh(attempt)
            told = replay(attempt.steps.all())
            items = {item.position: item for item in attempt.items.all()}
            assert cache_of(attempt, items) == cache_as_told(told, attempt)
            assert (
                rested(attempt.steps.all(), until=at if attempt.paused_at is None else attempt.paused_at)
                <= watch.allowance
            )
            if attempt.state != AttemptState.OPEN:
                assert watch.is_over
                break
            if watch.is_over and attempt.paused_at is None:
                break
        else:
            end_unnoticed_rest(attempt, at)
            attempt = fresh(attempt)
            left = attempt.deadline_at - (attempt.paused_at or at)
            assert left == watch.limit - watch.worked
        assert all(worked <= watch.limit + GRACE for worked in watch.saved_at)


def end_unnoticed_rest(attempt: Attempt, at: datetime) -> None:
    """What the waiting row does within a second of the end of a rest."""
    if attempt.paused_at is not None and rested(attempt.steps.all(), until=at) >= allowance_of(attempt):
        with suppress(AttemptRefused):  # An invigilator may have stopped the clock.
            end_rest(attempt.pk, by=attempt.officer, at=at)
