"""Stopping the clock, letting it run on and adding time, for one and for all: what moves, what is refused, what log and steps say."""

from __future__ import annotations

import pytest

from assessments.attempts import (
    GRACE,
    expire_attempt,
    expire_overdue,
    expire_when_due,
    save_response,
    start_attempt,
    submit_attempt,
)
from assessments.marks import rebuild_attempt
from assessments.models import AttemptState, StepKind
from assessments.refusals import AttemptClosed, AttemptPaused, StillRunning
from assessments.rooms.pausing import MOST_MINUTES, extend, last_line, run_on, stop
from assessments.rooms.refusals import RoomRefused
from people import work
from tests import factories
from tests.assessments.building import MINUTE, NOON, SECOND
from tests.assessments.rooms.sittings import a_room, fresh, ina_of, invigilated, sits

pytestmark = pytest.mark.django_db
WHY = "Fire alarm"


def save(attempt, at, sequence=1, answer=True):
    return save_response(attempt, 1, {"answer": answer}, by=attempt.officer, at=at, device="desk", sequence=sequence)


def steps(attempt):
    return list(attempt.steps.values_list("kind", flat=True))


def test_a_stop_for_all_moves_every_end_by_as_long_as_it_lasts():
    room = a_room()
    ina, one, two = ina_of(room), sits(room), sits(room, factories.person("Two"), at=NOON + 2 * MINUTE)
    assert stop(room, None, reason=WHY, by=ina, at=NOON + 10 * MINUTE) == 2
    assert run_on(room, None, reason="All clear", by=ina, at=NOON + 25 * MINUTE) == 2
    assert fresh(one).deadline_at == NOON + (1 + 40 + 15) * MINUTE
    assert fresh(two).deadline_at == NOON + (2 + 40 + 15) * MINUTE
    assert steps(one) == [StepKind.STARTED, StepKind.PAUSED, StepKind.RESUMED]
    assert one.steps.get(kind="paused").data == {"cause": "invigilator", "reason": WHY}
    lines = room.events.filter(kind__in=("paused", "resumed"))
    assert [(line.kind, line.words, line.attempt, line.by) for line in lines] == [
        ("paused", WHY, None, ina),
        ("resumed", "All clear", None, ina),
    ]
    assert not rebuild_attempt(one)


def test_a_stop_for_one_leaves_the_others():
    room = a_room()
    ina, one, two = ina_of(room), sits(room), sits(room, factories.person("Two"))
    stop(room, one, reason="Unwell", by=ina, at=NOON + 10 * MINUTE)
    assert fresh(one).paused_at == NOON + 10 * MINUTE
    assert fresh(two).paused_at is None
    assert room.events.get(kind="paused").attempt == one
    run_on(room, one, reason="Better", by=ina, at=NOON + 15 * MINUTE)
    assert fresh(one).deadline_at == fresh(two).deadline_at + 5 * MINUTE


def test_a_stopped_test_takes_what_was_on_its_way_and_then_nothing_until_the_clock_runs():
    room = a_room()
    ina, one = ina_of(room), sits(room)
    stop(room, None, reason=WHY, by=ina, at=NOON + 10 * MINUTE)
    assert save(one, NOON + 10 * MINUTE + GRACE, 1).is_news
    with pytest.raises(AttemptPaused, match="Your answers are kept"):
        save(one, NOON + 10 * MINUTE + GRACE + SECOND, 2, answer=False)
    run_on(room, None, reason="All clear", by=ina, at=NOON + 20 * MINUTE)
    assert save(one, NOON + 20 * MINUTE, 2, answer=False).is_news


def test_nothing_expires_while_the_clock_stands_still():
    room = a_room()
    ina, one = ina_of(room), sits(room)
    stop(room, None, reason=WHY, by=ina, at=NOON + 40 * MINUTE)
    late = NOON + 90 * MINUTE
    assert expire_overdue(at=late) == 0
    with pytest.raises(StillRunning) as waits:
        expire_attempt(one, at=late)
    assert waits.value.seconds >= 30
    with pytest.raises(work.NotYet):
        expire_when_due(str(one.pk))
    run_on(room, None, reason="All clear", by=ina, at=late)
    assert fresh(one).deadline_at == late + MINUTE
    assert expire_overdue(at=late + MINUTE + GRACE + SECOND) == 1


def test_a_stopped_test_can_be_handed_in():
    room = a_room()
    one = sits(room)
    stop(room, None, reason=WHY, by=ina_of(room), at=NOON + 10 * MINUTE)
    closed = submit_attempt(one, by=one.officer, at=NOON + 11 * MINUTE)
    assert closed.state == AttemptState.SUBMITTED
    assert closed.paused_at is None
    assert not rebuild_attempt(one)


def test_time_is_added_for_one_and_for_all():
    room = a_room()
    ina, one, two = ina_of(room), sits(room), sits(room, factories.person("Two"))
    assert extend(room, one, 5, reason="Screen changed", by=ina, at=NOON + 10 * MINUTE) == 1
    assert extend(room, None, 10, reason="Late start", by=ina, at=NOON + 11 * MINUTE) == 2
    assert fresh(one).deadline_at == NOON + 56 * MINUTE
    assert fresh(two).deadline_at == NOON + 51 * MINUTE
    assert [(line.minutes, line.attempt) for line in room.events.filter(kind="extended")] == [(5, one), (10, None)]
    assert one.steps.filter(kind="extended").last().data == {
        "deadline": (NOON + 56 * MINUTE).isoformat(),
        "reason": "Late start",
    }
    with pytest.raises(StillRunning):
        expire_attempt(one, at=NOON + 50 * MINUTE)


def test_time_added_while_the_clock_stands_still_is_there_when_it_runs():
    room = a_room()
    ina, one = ina_of(room), sits(room)
    stop(room, one, reason=WHY, by=ina, at=NOON + 10 * MINUTE)
    extend(room, one, 5, reason="Moved to another room", by=ina, at=NOON + 12 * MINUTE)
    run_on(room, one, reason="Seated", by=ina, at=NOON + 20 * MINUTE)
    assert fresh(one).deadline_at == NOON + (1 + 40 + 10 + 5) * MINUTE
    assert not rebuild_attempt(one)


def test_the_same_press_twice_adds_once():
    room = a_room()
    ina, one = ina_of(room), sits(room)
    seen = last_line(room)
    extend(room, None, 10, reason="Late", by=ina, at=NOON + 5 * MINUTE, seen=seen)
    with pytest.raises(RoomRefused, match="Ina added 10 minutes at 12:05, after you opened this page"):
        extend(room, None, 10, reason="Late", by=ina, at=NOON + 5 * MINUTE, seen=seen)
    assert fresh(one).deadline_at == NOON + 51 * MINUTE
    extend(room, None, 10, reason="Late", by=ina, at=NOON + 6 * MINUTE, seen=last_line(room))
    assert fresh(one).deadline_at == NOON + 61 * MINUTE


def test_what_would_change_nothing_is_refused_by_a_sentence():
    room = a_room()
    ina, one = ina_of(room), sits(room)
    for act, sentence in (
        (lambda: run_on(room, None, reason=WHY, by=ina, at=NOON + 2 * MINUTE), "No clock is stopped here"),
        (lambda: run_on(room, one, reason=WHY, by=ina, at=NOON + 2 * MINUTE), "No clock is stopped here"),
    ):
        with pytest.raises(RoomRefused, match=sentence):
            act()
    stop(room, None, reason=WHY, by=ina, at=NOON + 3 * MINUTE)
    for act, sentence in (
        (lambda: stop(room, None, reason=WHY, by=ina, at=NOON + 4 * MINUTE), "stopped for everybody already"),
        (lambda: stop(room, one, reason=WHY, by=ina, at=NOON + 4 * MINUTE), "of this candidate is stopped already"),
    ):
        with pytest.raises(RoomRefused, match=sentence):
            act()
    assert steps(one) == [StepKind.STARTED, StepKind.PAUSED]


@pytest.mark.parametrize("minutes", [0, -5, MOST_MINUTES + 1])
def test_time_added_is_between_a_minute_and_three_hours(minutes):
    room = a_room()
    sits(room)
    with pytest.raises(RoomRefused, match="between 1 and 180 minutes") as refused:
        extend(room, None, minutes, reason=WHY, by=ina_of(room), at=NOON + 5 * MINUTE)
    assert refused.value.field == "minutes"


@pytest.mark.parametrize(("reason", "sentence"), [("  ", "Say why"), ("x" * 501, "at most 500 characters")])
def test_each_needs_a_reason_that_fits(reason, sentence):
    room = a_room()
    ina, one = ina_of(room), sits(room)
    for act in (
        lambda: stop(room, one, reason=reason, by=ina, at=NOON + MINUTE),
        lambda: run_on(room, one, reason=reason, by=ina, at=NOON + MINUTE),
        lambda: extend(room, one, 5, reason=reason, by=ina, at=NOON + MINUTE),
    ):
        with pytest.raises(RoomRefused, match=sentence) as refused:
            act()
        assert refused.value.field == "reason"
    assert not room.events.filter(kind__in=("paused", "resumed", "extended")).exists()


def test_only_who_invigilates_now_touches_a_clock():
    room = a_room()
    one = sits(room)
    for person in (
        room.created_by,
        one.officer,
        factories.person("Root", "system-admin"),
        factories.person("Iqa", "iqa"),
    ):
        for act in (
            lambda by=person: stop(room, None, reason=WHY, by=by, at=NOON + 2 * MINUTE),
            lambda by=person: run_on(room, None, reason=WHY, by=by, at=NOON + 2 * MINUTE),
            lambda by=person: extend(room, None, 5, reason=WHY, by=by, at=NOON + 2 * MINUTE),
        ):
            with pytest.raises(RoomRefused, match="Only somebody who invigilates this room"):
                act()
    assert steps(one) == [StepKind.STARTED]


def test_a_test_that_has_ended_is_not_touched():
    room = a_room()
    ina, one, two = ina_of(room), sits(room), sits(room, factories.person("Two"))
    submit_attempt(one, by=one.officer, at=NOON + 5 * MINUTE)
    with pytest.raises(RoomRefused, match="has ended"):
        extend(room, one, 5, reason=WHY, by=ina, at=NOON + 6 * MINUTE)
    after = NOON + 42 * MINUTE
    with pytest.raises(RoomRefused, match="has ended"):
        stop(room, two, reason=WHY, by=ina, at=after)
    with pytest.raises(RoomRefused, match="no time was added"):
        extend(room, None, 5, reason=WHY, by=ina, at=after)
    with pytest.raises(AttemptClosed):
        save(two, after)


def test_an_attempt_of_another_room_is_not_touched():
    room, other = a_room(), a_room(invigilated(code="other"))
    stranger = sits(other)
    with pytest.raises(RoomRefused, match="has ended"):
        stop(room, stranger, reason=WHY, by=ina_of(room), at=NOON + 2 * MINUTE)
    assert fresh(stranger).paused_at is None


def test_without_a_time_limit_the_clock_is_stopped_but_nothing_added():
    room = a_room(invigilated(minutes=None))
    ina, one = ina_of(room), sits(room)
    with pytest.raises(RoomRefused, match="no time limit"):
        extend(room, one, 5, reason=WHY, by=ina, at=NOON + 2 * MINUTE)
    with pytest.raises(RoomRefused, match="no time was added"):
        extend(room, None, 5, reason=WHY, by=ina, at=NOON + 2 * MINUTE)
    stop(room, one, reason=WHY, by=ina, at=NOON + 2 * MINUTE)
    with pytest.raises(AttemptPaused):
        save(one, NOON + 3 * MINUTE)
    run_on(room, one, reason=WHY, by=ina, at=NOON + 4 * MINUTE)
    assert fresh(one).deadline_at is None


def test_an_empty_room_can_be_stopped_so_that_nobody_starts_and_run_on():
    room = a_room()
    assert stop(room, None, reason=WHY, by=ina_of(room), at=NOON) == 0
    assert run_on(room, None, reason="All clear", by=ina_of(room), at=NOON + MINUTE) == 0


def test_a_test_outside_rooms_knows_none(person):
    version = invigilated(is_invigilated=False)
    attempt = start_attempt(version, by=person("Cara"), at=NOON, context_ref="course:1")
    assert attempt.room is None
