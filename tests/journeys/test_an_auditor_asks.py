"""An auditor asks on a phone what an officer was trained to do on a day two years ago, as known then; the answer stays."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from people import clock
from people.roles import grant_role
from tests.cpd_records.currency.acts import award, on_day, seal
from tests.factories import LONG_AGO
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE

FIRST_AID = "First aid, module 2"


def test_the_answer_of_a_day_two_years_ago_names_its_tree_says_what_changed_and_stays(visitor):
    # First aid was taken before the day and recorded a month after it.
    the_day = clock.today() - timedelta(days=730)
    with on_day(the_day - timedelta(days=40)):
        olu = stories.person("Olu Demo")
        grant_role(olu, "response-officer", by=None, valid_from=LONG_AGO)
        for code in ("PPST", "UOF"):
            award(olu, code, clock.today())
        seal()
    with on_day(the_day + timedelta(days=30)):
        award(olu, "FALP", the_day - timedelta(days=30))
        seal()
    kieran = stories.person("Kieran Demo", "auditor")
    seal()
    words = f"{the_day.day} {the_day:%B %Y}"

    auditor = visitor(**ON_A_PHONE)
    stories.signs_in(auditor, kieran)
    auditor.page.locator("header").get_by_text("Menu").click()
    auditor.follows("Evidence")
    # A question that nobody can answer comes back with what was typed.
    auditor.writes("Who?", "999999")
    auditor.writes("On which day?", f"{the_day:%d/%m/%Y}")
    auditor.presses("Answer")
    expect(auditor.page.locator("[data-error-summary]")).to_be_focused()
    auditor.sees("Nobody is known by that.")
    expect(auditor.page.get_by_label("On which day?")).to_have_value(f"{the_day:%d/%m/%Y}")

    auditor.writes("Who?", olu.service_number)
    auditor.presses("Answer")
    verdict = auditor.page.get_by_role("heading", name=f"On {words}: not authorised to be posted to response")
    expect(verdict).to_be_in_viewport()
    auditor.sees("As recorded by the end of that day.")
    expect(auditor.region("What it rests on")).to_contain_text("The first 2 entries of the ledger.")
    expect(auditor.region("The record has changed since")).to_contain_text(f"{FIRST_AID}: never held then; in date")
    question, answered = auditor.page.url, auditor.region("What it rests on").inner_text()

    # The same day as recorded today: the late entry is there with both its times.
    auditor.follows("The answer as recorded today")
    expect(auditor.region("The record has changed since")).to_have_count(0)
    expect(auditor.region("What it rests on")).to_contain_text("Happened")
    expect(auditor.region("What it rests on").get_by_role("row").last).to_contain_text(FIRST_AID)

    # Whatever is recorded later, the answer as known then stays; what changed since is told.
    award(olu, "PPST", the_day - timedelta(days=400))
    seal()
    auditor.page.goto(question)
    expect(verdict).to_be_visible()
    assert auditor.region("What it rests on").inner_text() == answered

    officer = visitor(**ON_A_PHONE)
    stories.signs_in(officer, olu)
    officer.goes_to("/my/record/looks/")
    officer.sees("Kieran Demo")
    officer.sees(f"Evidence: Verdicts and entries of {words}.")
