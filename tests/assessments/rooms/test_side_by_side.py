"""In a room two people act at the same moment: whoever starts while the room is stopped or closed either was in it or is refused."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from assessments import attempts
from assessments.marks import rebuild_attempt
from assessments.models import Attempt, RoomEvent
from assessments.refusals import CannotStart
from assessments.rooms.opening import close_room
from assessments.rooms.pausing import extend, last_line, run_on, stop
from assessments.rooms.refusals import CodeRefused, RoomRefused
from tests import factories
from tests.assessments.building import MINUTE, NOON
from tests.assessments.rooms.sittings import a_room, fresh, ina_of, sits
from tests.assessments.test_attempts_side_by_side import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT = NOON + 5 * MINUTE


def refused(act: Any) -> Any:
    """Return what came of an act, or the room's refusal of it."""
    try:
        return act()
    except RoomRefused as refusal:
        return refusal


def test_nobody_starts_past_a_stop_for_all() -> None:
    room = a_room()
    ina, people = ina_of(room), [factories.person(f"Candidate {number}") for number in range(3)]
    came = at_once(
        lambda: stop(room, None, reason="Fire alarm", by=ina, at=AT),
        *[lambda one=one: sits(room, one, at=AT) for one in people],
    )
    started = [one for one in came[1:] if isinstance(one, Attempt)]
    assert all(isinstance(one, CannotStart) for one in came[1:] if one not in started)
    assert came[0] == len(started)
    assert [fresh(one).paused_at for one in started] == [AT] * len(started)
    assert Attempt.objects.count() == len(started)


def test_a_stop_waits_for_whoever_is_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    room = a_room()
    ina, cara = ina_of(room), factories.person("Cara")
    drawn, has_stopped, option_order = threading.Event(), threading.Event(), attempts._option_order

    def draw_slowly(*about: Any) -> list[str]:
        drawn.set()
        # The start is under way: a stop that did not wait would be over by now, and would have missed it.
        assert not has_stopped.wait(0.5)
        return option_order(*about)

    def stop_then() -> int:
        assert drawn.wait(10)
        done = stop(room, None, reason="Fire alarm", by=ina, at=AT)
        has_stopped.set()
        return done

    monkeypatch.setattr(attempts, "_option_order", draw_slowly)
    attempt, done = at_once(lambda: sits(room, cara, at=AT), stop_then)
    assert (done, fresh(attempt).paused_at) == (1, AT)


def test_nobody_starts_in_a_room_that_is_closed_at_that_moment_or_stands_in_it() -> None:
    room = a_room()
    ina, cara = ina_of(room), factories.person("Cara")
    closed, came = at_once(lambda: close_room(room, by=ina, at=AT), lambda: sits(room, cara, at=AT))
    assert closed.closed_at == AT
    assert isinstance(came, CannotStart | CodeRefused | Attempt)
    assert Attempt.objects.filter(room=room).count() == isinstance(came, Attempt)


def test_one_press_of_two_adds_time_and_one_of_two_invigilators_stops_the_clock() -> None:
    room = a_room()
    ina, one = ina_of(room), sits(room)
    seen = last_line(room)
    adds = [lambda: refused(lambda: extend(room, None, 10, reason="Late", by=ina, at=AT, seen=seen))] * 2
    assert sorted(str(came) for came in at_once(*adds))[0] == "1"
    assert fresh(one).deadline_at == NOON + 51 * MINUTE
    stops = [lambda: refused(lambda: stop(room, None, reason="Alarm", by=ina, at=AT))] * 2
    assert sum(isinstance(came, RoomRefused) for came in at_once(*stops)) == 1
    run_on(room, None, reason="All clear", by=ina, at=AT + MINUTE)
    assert fresh(one).deadline_at == NOON + 52 * MINUTE
    assert RoomEvent.objects.filter(kind="extended").count() == RoomEvent.objects.filter(kind="paused").count() == 1
    assert not rebuild_attempt(one)
