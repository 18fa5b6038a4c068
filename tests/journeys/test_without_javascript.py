"""On a phone whose browser runs no script: enrol, learn, sit the test, pass, log CPD; a session that ends meanwhile loses nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from assessments.models import Attempt
from cpd_records.models import Activity
from tests.journeys import stories
from tests.journeys.visitors import PHONE


def test_a_learner_does_a_lesson_a_check_and_a_test_without_javascript(visitor, tmp_path):
    robin = stories.person("Robin Demo")
    stories.handing_over_is_out(tmp_path)
    learner = visitor(viewport=PHONE, javascript=False)
    stories.signs_in(learner, robin)
    learner.goes_to(stories.HANDING_OVER)
    learner.presses("Enrol")
    learner.sees_heading("What you did not check")

    # A check posts, answers at its own place, and keeps the note that was being written.
    learner.chooses("Nothing, as the log will show what was done")
    learner.writes("Your note (optional)", "The garage.")
    learner.presses("Check my answer")
    learner.sees("The log shows what was written, not what was left out.")
    assert "#check-" in learner.page.url
    expect(learner.page.get_by_label("Your note (optional)")).to_have_value("The garage.")
    learner.page.get_by_role("link", name="Try again").click()
    learner.chooses("That the bedroom is locked and unopened")
    learner.presses("Check my answer")
    learner.sees("The gap is the first thing they need.")

    # When the session ends while a note is being written, signing in brings it back to be sent again.
    learner.is_signed_out()
    learner.writes("Your note (optional)", "The garage, and the shed.")
    learner.presses("Keep my note")
    learner.sees("You were signed out while you were filling in a form.")
    learner.gives_password(robin.email, stories.PASSWORD)
    learner.sees_heading("What you typed is still here")
    learner.sees("The garage, and the shed.")
    learner.presses("Send it again")
    expect(learner.page.get_by_label("Your note (optional)")).to_have_value("The garage, and the shed.")
    learner.presses("Next: Who said it")
    learner.presses("Next: Your own handover")
    learner.presses("I have done this task. Next: Final test")
    sits_the_test(learner)
    learner.follows("See my result")
    learner.sees_heading("You passed")


def sits_the_test(learner):
    learner.presses("Start the test")
    for number in (1, 2, 3):
        stories.stands_at_question(learner, number)
        stories.answers(learner)
        if number == 2:
            # Flagged, saved on purpose, and still there after going back and forth.
            learner.chooses("Flag this question to come back to")
            learner.presses("Save my answer")
            stories.stands_at_question(learner, 2)
            learner.presses("Previous")
            stories.stands_at_question(learner, 1)
            learner.presses("Next question")
        learner.page.get_by_role("button", name="Next question" if number < 3 else "Review and submit").first.click()
    learner.sees("3 of 3 answered, all received.")
    expect(learner.page.locator("#flagged")).to_contain_text("Question 2")
    assert Attempt.objects.get().state == "open"
    learner.presses("Submit my answers")
    learner.sees_heading("We have received your test")


def test_cpd_is_logged_without_javascript_and_a_refusal_keeps_every_word(visitor):
    olu = stories.person("Olu Demo")
    officer = visitor(viewport=PHONE, javascript=False)
    stories.signs_in(officer, olu)
    officer.goes_to("/cpd/log/")
    officer.writes("What did you do?", "Briefing on missing people")
    officer.chooses("45 min", exact=True)
    officer.presses("Log CPD")
    officer.sees("There is a problem")
    expect(officer.page.get_by_label("What did you do?")).to_have_value("Briefing on missing people")
    officer.chooses("Today", exact=True)
    officer.chooses("Briefing or session")
    officer.writes("What did you learn?", "Start the clock at the last sighting.")
    officer.presses("Log CPD")
    officer.sees("Logged: 45 min on")
    officer.presses("Keep as a private draft")
    officer.sees("A private draft: only you can see it.")
    assert Activity.objects.get().minutes == 45
