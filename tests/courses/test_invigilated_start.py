"""The start page of an invigilated test: it asks for the start code of the room, shows again what was typed, and goes on without one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessments.models import Attempt
from assessments.rooms.opening import open_room
from people import clock
from tests import factories as people
from tests.courses import factories as learning

pytestmark = pytest.mark.django_db
START = "/learn/eth-901/final-test/"
HOUR = timedelta(hours=1)


@pytest.fixture
def candidate(signed_in):
    """Somebody before an invigilated test, with a browser and the assessment."""
    made = learning.release_with_test("ETH-901", is_invigilated=True)
    cara = people.person("Cara")
    learning.do_lessons(learning.enrolled(cara, made), at=clock.now())
    return signed_in(cara), made.steps.get(slug="final-test").assessment_version.assessment


def a_room(assessment):
    now = clock.now()
    return open_room(
        assessment,
        place="Hendon",
        opens_at=now - HOUR,
        closes_at=now + HOUR,
        invigilators=[people.person("Ina")],
        by=people.person("Ada", "training-admin"),
        at=now - HOUR,
    )


def test_the_page_says_how_it_starts_and_asks_for_the_code(candidate):
    client, _assessment = candidate
    page = client.get(START).content.decode()
    assert "An invigilator gives out the start code there." in page
    assert 'name="start_code"' in page


def test_without_a_room_or_with_a_wrong_code_nothing_starts_and_what_was_typed_stays(candidate):
    client, assessment = candidate
    answer = client.post(START, {"start_code": "bad-code"})
    assert answer.status_code == 422
    assert "No room is open for this test now. Ask the invigilator" in answer.content.decode()
    a_room(assessment)
    page = client.post(START, {"start_code": "bad-code"}).content.decode()
    assert "No room that is open now has this code." in page
    assert 'value="bad-code"' in page
    assert "Enter the start code." in client.post(START).content.decode()
    assert not Attempt.objects.exists()


def test_the_code_starts_it_in_the_room_and_going_on_asks_for_none(candidate):
    client, assessment = candidate
    room = a_room(assessment)
    answer = client.post(START, {"start_code": room.start_code.lower()})
    attempt = Attempt.objects.get()
    assert attempt.room == room
    assert answer["Location"] == f"/assess/{attempt.pk}/"
    page = client.get(START).content.decode()
    assert "Continue the test" in page
    assert 'name="start_code"' not in page
    assert client.post(START)["Location"] == f"/assess/{attempt.pk}/"
    assert Attempt.objects.count() == 1
