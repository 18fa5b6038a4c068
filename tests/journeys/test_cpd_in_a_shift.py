"""An officer logs CPD in a shift, on a phone and partly without signal; the supervisor verifies one and gives one back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests import factories
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE

REFLECTION = "I would ask control for the map first."
REASON = "Four hours is the whole shift. Log the time you spent learning."


def test_an_officer_logs_cpd_without_signal_reflects_and_the_supervisor_verifies_or_returns_it(visitor):
    team = factories.unit("team-c", name="Response team C")
    olu, sunita = stories.person("Olu Demo", unit=team), stories.person("Sunita Demo", "supervisor", unit=team)

    officer = visitor(**ON_A_PHONE)
    stories.signs_in(officer, olu)
    logs_without_signal(officer)
    reflects_and_submits(officer)
    logs_a_long_one(officer)

    supervisor = visitor()
    stories.signs_in(supervisor, sunita)
    verifies_one_and_returns_the_other(supervisor)

    reads_on_the_record(officer)
    puts_the_other_right(officer)
    # What was put right waits for the supervisor again, who verifies it this time.
    supervisor.goes_to("/team/cpd/")
    supervisor.follows("Shadowed the custody desk")
    supervisor.presses("Verify 1 h 30 min")
    supervisor.sees("Verified: 1 h 30 min for Olu Demo.")
    officer.goes_to("/my/")
    expect(officer.region("Your CPD this year")).to_contain_text("2 h 15 min")


def gives_five_answers(officer, title: str, *, length: str, kind: str, learned: str):
    officer.writes("What did you do?", title)
    officer.chooses("Yesterday", exact=True)
    officer.chooses(length, exact=True)
    officer.chooses(kind)
    officer.writes("What did you learn?", learned)


def logs_without_signal(officer):
    officer.goes_to("/my/")
    expect(officer.region("Your CPD this year")).to_contain_text("Nothing logged yet. A briefing counts.")
    officer.region("Your CPD this year").get_by_role("link", name="Log CPD").tap()
    officer.sees_heading("Log CPD")
    gives_five_answers(
        officer,
        "Briefing on missing people",
        length="45 min",
        kind="Briefing or session",
        learned="Start the clock at the last sighting.",
    )
    # When there is no signal, the words stay on the phone; the phone goes into the pocket and the page with it.
    officer.context.set_offline(True)
    officer.page.get_by_role("button", name="Log 45 minutes").tap()
    officer.sees("Not saved: no connection")
    officer.sees("Your words are kept on this phone and go when you are back in signal.")
    officer.page.close()
    # Back in signal, opening the list is enough.
    officer.context.set_offline(False)
    officer.page = officer.context.new_page()
    officer.page.goto(officer.address + "/cpd/")
    officer.sees("Drafts only you can see")
    expect(officer.page.get_by_role("link", name="Briefing on missing people")).to_have_count(1)


def reflects_and_submits(officer):
    officer.follows("Briefing on missing people")
    officer.sees("A private draft: only you can see it.")
    officer.follows("Write a reflection")
    officer.writes("What will you do differently?", REFLECTION)
    officer.page.get_by_role("button", name="Submit to Sunita Demo").tap()
    officer.sees("Waiting for Sunita Demo.")


def logs_a_long_one(officer):
    officer.goes_to("/cpd/log/")
    gives_five_answers(
        officer,
        "Shadowed the custody desk",
        length="2 h",
        kind="On the job",
        learned="Bring the property list ready.",
    )
    officer.page.get_by_role("button", name="Log 2 hours").tap()
    officer.sees("Logged: 2 h on")
    officer.page.get_by_role("button", name="Submit to Sunita Demo").tap()
    officer.sees("Waiting for Sunita Demo.")


def verifies_one_and_returns_the_other(supervisor):
    # Given two activities that wait, the supervisor reads the summary and never the reflection.
    supervisor.goes_to("/my/")
    supervisor.follows("My team")
    supervisor.follows("CPD to verify")
    supervisor.follows("Briefing on missing people")
    supervisor.sees("Start the clock at the last sighting.")
    assert REFLECTION not in supervisor.page.content()
    supervisor.presses("Verify 45 min")
    supervisor.sees("Verified: 45 min for Olu Demo. It is on their record.")
    supervisor.follows("Shadowed the custody desk")
    # A return without a reason is refused; with one it goes.
    supervisor.presses("Return to Olu Demo")
    expect(supervisor.page.locator("[data-error-summary]")).to_be_focused()
    supervisor.looks()
    supervisor.writes("What is missing?", REASON)
    supervisor.presses("Return to Olu Demo")
    supervisor.sees("Returned to Olu Demo with your reason.")
    supervisor.sees("Nothing is waiting for you.")


def reads_on_the_record(officer):
    officer.goes_to("/my/record/")
    expect(officer.region("Timeline")).to_contain_text("Briefing on missing people")
    expect(officer.region("Timeline")).not_to_contain_text("Shadowed the custody desk")
    officer.goes_to("/my/")
    expect(officer.region("Your CPD this year")).to_contain_text("45 min")


def puts_the_other_right(officer):
    officer.sees("Returned to you")
    officer.follows("Shadowed the custody desk")
    officer.sees(REASON)
    officer.follows("Change it")
    officer.writes("Hours", "1")
    officer.writes("Minutes", "30")
    officer.page.get_by_role("button", name="Save changes").tap()
    officer.sees("1 h 30 min on")
    officer.page.get_by_role("button", name="Submit to Sunita Demo").tap()
    officer.sees("Waiting for Sunita Demo.")
