"""A candidate meets every kind of question: by keyboard and by finger, with script and without; and somebody who checks at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments import question_types
from assessments.models import Attempt
from assessments.pictures import keep_picture
from people import clock
from tests.assessments.building import TRUE_FALSE, question, rules_only, started
from tests.assessments.question_types.samples import FILES, SAMPLES, WRITTEN, drawing, values_of
from tests.courses import factories as taught
from tests.cpd_records.cpd_acts import pdf
from tests.journeys import stories
from tests.journeys.stories import box_of, fills
from tests.journeys.visitors import BOTH_WIDTHS, PHONE, WIDE, Visitor

SAVED = re.compile(r"Saved( at \d\d:\d\d)?")
MARKED_BY_PEOPLE = {"written": ("written", WRITTEN), "files": ("file_upload", FILES)}
CLOSED: dict[str, tuple[str, Any]] = {
    **{name: (sample.type, sample.definition) for name, sample in SAMPLES.items()},
    "sure": ("true_false", {**TRUE_FALSE, "confidence": True}),
}


def begun(kinds: dict[str, tuple[str, Any]], **rules: Any) -> Attempt:
    """Somebody's open attempt with a question of each of the kinds."""
    keep_picture(drawing(), by=None, at=clock.now())
    for name, (type_name, definition) in kinds.items():
        question(name, type=type_name, definition=dict(definition))
    usual = {"draw": [{"outcome": "LO1", "count": len(kinds)}], "pass_percent": 50, "feedback": "after_submit"}
    return started(
        rules_only(**{**usual, **rules}), stories.person("Olu Demo"), at=clock.now(), context_title="All kinds"
    )


def comes_to(somebody: Visitor, attempt: Attempt, name: str) -> Locator:
    """Open the question of that name by its address and return the part of the page it stands in."""
    item = attempt.items.get(question_version__question__code=name)
    somebody.goes_to(f"/assess/{attempt.pk}/?q={item.position}")
    return somebody.page.locator("[data-piece]")


def kept(attempt: Attempt, name: str) -> Any:
    return attempt.items.get(question_version__question__code=name).response


def is_saved(page: Page) -> None:
    """Nothing waits in this browser any more, and the page says so."""
    for _look in range(200):
        if not page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('attempt:')).length"):
            break
        page.wait_for_timeout(50)
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)


def order(piece: Locator) -> list[str]:
    return piece.locator("[data-item-text]").all_inner_texts()


@BOTH_WIDTHS
def test_each_is_answered_comes_back_and_is_received(visitor: Any, screen: Any, tmp_path: Path) -> None:
    attempt = begun({**CLOSED, **MARKED_BY_PEOPLE})
    olu = visitor(**screen)
    stories.signs_in(olu, attempt.officer)
    for name, sample in SAMPLES.items():
        fills(comes_to(olu, attempt, name), sample.right)
        is_saved(olu.page)
    fills(comes_to(olu, attempt, "sure"), {"answer": "false", "answer.confidence": "high"})
    is_saved(olu.page)
    comes_to(olu, attempt, "written").locator("textarea").fill("My grounds were these.\n\nI said them.")
    olu.page.locator("h1").click()
    is_saved(olu.page)
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(pdf())
    piece = comes_to(olu, attempt, "files")
    piece.get_by_label("Choose files").set_input_files(plan)
    expect(piece.get_by_label("plan.pdf")).to_be_checked()
    is_saved(olu.page)

    for name, sample in SAMPLES.items():
        piece = comes_to(olu, attempt, name)
        for field, value in sample.right.items():
            for one in values_of(value):
                box = box_of(piece, field, one)
                if box.count():
                    expect(box).to_be_checked()
                else:
                    expect(piece.locator(f"[name='{field}']")).to_have_value(one)
    olu.goes_to(f"/assess/{attempt.pk}/review/")
    olu.sees("10 of 10 answered, all received.")
    olu.presses("Submit my answers")
    olu.sees("We have received your test")
    olu.sees("A person marks 2 of your answers.")


def test_an_order_and_areas_of_a_picture_are_given_by_keyboard_alone(visitor: Any) -> None:
    attempt = begun({name: CLOSED[name] for name in ("ordering", "hotspot")})
    olu = visitor(viewport=WIDE)
    stories.signs_in(olu, attempt.officer)
    page = olu.page
    piece = comes_to(olu, attempt, "ordering")
    first = order(piece)[0]
    piece.get_by_role("button", name=f"Move down: {first}").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text(f"{first}: place 2 of 4")
    assert order(piece)[1] == first
    # The button goes with its line, so that pressing it again moves the same one.
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text(f"{first}: place 3 of 4")
    is_saved(page)
    moved = order(piece)
    olu.looks()
    # A place chosen in a list moves the line there and the others along.
    piece.get_by_label(f"Place of: {first}").select_option("1")
    assert order(piece) == [first, *[text for text in moved if text != first]]
    is_saved(page)
    seen = order(piece)
    page.reload()
    assert order(page.locator("[data-piece]")) == seen

    piece = comes_to(olu, attempt, "hotspot")
    piece.get_by_label("The door").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(piece.get_by_label("The window")).to_be_focused()
    page.keyboard.press("Space")
    is_saved(page)
    assert kept(attempt, "hotspot") == {"areas": ["a", "c"]}


@BOTH_WIDTHS
def test_an_area_is_chosen_and_left_again_by_pointing_at_the_picture(visitor: Any, screen: Any) -> None:
    attempt = begun({"hotspot": CLOSED["hotspot"]})
    olu = visitor(**screen)
    stories.signs_in(olu, attempt.officer)
    piece = comes_to(olu, attempt, "hotspot")
    door, stair = (piece.locator(f"label[for='answer-{area}'].hotspot__target") for area in "ab")
    door.click()
    stair.click()
    expect(piece.get_by_label("The door")).to_be_checked()
    expect(piece.get_by_label("The stair")).to_be_checked()
    stair.click()
    expect(piece.get_by_label("The stair")).not_to_be_checked()
    is_saved(olu.page)
    expect(olu.page.locator(".navigator__item--answered")).to_have_count(1)
    assert kept(attempt, "hotspot") == {"areas": ["a"]}


def test_a_file_that_is_refused_or_meets_no_connection_is_spoken_of_where_it_was_chosen(
    visitor: Any, tmp_path: Path
) -> None:
    attempt = begun({"files": MARKED_BY_PEOPLE["files"]})
    olu = visitor(viewport=PHONE)
    stories.signs_in(olu, attempt.officer)
    page = olu.page
    good, bad = tmp_path / "plan.pdf", tmp_path / "page.pdf"
    good.write_bytes(pdf())
    bad.write_bytes(b"<html>")
    piece = comes_to(olu, attempt, "files")
    piece.get_by_label("Choose files").set_input_files(bad)
    olu.sees("This file is not a PDF, although its name ends in .pdf. Nothing was uploaded.")
    expect(page.locator("[data-save-text]")).to_have_text("Not saved")
    olu.context.set_offline(True)
    piece.get_by_label("Choose files").set_input_files(good)
    expect(piece.get_by_text("The file was not uploaded. Check your connection, then choose it again.")).to_be_visible()
    olu.context.set_offline(False)
    piece.get_by_label("Choose files").set_input_files(good)
    expect(piece.get_by_label("plan.pdf")).to_be_checked()
    is_saved(page)
    expect(piece.get_by_label("Add or replace a file")).to_be_focused()
    piece.get_by_label("plan.pdf").uncheck()
    is_saved(page)
    expect(page.locator(".navigator__item--answered")).to_have_count(0)
    assert kept(attempt, "files") is None


def test_each_is_answered_without_script(visitor: Any, tmp_path: Path) -> None:
    attempt = begun({**CLOSED, **MARKED_BY_PEOPLE})
    olu = visitor(viewport=PHONE, javascript=False)
    stories.signs_in(olu, attempt.officer)
    for name, sample in SAMPLES.items():
        piece = comes_to(olu, attempt, name)
        expect(piece.get_by_role("button", name=re.compile("^Move"))).to_have_count(0)
        fills(piece, sample.right)
        olu.presses("Save my answer")
    fills(comes_to(olu, attempt, "written"), {"answer": "My grounds were these."})
    olu.presses("Save my answer")
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(pdf())
    comes_to(olu, attempt, "files").get_by_label("Choose files").set_input_files(plan)
    olu.presses("Upload")
    expect(olu.page.get_by_label("plan.pdf")).to_be_checked()
    olu.goes_to(f"/assess/{attempt.pk}/review/")
    olu.sees("9 of 10 answered, all received.")
    for name, sample in SAMPLES.items():
        assert kept(attempt, name) is not None, sample


@pytest.mark.parametrize(
    "screen", [{"viewport": WIDE}, {"viewport": PHONE, "javascript": False}], ids=["wide", "plain"]
)
def test_a_checked_answer_says_in_words_what_of_it_is_right(visitor: Any, screen: Any) -> None:
    attempt = begun(CLOSED, feedback="at_once")
    olu = visitor(**screen)
    stories.signs_in(olu, attempt.officer)
    told = {"matching": (1, 0), "gap_fill": (1, 0), "hotspot": (1, 0), "rate": (0, 0), "scenario": (0, 0)}
    for name, (right, wrong) in told.items():
        fills(comes_to(olu, attempt, name), SAMPLES[name].part)
        olu.presses("Check my answer")
        expect(olu.page.locator("#feedback")).to_contain_text("Partly right.")
        piece = olu.page.locator("[data-piece]")
        expect(piece.get_by_text("Right", exact=True)).to_have_count(right)
        expect(piece.get_by_text("Not right", exact=True)).to_have_count(wrong)
        expect(piece.locator("select:enabled, input:enabled")).to_have_count(0)


@BOTH_WIDTHS
def test_a_lesson_asks_them_as_checks_and_tells_at_once(visitor: Any, screen: Any) -> None:
    keep_picture(drawing(), by=None, at=clock.now())
    # Without the one that asks in the words of another: a reader finds a check by what it asks.
    kinds = [sample for name, sample in SAMPLES.items() if name != "rank"]
    slots = {f"check-c{number}": sample for number, sample in enumerate(kinds, start=1)}
    lesson = taught.lesson(
        "all-kinds",
        html="".join(f'<div data-slot="{slot}"></div>' for slot in slots),
        checks={
            slot: taught.check(question_types.get(sample.type).normalise(sample.definition), type=sample.type)
            for slot, sample in slots.items()
        },
        reflections={},
    )
    officer = stories.person("Olu Demo")
    taught.enrolled(officer, taught.release(steps=[lesson]))
    olu = visitor(**screen)
    stories.signs_in(olu, officer)
    olu.goes_to("/learn/eth-900/all-kinds/")
    for slot, sample in slots.items():
        section = olu.page.locator(f"#{slot}")
        fills(section, {name.replace("answer", slot, 1): value for name, value in sample.right.items()})
        section.get_by_role("button", name="Check my answer").click()
        expect(section.locator(".feedback--right")).to_be_visible()
    olu.looks()
    first = next(iter(slots))
    olu.page.locator(f"#{first}").get_by_role("link", name="Try again").click()
    expect(olu.page.locator(f"#{first}").get_by_role("button", name="Check my answer")).to_be_visible()
