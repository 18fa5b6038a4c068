"""When a session ends, who is told, and what puts the end off."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from people.models import User
from people.sessions import ENDS
from tests.courses import factories as taught
from tests.courses.authoring import family
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
LENGTH = settings.SESSION_COOKIE_AGE
STAY = "/account/stay-signed-in/"


@pytest.fixture
def officer(person: Any) -> User:
    made: User = person("Olu Demo", password=PASSWORD)
    return made


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    """A browser in which the officer signed in through the sign-in page."""
    client.post("/accounts/login/", {"login": officer.email, "password": PASSWORD})
    return client


def ends(client: Client) -> datetime:
    return datetime.fromtimestamp(client.session[ENDS], tz=UTC)


def put_back(client: Client, *, hours: int) -> None:
    """Let the session be as many hours older than it is."""
    session = client.session
    session[ENDS] -= hours * 3600
    session.save()


def told(page: Any) -> re.Match[str] | None:
    return re.search(r'<template data-session="(\d+)" data-clock="(\d\d:\d\d)">', page.content.decode())


def test_every_page_of_the_signed_in_says_when_the_session_ends(desk):
    for address in ("/my/", "/catalogue/", "/cpd/log/", "/account/"):
        found = told(desk.get(address))
        assert found is not None, address
        assert LENGTH - 60 < int(found[1]) <= LENGTH
        assert found[2] == f"{timezone.localtime(ends(desk)):%H:%M}"


def test_it_is_the_end_that_the_server_keeps(desk):
    kept = Session.objects.get(pk=desk.session.session_key).expire_date
    assert abs(kept - ends(desk)) < timedelta(seconds=5)


def test_strangers_have_no_session_that_could_end(client):
    assert told(client.get("/catalogue/")) is None
    assert ENDS not in client.session


def test_a_session_that_began_before_ends_were_noted_says_nothing(signed_in, officer):
    assert told(signed_in(officer).get("/my/")) is None


def test_reading_puts_nothing_off_and_writes_nothing(desk):
    before = ends(desk)
    desk.get("/my/")
    with counted_queries() as queries:
        desk.get("/my/")
    assert ends(desk) == before
    assert not [sql for sql in queries.statements if "django_session" in sql and not sql.startswith("SELECT")]


def test_one_press_begins_the_session_anew(desk):
    put_back(desk, hours=11)
    answer = desk.post(STAY)
    said = answer.json()
    assert said["seconds"] == LENGTH
    assert said["clock"] == f"{timezone.localtime(ends(desk)):%H:%M}"
    assert said["words"] == f"You stay signed in until {said['clock']}."
    assert ends(desk) > timezone.now() + timedelta(seconds=LENGTH - 60)
    kept = Session.objects.get(pk=desk.session.session_key).expire_date
    assert abs(kept - ends(desk)) < timedelta(seconds=5)


def test_it_takes_a_press_and_somebody_who_is_signed_in(client, desk):
    assert desk.get(STAY).status_code == 405
    assert Client().post(STAY)["Location"].startswith("/accounts/login/")
    assert Client(enforce_csrf_checks=True).post(STAY).status_code == 403


def test_signing_out_leaves_no_end_behind(desk):
    desk.post("/accounts/logout/")
    assert ENDS not in desk.session
    assert told(desk.get("/catalogue/")) is None


def test_the_admin_says_it_too_and_promises_less(client, person):
    trainer = person("Tess", "trainer", family="ethics", password=PASSWORD)
    family("ethics")
    client.post("/accounts/login/", {"login": trainer.email, "password": PASSWORD})
    page = client.get("/admin/account/")
    assert told(page) is not None
    assert "Copy what you have not saved before you leave this page" in page.content.decode()
    assert 'id="live"' in page.content.decode()


# --- An attempt -------------------------------------------------------------------------------------------------------


def sitting(desk: Client, officer: User) -> str:
    """Begin a test and return the address of the attempt."""
    enrolment = taught.enrolled(officer, taught.release_with_test())
    taught.do_lessons(enrolment, at=timezone.now())
    return str(desk.post("/learn/eth-901/final-test/")["Location"])


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(position|turn|device|sequence)" value="([^"]*)"', html))


def test_an_open_attempt_is_never_interrupted_by_the_notice(desk, officer):
    address = sitting(desk, officer)
    for page in (desk.get(address), desk.get(f"{address}review/")):
        assert page.status_code == 200
        assert told(page) is None
        assert "session.js" not in page.content.decode()


def test_an_attempt_begins_with_a_whole_session_before_it(desk, officer):
    put_back(desk, hours=11)
    sitting(desk, officer)
    assert ends(desk) > timezone.now() + timedelta(seconds=LENGTH - 60)


def test_nobody_is_signed_out_while_answers_are_saved(desk, officer):
    address = sitting(desk, officer)
    fields = {**hidden(desk.get(address).content.decode()), "answer": "true", "go": "next"}
    put_back(desk, hours=5)
    first = ends(desk)
    desk.post(f"{address}save/", fields)
    assert ends(desk) == first, "a session in its first half is left alone"

    put_back(desk, hours=3)
    desk.post(f"{address}save/", fields)
    assert ends(desk) > timezone.now() + timedelta(seconds=LENGTH - 60)
