"""Two presses at the same moment, each a request of its own: on PostgreSQL and on SQLite's file alike."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from courses.models import Enrolment, PortfolioJudgement, PortfolioVersion, Recruit
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from cpd_records.models import Activity
from people import clock
from tests import factories
from tests.courses import factories as learning
from tests.courses.portfolio import acts as portfolio
from tests.courses.programmes.acts import administrator

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(browser: Client, address: str, data: dict[str, Any], other: Client | None = None) -> list[HttpResponse]:
    """Send the same form twice at the same moment, from two tabs of one browser, or from the browsers of two people."""
    barrier = Barrier(2)

    def press(number: int) -> HttpResponse:
        tab = Client(raise_request_exception=False)
        tab.cookies = (other or browser).cookies if number else browser.cookies
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


def a_recruit() -> Recruit:
    ada = administrator()
    begins = clock.today() - timedelta(weeks=2)
    intake = open_intake("Intake A", portfolio.release(), by=ada, at=clock.now(), starts_on=begins, place="Hendon")
    return join(factories.person("Rae Demo"), intake, by=ada, at=clock.now())


def test_a_double_click_on_hand_it_in_makes_one_piece_of_evidence(signed_in: Callable[..., Client]) -> None:
    recruit, today = a_recruit(), clock.today()
    said = {"title": "A search", "words": "I explained the grounds.", "headings": ["searching"], "place": "Peckham"}
    day = {f"happened_on_{part}": str(getattr(today, part)) for part in ("day", "month", "year")}
    token = "0b5c6a52-53a0-4d53-9c3b-0d5f1f7a4b12"
    first, second = at_once(signed_in(recruit.officer), "/my/portfolio/add/tutor/", {**said, **day, "token": token})
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert PortfolioVersion.objects.count() == 1


def test_of_two_who_judge_at_the_same_moment_one_decides_and_the_other_is_told(
    signed_in: Callable[..., Client],
) -> None:
    recruit = a_recruit()
    item = portfolio.handed_in(recruit, on=clock.today(), happened_on=clock.today())
    marks = {"marks": ["valid"], "reason": "Say what you told them.", "version": "1", "judged": "0"}
    one, other = (signed_in(portfolio.assessor(name)) for name in ("Asha Demo", "Bea Demo"))
    answers = at_once(one, f"/intakes/recruits/{recruit.pk}/portfolio/{item.pk}/", marks, other)
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    (told,) = (answer.content.decode() for answer in answers if answer.status_code == 422)
    assert "judged this at" in told
    assert "Say what you told them." in told
    assert PortfolioJudgement.objects.count() == 1
