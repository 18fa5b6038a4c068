"""A candidate with adjustments: told before the start what they make of the time, larger print, a rest that stops the clock, a receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from assessments.models import Attempt, AttemptStep
from people import clock
from people.adjustments import Granted, grant_adjustment
from tests.courses import factories as taught
from tests.journeys import stories
from tests.journeys.visitors import BOTH_WIDTHS

START = "/learn/eth-901/final-test/"
# The size of a page's letters in pixels: 16 for everybody, 22.4 (about 18 point on paper) in larger print.
SIZE = "getComputedStyle(document.documentElement).fontSize"


@BOTH_WIDTHS
def test_a_candidate_with_adjustments_sits_a_test(
    visitor: Callable[..., Any], screen: dict[str, Any], a_moment_passes: Callable[[], None], mailoutbox: list[Any]
) -> None:
    # Given a test of 60 minutes that closes in two hours, and a candidate to whom a training administrator grants adjustments.
    made = taught.release_with_test(minutes=60, closes_at=clock.now() + timedelta(hours=2), feedback="after_window")
    cara, ada = stories.person("Cara Demo"), stories.person("Ada Demo", "training-admin")
    taught.do_lessons(taught.enrolled(cara, made), at=clock.now())
    granted = Granted(extra_percent=25, rest_minutes=10, has_larger_print=True, keeps_order=True)
    grant_adjustment(cara, granted, by=ada, valid_from=clock.today())
    candidate = visitor(**screen)
    page = candidate.page
    stories.signs_in(candidate, cara)

    # When they come to the start page, it says what they have.
    candidate.goes_to(START)
    candidate.sees("You have 15 min more: 1 h 15 min in all.")
    candidate.sees("10 minutes for each hour")
    candidate.sees("The clock stops meanwhile.")
    candidate.sees("Begin before then; you keep the whole time.")
    candidate.sees("Shown when the test has closed and everybody has handed in")
    assert page.evaluate(SIZE) == "16px"

    # And they start, in larger print and with 75 minutes.
    candidate.presses("Start the test")
    stories.stands_at_question(candidate, 1)
    assert page.evaluate(SIZE) == "22.4px"
    attempt = Attempt.objects.get()
    assert attempt.deadline_at == attempt.started_at + timedelta(minutes=75)
    candidate.chooses("Say so", exact=True)
    expect(page.locator("[data-save-state]")).to_contain_text("Saved at")

    # When they rest, the question is hidden and the clock stands still; going on gives back all of it.
    candidate.presses("Take a rest break")
    candidate.sees_heading("Rest break")
    candidate.does_not_see("Say so")
    assert page.evaluate(SIZE) == "22.4px"
    candidate.presses("Go on with the test")
    stories.stands_at_question(candidate, 1)
    expect(page.get_by_label("Say so", exact=True)).to_be_checked()
    paused, resumed = AttemptStep.objects.filter(attempt=attempt, kind__in=("paused", "resumed")).order_by("number")
    rested, ends = resumed.at - paused.at, attempt.deadline_at
    assert rested > timedelta()
    attempt.refresh_from_db()
    assert attempt.deadline_at == ends + rested

    # And they answer two more, leave one, and hand in.
    for number in (2, 3):
        page.get_by_role("button", name="Next question").first.click()
        stories.stands_at_question(candidate, number)
        candidate.chooses("Say so", exact=True)
        expect(page.locator("[data-save-state]")).to_contain_text("Saved at")
    page.get_by_role("button", name="Next question").first.click()
    stories.stands_at_question(candidate, 4)
    page.get_by_role("button", name="Review and submit").first.click()
    candidate.sees_heading("Review before you submit")
    candidate.sees("3 of 4 answered, all received.")
    candidate.presses("Submit my answers")

    # Then the receipt says of each question whether it was answered, and so does the mail.
    candidate.sees_heading("We have received your test")
    candidate.sees("3 answered, 1 left unanswered.")
    assert page.evaluate(SIZE) == "22.4px"
    candidate.sees("Left unanswered")
    a_moment_passes()
    [mail] = [one for one in mailoutbox if one.to == [cara.email]]
    assert "Left unanswered" in " ".join(mail.body.split())

    # And the result keeps what was right to itself while the test can still be begun.
    candidate.presses("See my result", role="link")
    candidate.sees_heading("You passed")
    candidate.sees("Answers are shown when the test has closed")
    candidate.does_not_see("Better answer")
