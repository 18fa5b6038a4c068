"""Candidates in tests that are sat in another way: with adjustments, and forward only while the network is away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from assessments.models import AssessmentVersion, Attempt, AttemptStep
from assessments.refusals import clock_time
from people import clock
from people.adjustments import Granted, grant_adjustment
from tests import factories
from tests.assessments.building import question, rules_only, started
from tests.journeys.visitors import BOTH_WIDTHS

PASSWORD = "a long enough password"
SAVED = re.compile(r"Saved at \d\d:\d\d")


def paper(**rules: Any) -> AssessmentVersion:
    """Three questions in two sections."""
    for number, outcome in enumerate(("LO1", "LO1", "LO2")):
        question(f"q{number}", outcome=outcome)
    draw = [
        {"outcome": "LO1", "count": 2, "section": "Stop and search"},
        {"outcome": "LO2", "count": 1, "section": "Custody"},
    ]
    return rules_only(draw=draw, **rules)


def sits_down(visitor: Callable[..., Any], version: AssessmentVersion, **screen: Any) -> tuple[Any, Attempt]:
    """Let Bo, who has larger print and extra time, sit before an attempt that has just begun."""
    bo = factories.person("Bo", password=PASSWORD)
    granted = Granted(extra_percent=25, has_larger_print=True)
    admin = factories.person("Admin", "training-admin")
    grant_adjustment(bo, granted, by=admin, valid_from=clock.today() - timedelta(days=1))
    attempt = started(version, bo, at=clock.now(), context_title="Stop and search: knowledge test")
    somebody = visitor(**screen)
    somebody.signs_in(bo.email, PASSWORD)
    somebody.goes_to(f"/assess/{attempt.pk}/")
    return somebody, attempt


@BOTH_WIDTHS
@pytest.mark.django_db(transaction=True)
def test_a_candidate_goes_forward_only_in_larger_print_while_the_network_is_away(
    visitor: Callable[..., Any], screen: dict[str, Any]
) -> None:
    bo, attempt = sits_down(visitor, paper(navigation="forward"), **screen)
    page, main = bo.page, bo.page.locator("main")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "22.4px"
    # Circles grow with the words beside them.
    assert page.get_by_label("False").evaluate("input => Math.round(parseFloat(getComputedStyle(input).width))") == 34
    expect(main.get_by_text("When you go on, you cannot come back to this question.")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.get_by_label("False").check()
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)

    bo.context.set_offline(True)
    page.get_by_role("button", name="Next question").click()
    expect(page.locator("[data-place]")).to_have_text("2")
    page.get_by_label("True").check()
    page.get_by_role("button", name="Next question").click()
    expect(page.locator("[data-place]")).to_have_text("3")
    expect(main.locator(".exam-section")).to_have_text("Custody")
    expect(main.get_by_text("When you go on")).to_be_hidden()
    page.get_by_label("False").check()
    expect(main.get_by_text("have not reached us yet")).to_be_visible()
    bo.context.set_offline(False)
    expect(page.locator("[data-save-text]")).to_have_text(SAVED, timeout=15_000)

    steps = AttemptStep.objects.filter(attempt=attempt, kind__in=["saved", "passed_on"])
    assert [(step.kind, step.position) for step in steps] == [
        ("saved", 1),
        ("passed_on", 2),
        ("saved", 2),
        ("passed_on", 3),
        ("saved", 3),
    ]
    bo.goes_to(f"/assess/{attempt.pk}/?q=1")
    expect(main.get_by_text("You have gone on from question 1")).to_be_visible()
    expect(page.locator("[data-place]")).to_have_text("3")
    page.get_by_role("button", name="Review and submit").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review before you submit")
    assert page.get_by_role("link", name="Question 1").count() == 0
    page.get_by_role("button", name="Submit my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have received your test")


@pytest.mark.django_db(transaction=True)
def test_the_page_takes_over_an_end_that_was_moved(visitor: Callable[..., Any]) -> None:
    bo, attempt = sits_down(visitor, paper())
    page = bo.page
    expect(page.locator("strong[data-ends-at]")).to_be_visible()
    moved = attempt.deadline_at + timedelta(minutes=7)
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=moved)
    page.get_by_label("False").check()
    expect(page.locator("strong[data-ends-at]")).to_have_text(clock_time(moved))
