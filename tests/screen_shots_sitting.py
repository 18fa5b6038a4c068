"""The pictures of sitting: a start page with window, sections and adjustments, the adjustments themselves, practice, question files."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.screen_shots import Shot


def answer_wrong(page: Page, _states: dict[str, str]) -> None:
    button = page.get_by_role("button", name="Check my answer")
    # What was answered at the first width is told already at the second.
    if button.count():
        page.get_by_label("True").check()
        button.click()
    expect(page.locator("#feedback, .feedback").first).to_be_visible()


def grant_nothing(page: Page, _states: dict[str, str]) -> None:
    page.locator("main button[type=submit]").first.click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


SITTING_SHOTS = (
    Shot("15-start-adjusted", "adjusted", "{start}"),
    Shot("15-result-parts", "parts", "{parts}"),
    Shot("15-adjustments", "training-admin", "/adjustments/"),
    Shot("15-adjustments-person", "training-admin", "{adjustments}"),
    Shot("15-adjustments-grant", "training-admin", "{adjustments}grant/"),
    Shot("15-adjustments-grant-nothing", "training-admin", "{adjustments}grant/", grant_nothing),
    Shot("15-adjustments-correct", "training-admin", "{adjustment}correct/"),
    Shot("15-adjustments-end", "training-admin", "{adjustment}end/"),
    Shot("15-adjustments-mine", "adjusted", "/adjustments/mine/"),
    Shot("15-practice", "practises", "/my/practice/"),
    Shot("15-practice-home", "practises", "/my/"),
    Shot("15-practice-question", "practising", "{practice-question}"),
    Shot("15-practice-checked", "practising", "{practice-question}", answer_wrong),
    Shot("15-home-invigilates", "assessor", "/my/"),
    Shot("15-import", "trainer", "/admin/assessments/questions/import/"),
    Shot("15-import-look", "trainer", "{import-look}"),
    Shot("15-export", "trainer", "/admin/assessments/questions/export/"),
    Shot("15-export-look", "trainer", "/admin/assessments/questions/export/?bank=MH-101&topic=&format=gift"),
)
