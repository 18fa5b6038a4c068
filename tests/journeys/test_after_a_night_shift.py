"""An officer logs what a night shift taught, which ran past midnight: both days at once, with nothing typed twice."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from cpd_records.models import Activity
from people import clock
from people.dates import long_date
from tests import factories
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE

TITLE = "Night search of a garage with the dog unit"
LEARNED = "Let the dog finish before anybody steps in."


def test_a_night_that_ran_past_midnight_is_logged_on_both_days_from_a_phone(visitor):
    olu = stories.person("Olu Demo", unit=factories.unit("team-c", name="Response team C"))
    began = clock.today() - timedelta(days=2)

    officer = visitor(**ON_A_PHONE)
    stories.signs_in(officer, olu)
    officer.goes_to("/cpd/log/")
    officer.writes("What did you do?", TITLE)
    for part in ("day", "month", "year"):
        officer.page.locator(f"[name=day_{part}]").fill(str(getattr(began, part)))
    officer.page.get_by_text("Another length").click()
    officer.page.locator("[name=times_begins]").fill("22:00")
    officer.page.locator("[name=times_ends]").fill("01:15")
    officer.chooses("On the job")
    officer.writes("What did you learn?", LEARNED)
    officer.page.locator("main form button.govuk-button[type=submit]").click()
    expect(officer.page.locator("[data-error-summary]")).to_be_focused()
    officer.sees("The end is before the beginning. Check both times.")

    # One press asks for both days, with the length on each side of midnight and every word as it was typed.
    officer.presses("Log both days at once")
    expect(officer.page.locator("[name=title]")).to_have_value(TITLE)
    expect(officer.page.get_by_label("What did you learn?")).to_have_value(LEARNED)
    for name, hours, minutes in (("length", "2", "0"), ("length_next_day", "1", "15")):
        expect(officer.page.locator(f"[name={name}_hours]")).to_have_value(hours)
        expect(officer.page.locator(f"[name={name}_minutes]")).to_have_value(minutes)
    officer.presses("Log both days")
    drafts = officer.region("Drafts only you can see")
    expect(drafts).to_contain_text(f"2 h on {long_date(began)}")
    expect(drafts).to_contain_text(f"1 h 15 min on {long_date(began + timedelta(days=1))}")
    found = Activity.objects.order_by("day")
    assert [(row.day, row.minutes, row.state) for row in found] == [
        (began, 120, "draft"),
        (began + timedelta(days=1), 75, "draft"),
    ]
