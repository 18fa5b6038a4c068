"""The pages of a room, used as its people do: opening one, names, code, incidents, the log and its file, closing."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from assessments.models import Room
from people import clock
from tests import factories
from tests.assessments.building import MINUTE
from tests.assessments.rooms.sittings import HOUR, a_room, ina_of, invigilated, sits, trainer
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def room(now):
    return a_room(opens_at=now - HOUR, closes_at=now + HOUR, at=now - HOUR)


def form_of_a_room(version, **changes):
    tomorrow = clock.today() + timedelta(days=1)
    usual = {
        "assessment": str(version.assessment_id),
        "place": "Hendon, room 12",
        "day_day": tomorrow.day,
        "day_month": tomorrow.month,
        "day_year": tomorrow.year,
        "opens": "9:30",
        "closes": "10.30",
        "invigilators": "",
        "expected": "",
    }
    return {**usual, **changes}


def test_a_trainer_opens_a_room(signed_in):
    version, ina, cara = invigilated(), factories.person("Ina"), factories.person("Cara")
    client = signed_in(trainer())
    assert "Promotion test (hall)" in client.get("/assess/rooms/new/").content.decode()
    data = form_of_a_room(version, invigilators=ina.email.upper(), expected=f"{cara.service_number}, Cara\n\n")
    answer = client.post("/assess/rooms/new/", data)
    room = Room.objects.get()
    assert answer["Location"] == f"/assess/rooms/{room.pk}/"
    assert (room.closes_at - room.opens_at) == HOUR
    assert [row.officer for row in room.expected.all()] == [cara]
    page = client.get(answer["Location"]).content.decode()
    assert "Not started" in page
    assert room.start_code in page
    assert "Hendon, room 12" in client.get("/assess/rooms/").content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"invigilators": "no.such@force.example"}, "Line 1: nobody has the service number or address"),
        ({"opens": "25:00"}, "Write the time by the clock, for example 09:30."),
        ({"closes": "09:30"}, "The room closes before it opens."),
        ({"day_year": "2020"}, "This time is past."),
        ({"place": ""}, "Say where the room is"),
        ({"assessment": ""}, "Choose the test."),
        ({"expected": "x\n" * 10_001}, "This list is too long for a room."),
    ],
)
def test_what_is_wrong_with_a_room_is_said_and_what_was_typed_stays(signed_in, changes, sentence):
    version, ina = invigilated(), factories.person("Ina")
    data = form_of_a_room(version, **{"invigilators": ina.service_number, "place": "Sidcup", **changes})
    answer = signed_in(trainer()).post("/assess/rooms/new/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert changes.get("place", "Sidcup") in page
    assert not Room.objects.exists()


def test_only_invigilated_tests_of_ones_own_families_are_offered(signed_in):
    invigilated()
    invigilated(code="plain", is_invigilated=False)
    page = signed_in(trainer()).get("/assess/rooms/new/").content.decode()
    assert "(hall)" in page
    assert "(plain)" not in page
    assert "No test of yours" in signed_in(trainer(family="leadership")).get("/assess/rooms/new/").content.decode()


def test_names_are_added_taken_off_and_listed(signed_in, room):
    client, here = signed_in(room.created_by), f"/assess/rooms/{room.pk}/names/"
    omar, cara, ina = factories.person("Omar"), factories.person("Cara"), ina_of(room)
    client.post(here, {"do": "add", "invigilators": omar.service_number})
    client.post(here, {"do": "off", "person": str(ina.public_id)})
    assert [row.invigilator for row in room.invigilators.filter(left_at=None)] == [omar]
    client.post(here, {"do": "expect", "expected": cara.service_number})
    assert room.expected.get().officer == cara
    assert cara.service_number in client.get(here).content.decode()


def test_what_is_wrong_with_a_name_is_said_beside_it(signed_in, room):
    client, here = signed_in(room.created_by), f"/assess/rooms/{room.pk}/names/"
    ina = ina_of(room)
    for data, sentence in (
        ({"do": "add", "invigilators": "nobody"}, "Line 1: nobody has"),
        ({"do": "add", "invigilators": ina.service_number}, "Ina invigilates this room already."),
        ({"do": "expect", "expected": ina.service_number}, "nobody invigilates their own test"),
    ):
        answer = client.post(here, data)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    page = client.post(here, {"do": "off", "person": str(ina.public_id)}, follow=True).content.decode()
    assert "Nobody would be left to invigilate." in page
    page = client.post(here, {"do": "off", "person": "x"}, follow=True).content.decode()
    assert "does not invigilate this room" in page


def test_the_code_is_changed_and_the_room_closed_after_being_asked(signed_in, room):
    client, here = signed_in(ina_of(room)), f"/assess/rooms/{room.pk}/"
    assert "The one before starts nothing" in client.get(f"{here}code/").content.decode()
    client.post(f"{here}code/")
    assert Room.objects.get().start_code != room.start_code
    sits(room := Room.objects.get(), at=clock.now())
    assert "One candidate still works." in client.get(f"{here}close/").content.decode()
    page = client.post(f"{here}close/", follow=True).content.decode()
    assert "The room is closed." in page
    assert room.start_code not in page
    assert "The room was closed at" in client.post(f"{here}close/", follow=True).content.decode()


def test_an_incident_stands_in_the_log_and_in_its_file(signed_in, room):
    attempt = sits(room, at=clock.now())
    ina, here = signed_in(ina_of(room)), f"/assess/rooms/{room.pk}/"
    assert "Leave out details of cases" in ina.get(f"{here}incident/?about={attempt.pk}").content.decode()
    ina.post(f"{here}incident/", {"about": "", "words": "A telephone rang."})
    ina.post(f"{here}incident/", {"about": str(attempt.pk), "words": "=Left the room."})
    ina.post(f"{here}close/")
    ina.post(f"{here}incident/", {"about": "", "words": "A sheet of notes was found."})
    auditor = signed_in(factories.person("Aud", "auditor"))
    page = auditor.get(f"{here}log/").content.decode()
    for words in ("Room opened", "A telephone rang.", "Left the room.", "A sheet of notes was found.", "Cara"):
        assert words in page
    file = auditor.get(f"{here}log.csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(file)))
    assert [line["what"] for line in lines] == [
        "Room opened",
        "Invigilator added",
        "Incident",
        "Incident",
        "Room closed",
        "Incident",
    ]
    assert lines[3]["service_number"] == attempt.officer.service_number
    assert not lines[3]["words"].startswith("=")


def test_an_incident_needs_words_and_a_candidate_of_the_room(signed_in, room, now):
    elsewhere = a_room(invigilated(code="other"), opens_at=now - HOUR, closes_at=now + HOUR, at=now - HOUR)
    stranger = sits(elsewhere, at=now)
    client, here = signed_in(ina_of(room)), f"/assess/rooms/{room.pk}/incident/"
    for data, sentence in (
        ({"about": "", "words": " "}, "Write what happened."),
        ({"about": "", "words": "x" * 1001}, "at most 1000 characters"),
        ({"about": str(stranger.pk), "words": "Left."}, "Choose the whole room or a candidate in the list."),
    ):
        answer = client.post(here, data)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not room.events.filter(kind="incident").exists()


def test_the_room_says_who_is_where_without_answers_or_marks(signed_in, room, now):
    attempt = sits(room, at=now - 10 * MINUTE)
    page = signed_in(ina_of(room)).get(f"/assess/rooms/{room.pk}/").content.decode()
    assert "Lost contact" in page
    assert "0 of 3" in page
    assert "30 min left" in page
    assert attempt.items.first().question_version.definition["stem"] not in page


def test_a_room_of_many_is_read_in_as_many_queries_as_a_room_of_one(signed_in, room, now):
    client, here = signed_in(ina_of(room)), f"/assess/rooms/{room.pk}/now/"
    sits(room, at=now)
    client.get(here)
    with counted_queries() as one:
        client.get(here)
    for number in range(5):
        sits(room, factories.person(f"Candidate {number}"), at=now)
    with counted_queries() as six:
        client.get(here)
    assert six.count == one.count <= 14, str(six)


def test_a_page_that_has_not_changed_is_not_sent_again(signed_in, room):
    client, here = signed_in(ina_of(room)), f"/assess/rooms/{room.pk}/now/"
    answer = client.get(here)
    assert answer.status_code == 200
    assert client.get(here, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    sits(room, at=clock.now())
    assert client.get(here, headers={"If-None-Match": answer["ETag"]}).status_code == 200
