"""Two presses at the same moment, each a request of its own: on PostgreSQL and on SQLite's file alike."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from courses.models import Enrolment
from cpd_records.models import Activity
from people import clock
from tests.courses import factories as learning

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(browser: Client, address: str, data: dict[str, Any]) -> list[HttpResponse]:
    """Send the same form twice at the same moment, from two tabs of one browser."""
    barrier = Barrier(2)

    def press(_number: int) -> HttpResponse:
        tab = Client(raise_request_exception=False)
        tab.cookies = browser.cookies
        try:
            barrier.wait(timeout=30)
            return tab.post(address, data)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(press, range(2)))


def test_a_double_click_on_enrol_makes_one_enrolment(
    person: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    course = learning.release().course
    answers = at_once(signed_in(person("Bo")), f"/catalogue/{course.slug}/enrol/", {})
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer.headers["Location"] for answer in answers} == {f"/learn/{course.slug}/"}
    assert Enrolment.objects.count() == 1


def test_a_double_click_on_log_makes_one_activity(person: Callable[..., Any], signed_in: Callable[..., Client]) -> None:
    day = clock.today()
    answers = {
        "title": "A briefing",
        "kind": "briefing",
        "learned": "Say so.",
        "length_hours": "1",
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "client_token": "0b5c6a52-53a0-4d53-9c3b-0d5f1f7a4b11",
    }
    first, second = at_once(signed_in(person("Bo")), "/cpd/log/", answers)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert Activity.objects.count() == 1


def test_a_double_click_on_start_makes_one_attempt(
    person: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    officer = person("Bo")
    enrolment = learning.enrolled(officer, learning.release_with_test())
    learning.do_lessons(enrolment)
    first, second = at_once(signed_in(officer), f"/learn/{enrolment.course.slug}/final-test/", {})
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert officer.attempts.count() == 1
