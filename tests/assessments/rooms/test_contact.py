"""Hearing from the page of a test, and what it shows while its clock stands still: with and without script."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from assessments.attempts import save_response, submit_attempt
from assessments.contact import clock_now, hear_from
from assessments.models import AttemptStep, Contact
from assessments.refusals import UnknownAttempt
from assessments.rests import begin_rest, is_resting
from assessments.rooms.pausing import extend, run_on, stop
from assessments.rooms.reading import LOST_AFTER, Place, room_page
from people import clock
from tests import factories
from tests.assessments.building import MINUTE, NOON, SECOND, assessment, started
from tests.assessments.rooms.sittings import HOUR, a_room, fresh, ina_of, invigilated, sits
from tests.assessments.rooms.test_rests import sitting
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def room(now):
    return a_room(opens_at=now - HOUR, closes_at=now + HOUR, at=now - HOUR)


def place_of(room, at):
    return room_page(room, at=at).lines[0].place


def test_a_page_that_is_heard_of_is_in_contact_and_one_that_is_not_is_lost():
    room = a_room()
    one = sits(room, at=NOON)
    assert place_of(room, NOON + LOST_AFTER) is Place.WORKING
    assert place_of(room, NOON + LOST_AFTER + SECOND) is Place.LOST
    for second in (60, 80):
        hear_from(one.pk, by=one.officer, at=NOON + second * SECOND)
    assert Contact.objects.get().seen_at == NOON + 80 * SECOND
    assert place_of(room, NOON + 100 * SECOND) is Place.WORKING
    assert place_of(room, NOON + 80 * SECOND + LOST_AFTER + SECOND) is Place.LOST
    save_response(one, 1, {"answer": True}, by=one.officer, at=NOON + 130 * SECOND, device="desk", sequence=2)
    line = room_page(room, at=NOON + 150 * SECOND).lines[0]
    assert (line.place, line.answered, line.saved_at) == (Place.WORKING, 1, NOON + 130 * SECOND)
    save_response(one, 1, None, by=one.officer, at=NOON + 140 * SECOND, device="desk", sequence=3)
    assert room_page(room, at=NOON + 150 * SECOND).lines[0].answered == 0


def test_a_word_is_one_row_and_no_step(room, now):
    one = sits(room, at=now)
    before = AttemptStep.objects.count()
    with counted_queries() as queries:
        for _time in range(2):
            hear_from(one.pk, by=one.officer, at=now)
    assert queries.count == 4, str(queries)
    assert AttemptStep.objects.count() == before
    assert Contact.objects.count() == 1


def test_nobody_is_heard_for_somebody_and_nothing_is_kept_of_a_test_nobody_watches(room, now):
    one = sits(room, at=now)
    with pytest.raises(UnknownAttempt):
        hear_from(one.pk, by=factories.person("Other"), at=now)
    free = started(assessment(), factories.person("Fred"), at=now)
    assert not hear_from(free.pk, by=free.officer, at=now).is_heard
    submit_attempt(one, by=one.officer, at=now)
    assert hear_from(one.pk, by=one.officer, at=now).state == "ended"
    assert not Contact.objects.exists()


def test_the_page_is_told_how_its_clock_stands(signed_in, room, now):
    one = sits(room, at=now - MINUTE)
    client, ina = signed_in(one.officer), ina_of(room)

    def told():
        return client.post(f"/assess/{one.pk}/contact/").json()

    assert told()["clock"] == "running"
    extend(room, one, 5, reason="Screen changed", by=ina, at=clock.now())
    assert told()["end"] == int(fresh(one).deadline_at.timestamp() * 1000)
    stop(room, None, reason="Fire alarm", by=ina, at=clock.now())
    assert told()["clock"] == "stopped"
    run_on(room, None, reason="All clear", by=ina, at=clock.now())
    assert told()["clock"] == "running"
    assert client.get(f"/assess/{one.pk}/contact/").status_code == 405


def test_while_the_clock_is_stopped_its_end_moves_with_the_time():
    room = a_room()
    one = sits(room, at=NOON)
    stop(room, one, reason="Unwell", by=ina_of(room), at=NOON + 10 * MINUTE)
    found = clock_now(fresh(one), at=NOON + 15 * MINUTE)
    assert (found.state, found.since, found.ends_at) == ("stopped", NOON + 10 * MINUTE, NOON + 45 * MINUTE)


def test_the_page_says_that_the_invigilator_stopped_the_clock_and_not_why(signed_in, room, now):
    one = sits(room, at=now - MINUTE)
    client = signed_in(one.officer)
    assert 'data-clock="running"' in client.get(f"/assess/{one.pk}/").content.decode()
    stop(room, one, reason="Looked at a telephone", by=ina_of(room), at=now)
    page = client.get(f"/assess/{one.pk}/").content.decode()
    assert 'data-clock="stopped"' in page
    assert "The clock is stopped by the invigilator." in page
    assert "telephone" not in page
    assert "Clock stopped" in client.get(f"/assess/{one.pk}/review/").content.decode()


def test_an_answer_sent_while_the_clock_is_stopped_comes_back_and_can_be_sent_later(signed_in, room, now):
    one = sits(room, at=now - 10 * MINUTE)
    client, ina = signed_in(one.officer), ina_of(room)
    stop(room, one, reason="Fire alarm", by=ina, at=now - MINUTE)
    sent = {"position": "1", "turn": "0", "device": "form", "sequence": "", "answer": "true", "go": "next"}
    answer = client.post(f"/assess/{one.pk}/save/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The clock is stopped by the invigilator." in page
    assert 'value="true" checked' in page.replace("\n", " ")
    assert "disabled" not in page
    script = {"position": 1, "turn": 0, "device": "tab", "sequence": 1, "response": {"answer": ["true"]}}
    refused = client.post(f"/assess/{one.pk}/save/", json.dumps(script), content_type="application/json")
    assert (refused.status_code, refused.json()["refused"]) == (409, "paused")
    run_on(room, one, reason="All clear", by=ina, at=clock.now())
    assert client.post(f"/assess/{one.pk}/save/", sent).status_code == 302
    assert one.items.get(position=1).response == {"answer": True}


def test_past_its_old_end_a_stopped_test_is_not_over(signed_in, room, now):
    one = sits(room, at=now - 50 * MINUTE)
    stop(room, one, reason="Fire alarm", by=ina_of(room), at=now - 30 * MINUTE)
    page = signed_in(one.officer).get(f"/assess/{one.pk}/").content.decode()
    assert "Time is up" not in page
    assert "The clock is stopped by the invigilator." in page


def test_a_rest_hides_the_question_keeps_the_answer_and_ends_at_a_press(signed_in, now):
    one = sitting(at=now - 10 * MINUTE)
    client, here = signed_in(one.officer), f"/assess/{one.pk}/"
    page = client.get(here).content.decode()
    assert "Take a rest break" in page
    assert "10 min of rest left" in page
    stem = one.items.get().question_version.definition["stem"]
    assert stem in page
    sent = {"position": "1", "turn": "0", "device": "form", "sequence": "", "answer": "false", "go": "rest"}
    answer = client.post(f"{here}save/", sent)
    assert answer.status_code == 302
    assert is_resting(fresh(one))
    assert one.items.get().response == {"answer": False}
    for address in (here, f"{here}review/", f"{here}questions/"):
        page = client.get(address).content.decode()
        assert "Rest break" in page
        assert stem not in page
    client.post(f"{here}work-on/")
    assert fresh(one).paused_at is None
    assert stem in client.get(here).content.decode()


def test_a_refused_rest_says_why_and_keeps_the_answer(signed_in, now):
    one = sitting(at=now - 10 * MINUTE, rest=0)
    client, here = signed_in(one.officer), f"/assess/{one.pk}/"
    assert "Take a rest break" not in client.get(here).content.decode()
    sent = {"position": "1", "turn": "0", "device": "form", "sequence": "", "answer": "false", "go": "rest"}
    page = client.post(f"{here}save/", sent, follow=True).content.decode()
    assert "has no rest breaks that stop the clock" in page
    assert one.items.get().response == {"answer": False}


def test_a_rest_is_not_offered_when_it_is_used_up(signed_in, now):
    one = sitting(at=now - 30 * MINUTE)
    begin_rest(one.pk, by=one.officer, at=now - 20 * MINUTE)
    client = signed_in(one.officer)
    client.post(f"/assess/{one.pk}/work-on/")
    assert "Take a rest break" not in client.get(f"/assess/{one.pk}/").content.decode()


def test_nobody_ends_a_stop_of_the_invigilator_by_working_on(signed_in, now):
    room = a_room(invigilated(minutes=60), opens_at=now - HOUR, closes_at=now + HOUR, at=now - HOUR)
    one = sitting(room=room, at=now - 10 * MINUTE)
    stop(room, one, reason="Unwell", by=ina_of(room), at=now)
    page = signed_in(one.officer).post(f"/assess/{one.pk}/work-on/", follow=True).content.decode()
    assert "It runs on when they let it." in page
    assert fresh(one).paused_at is not None


def test_an_invigilator_sees_who_rests_and_nothing_more_of_adjustments(signed_in, now):
    room = a_room(invigilated(minutes=60), opens_at=now - HOUR, closes_at=now + HOUR, at=now - HOUR)
    one = sitting(room=room, at=now - 10 * MINUTE)
    begin_rest(one.pk, by=one.officer, at=now - timedelta(minutes=2))
    page = signed_in(ina_of(room)).get(f"/assess/rooms/{room.pk}/").content.decode()
    assert "Resting" in page
    assert "52 min left" in page
    assert "adjust" not in page.lower()
