"""An administrator awards a qualification on a phone and proposes to put it right, another approves, and the officer reads both names."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import expect

from cpd_records.currency.days import months_after
from cpd_records.models import AwardEvidence
from cpd_records.qualifications.standing_awards import all_awards
from people import clock
from people.dates import long_date
from people.roles import grant_role
from tests import factories
from tests.cpd_records.cpd_acts import pdf
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE

FIRST_AID = "First aid, module 2"
REASON, PUT_RIGHT = "I saw the register and the assessor's signature.", "The register names the day before."


def fills_day(somebody, name: str, day: date) -> None:
    for part in ("day", "month", "year"):
        somebody.page.locator(f"[name={name}_{part}]").fill(str(getattr(day, part)))


def test_an_award_with_its_evidence_is_recorded_corrected_and_read_by_its_officer(visitor, tmp_path):
    olu = stories.person("Olu Demo", unit=factories.unit("team-c", name="Response team C"))
    grant_role(olu, "response-officer", by=None, valid_from=factories.LONG_AGO)
    magda = stories.person("Magda Demo", "training-admin")
    reached = clock.today() - timedelta(days=3)
    last = months_after(reached, 12)
    register = tmp_path / "register.pdf"
    register.write_bytes(pdf())

    desk = visitor(**ON_A_PHONE)
    stories.signs_in(desk, magda)
    desk.goes_to("/qualifications/rules/FALP/")
    desk.goes_to("/qualifications/")
    desk.writes("E-mail address or service number", olu.service_number)
    desk.presses("Find the person")
    desk.follows("Record an award")

    # A last day later than the rule allows is refused where it was typed, before anything else is asked.
    desk.page.get_by_label("Which qualification?").select_option("FALP")
    fills_day(desk, "day", reached)
    fills_day(desk, "until", last + timedelta(days=30))
    desk.presses("See what it gives")
    expect(desk.page.locator("[data-error-summary]")).to_be_focused()
    desk.sees(f"First aid lasts 12 months at most: reached on {long_date(reached)}, until {long_date(last)}.")
    fills_day(desk, "until", last)
    desk.presses("See what it gives")
    expect(desk.region("What it gives")).to_contain_text("as its certificate names it")

    # Without evidence it is refused with every word kept; with a file it is recorded.
    desk.writes("Who taught or assessed it?", "Sergeant Demo")
    desk.writes("What did you see and check?", REASON)
    desk.presses("Record the award")
    desk.sees("Add the evidence: a certificate, a register or a photo of one")
    expect(desk.page.get_by_label("What did you see and check?")).to_have_value(REASON)
    desk.page.locator("[name=evidence]").set_input_files(register)
    desk.presses("Record the award")
    desk.sees(f"{FIRST_AID} is awarded to")
    expect(desk.region("Awards")).to_contain_text(REASON)
    expect(desk.region("Awards").get_by_role("link", name="register.pdf")).to_be_visible()

    # Put right: restated whole, with a reason; a last day too late is refused here too.
    desk.follows("Correct", exact=False)
    fills_day(desk, "day", reached - timedelta(days=1))
    desk.presses("Propose the correction")
    desk.sees("Say why. The reason stays on the officer's record.")
    desk.writes("Why?", PUT_RIGHT)
    desk.presses("Propose the correction")
    desk.sees("First aid lasts 12 months at most")
    expect(desk.page.get_by_label("Why?")).to_have_value(PUT_RIGHT)
    fills_day(desk, "until", last - timedelta(days=1))
    desk.presses("Propose the correction")
    desk.sees(f"Proposed for {FIRST_AID}. Nothing changes until another administrator approves it.")
    assert all_awards(olu)[0].day == reached

    # It takes two: the second finds it among what waits, reads what would change, and approves it.
    zainab = stories.person("Zainab Demo", "system-admin")
    second = visitor(**ON_A_PHONE)
    stories.signs_in(second, zainab)
    second.goes_to("/my/")
    second.follows("1 change of records to decide on")
    second.follows(f"{FIRST_AID} of {long_date(reached)}")
    expect(second.region("What it should say")).to_contain_text(long_date(reached - timedelta(days=1)))
    expect(second.region("What it should say")).to_contain_text(f"now: {long_date(reached)}")
    second.presses("Refuse")
    second.sees("Say why it is refused.")
    second.presses("Approve")
    second.sees("Approved. It is an entry of the ledger that names you both.")
    second.follows("All that was ever recorded")
    second.sees("proposed by")
    (award,) = all_awards(olu)
    assert (award.day, award.valid_until) == (reached - timedelta(days=1), last - timedelta(days=1))

    # The other things that are decided about one person stand beside it.
    person = f"/qualifications/people/{olu.public_id}/"
    for page in (f"awards/{award.entry}/withdraw/", f"awards/{award.entry}/void/", "exempt/", "restrict/"):
        desk.goes_to(person + page)
    desk.goes_to(person)
    desk.follows("Record an absence")
    desk.chooses("Parental leave")
    fills_day(desk, "valid_from", clock.today())
    desk.presses("Record the absence")
    desk.sees("The absence of")

    # The officer reads the award and its correction, opens the evidence, and sees who looked at what.
    officer = visitor(**ON_A_PHONE)
    stories.signs_in(officer, olu)
    officer.goes_to("/my/record/")
    expect(officer.region("Timeline")).to_contain_text("approved by")
    expect(officer.region("Timeline")).to_contain_text(PUT_RIGHT.rstrip("."))
    officer.follows("All that was ever recorded", exact=False)
    expect(officer.region("Timeline")).to_contain_text(f"Corrected: {FIRST_AID}")
    officer.goes_to("/my/record/")
    officer.follows("What others see of it")
    officer.goes_to("/my/record/looks/")
    officer.sees(
        "Qualifications: Awards with what is behind them, courses, verified CPD, exemptions, restrictions, absences."
    )
    opened = officer.context.request.get(f"{officer.address}/qualifications/evidence/{AwardEvidence.objects.get().pk}/")
    assert opened.body() == register.read_bytes()
