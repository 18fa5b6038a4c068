"""A candidate before all questions of a test on one page: each is saved by itself, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments.models import Attempt, AttemptStep
from people import clock
from people.adjustments import Granted, grant_adjustment
from tests import factories
from tests.assessments.building import question, rules_only, started
from tests.assessments.question_types.samples import SAMPLES, Fields, values_of
from tests.cpd_records.cpd_acts import pdf
from tests.journeys import stories
from tests.journeys.test_every_kind_of_question import CLOSED, MARKED_BY_PEOPLE, begun, fills, is_saved
from tests.journeys.visitors import BOTH_WIDTHS, PHONE, WIDE

SAVED = re.compile(r"Saved at \d\d:\d\d")


def two_sections(**rules: Any) -> Attempt:
    for number, outcome in enumerate(("LO1", "LO1", "LO2")):
        question(f"q{number}", outcome=outcome)
    question("number", type="number", outcome="LO3")
    question("text", type="written", outcome="LO4", definition=dict(MARKED_BY_PEOPLE["written"][1]))
    law = [{"outcome": f"LO{number}", "count": 2 if number == 1 else 1, "section": "Law"} for number in (1, 2)]
    care = [{"outcome": f"LO{number}", "count": 1, "section": "Care in custody", "least": 60} for number in (3, 4)]
    version = rules_only(draw=[*law, *care], layout="whole", pass_percent=50, **rules)
    return started(version, stories.person("Olu Demo"), at=clock.now(), context_title="Stop and search: knowledge test")


def sits(visitor: Any, attempt: Attempt, **screen: Any) -> Any:
    olu = visitor(**screen)
    stories.signs_in(olu, attempt.officer)
    olu.goes_to(f"/assess/{attempt.pk}/")
    return olu


def place_of(attempt: Attempt, code: str) -> int:
    return attempt.items.get(question_version__question__code=code).position


def sheet(page: Page, position: int) -> Locator:
    return page.locator(f"#question-{position}")


def named(position: int, fields: Fields) -> dict[str, Any]:
    return {name.replace("answer", f"answer-{position}", 1): value for name, value in fields.items()}


@BOTH_WIDTHS
@pytest.mark.parametrize("javascript", [True, False], ids=["scripted", "plain"])
def test_every_kind_is_answered_comes_back_and_is_received(
    visitor: Any, screen: Any, javascript: bool, tmp_path: Path
) -> None:
    attempt = begun({**CLOSED, **MARKED_BY_PEOPLE}, layout="whole")
    olu = sits(visitor, attempt, javascript=javascript, **screen)
    page = olu.page
    olu.looks()
    for name, sample in SAMPLES.items():
        position = place_of(attempt, name)
        fills(sheet(page, position), named(position, sample.right))
    sure, written, files = (place_of(attempt, name) for name in ("sure", "written", "files"))
    fills(sheet(page, sure), named(sure, {"answer": "false", "answer.confidence": "high"}))
    sheet(page, written).locator("textarea").fill("My grounds were these.\n\nI said them.")
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(pdf())
    sheet(page, files).get_by_label("Choose files").set_input_files(plan)
    if not javascript:
        sheet(page, files).get_by_role("button", name="Upload").click()
    expect(sheet(page, files).get_by_label("plan.pdf")).to_be_checked()
    if javascript:
        is_saved(page)
    page.reload()
    for name, sample in SAMPLES.items():
        position = place_of(attempt, name)
        for field, value in named(position, sample.right).items():
            for one in values_of(value):
                box = sheet(page, position).locator(
                    f"input:is([type=radio], [type=checkbox])[name='{field}'][value='{one}']"
                )
                if box.count():
                    expect(box).to_be_checked()
                else:
                    expect(sheet(page, position).locator(f"[name='{field}']")).to_have_value(one)
        expect(sheet(page, position).locator("[data-sheet-state]")).to_have_text(SAVED)
    olu.presses("Review and submit")
    olu.sees("10 of 10 answered, all received.")
    olu.presses("Submit my answers")
    olu.sees("We have received your test")


def test_each_question_has_its_own_state_while_the_network_is_away(visitor: Any) -> None:
    attempt = two_sections()
    olu = sits(visitor, attempt, viewport=PHONE)
    page = olu.page
    sheet(page, 1).get_by_label("False").check()
    expect(sheet(page, 1).locator("[data-sheet-state]")).to_have_text(SAVED)
    page.wait_for_load_state("networkidle")
    olu.context.set_offline(True)
    sheet(page, 2).get_by_label("True").check()
    expect(sheet(page, 2).locator("[data-sheet-state]")).to_have_text("Not saved. Kept in this browser")
    expect(sheet(page, 1).locator("[data-sheet-state]")).to_have_text(SAVED)
    olu.context.set_offline(False)
    expect(sheet(page, 2).locator("[data-sheet-state]")).to_have_text(SAVED)
    number = place_of(attempt, "number")
    sheet(page, number).get_by_role("textbox").fill("about a day")
    expect(sheet(page, number).locator("[data-sheet-state]")).to_have_text("Not saved")
    expect(sheet(page, number).locator("[data-answer-error]")).to_be_visible()
    expect(sheet(page, 1).locator("[data-answer-error]")).to_be_hidden()
    olu.looks()
    page.get_by_text("All questions:").click()
    page.locator(f".navigator__item[data-position='{number}']").click()
    assert page.url.endswith(f"#question-{number}")
    expect(sheet(page, number)).to_be_in_viewport()
    saved = AttemptStep.objects.filter(attempt=attempt, kind="saved").order_by("number")
    assert [step.position for step in saved] == [1, 2]


def test_a_second_tab_takes_over_the_whole_page(visitor: Any) -> None:
    attempt = two_sections()
    olu = sits(visitor, attempt, viewport=WIDE)
    first = olu.page
    sheet(first, 1).get_by_label("True").check()
    is_saved(first)
    second = olu.context.new_page()
    second.goto(first.url)
    sheet(second, 2).get_by_label("False").check()
    expect(sheet(second, 2).locator("[data-sheet-state]")).to_have_text(SAVED)
    sheet(first, 3).get_by_label("True").check()
    expect(first.locator("main").get_by_text("You moved to another device")).to_be_visible()
    expect(sheet(first, 1).get_by_label("True")).to_be_disabled()
    assert attempt.items.get(position=3).response is None


def test_whoever_types_without_a_pause_is_saved_every_few_seconds(visitor: Any) -> None:
    attempt = two_sections()
    page = sits(visitor, attempt, viewport=WIDE).page
    written = place_of(attempt, "text")
    box = sheet(page, written).locator("textarea")
    box.press_sequentially("grounds " * 11, delay=90)  # no pause reaches 0.8 seconds
    assert AttemptStep.objects.filter(attempt=attempt, kind="saved", position=written).exists()


def test_a_rest_hides_the_page_and_brings_it_back_in_larger_print(visitor: Any) -> None:
    somebody = stories.person("Olu Demo")
    granted = Granted(rest_minutes=10, has_larger_print=True)
    admin = factories.person("Admin", "training-admin")
    grant_adjustment(somebody, granted, by=admin, valid_from=clock.today() - timedelta(days=1))
    question("q1")
    question("q2")
    version = rules_only(draw=[{"outcome": "LO1", "count": 2}], layout="whole")
    attempt = started(version, somebody, at=clock.now())
    olu = sits(visitor, attempt, viewport=PHONE)
    page = olu.page
    sheet(page, 2).get_by_label("False").check()
    sheet(page, 1).get_by_label("Flag this question to come back to").check()
    box = page.locator(".govuk-checkboxes__label").first
    assert box.evaluate("it => Math.round(parseFloat(getComputedStyle(it, '::before').width))") == 34
    olu.presses("Take a rest break")
    olu.sees_heading("Rest break")
    assert "17-year-old" not in page.content()
    olu.presses("Go on with the test")
    expect(sheet(page, 2).get_by_label("False")).to_be_checked()
    expect(sheet(page, 1).get_by_label("Flag this question to come back to")).to_be_checked()
    olu.looks()
