"""Opening a room: who may, what is refused, who invigilates, who is expected, its code, and closing it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction

from assessments.models import Room, RoomEvent, RoomInvigilator
from assessments.rooms.codes import LENGTH, LETTERS, new_code, tidy
from assessments.rooms.locking import leads
from assessments.rooms.opening import (
    add_invigilator,
    change_code,
    close_room,
    expect_candidates,
    open_room,
    take_invigilator_off,
    tell_invigilator,
)
from assessments.rooms.pausing import stop
from assessments.rooms.refusals import RoomRefused
from tests import factories
from tests.assessments.building import MINUTE, NOON, assessment
from tests.assessments.rooms.sittings import HOUR, a_room, ina_of, invigilated, sits, trainer

pytestmark = pytest.mark.django_db


def kinds(room):
    return list(room.events.values_list("kind", flat=True))


def test_a_trainer_of_the_family_opens_a_room_which_has_a_code_and_a_log():
    room = a_room()
    assert len(room.start_code) == LENGTH
    assert set(room.start_code) <= set(LETTERS)
    assert kinds(room) == ["opened", "joined"]
    assert str(room) == "Hendon, room 12"


def test_a_training_administrator_opens_one_as_well():
    room = a_room(by=factories.person("Ada", "training-admin"))
    assert leads(room, room.created_by)


def test_the_invigilator_is_told_by_mail_without_the_code(person):
    room = a_room()
    row = RoomInvigilator.objects.get()
    tell_invigilator(str(row.pk))
    [message] = mail.outbox
    assert message.to == [row.invigilator.email]
    assert "Hendon, room 12" in message.body
    assert f"/assess/rooms/{room.pk}/" in message.body
    assert room.start_code not in message.body


def test_nobody_else_opens_a_room():
    version = invigilated()
    for person in (
        factories.person("Elsewhere", "trainer", family="leadership"),
        factories.person("Approver", "approver", family="ethics"),
        factories.person("Nobody"),
        factories.person("Root", "system-admin"),
    ):
        with pytest.raises(RoomRefused, match="Trainers of the course"):
            a_room(version, by=person)
    assert not Room.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"place": "  "}, "place", "Say where the room is"),
        ({"place": "x" * 121}, "place", "at most 120 characters"),
        ({"closes_at": NOON}, "closes_at", "closes before it opens"),
        ({"closes_at": NOON + 25 * HOUR}, "closes_at", "a day at most"),
        ({"opens_at": NOON - 3 * HOUR, "closes_at": NOON - 2 * HOUR}, "closes_at", "is past"),
        ({"invigilators": []}, "invigilators", "at least one person"),
    ],
)
def test_what_cannot_be_a_room_is_refused_with_its_field(change, field, sentence):
    usual = {"place": "Hendon", "opens_at": NOON, "closes_at": NOON + HOUR, "invigilators": [factories.person()]}
    with pytest.raises(RoomRefused, match=sentence) as refused:
        open_room(invigilated().assessment, **{**usual, **change}, by=trainer(), at=NOON - HOUR)
    assert refused.value.field == field


def test_an_assessment_that_is_not_invigilated_needs_no_room():
    with pytest.raises(RoomRefused, match="starts without a room"):
        a_room(assessment(family="ethics"))


def test_the_database_refuses_a_room_that_closes_before_it_opens():
    room = a_room()
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.filter(pk=room.pk).update(closes_at=room.opens_at - MINUTE)


def test_nobody_invigilates_the_room_they_are_expected_in():
    both = factories.person("Both")
    with pytest.raises(RoomRefused, match="Both is a candidate in this room"):
        a_room(invigilators=[both], expected=[both])
    room = a_room(invigilated(code="other"))
    with pytest.raises(RoomRefused, match="Ina invigilates this room"):
        expect_candidates(room, [ina_of(room)], by=room.created_by, at=NOON)


def test_a_candidate_who_has_started_does_not_become_invigilator():
    room = a_room()
    cara = sits(room).officer
    with pytest.raises(RoomRefused, match="nobody invigilates their own test"):
        add_invigilator(room, cara, by=room.created_by, at=NOON + MINUTE)


def test_a_leader_who_sits_the_test_leads_the_room_no_more():
    room = a_room()
    tess = room.created_by
    other = trainer("Otto")
    sits(room, tess)
    assert not leads(room, tess)
    assert leads(room, other)
    assert not Room.objects.visible_to(tess)
    with pytest.raises(RoomRefused, match="Trainers of the course"):
        change_code(room, by=tess, at=NOON + MINUTE)


def test_invigilators_join_and_leave_and_one_stays():
    room = a_room()
    ina, tess, omar = ina_of(room), room.created_by, factories.person("Omar")
    with pytest.raises(RoomRefused, match="Nobody would be left"):
        take_invigilator_off(room, ina, by=tess, at=NOON)
    add_invigilator(room, omar, by=tess, at=NOON)
    with pytest.raises(RoomRefused, match="invigilates this room already"):
        add_invigilator(room, omar, by=tess, at=NOON)
    take_invigilator_off(room, ina, by=tess, at=NOON + MINUTE)
    with pytest.raises(RoomRefused, match="does not invigilate this room"):
        take_invigilator_off(room, ina, by=tess, at=NOON + MINUTE)
    assert [one.name for one in (ina, omar) if Room.objects.invigilated_by(one)] == ["Omar"]
    assert list(Room.objects.visible_to(ina)) == [room]
    assert kinds(room)[2:] == ["joined", "left"]


def test_a_closed_account_does_not_invigilate():
    gone = factories.person("Gone", is_active=False)
    with pytest.raises(RoomRefused, match="account of Gone is closed"):
        a_room(invigilators=[gone])


def test_an_invigilator_does_not_say_who_invigilates():
    room = a_room()
    with pytest.raises(RoomRefused, match="Trainers of the course"):
        add_invigilator(room, factories.person(), by=ina_of(room), at=NOON)


def test_the_list_of_candidates_is_given_anew_and_the_log_says_how_many():
    one, two, three = (factories.person(name) for name in ("One", "Two", "Three"))
    room = a_room(expected=[one, two, two])
    expect_candidates(room, [two, three], by=room.created_by, at=NOON)
    expect_candidates(room, [three, two], by=room.created_by, at=NOON)
    assert {row.officer.name for row in room.expected.all()} == {"Two", "Three"}
    assert [event.words for event in room.events.filter(kind="expected")] == [
        "Expected: 2. Added: 2. Taken off: 0.",
        "Expected: 2. Added: 1. Taken off: 1.",
    ]


def test_a_new_code_is_another_one():
    room = a_room()
    before = room.start_code
    assert change_code(room, by=ina_of(room), at=NOON).start_code != before
    assert kinds(room)[-1] == "code"
    assert len({new_code(unlike="BBBBBB") for _time in range(50)}) > 40
    assert tidy(" bcd-fgh\n") == "BCDFGH"


def test_a_closed_room_is_changed_no_more():
    room = a_room()
    ina, tess = ina_of(room), room.created_by
    close_room(room, by=ina, at=NOON + MINUTE)
    assert kinds(room)[-1] == "closed"
    for act in (
        lambda: close_room(room, by=ina, at=NOON + MINUTE),
        lambda: change_code(room, by=ina, at=NOON + MINUTE),
        lambda: add_invigilator(room, factories.person(), by=tess, at=NOON + MINUTE),
        lambda: expect_candidates(room, [], by=tess, at=NOON + MINUTE),
        lambda: stop(room, None, reason="Fire alarm", by=ina, at=NOON + MINUTE),
    ):
        with pytest.raises(RoomRefused, match="was closed at 12:01"):
            act()


def test_a_room_with_a_stopped_clock_is_not_closed():
    room = a_room()
    sits(room)
    stop(room, None, reason="Fire alarm", by=ina_of(room), at=NOON + 2 * MINUTE)
    with pytest.raises(RoomRefused, match="clock of one candidate is stopped"):
        close_room(room, by=ina_of(room), at=NOON + 3 * MINUTE)


def test_who_sees_a_room():
    room = a_room()
    people = {
        "trainer": trainer("Other"),
        "training administrator": factories.person("Ada", "training-admin"),
        "quality assurer": factories.person("Iqa", "iqa"),
        "auditor": factories.person("Aud", "auditor"),
        "invigilator": ina_of(room),
        "trainer elsewhere": factories.person("Else", "trainer", family="leadership"),
        "reviewer": factories.person("Rev", "subject-reviewer", family="ethics"),
        "assessor": factories.person("Asa", "assessor"),
        "system administrator": factories.person("Root", "system-admin"),
        "candidate": sits(room).officer,
    }
    seen = [name for name, person in people.items() if Room.objects.visible_to(person)]
    assert seen == ["trainer", "training administrator", "quality assurer", "auditor", "invigilator"]


def test_a_line_of_the_log_is_never_changed():
    event = a_room().events.first()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        RoomEvent.objects.filter(pk=event.pk).update(words="Nothing happened.")


def test_a_sitting_over_midnight_is_a_room():
    room = a_room(opens_at=NOON + 10 * HOUR, closes_at=NOON + 10 * HOUR + timedelta(hours=4))
    assert room.closes_at.day != room.opens_at.day
