"""An officer logs CPD at phone width, with and without a connection, and a supervisor verifies it."""

import pytest
from playwright.sync_api import expect

from cpd_records.models import Activity, LedgerEntry
from tests import factories

PASSWORD = "a long enough password"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def team():
    unit = factories.unit("team-c", name="Response team C")
    return {
        "officer": factories.person("Officer A. Demo", unit=unit, password=PASSWORD),
        "sergeant": factories.person("Sergeant D. Demo", "supervisor", unit=unit, password=PASSWORD),
    }


def answers(somebody, title="Briefing on knife-crime orders"):
    """Give the five answers by tap and by hand."""
    somebody.writes("What did you do?", title)
    somebody.page.get_by_label("Yesterday").check()
    somebody.page.get_by_label("45 min").check()
    somebody.page.get_by_label("Briefing or session").check()
    somebody.writes("What did you learn?", "Orders can carry a search condition.")


def test_an_officer_logs_cpd_on_a_phone_and_a_supervisor_verifies_it(visitor, team):
    officer = visitor(viewport=PHONE)
    officer.signs_in(team["officer"].email, PASSWORD)
    officer.goes_to("/cpd/log/")
    answers(officer)
    assert officer.page.locator("[name=day_year]").input_value() != ""
    officer.presses("Log 45 minutes")
    officer.page.wait_for_url("**/reflect/")
    officer.looks()
    officer.sees("Logged: 45 min on")
    officer.writes("What will you do differently?", "Ask control first.")
    officer.page.get_by_label("We analyse critically").check()
    officer.page.get_by_role("button", name="Submit to Sergeant D. Demo").click()
    officer.sees("Waiting for Sergeant D. Demo.")
    officer.looks()

    sergeant = visitor()
    sergeant.signs_in(team["sergeant"].service_number, PASSWORD)
    sergeant.goes_to("/cpd/")
    sergeant.follows("My team")
    sergeant.follows("CPD to verify")
    sergeant.follows("Briefing on knife-crime orders")
    sergeant.does_not_see("Ask control first.")
    sergeant.presses("Verify 45 min")
    sergeant.sees("Verified: 45 min for Officer A. Demo. It is on their record.")
    assert LedgerEntry.objects.count() == 1

    officer.goes_to("/cpd/")
    officer.sees("By Sergeant D. Demo")
    assert officer.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_a_connection_the_words_stay_on_the_phone_and_what_was_pressed_is_done_later(visitor, team):
    officer = visitor(viewport=PHONE)
    officer.signs_in(team["officer"].email, PASSWORD)
    officer.goes_to("/cpd/log/")
    answers(officer)
    officer.context.set_offline(True)
    officer.page.get_by_role("button", name="Log 45 minutes").click()
    officer.sees("Not saved: no connection")
    officer.sees("go when you are back in signal")
    officer.context.set_offline(False)
    officer.page.wait_for_url("**/reflect/")

    officer.writes("What will you do differently?", "Ask control first.")
    officer.context.set_offline(True)
    officer.page.get_by_role("button", name="Submit to Sergeant D. Demo").click()
    officer.sees("Not saved: no connection")
    officer.context.set_offline(False)
    officer.sees("Waiting for Sergeant D. Demo.")
    activity = Activity.objects.get()
    assert (activity.state, activity.reflection) == ("submitted", "Ask control first.")


def test_what_waits_when_the_page_is_closed_goes_when_the_list_is_opened(visitor, team):
    officer = visitor(viewport=PHONE)
    officer.signs_in(team["officer"].email, PASSWORD)
    officer.goes_to("/cpd/log/")
    answers(officer)
    officer.context.set_offline(True)
    officer.page.get_by_role("button", name="Log 45 minutes").click()
    officer.sees("Not saved: no connection")
    officer.page.close()
    officer.context.set_offline(False)
    officer.page = officer.context.new_page()
    officer.page.goto(officer.address + "/cpd/")
    expect(officer.page.get_by_role("link", name="Briefing on knife-crime orders")).to_be_visible()
    assert Activity.objects.count() == 1


def test_half_a_form_waits_for_its_officer_and_for_nobody_else(visitor, team):
    officer = visitor(viewport=PHONE)
    officer.signs_in(team["officer"].email, PASSWORD)
    officer.goes_to("/cpd/log/")
    officer.writes("What did you do?", "Half a sentence")
    officer.sees("Draft saved at")
    officer.goes_to("/cpd/")
    officer.goes_to("/cpd/log/")
    expect(officer.page.locator("[name=title]")).to_have_value("Half a sentence")

    officer.context.clear_cookies()
    officer.signs_in(team["sergeant"].email, PASSWORD)
    officer.goes_to("/cpd/log/")
    expect(officer.page.locator("[name=title]")).to_have_value("")

    officer.context.clear_cookies()
    officer.signs_in(team["officer"].email, PASSWORD)
    officer.goes_to("/cpd/log/")
    officer.presses("Clear what I typed")
    expect(officer.page.locator("[name=title]")).to_have_value("")


def test_whoever_was_signed_out_meanwhile_signs_in_and_comes_back_to_the_filled_form(visitor, team):
    officer = visitor(viewport=PHONE)
    officer.signs_in(team["officer"].email, PASSWORD)
    officer.goes_to("/cpd/log/")
    answers(officer)
    officer.context.clear_cookies(name="sessionid")
    officer.page.get_by_role("button", name="Log 45 minutes").click()
    officer.page.wait_for_url("**/accounts/login/**")
    officer.page.locator("input[name=login]").fill(team["officer"].email)
    officer.page.locator("input[name=password]").fill(PASSWORD)
    officer.page.locator("main button[type=submit]").first.click()
    officer.page.wait_for_url(lambda url: url.endswith("/cpd/log/"))
    expect(officer.page.locator("[name=title]")).to_have_value("Briefing on knife-crime orders")
    officer.presses("Log 45 minutes")
    officer.page.wait_for_url("**/reflect/")
    assert Activity.objects.count() == 1


def test_25_hours_come_back_with_the_words_and_are_logged_as_two_days(visitor, team):
    officer = visitor(viewport=PHONE)
    officer.signs_in(team["officer"].email, PASSWORD)
    officer.goes_to("/cpd/log/")
    answers(officer, title="Night scenario exercise, Hendon")
    officer.page.get_by_text("Another length").click()
    officer.writes("Hours", "25")
    officer.writes("Minutes", "0")
    officer.page.get_by_role("button", name="Log CPD").click()
    expect(officer.page.locator("[data-error-summary]")).to_be_focused()
    officer.looks()
    officer.page.get_by_role("button", name="Log both days at once").click()
    first, second = (officer.page.locator(f"[name={name}_hours]") for name in ("length", "length_next_day"))
    expect(officer.page.locator("[name=title]")).to_have_value("Night scenario exercise, Hendon")
    first.fill("12")
    second.fill("11")
    officer.page.get_by_role("button", name="Log both days").click()
    officer.page.wait_for_url(lambda url: url.endswith("/cpd/"))
    assert sorted(Activity.objects.values_list("minutes", flat=True)) == [660, 720]
