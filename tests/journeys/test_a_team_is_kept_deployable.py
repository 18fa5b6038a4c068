"""A supervisor verifies and grants an exception; a sergeant reads the board on Monday at ten to seven, files and paper included."""

from __future__ import annotations

import csv
from datetime import timedelta

from django.core import mail
from openpyxl import load_workbook
from playwright.sync_api import expect

from cpd_records.activities import submit_activity
from cpd_records.models import CurrencyException
from people import clock
from tests.cpd_records.cpd_acts import logged
from tests.cpd_records.readiness.teams import team
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE

FIRST_AID = "First aid, module 2"
REASON, CONDITIONS = (
    "The next course is full; the officer is booked on the one after.",
    "Double-crewed with a first aider.",
)


def opens_the_board(visitor, sergeant):
    somebody = visitor(**ON_A_PHONE)
    stories.signs_in(somebody, sergeant)
    somebody.goes_to("/team/")
    return somebody


def test_a_supervisor_verifies_and_grants_an_exception_and_the_officer_sees_both_and_who_looked(visitor):
    shift = team()
    officer, sergeant = shift.officers["F"], shift.sergeant
    activity = logged(officer, title="Night search of a garage")
    submit_activity(activity, by=officer, verifier=sergeant, at=clock.now())

    supervisor = opens_the_board(visitor, sergeant)
    supervisor.follows("CPD to verify")
    supervisor.follows("Night search of a garage")
    supervisor.presses("Verify 45 min")
    supervisor.sees("Verified: 45 min for Officer F. Demo. It is on their record.")

    # The verdict, then the exception: without a reason it is refused, with one it stands until its day.
    supervisor.goes_to("/team/")
    supervisor.follows("Officer F. Demo")
    expect(supervisor.page.get_by_role("heading", name="May carry Taser: no")).to_be_visible()
    expect(supervisor.region("Everything else")).to_contain_text("First aid was never held")
    supervisor.follows("Grant an exception", exact=False)
    expect(supervisor.page.locator(".band")).to_contain_text(f"{FIRST_AID}, for Officer F. Demo.")
    until = clock.today() + timedelta(days=14)
    for part in ("day", "month", "year"):
        supervisor.page.locator(f"[name=until_{part}]").fill(str(getattr(until, part)))
    supervisor.writes("Under which conditions?", CONDITIONS)
    supervisor.presses("Grant the exception")
    expect(supervisor.page.locator("[data-error-summary]")).to_be_focused()
    expect(supervisor.page.get_by_label("Under which conditions?")).to_have_value(CONDITIONS)
    supervisor.writes("Why is the risk acceptable?", REASON)
    supervisor.presses("Grant the exception")
    supervisor.sees(f"The exception for {FIRST_AID} is recorded. The officer can see it.")
    expect(supervisor.region("Exceptions")).to_contain_text(f"until {until.day} {until:%B %Y}")
    granted = CurrencyException.objects.get()
    assert (granted.reason, granted.conditions, granted.valid_until) == (REASON, CONDITIONS, until)

    # The officer reads the verdict, the activity, and who looked, where and at what.
    phone = visitor(**ON_A_PHONE)
    stories.signs_in(phone, officer)
    phone.goes_to("/my/record/")
    expect(phone.region("May I do it today?")).to_contain_text(f"Yes, until {until.day} {until:%B}")
    expect(phone.region("Timeline")).to_contain_text("Night search of a garage")
    expect(phone.region("Who looked at my record")).to_contain_text("Sergeant D. Demo")
    phone.follows("All", exact=False)
    expect(phone.page.get_by_role("region", name="Required", exact=True)).to_contain_text(CONDITIONS)
    phone.goes_to("/my/record/looks/")
    phone.sees("Your page in the team: Verdicts, dates and reasons.")


def test_the_board_of_monday_answers_first_keeps_its_filter_and_reminds(visitor, a_moment_passes):
    shift = team()
    sergeant = opens_the_board(visitor, shift.sergeant)
    decisions = sergeant.page.locator(".decisions > div")
    expect(decisions).to_have_count(3)
    expect(decisions.nth(0)).to_contain_text("3 of 4")
    expect(decisions.nth(0)).to_contain_text("can be posted today")
    expect(decisions.nth(1)).to_contain_text("1 of 2")
    expect(decisions.nth(1)).to_contain_text("may carry Taser today")
    expect(decisions.nth(2)).to_contain_text("fall")
    names = sergeant.page.locator("tbody th a")
    expect(names.first).to_have_text("Officer F. Demo")
    expect(names).to_have_count(4)
    expect(sergeant.page.locator("tbody").first).to_contain_text("May not be posted to response or carry Taser")

    # A filter stays in the address: opened again, and come back to, it is still set.
    sergeant.page.get_by_text("Change day, unit or order").click()
    sergeant.page.get_by_label("Requirement").select_option("FALP")
    sergeant.presses("Show")
    assert "requirement=FALP" in sergeant.page.url
    sergeant.page.reload()
    expect(sergeant.page.locator("[name=requirement]")).to_have_value("FALP")
    filtered = sergeant.page.url

    sergeant.follows("Officer F. Demo")
    sergeant.presses(f"Remind of {FIRST_AID}")
    sergeant.sees(f"We remind Officer F. Demo of {FIRST_AID} by mail.")
    a_moment_passes()
    assert [(sent.to, FIRST_AID in sent.body) for sent in mail.outbox] == [([shift.officers["F"].email], True)]
    sergeant.page.goto(filtered)
    expect(sergeant.page.locator("[name=requirement]")).to_have_value("FALP")


def test_the_board_goes_on_paper_and_into_files_that_open(visitor, tmp_path):
    shift = team()
    sergeant = opens_the_board(visitor, shift.sergeant)
    columns = ["Person", "Rank and number", "Means"]
    people = {officer.name for officer in shift.officers.values()}

    table = sergeant.downloads("CSV", tmp_path)
    rows = list(csv.reader(table.read_text("utf-8-sig").splitlines()))
    assert rows[0][:3] == columns
    assert FIRST_AID in rows[0]
    assert {row[0] for row in rows[1:]} == people
    assert rows[1][rows[0].index(FIRST_AID)] == "never held"

    sheet = load_workbook(sergeant.downloads("Excel", tmp_path)).active
    assert [cell.value for cell in sheet[1]][:3] == columns
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == people

    # On paper: who, when and as recorded at; no navigation, no buttons, nothing to press.
    sergeant.page.emulate_media(media="print")
    expect(sergeant.page.get_by_text("4 people on", exact=False).last).to_be_visible()
    expect(sergeant.page.get_by_text("as recorded at", exact=False).last).to_be_visible()
    expect(sergeant.page.locator(".shown-to").get_by_text("Never held", exact=True)).to_be_visible()
    for gone in ("header nav", "footer", "main button", "main details"):
        expect(sergeant.page.locator(gone).filter(visible=True)).to_have_count(0)
    expect(sergeant.page.get_by_role("link", name="CSV", exact=True)).to_be_hidden()
