"""An analyst looks for the worst question of a test, finds who chose what, narrows what is counted, and takes the list along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from assessments.models import AssessmentVersion
from people import clock
from tests.assessments import building
from tests.assessments.analysis.sittings import RIGHT, WRONG, candidate, sat
from tests.assessments.building import NOON
from tests.courses import authoring
from tests.journeys import stories
from tests.journeys.visitors import PHONE, WIDE

FAMILY = "mental-health"
QUESTIONS, CANDIDATES = 6, 36
# The option a draws the strongest; b is right.
OPTIONS = [{**option, "fraction": 1 if option["id"] == "b" else 0} for option in building.SINGLE["options"]]


def a_test_that_was_sat() -> AssessmentVersion:
    """Thirty-six sat it: the first knows nothing, the last everything, and of the sixth question they believe otherwise."""
    authoring.family(FAMILY, "Mental health")
    for number in range(1, QUESTIONS):
        stem = f"Case {number}: may a 17-year-old be taken to a police station if an inspector says so?"
        building.question(f"final-q{number}", definition={**building.TRUE_FALSE, "stem": stem}, family=FAMILY)
    building.question(
        "final-q6", type="single_choice", definition={**building.SINGLE, "options": OPTIONS}, family=FAMILY
    )
    version = building.rules_only(draw=[{"outcome": "LO1", "count": QUESTIONS}], pass_percent=60, family=FAMILY)
    for number in range(CANDIDATES):
        known = number * QUESTIONS // CANDIDATES
        answers = {f"final-q{n}": RIGHT if n <= known else WRONG for n in range(1, QUESTIONS)}
        answers["final-q6"] = {"option": "abc"[0 if known > 3 else 1 + number % 2]}
        sat(version, candidate(number), answers, at=NOON + timedelta(hours=number), seconds=20 + number)
    return version


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_an_analyst_looks_for_the_worst_question(visitor, viewport, tmp_path):
    version = a_test_that_was_sat()
    tess = stories.person("Tess Demo", "trainer", family=FAMILY)
    analyst = visitor(viewport=viewport)
    stories.signs_in(analyst, tess)
    analyst.goes_to(f"/admin/assessments/tests/{version.assessment_id}/")
    analyst.follows("How the questions performed")
    analyst.sees("36 candidates")
    worst = analyst.page.locator(".analysis-weak li").first
    expect(worst).to_contain_text(
        "choose ‘On the way to hospital’ more often than the right answer. Check the key first."
    )
    # Of the two drawings of each picture one is shown, and nothing of it is cut off.
    expect(analyst.page.locator(".drawing__at:visible")).to_have_count(2)
    analyst.page.locator("summary").filter(has_text="As a table").click()
    analyst.sees("Candidates")

    analyst.follows("When do you speak to the nurse?")
    expect(analyst.page.locator(".drawing__at:visible")).to_have_count(1)
    expect(analyst.page.get_by_role("row").filter(has_text="Now, before you decide")).to_contain_text("(right)")
    analyst.page.go_back()

    analyst.page.get_by_label("Attempts", exact=True).select_option("Last attempts")
    analyst.presses("Show")
    analyst.sees("last attempts, 36 candidates")
    expect(analyst.page.get_by_label("Attempts", exact=True)).to_have_value("last")
    saved = analyst.downloads("CSV", tmp_path)
    assert saved.name == "final-questions.csv"
    assert "Check the key first" in saved.read_text("utf-8-sig")


def test_an_analyst_goes_from_the_worst_question_to_a_decision_that_a_colleague_checks(visitor, a_moment_passes):
    version = a_test_that_was_sat()
    analyst = visitor()
    stories.signs_in(analyst, stories.person("Tess Demo", "trainer", family=FAMILY))
    analyst.goes_to(f"/admin/assessments/tests/{version.assessment_id}/analysis/")
    analyst.page.locator(".analysis-weak li").first.get_by_role("link").click()
    analyst.sees("Who chose what")
    question = analyst.page.url

    # They propose to take it out, and read what that would change before anybody is asked.
    analyst.follows("Decide about the question")
    analyst.chooses("Take it out of the marking")
    analyst.page.get_by_label("Version 1 (approved").first.check()
    analyst.writes("What is wrong with the question", "The strongest candidates choose another answer.")
    analyst.presses("Propose")
    analyst.sees("from passed to not passed")
    analyst.sees("Nobody is named here")
    decision = analyst.page.url

    # A colleague looks the law up; only then can it be confirmed, and every attempt is marked again.
    colleague = visitor()
    stories.signs_in(colleague, stories.person("Ada Approver", "approver", family=FAMILY))
    colleague.page.goto(decision)
    colleague.page.get_by_label("What you looked at").fill("Mental Health Act 1983, section 136")
    colleague.page.get_by_label("When you looked").fill(clock.today().isoformat())
    colleague.page.keyboard.press("Escape")
    colleague.presses("The law bears it out")
    colleague.sees("Waits to be confirmed")
    analyst.page.goto(decision)
    analyst.presses("Confirm and mark again")
    analyst.sees("Confirmed")
    a_moment_passes()
    analyst.page.reload()
    analyst.sees(f"{CANDIDATES} attempts marked again")
    analyst.page.goto(question.partition("analysis/")[0] + "analysis/")
    analyst.sees("The test as a whole")
    analyst.follows("When do you speak to the nurse?")
    analyst.sees("Decided about it")
    analyst.follows("Take it out of the marking")
    analyst.sees("Confirmed")
