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
