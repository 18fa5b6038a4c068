"""A candidate in a test: the page saves, keeps, sends again, moves between devices and tells the time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assessments.attempts import submit_attempt
from assessments.models import Attempt
from people import clock
from tests import factories
from tests.assessments.building import DEFINITIONS, question, rules_only, started

PASSWORD = "a long enough password"
SAVED = re.compile(r"Saved at \d\d:\d\d")


@pytest.fixture
def attempt(transactional_db: None) -> Attempt:
    """An open attempt over the five types, forty minutes long, of a candidate called Bo."""
    for number, name in enumerate(DEFINITIONS):
        question(f"t{number}", type=name)
    return started(
        rules_only(draw=[{"outcome": "LO1", "count": 5}]),
        factories.person("Bo", password=PASSWORD),
        at=clock.now() - timedelta(minutes=5),
        context_title="Stop and search: knowledge test",
    )


@pytest.fixture
def sits(visitor: Callable[..., Any], attempt: Attempt) -> Callable[..., Any]:
    """Return a function that sits the candidate down before the attempt."""

    def sit(**more: Any) -> Any:
        somebody = visitor(**more)
        somebody.signs_in(attempt.officer.email, PASSWORD)
        somebody.goes_to(f"/assess/{attempt.pk}/")
        return somebody

    return sit


def place_of(attempt: Attempt, type_name: str) -> int:
    return attempt.items.get(question_version__type=type_name).position


def state(page: Page) -> Any:
    return page.locator("[data-save-text]")


def kept_in_browser(page: Page) -> int:
    return int(
        page.evaluate(
            "Object.keys(localStorage).filter(key => key.startsWith('attempt:'))"
            ".reduce((sum, key) => sum + Object.keys(JSON.parse(localStorage[key])).length, 0)"
        )
    )


def shows(page: Page, position: int) -> None:
    page.locator(f".navigator__item[value='{position}']").click()
    expect(page.locator("[data-place]")).to_have_text(str(position))


def test_a_candidate_answers_loses_the_connection_carries_on_and_submits(
    sits: Callable[..., Any], attempt: Attempt
) -> None:
    bo = sits()
    page = bo.page
    page.wait_for_load_state("networkidle")
    shows(page, place_of(attempt, "true_false"))
    page.get_by_label("False").check()
    expect(state(page)).to_have_text(SAVED)

    bo.context.set_offline(True)
    shows(page, place_of(attempt, "single_choice"))
    page.get_by_label("Now, before you decide").check()
    expect(page.locator("main").get_by_text("Your last answer has not reached us yet.")).to_be_visible()
    shows(page, place_of(attempt, "number"))
    page.locator("#answer").fill("24")
    expect(page.locator("main").get_by_text("Your last 2 answers have not reached us yet.")).to_be_visible()
    expect(state(page)).to_have_text("Not saved. Kept in this browser")
    assert kept_in_browser(page) == 2

    bo.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    expect(page.locator("main").get_by_text("have not reached us yet")).to_have_count(0)
    assert kept_in_browser(page) == 0
    shows(page, place_of(attempt, "single_choice"))
    expect(page.get_by_label("Now, before you decide")).to_be_checked()

    page.get_by_label("Flag this question to come back to").check()
    expect(page.locator(".navigator__item--flagged")).to_have_count(1)
    page.get_by_role("button", name="Review and submit").first.click()
    bo.sees("3 of 5 answered, all received.")
    bo.looks()
    bo.sees("Two have no answer")
    bo.presses("Submit my answers")
    bo.sees("We have received your test")
    assert attempt.items.filter(response__isnull=False).count() == 3


def test_what_was_not_sent_is_sent_after_a_reload(sits: Callable[..., Any], attempt: Attempt) -> None:
    page = sits().page
    page.wait_for_load_state("networkidle")
    position = place_of(attempt, "short_text")
    shows(page, position)
    page.route("**/save/", lambda route: route.abort())
    page.locator("#answer").fill("AMHP")
    expect(state(page)).to_have_text("Not saved. Kept in this browser")
    page.unroute("**/save/")
    page.goto(page.url)
    expect(page.locator("#answer")).to_have_value("AMHP")
    expect(state(page)).to_have_text(SAVED)
    assert attempt.items.get(position=position).response == {"text": "AMHP"}


def test_a_second_tab_takes_over_and_the_first_turns_read_only(sits: Callable[..., Any], attempt: Attempt) -> None:
    bo = sits()
    first = bo.page
    shows(first, place_of(attempt, "true_false"))
    first.get_by_label("True").check()
    expect(state(first)).to_have_text(SAVED)
    second = bo.context.new_page()
    second.goto(first.url)
    second.wait_for_load_state("networkidle")
    second.get_by_label("False").check()
    expect(state(second)).to_have_text(SAVED)
    first.get_by_label("Flag this question to come back to").check()
    expect(
        first.locator("main").get_by_text(
            re.compile(r"You moved to another device at \d\d:\d\d\. This one is now read only\.")
        )
    ).to_be_visible()
    expect(first.get_by_label("True")).to_be_disabled()
    assert attempt.items.get(question_version__type="true_false").response == {"answer": False}


def test_an_answer_given_after_the_session_ended_is_kept_and_sent_after_signing_in(
    sits: Callable[..., Any], attempt: Attempt
) -> None:
    bo = sits()
    page = bo.page
    page.wait_for_load_state("networkidle")
    shows(page, place_of(attempt, "true_false"))
    bo.context.clear_cookies(name="sessionid")
    page.get_by_label("False").check()
    expect(page.locator("main").get_by_text("You are signed out.")).to_be_visible()
    with bo.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again (opens a new tab)").click()
    other = opened.value
    other.locator("input[name=login]").fill(attempt.officer.email)
    other.locator("input[name=password]").fill(PASSWORD)
    other.locator("main button[type=submit]").first.click()
    other.wait_for_url(lambda address: "/accounts/login" not in address)
    page.bring_to_front()
    expect(state(page)).to_have_text(SAVED)
    assert attempt.items.get(question_version__type="true_false").response == {"answer": False}


def test_what_is_no_number_is_refused_beside_the_question(sits: Callable[..., Any], attempt: Attempt) -> None:
    page = sits(viewport={"width": 360, "height": 740}).page
    page.wait_for_load_state("networkidle")
    page.get_by_text("All questions:").click()
    shows(page, place_of(attempt, "number"))
    page.locator("#answer").fill("lots")
    expect(page.locator("main").get_by_text("Write a number in figures, for example 24 or 1.5.").first).to_be_visible()
    page.locator("#answer").fill("24")
    expect(state(page)).to_have_text(SAVED)
    expect(page.locator("main").get_by_text("Write a number in figures, for example 24 or 1.5.").first).to_be_hidden()


def test_time_is_told_at_four_moments_and_shown_only_on_request(sits: Callable[..., Any], attempt: Attempt) -> None:
    bo = sits()
    page = bo.page
    expect(page.locator("main").get_by_text("minutes left")).to_have_count(0)
    page.clock.install()
    page.reload()
    page.wait_for_load_state(
        "networkidle"
    )  # the other questions are here: showing one is no page load, which would end the notice
    page.get_by_role("button", name="Show time left").click()
    expect(page.locator("[data-time-left]")).to_have_text("35 minutes left")
    page.clock.fast_forward("15:05")
    expect(page.locator("main").get_by_text("Half your time is left: 20 minutes.")).to_be_visible()
    page.clock.fast_forward("15:00")
    expect(page.locator("main").get_by_text("5 minutes left.", exact=True)).to_be_visible()
    expect(page.locator("main").get_by_text("5 questions have no answer.")).to_be_visible()
    shows(page, place_of(attempt, "true_false"))
    page.get_by_label("False").check()
    expect(page.locator("main").get_by_text("4 questions have no answer.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Hide time left")).to_be_visible()
    assert bo.faults == []


def test_a_test_closed_elsewhere_leads_to_its_receipt(sits: Callable[..., Any], attempt: Attempt) -> None:
    page = sits().page
    page.wait_for_load_state("networkidle")
    submit_attempt(attempt, by=attempt.officer, at=clock.now())
    page.get_by_label("Flag this question to come back to").click()
    page.wait_for_url("**/receipt/")
    assert kept_in_browser(page) == 0


def test_a_candidate_without_script_answers_reviews_and_submits(
    browser: Any, browser_context_args: dict[str, Any], live_server: Any, attempt: Attempt
) -> None:
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    page = context.new_page()
    page.goto(f"{live_server.url}/assess/{attempt.pk}/?q={place_of(attempt, 'true_false')}")
    page.locator("input[name=login]").fill(attempt.officer.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.get_by_label("False").check()
    page.get_by_role("button", name="Save my answer").click()
    expect(state(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Review and submit").first.click()
    expect(page.locator("main").get_by_text("1 of 5 answered, all received.")).to_be_visible()
    page.get_by_role("button", name="Submit my answers").click()
    expect(page.get_by_role("heading", name="We have received your test")).to_be_visible()
    context.close()
