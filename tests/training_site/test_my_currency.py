"""What an officer reads of their own currency, of who looked, and of reminders."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from cpd_records.currency import Verdict
from cpd_records.models import ReminderWish
from people import clock
from people.looks import record_looks
from tests.cpd_records.readiness.teams import award, team
from tests.factories import person
from training_site.my_currency import InDate, in_date_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift():
    return team()


@pytest.fixture
def officer(shift, client):
    client.force_login(shift.officers["F"])
    return client


def test_my_record_says_first_what_i_may_do_and_why_not(officer):
    page = officer.get("/my/record/").content.decode()
    assert page.index("May I do it today?") < page.index("Timeline")
    assert "Carry Taser" in page
    assert "First aid" in page
    assert "All " in page


def test_what_a_requirement_needs_stands_apart_from_what_is_merely_held(officer, shift):
    award(shift.officers["F"], "RCRP", day=clock.today())
    page = officer.get("/my/record/requirements/").content.decode()
    needed = page[page.index('id="needed"') : page.index('id="held"')]
    assert "Eyesight check" in needed
    assert "Right Care, Right Person" not in needed
    assert "Right Care, Right Person" in page[page.index('id="held"') :]


def test_my_learning_counts_what_i_am_in_date_for(officer):
    page = officer.get("/my/").content.decode()
    assert "You are in date for 15 of 17 requirements." in page


@pytest.mark.parametrize(("verdict", "is_in_date"), [
    ("in_date", True), ("due", True), ("exempt", True),
    ("in_grace", False), ("excepted", False), ("restricted", False), ("expired", False), ("never_held", False),
])  # fmt: skip
def test_grace_and_an_exception_are_not_in_date(verdict, is_in_date):
    one = SimpleNamespace(is_required=True, verdict=Verdict(verdict))
    other = SimpleNamespace(is_required=False, verdict=Verdict.IN_DATE)
    assert in_date_of(SimpleNamespace(qualifications=[one, other])) == InDate(int(is_in_date), 1)


def test_all_requirements_are_answered_for_a_day_i_ask_about(officer):
    page = officer.get("/my/record/requirements/").content.decode()
    assert "Never held" in page
    long_ago = (clock.today() - timedelta(days=200)).strftime("%d/%m/%Y")
    page = officer.get("/my/record/requirements/", {"on": long_ago, "as_known": "then"}).content.decode()
    assert "What was required of me" in page
    assert "entries of the ledger" in page
    assert "Enter a day" in officer.get("/my/record/requirements/", {"on": "nonsense"}).content.decode()


def test_an_officer_sees_who_looked_when_and_at_what(shift, officer):
    assert "Nobody has looked" in officer.get("/my/record/").content.decode()
    record_looks(
        [shift.officers["F"].pk], by=shift.sergeant, at=clock.now(), where="Team board", saw="Verdicts and dates"
    )
    page = officer.get("/my/record/").content.decode()
    assert "Sergeant D. Demo" in page
    assert "team board. Saw verdicts and dates." in page
    assert "Team board: Verdicts and dates." in officer.get("/my/record/looks/").content.decode()


def test_nobody_sees_who_looked_at_somebody_else(shift, client):
    record_looks(
        [shift.officers["F"].pk], by=shift.sergeant, at=clock.now(), where="Team board", saw="Verdicts and dates"
    )
    client.force_login(shift.officers["G"])
    assert "Nobody has looked" in client.get("/my/record/looks/").content.decode()


def test_a_wish_about_reminders_is_kept_and_shown_again(officer, shift):
    assert "30 days before" in officer.get("/my/reminders/").content.decode()
    assert officer.post("/my/reminders/", {"by_mail": "on", "own_days": ["30", "0"]}).status_code == 302
    wish = ReminderWish.objects.get(person=shift.officers["F"])
    assert (wish.by_mail, wish.own_days, wish.team_days, wish.with_calendar) == (True, [30, 0], [], False)
    assert "There is a problem" in officer.post("/my/reminders/", {"own_days": ["31"]}).content.decode()
    wish.refresh_from_db()
    assert wish.own_days == [30, 0]


def test_somebody_without_duties_is_asked_what_everybody_is(client):
    client.force_login(person())
    assert client.get("/my/record/requirements/").status_code == 200
