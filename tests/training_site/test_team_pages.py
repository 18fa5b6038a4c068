"""A supervisor's pages of the team: who sees them, what they record, and what every mistake is told."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from cpd_records.models import CurrencyException
from people import clock
from people.delegations import delegate_unit
from people.models import Delegation, Look
from tests.cpd_records.readiness.teams import response_officer, team
from tests.factories import person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift():
    return team()


@pytest.fixture
def sergeant(shift, client):
    client.force_login(shift.sergeant)
    return client


def person_address(shift, letter="F"):
    return f"/team/people/{shift.officers[letter].public_id}/"


def test_the_board_shows_the_team_and_says_who_cannot_be_posted(shift, sergeant):
    page = sergeant.get("/team/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "3 of 4" in text
    assert "May not be posted to response or carry Taser" in text
    assert "Cannot do something today" in text
    assert "never held" in text


def test_the_board_is_recorded_as_a_look_at_everybody_on_it(shift, sergeant):
    sergeant.get("/team/")
    assert {look.officer for look in Look.objects.all()} == set(shift.officers.values())
    assert {(look.where, look.saw) for look in Look.objects.all()} == {("Team board", "Verdicts and dates")}


def test_another_day_is_said_and_has_no_actions(shift, sergeant):
    day = clock.today() - timedelta(days=30)
    page = sergeant.get("/team/", {"on": day.strftime("%d/%m/%Y")}).content.decode()
    assert "You are looking at" in page
    page = sergeant.get(person_address(shift), {"on": day.strftime("%d/%m/%Y")}).content.decode()
    assert "Grant an exception" not in page


@pytest.mark.parametrize("typed", ["31/02/2026", "yesterday", "1/1/1066", "9" * 400, "<b>"])
def test_what_is_no_day_is_answered_by_a_sentence_and_kept(shift, sergeant, typed):
    page = sergeant.get("/team/", {"on": typed})
    assert page.status_code == 400
    assert "Enter a day" in page.content.decode()


def test_the_files_hold_the_whole_board_and_no_cell_runs(shift, sergeant):
    shift.officers["F"].short_name = "=HYPERLINK(1)"
    shift.officers["F"].save()
    text = sergeant.get("/team/board.csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 5
    assert "\n=HYPERLINK" not in text
    book = load_workbook(BytesIO(sergeant.get("/team/board.xlsx").content))
    assert book.active.max_row == 5
    assert Look.objects.filter(where="Team board as a file").count() == 4


def test_a_person_is_shown_with_verdict_and_reasons_and_the_look_is_recorded(shift, sergeant):
    page = sergeant.get(person_address(shift)).content.decode()
    assert "May be posted to response: no" in page or "May carry Taser: no" in page
    assert "First aid" in page
    assert "You do not see reflections, marks or adjustments" in page
    assert Look.objects.filter(officer=shift.officers["F"], looker=shift.sergeant).exists()


def panel_of(page):
    return page[page.index('class="panel') : page.index('id="why"')]


def test_the_verdict_has_its_remedy_beside_it_and_nowhere_twice(shift, sergeant):
    page = sergeant.get(person_address(shift)).content.decode()
    assert "Remind of First aid" in panel_of(page)
    assert page.count("Remind of First aid") == 1


def test_the_remedy_is_what_ended_and_not_what_waits_for_it(shift, sergeant):
    officer = response_officer("K", shift.unit, without=("EYE",), taser=True)
    panel = panel_of(sergeant.get(f"/team/people/{officer.public_id}/").content.decode())
    assert "May carry Taser: no" in panel
    assert "Remind of Eyesight check" in panel
    assert "Remind of Taser" not in panel


def test_who_has_no_duty_is_said_to_lack_what_is_named(shift, sergeant):
    officer = person("Officer L. Demo", unit=shift.unit)
    panel = panel_of(sergeant.get(f"/team/people/{officer.public_id}/").content.decode())
    assert "Not in date" in panel
    assert "Data protection and information security" in panel


def test_an_exception_is_offered_to_those_whose_rank_may_grant_it(shift, client):
    constable = person("Officer N. Demo", "supervisor", rank="constable", unit=shift.unit)
    client.force_login(constable)
    page = client.get(person_address(shift)).content.decode()
    assert "the rank of inspector or above may grant one" in page
    assert "Grant an exception" not in page


def test_the_form_of_an_exception_says_how_long_it_may_last(shift, sergeant):
    page = sergeant.get(f"{person_address(shift)}exceptions/grant/FALP/").content.decode()
    latest = clock.today() + timedelta(days=89)
    assert f"{latest.day} {latest:%B %Y} at the latest." in page


def test_what_a_requirement_needs_can_be_reminded_of(shift, sergeant):
    officer = response_officer("K", shift.unit, without=("EYE",), taser=True)
    page = sergeant.get(f"/team/people/{officer.public_id}/").content.decode()
    assert "Remind of Eyesight check" in page
    assert "Eyesight was never held, and Taser needs it." in page


def test_a_person_as_recorded_by_the_end_of_a_day_names_the_tree_it_rests_on(shift, sergeant):
    day = clock.today() - timedelta(days=30)
    page = sergeant.get(person_address(shift), {"on": day.strftime("%d/%m/%Y"), "as_known": "then"}).content.decode()
    assert "as recorded by the end of that day" in page
    assert "entries of the ledger" in page


def test_an_exception_is_granted_with_reason_and_end_and_can_be_ended(shift, sergeant):
    until = clock.today() + timedelta(days=14)
    address = f"{person_address(shift)}exceptions/grant/FALP/"
    assert "Grant an exception" in sergeant.get(address).content.decode()
    answer = sergeant.post(
        address,
        {
            "reason": "A course is booked.",
            "conditions": "Double-crewed.",
            "until_day": until.day,
            "until_month": until.month,
            "until_year": until.year,
        },
    )
    assert answer.status_code == 302
    granted = CurrencyException.objects.get()
    assert (granted.officer, granted.valid_until, granted.recorded_by) == (shift.officers["F"], until, shift.sergeant)
    page = sergeant.get(person_address(shift)).content.decode()
    assert "End this exception" in page
    sergeant.post(f"{person_address(shift)}exceptions/{granted.pk}/end/")
    assert "End this exception" not in sergeant.get(person_address(shift)).content.decode()


def test_an_exception_that_may_not_be_is_refused_by_a_sentence_with_the_words_kept(shift, sergeant):
    answer = sergeant.post(
        f"{person_address(shift)}exceptions/grant/CED/",
        {
            "reason": "Short of staff.",
            "conditions": "None.",
            "until_day": "1",
            "until_month": "1",
            "until_year": "2031",
        },
    )
    text = answer.content.decode()
    assert "No exception is possible for Taser" in text
    assert "Short of staff." in text


def test_a_person_is_reminded_with_a_click_once_a_day(shift, sergeant):
    address = f"{person_address(shift)}remind/FALP/"
    page = sergeant.post(address, follow=True).content.decode()
    assert "We remind Officer F. Demo of First aid, module 2 by mail." in page
    assert "Last reminded" in page
    assert "was reminded of First aid, module 2 today already" in sergeant.post(address, follow=True).content.decode()


def test_nobody_else_reaches_the_team(shift, client):
    stranger = person("Sergeant B. Demo", "supervisor", unit=unit("elsewhere"))
    client.force_login(stranger)
    assert "Officer F" not in client.get("/team/").content.decode()
    assert client.get("/team/", {"unit": shift.unit.pk}).status_code in {400, 404}
    assert client.get(person_address(shift)).status_code == 404
    assert client.post(f"{person_address(shift)}exceptions/grant/FALP/", {"reason": "x"}).status_code == 404
    client.force_login(shift.officers["F"])
    assert client.get("/team/").status_code == 403
    assert client.get(person_address(shift)).status_code == 403


def test_a_delegate_sees_the_team_while_it_is_lent(shift, client):
    delegate = person("Officer Z. Demo", unit=unit("elsewhere"))
    today = clock.today()
    delegate_unit(shift.sergeant, delegate, shift.unit, by=shift.sergeant, valid_from=today, valid_until=today)
    client.force_login(delegate)
    assert "Officer F. Demo" in client.get("/team/").content.decode()
    assert "You act for somebody else" in client.get("/team/lend/").content.decode()


def test_a_team_is_lent_and_taken_back_on_a_page(shift, sergeant):
    delegate = person("Officer Z. Demo", unit=unit("elsewhere"))
    first, last = clock.today() + timedelta(days=3), clock.today() + timedelta(days=10)
    data = {"unit": shift.unit.pk, "delegate": delegate.email}
    for name, day in (("valid_from", first), ("valid_until", last)):
        data |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    assert "Nobody is known by that" in sergeant.post("/team/lend/", data | {"delegate": "nobody"}).content.decode()
    assert sergeant.post("/team/lend/", data).status_code == 302
    row = Delegation.objects.get()
    sergeant.post(f"/team/lend/{row.pk}/end/")
    assert not Delegation.objects.known().filter(is_void=False).exists()


def test_what_ends_next_and_units_beside_each_other_open(shift, sergeant):
    assert sergeant.get("/team/forecast/", {"days": "90"}).status_code == 200
    page = sergeant.get("/team/compare/").content.decode()
    assert "does not stand by itself" in page


def test_a_supervisor_of_nobody_is_told_so(client):
    client.force_login(person("Sergeant E. Demo", "supervisor", unit=unit("empty")))
    assert "Nobody is posted to you on this day." in client.get("/team/").content.decode()
