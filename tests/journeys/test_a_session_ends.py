"""A session ends while somebody writes a note in a lesson: the page says so, and nothing of it is lost."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.courses import factories as taught
from tests.journeys import stories

NOTE = "The garage. I never said that I had not opened it."


def test_a_note_written_after_the_session_ended_is_there_after_signing_in(visitor):
    olu = stories.person("Olu Demo")
    taught.enrolled(olu, taught.release())
    officer = visitor()
    stories.signs_in(officer, olu)
    officer.goes_to("/learn/eth-900/first-word/")

    # When the session ends, the page says that the note is not kept yet; it does not pretend.
    officer.is_signed_out()
    officer.writes("Your note (optional)", NOTE)
    officer.page.get_by_label("Your note (optional)").blur()
    officer.sees("Not kept yet. It goes with the next button you press.")
    officer.presses("Next: Second word")
    officer.sees("You were signed out while you were filling in a form.")

    # Then, after signing in, it is shown, sent again by one press, and the lesson goes on.
    officer.gives_password(olu.email, stories.PASSWORD)
    officer.sees_heading("What you typed is still here")
    officer.sees(NOTE)
    officer.presses("Send it again")
    officer.sees_heading("Second word")
    officer.goes_to("/learn/eth-900/first-word/")
    expect(officer.page.get_by_label("Your note (optional)")).to_have_value(NOTE)


def test_two_minutes_before_the_end_one_press_keeps_somebody_signed_in(visitor):
    olu = stories.person("Olu Demo")
    officer = visitor()
    officer.page.clock.install()
    stories.signs_in(officer, olu)
    officer.goes_to("/cpd/log/")
    officer.writes("What did you do?", "Team talk")
    officer.page.clock.fast_forward("11:57:00")
    officer.does_not_see("You will be signed out at")

    # Two minutes before, the page says so and leaves the reader where they are.
    officer.page.get_by_label("What did you do?").focus()
    officer.page.clock.fast_forward("01:30")
    officer.sees("You will be signed out at")
    expect(officer.page.locator("#live")).to_contain_text("What you typed is kept either way.")
    expect(officer.page.get_by_label("What did you do?")).to_be_focused()
    officer.presses("Stay signed in")
    expect(officer.page.locator("#live")).to_contain_text("You stay signed in until")
    expect(officer.page.locator(".session-notice")).to_have_count(0)
    expect(officer.page.get_by_label("What did you do?")).to_be_focused()
    expect(officer.page.get_by_label("What did you do?")).to_have_value("Team talk")

    # A press that does not arrive says so; after the end the page says what becomes of the words.
    officer.page.clock.fast_forward("11:59:00")
    officer.context.set_offline(True)
    officer.presses("Stay signed in")
    officer.sees("That did not reach us.")
    officer.context.set_offline(False)
    officer.page.clock.fast_forward("02:00")
    officer.sees("You have been signed out.")
    expect(officer.page.get_by_role("button", name="Stay signed in")).to_have_count(0)
    officer.is_signed_out()


def test_another_tab_that_stays_signed_in_speaks_for_this_one(visitor):
    officer = visitor()
    officer.page.clock.install()
    stories.signs_in(officer, stories.person("Olu Demo"))
    officer.goes_to("/help/")
    officer.page.clock.fast_forward("11:59:00")
    officer.sees("You will be signed out at")
    other = officer.context.new_page()
    other.goto(officer.address + "/help/")
    other.evaluate("new BroadcastChannel('session').postMessage({ end: Date.now() + 1e9, clock: '05:00' })")
    expect(officer.page.locator(".session-notice")).to_have_count(0)
