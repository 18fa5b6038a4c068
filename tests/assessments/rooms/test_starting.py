"""Starting in a room: only with the code of one that is open now for this test, and never what one invigilates."""

from __future__ import annotations

import pytest

from assessments.attempts import start_attempt
from assessments.models import Attempt
from assessments.refusals import CannotStart
from assessments.rooms.opening import change_code, close_room
from assessments.rooms.pausing import run_on, stop
from assessments.rooms.refusals import CodeRefused
from assessments.rooms.starting import MOST_TRIES, room_for_code
from tests import factories
from tests.assessments.building import MINUTE, NOON, assessment
from tests.assessments.rooms.sittings import HOUR, a_room, ina_of, invigilated, sits

pytestmark = pytest.mark.django_db


def test_the_code_of_an_open_room_starts_the_test_there():
    room = a_room()
    attempt = sits(room)
    assert attempt.room == room
    assert attempt.deadline_at == NOON + 41 * MINUTE


def test_a_code_is_read_however_it_is_typed():
    room, cara = a_room(), factories.person("Cara")
    version = room.assessment.versions.get()
    typed = f" {room.start_code[:3].lower()}-{room.start_code[3:]} "
    assert room_for_code(version, typed, by=cara, at=NOON) == room


def test_without_a_room_an_invigilated_test_does_not_start():
    version, cara = invigilated(), factories.person("Cara")
    with pytest.raises(CodeRefused, match="Enter the start code"):
        start_attempt(version, by=cara, at=NOON, context_ref="course:1")
    with pytest.raises(CodeRefused, match="Enter the start code"):
        room_for_code(version, " - ", by=cara, at=NOON)
    with pytest.raises(CodeRefused, match="No room is open for this test now"):
        room_for_code(version, "BCDFGH", by=cara, at=NOON)
    assert not Attempt.objects.exists()


def test_a_wrong_code_is_refused_and_so_is_that_of_another_test():
    room, other = a_room(), a_room(invigilated(code="other"))
    version, cara = room.assessment.versions.get(), factories.person("Cara")
    for code in ("BBBBBB", other.start_code, "x" * 10_000):
        with pytest.raises(CodeRefused, match="No room that is open now has this code"):
            room_for_code(version, code, by=cara, at=NOON)
    with pytest.raises(CodeRefused, match="has this code"):
        start_attempt(version, by=cara, at=NOON, context_ref="course:1", room=other)


def test_a_changed_code_starts_nothing_and_whoever_started_goes_on():
    room = a_room()
    running = sits(room)
    change_code(room, by=ina_of(room), at=NOON + MINUTE)
    with pytest.raises(CodeRefused, match="has this code"):
        sits(room, factories.person("Late"))
    again = start_attempt(running.assessment_version, by=running.officer, at=NOON + 2 * MINUTE, context_ref="course:1")
    assert again == running


@pytest.mark.parametrize("at", [NOON - MINUTE, NOON + HOUR])
def test_before_and_after_its_time_a_room_has_no_starts(at):
    with pytest.raises(CodeRefused, match="No room is open"):
        sits(a_room(), at=at)


def test_the_engine_refuses_a_room_that_was_open_when_it_was_found():
    room, cara = a_room(), factories.person("Cara")
    version = room.assessment.versions.get()
    for at, sentence in ((NOON - MINUTE, "opens at 12:00"), (NOON + HOUR, "no more starts since 13:00")):
        with pytest.raises(CannotStart, match=sentence):
            start_attempt(version, by=cara, at=at, context_ref="course:1", room=room)
    close_room(room, by=ina_of(room), at=NOON + MINUTE)
    with pytest.raises(CannotStart, match="no more starts since 12:01"):
        start_attempt(version, by=cara, at=NOON + 2 * MINUTE, context_ref="course:1", room=room)


def test_nobody_starts_in_a_room_they_invigilate():
    room = a_room()
    with pytest.raises(CannotStart, match="You invigilate this room"):
        sits(room, ina_of(room))


def test_nobody_starts_while_the_whole_room_is_stopped():
    room = a_room()
    ina = ina_of(room)
    stop(room, None, reason="Fire alarm", by=ina, at=NOON)
    with pytest.raises(CannotStart, match="stopped the clock for everybody"):
        sits(room)
    run_on(room, None, reason="All clear", by=ina, at=NOON + 5 * MINUTE)
    assert sits(room, at=NOON + 6 * MINUTE).paused_at is None


def test_somebody_who_guesses_has_to_wait_and_others_do_not():
    room, guesser = a_room(), factories.person("Guesser")
    version = room.assessment.versions.get()
    for _time in range(MOST_TRIES):
        with pytest.raises(CodeRefused, match="has this code"):
            room_for_code(version, "BBBBBB", by=guesser, at=NOON)
    with pytest.raises(CodeRefused, match="too many wrong codes"):
        room_for_code(version, room.start_code, by=guesser, at=NOON)
    assert room_for_code(version, room.start_code, by=factories.person("Cara"), at=NOON) == room


def test_a_test_that_is_not_invigilated_takes_no_room():
    room, cara = a_room(), factories.person("Cara")
    with pytest.raises(CannotStart, match="not invigilated"):
        start_attempt(assessment(code="free"), by=cara, at=NOON, context_ref="course:2", room=room)
