"""Somebody does not pass: what they are told, when they may try again, and the second attempt."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Attempt
from assessments.refusals import day_and_time
from people import clock
from tests.courses import factories as taught
from tests.journeys import stories
from tests.journeys.visitors import PHONE

START = "/learn/eth-901/final-test/"
# The colours of an element and of what it stands on, wherever they show.
COLOURS = """() => [...document.querySelectorAll('main, main *')].flatMap(element => {
    const style = getComputedStyle(element);
    return [style.color, style.backgroundColor, style.fill, ...['Top', 'Right', 'Bottom', 'Left']
        .filter(side => style[`border${side}Width`] !== '0px').map(side => style[`border${side}Color`])];
})"""
RED = {"rgb(163, 32, 29)", "rgb(251, 233, 232)"}


def ready_for_the_test(name: str):
    """Give somebody who has done all the lessons of a course that ends with a test of four."""
    who = stories.person(name)
    enrolment = taught.enrolled(who, taught.release_with_test())
    taught.do_lessons(enrolment, at=clock.now() - timedelta(days=2))
    return who, enrolment


def test_who_does_not_pass_is_told_without_red_what_to_study_and_when_to_try_again(visitor, tmp_path):
    olu, _enrolment = ready_for_the_test("Olu Demo")
    officer = visitor(viewport=PHONE)
    stories.signs_in(officer, olu)
    officer.goes_to(START)
    officer.sees("You have 3 left.")

    # When every answer is wrong, the result is told without red, with the study that would have changed most.
    sits(officer, "Say nothing")
    officer.sees_heading("Not passed this time")
    officer.sees("0 of 4. The pass mark was 75%")
    assert not RED & set(officer.page.evaluate(COLOURS))
    officer.sees("Study two lessons, about 20 min")
    officer.sees("Only you see this result.")

    # The exact moment of the next attempt is there, and goes into a calendar.
    opens_at = Attempt.objects.get().closed_at + timedelta(hours=24)
    again = officer.region("When you can try again")
    expect(again).to_contain_text(f"From {timezone.localtime(opens_at):%A}")
    expect(again).to_contain_text(f"{timezone.localtime(opens_at):%H:%M}")
    expect(again).to_contain_text("You have two attempts left.")
    calendar = officer.downloads("Add the date to my calendar", tmp_path)
    assert f"DTSTART:{opens_at:%Y%m%dT%H%M%SZ}" in calendar.read_text()

    # Until then the start page says so too, and offers no start.
    officer.goes_to(START)
    officer.sees(f"You can try again from {day_and_time(opens_at)}.")
    expect(officer.page.get_by_role("button", name="Start the test")).to_have_count(0)


def test_once_the_wait_is_over_a_second_attempt_passes(visitor):
    # Given a first attempt twenty-five hours ago, not passed.
    olu, enrolment = ready_for_the_test("Olu Demo")
    first = taught.sit(enrolment, right=1, at=clock.now() - timedelta(hours=25))

    # When they come back, its result says that they may start now, and the start page does too.
    officer = visitor(viewport=PHONE)
    stories.signs_in(officer, olu)
    officer.goes_to(f"{START}result/{first.pk}/")
    officer.sees("Now, if you wish.")
    officer.follows("Go to the start page")
    officer.sees("You have 2 left.")
    officer.sees("Attempt 1: not passed, 25%")

    # Then the second attempt completes the course, and the first is still there to be read.
    sits(officer, "Say so")
    officer.sees_heading("You passed")
    officer.sees("The course is complete")
    officer.goes_to(f"{START}result/{first.pk}/")
    officer.sees("You have passed this test since.")


def sits(officer, answer: str):
    """Start the test, give every question the same answer, hand in and read the result."""
    with officer.page.expect_response("**/questions/"):
        officer.presses("Start the test")
    for number in range(1, 5):
        stories.stands_at_question(officer, number)
        officer.chooses(answer, exact=True)
        officer.presses("Next question" if number < 4 else "Review and submit")
    officer.sees("4 of 4 answered, all received.")
    officer.presses("Submit my answers")
    officer.sees_heading("We have received your test")
    officer.follows("See my result")
