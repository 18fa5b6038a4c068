"""The pictures of every type of question, open and checked, of their editors, and of how questions performed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.screen_shots import WIDE, Shot

ANSWERED = ("matching", "ordering", "gap_fill", "rate", "rank", "hotspot", "scenario", "sure", "written", "files")
CHECKED = ("matching", "gap_fill", "hotspot", "rate", "scenario")


def check_answer(page: Page, _states: dict[str, str]) -> None:
    button = page.get_by_role("button", name="Check my answer")
    # A checked answer is final: at the second width it is told already.
    if button.count():
        button.click()
    expect(page.locator("#feedback")).to_be_visible()


QUESTION_SHOTS = (
    *(Shot(f"05-kind-{name}", "kinds", f"{{kind-{name}}}") for name in ANSWERED),
    *(Shot(f"05-kind-{name}-checked", "once", f"{{once-{name}}}", check_answer) for name in CHECKED),
    Shot("05-kind-hotspot-forced-colours", "kinds", "{kind-hotspot}", widths=WIDE, forced_colours=True),
    Shot("05-kind-ordering-no-javascript", "kinds", "{kind-ordering}", javascript=False),
    Shot("05-one-page", "whole", "{one-page}"),
    Shot("11-analysis", "trainer", "{analysis}"),
    Shot("11-analysis-question", "trainer", "{analysis-question}"),
    Shot("11-decision-new", "trainer", "{propose}"),
    Shot("11-decisions", "trainer", "/admin/assessments/decisions/"),
    Shot("11-queries", "trainer", "/admin/assessments/queries/"),
    Shot("13-question-edit-hotspot", "trainer", "{edit-hotspot}"),
    Shot("13-question-edit-gaps", "trainer", "{edit-gap_fill}"),
    Shot("13-question-edit-case", "trainer", "{edit-scenario}"),
)
