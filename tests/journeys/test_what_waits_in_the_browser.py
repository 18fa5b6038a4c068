"""What waits in a browser while its candidate goes on: an answer of a page that is gone, a file of a question that was left."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from assessments.models import Attempt, AttemptStep
from people import clock
from tests.assessments.building import question, rules_only, started
from tests.assessments.question_types.samples import FILES
from tests.cpd_records.cpd_acts import pdf
from tests.journeys import stories
from tests.journeys.visitors import WIDE

SAVED = re.compile(r"Saved at \d\d:\d\d")


def sits(visitor: Any, attempt: Attempt) -> Any:
    olu = visitor(viewport=WIDE)
    stories.signs_in(olu, attempt.officer)
    olu.goes_to(f"/assess/{attempt.pk}/")
    olu.page.wait_for_load_state("networkidle")
    return olu


def without_storing(page: Page) -> None:
    """Let a page go as when its browser is killed: what its tab was called is not written down."""
    page.evaluate("addEventListener('pagehide', event => event.stopImmediatePropagation(), true)")
    page.close()


@pytest.mark.parametrize("lands_on", ["", "review/"], ids=["question", "review"])
@pytest.mark.parametrize("layout", ["one", "whole"])
def test_an_answer_is_sent_although_the_page_after_it_took_over_and_never_heard_so(
    visitor: Any, layout: str, lands_on: str
) -> None:
    question("q1")
    version = rules_only(draw=[{"outcome": "LO1", "count": 1}], layout=layout)
    attempt = started(version, stories.person("Olu Demo"), at=clock.now())
    olu = sits(visitor, attempt)
    first = olu.page
    first.get_by_label("True").check()
    expect(first.locator("[data-save-text]")).to_have_text(SAVED)
    first.route("**/save/", lambda route: route.abort())
    first.get_by_label("False").check()
    expect(first.locator("[data-save-text]")).to_have_text("Not saved. Kept in this browser")
    second = olu.context.new_page()
    without_storing(first)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    second.route("**/save/", lose_the_answer)
    second.goto(f"{olu.address}/assess/{attempt.pk}/")
    expect(second.get_by_label("False")).to_be_checked()
    for _look in range(100):
        attempt.refresh_from_db()
        if attempt.turn == 2:
            break
        second.wait_for_timeout(50)
    assert attempt.turn == 2
    third = olu.context.new_page()
    without_storing(second)
    third.goto(f"{olu.address}/assess/{attempt.pk}/{lands_on}")
    for _look in range(100):
        if attempt.items.get().response == {"answer": False}:
            break
        third.wait_for_timeout(50)
    assert attempt.items.get().response == {"answer": False}


def test_an_answer_another_device_gave_since_is_not_written_over(visitor: Any) -> None:
    question("q1")
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), stories.person("Olu Demo"), at=clock.now())
    olu = sits(visitor, attempt)
    olu.page.route("**/save/", lambda route: route.abort())
    olu.page.get_by_label("False").check()
    expect(olu.page.locator("[data-save-text]")).to_have_text("Not saved. Kept in this browser")
    without_storing(olu.page)
    elsewhere = sits(visitor, attempt).page
    elsewhere.get_by_label("True").check()
    expect(elsewhere.locator("[data-save-text]")).to_have_text(SAVED)
    back = olu.context.new_page()
    back.goto(f"{olu.address}/assess/{attempt.pk}/")
    back.wait_for_load_state("networkidle")
    expect(back.get_by_label("True")).to_be_checked()
    assert attempt.items.get().response == {"answer": True}


def test_a_file_of_a_question_that_was_left_for_good_is_said_not_to_be_uploaded(visitor: Any, tmp_path: Path) -> None:
    question("files", type="file_upload", definition=dict(FILES))
    question("next", outcome="LO2")
    draw = [{"outcome": "LO1", "count": 1, "section": "First"}, {"outcome": "LO2", "count": 1, "section": "Then"}]
    attempt = started(rules_only(draw=draw, navigation="forward"), stories.person("Olu Demo"), at=clock.now())
    olu = sits(visitor, attempt)
    page = olu.page
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(pdf())

    def later(route: Route) -> None:
        """The file is slow; its candidate goes on meanwhile."""
        if "multipart" not in route.request.headers.get("content-type", ""):
            route.continue_()
            return
        held.append(route)

    held: list[Route] = []
    page.route("**/save/", later)
    page.get_by_label("Choose files").set_input_files(plan)
    for _look in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Next question").click()
    expect(page.locator("[data-place]")).to_have_text("2")
    for _look in range(100):
        if AttemptStep.objects.filter(attempt=attempt, kind="passed_on").exists():
            break
        page.wait_for_timeout(50)
    held[0].continue_()
    main = page.locator("main")
    expect(main.get_by_text("The file you chose for question 1 was not uploaded.")).to_be_visible()
    expect(main.get_by_text("You had gone on from it, and this test goes forward only.")).to_be_visible()
    olu.looks()
    assert attempt.items.get(position=1).response is None
    page.get_by_label("True").check()
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
