"""An invigilated test: the room from its opening to its log, seen by the invigilator and by two candidates at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from assessments.models import Attempt, Contact, Room
from assessments.rooms import reading
from assessments.rooms.opening import open_room
from assessments.rooms.pausing import run_on, stop
from people import clock
from people.adjustments import Granted, grant_adjustment
from tests.courses import factories as taught
from tests.journeys import stories
from tests.journeys.visitors import BOTH_WIDTHS, PHONE

START = "/learn/eth-901/final-test/"
HOUR = timedelta(hours=1)


def a_room(made, ina):
    """A room that is open now for the test of a course."""
    now = clock.now()
    assessment = made.steps.get(slug="final-test").assessment_version.assessment
    return open_room(
        assessment,
        place="Hendon, room 12",
        opens_at=now - HOUR,
        closes_at=now + HOUR,
        invigilators=[ina],
        by=stories.person("Ada Demo", "training-admin"),
        at=now - HOUR,
    )


def ready(made, *names):
    people = [stories.person(name) for name in names]
    for somebody in people:
        taught.do_lessons(taught.enrolled(somebody, made), at=clock.now())
    return people


def starts(somebody, code):
    somebody.goes_to(START)
    somebody.writes("Start code", code)
    with somebody.page.expect_response("**/questions/"):
        somebody.presses("Start the test")
    stories.stands_at_question(somebody, 1)


def looks_now(somebody):
    """The next look of the room's own script, without its wait."""
    with somebody.page.expect_response("**/now/"):
        somebody.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def is_told(somebody):
    """The page's next word with the server, without its wait."""
    with somebody.page.expect_response("**/contact/"):
        somebody.page.evaluate("document.dispatchEvent(new Event('sitting-look'))")


def row_of(somebody, name):
    return somebody.page.locator("tr", has_text=name)


@BOTH_WIDTHS
def test_an_invigilator_runs_a_room(visitor, screen, monkeypatch):
    ina = stories.person("Ina Demo")
    made = taught.release_with_test(is_invigilated=True)
    room = a_room(made, ina)
    cara, dele = ready(made, "Cara Demo", "Dele Demo")
    watching, one, two = visitor(**screen), visitor(), visitor(viewport=PHONE)

    # Given a room that is open, with nobody in it yet.
    stories.signs_in(watching, ina)
    watching.goes_to("/assess/rooms/")
    watching.follows("Hendon, room 12")
    watching.sees("Nobody has started yet.")
    code = watching.page.locator(".room-code strong").inner_text()

    # When two candidates start by its code, one of whom mistypes it first, the room shows both by itself.
    stories.signs_in(one, cara)
    one.goes_to(START)
    one.writes("Start code", "wrong")
    one.presses("Start the test")
    one.sees("No room that is open now has this code.")
    expect(one.page.get_by_label("Start code")).to_have_value("wrong")
    starts(one, code.lower())
    stories.signs_in(two, dele)
    starts(two, code)
    one.chooses("Say so", exact=True)
    expect(one.page.locator("[data-save-state]")).to_contain_text("Saved at")
    looks_now(watching)
    expect(row_of(watching, "Cara Demo")).to_contain_text("1 of 4")
    expect(row_of(watching, "Dele Demo")).to_contain_text("Working")
    watching.looks()

    # When one is not heard of any more, the room says so aloud.
    two.context.set_offline(True)
    Contact.objects.filter(attempt__officer=cara).update(seen_at=clock.now() + HOUR)
    with monkeypatch.context() as sooner:
        sooner.setattr(reading, "LOST_AFTER", timedelta())
        looks_now(watching)
    expect(row_of(watching, "Dele Demo")).to_contain_text("Lost contact")
    expect(watching.page.locator("#live")).to_contain_text("Lost contact: Dele Demo")
    watching.looks()
    two.context.set_offline(False)
    is_told(two)
    looks_now(watching)
    expect(row_of(watching, "Dele Demo")).to_contain_text("Working")

    # When the clock is stopped for everybody, each page says so and holds what was typed there.
    watching.follows("Everybody’s clock")
    watching.page.locator("#stop").get_by_label("Why").fill("The fire alarm rang.")
    watching.presses("Stop the clock for everybody")
    watching.sees("The clock is stopped for 2 candidates.")
    watching.sees("Nobody starts in this room until it runs again.")
    is_told(one)
    one.sees("The clock is stopped by the invigilator.")
    expect(one.page.get_by_label("Say so", exact=True)).to_be_checked()
    expect(one.page.get_by_label("Say so", exact=True)).to_be_disabled()
    expect(one.page.locator("[data-clock-stopped]")).to_be_visible()
    expect(one.page.locator("[data-clock-runs]")).to_be_hidden()

    # When it runs on, work goes on, with the end moved.
    watching.follows("Everybody’s clock")
    watching.page.locator("#run").get_by_label("Why").fill("All clear.")
    watching.presses("Let the clock run on for everybody")
    is_told(one)
    expect(one.page.locator("[data-clock-stopped]")).to_be_hidden()
    one.chooses("Say nothing", exact=True)
    expect(one.page.locator("[data-save-state]")).to_contain_text("Saved at")

    # When one is given more time, their page says the new end, and the other's stays.
    end = one.page.locator("strong[data-ends-at]").inner_text()
    row_of(watching, "Cara Demo").get_by_role("link", name=re.compile("Clock")).click()
    watching.sees_heading("Cara Demo")
    watching.page.locator("#add").get_by_label("Minutes to add").fill("10")
    watching.page.locator("#add").get_by_label("Why").fill("The screen had to be changed.")
    watching.presses("Add time for this candidate")
    watching.sees("10 minutes added for Cara Demo.")
    is_told(one)
    expect(one.page.locator("strong[data-ends-at]")).not_to_have_text(end)
    expect(one.page.locator("#live")).to_contain_text("Your test now ends at")

    # And what happened is written down, read in the log, and the room closed.
    watching.follows("Write down an incident")
    watching.page.get_by_label("About").select_option(label=f"Dele Demo, {dele.service_number}")
    watching.writes("What happened", "Went out at the alarm and came back last.")
    watching.presses("Write it into the log")
    watching.follows("Whole log")
    watching.sees("Went out at the alarm and came back last.")
    watching.sees("10 minutes added")
    watching.follows("Hendon, room 12")
    watching.follows("Close the room")
    watching.sees("Two candidates still work.")
    watching.presses("Close the room")
    watching.sees("The room is closed.")
    assert Room.objects.get(pk=room.pk).closed_at is not None
    one.presses("Next question")
    one.chooses("Say so", exact=True)
    expect(one.page.locator("[data-save-state]")).to_contain_text("Saved at")


def test_what_is_typed_while_the_clock_is_stopped_is_sent_when_it_runs(visitor):
    ina = stories.person("Ina Demo")
    made = taught.release_with_test(is_invigilated=True)
    room = a_room(made, ina)
    [cara] = ready(made, "Cara Demo")
    one = visitor()
    stories.signs_in(one, cara)
    starts(one, room.start_code)
    attempt = Attempt.objects.get()

    # Given a clock that the invigilator has stopped a while ago, which the page does not know yet.
    stop(room, None, reason="Fire alarm", by=ina, at=clock.now() - timedelta(seconds=30))

    # When something is answered, it is refused, kept in the page, and the page finds out.
    one.chooses("Say so", exact=True)
    one.sees("The clock is stopped by the invigilator.")
    expect(one.page.locator("[data-save-state]")).to_contain_text("Kept in this browser")
    assert attempt.items.get(position=1).response is None

    # When the page is loaded again meanwhile, the answer still stands there.
    one.page.reload()
    one.sees("The clock is stopped by the invigilator.")
    expect(one.page.get_by_label("Say so", exact=True)).to_be_checked()

    # And when the clock runs again it is sent by itself.
    run_on(room, None, reason="All clear", by=ina, at=clock.now())
    is_told(one)
    expect(one.page.locator("[data-save-state]")).to_contain_text("Saved at")
    assert attempt.items.get(position=1).response == {"option": "a"}


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_rest_break_hides_the_question_and_gives_it_back(visitor, javascript):
    made = taught.release_with_test(minutes=60)
    [cara] = ready(made, "Cara Demo")
    one = visitor(javascript=javascript)
    stories.signs_in(one, cara)
    one.goes_to(START)
    ada = stories.person("Ada Demo", "training-admin")
    grant_adjustment(cara, Granted(rest_minutes=10), by=ada, valid_from=clock.today())
    one.presses("Start the test")
    one.chooses("Say so", exact=True)
    one.presses("Take a rest break")
    one.sees_heading("Rest break")
    one.does_not_see("Say so")
    one.presses("Go on with the test")
    stories.stands_at_question(one, 1)
    expect(one.page.get_by_label("Say so", exact=True)).to_be_checked()
