"""Nominating with a click on the team's pages, and what the officer nominated finds on theirs."""

from datetime import timedelta

import pytest

from assessments.attempts import submit_attempt
from courses.enrolments import context_stem
from courses.models import Nomination
from courses.progress import context_of
from cpd_records.currency.following import rebuild
from cpd_records.ledger.sealing import seal_now
from people import clock
from tests.assessments.attempt_acts import save
from tests.assessments.building import question, rules_only, started
from tests.assessments.question_types.samples import WRITTEN
from tests.courses.factories import do_lessons, enrolled, release, sat
from tests.cpd_records.readiness.teams import team
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift():
    return team()


@pytest.fixture
def sergeant(shift, client):
    client.force_login(shift.sergeant)
    return client


@pytest.fixture
def first_aid(shift):
    return release(code="FA-1", title="First aid again", leads_to=["FALP"], validity_months=12).course


def page_of(shift, letter="F"):
    return f"/team/people/{shift.officers[letter].public_id}/"


def click(client, shift, letter="F", **more):
    return client.post(f"{page_of(shift, letter)}nominate/fa-1/FALP/", more)


def test_one_click_nominates_and_the_page_says_so(shift, sergeant, first_aid):
    assert "Nominate for First aid again" in sergeant.get(page_of(shift)).content.decode()
    click(sergeant, shift)
    made = Nomination.objects.get()
    assert made.reason == "First aid, module 2: Never held. No course, award or transfer is recorded."
    page = sergeant.get(page_of(shift)).content.decode()
    assert "is nominated, and finds the course on their page" in page
    assert "Nominated on" in page
    assert "Nominate for First aid again" not in page


def test_a_second_click_is_told_that_it_stands(shift, sergeant, first_aid):
    click(sergeant, shift)
    click(sergeant, shift)
    assert Nomination.objects.count() == 1
    assert "was nominated for this course already" in sergeant.get(page_of(shift)).content.decode()


def test_where_no_course_leads_to_it_the_page_says_so(shift, sergeant):
    page = sergeant.get(page_of(shift)).content.decode()
    assert "No course here leads to it." in page
    assert "Nominate for" not in page


def test_the_board_leads_to_the_click(shift, sergeant, first_aid):
    page = sergeant.get("/team/").content.decode()
    assert f'href="{page_of(shift)}#renew"' in page
    yesterday = (clock.today() - timedelta(days=1)).strftime("%d/%m/%Y")
    assert "#renew" not in sergeant.get("/team/", {"on": yesterday}).content.decode()


def test_what_ends_next_nominates_and_comes_back_to_its_own_address(shift, sergeant, first_aid):
    seal_now()
    rebuild()
    address = "/team/forecast/?days=60"
    assert "Nominate for First aid again" in sergeant.get(address).content.decode()
    answer = click(sergeant, shift, "H", back=address)
    assert answer.url == address
    page = sergeant.get(address).content.decode()
    assert "Nominated on" in page


def test_what_ends_next_reminds_with_a_click_and_comes_back(shift, sergeant):
    seal_now()
    rebuild()
    address = "/team/forecast/?days=90"
    assert "Remind of" in sergeant.get(address).content.decode()
    answer = sergeant.post(f"{page_of(shift)}remind/FALP/", {"back": address})
    assert answer.url == address
    assert "by mail." in sergeant.get(address).content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/team/", "//elsewhere.example/", "/team//../admin/", ""])
def test_only_a_page_of_the_team_is_gone_back_to(shift, sergeant, first_aid, back):
    answer = click(sergeant, shift, back=back)
    assert answer.url.startswith("/team/")


def test_asking_for_many_costs_no_more_than_for_one(shift, sergeant, first_aid):
    seal_now()
    rebuild()
    assert sergeant.get("/team/forecast/?days=90").content.decode().count("No course here leads to it.") > 1
    with counted_queries() as few:
        sergeant.get("/team/forecast/?days=90")
    for letter in ("G", "H", "J"):
        click(sergeant, shift, letter)
    sergeant.get("/team/forecast/?days=90")
    with counted_queries() as many:
        sergeant.get("/team/forecast/?days=90")
    assert few.count == many.count, f"{few}\n{many}"


def test_who_supervises_nobody_nominates_nobody(shift, client, first_aid):
    client.force_login(shift.officers["J"])
    assert click(client, shift).status_code == 403


def test_the_officer_finds_it_on_my_learning_as_what_to_do(shift, client, sergeant, first_aid):
    click(sergeant, shift)
    client.force_login(shift.officers["F"])
    page = client.get("/my/").content.decode()
    assert "Sergeant D. Demo nominated you on" in page
    assert 'href="/catalogue/fa-1/"' in page


def test_who_is_in_date_and_nominated_all_the_same_finds_the_course(shift, client, sergeant, first_aid):
    click(sergeant, shift, "J")
    client.force_login(shift.officers["J"])
    page = client.get("/my/").content.decode()
    assert "First aid again" in page
    assert "Sergeant D. Demo nominated you on" in page


def test_the_officer_declines_with_a_reason_that_the_supervisor_reads(shift, client, sergeant, first_aid):
    click(sergeant, shift)
    made = Nomination.objects.get()
    client.force_login(shift.officers["F"])
    address = f"/my/nominations/{made.pk}/"
    assert "Decline the nomination" in client.get(address).content.decode()
    empty = client.post(address, {"reason": ""}).content.decode()
    assert "Say why you decline, in a sentence." in empty
    assert client.post(address, {"reason": "On leave until March."}).url == "/my/"
    assert "You declined the nomination." in client.get("/my/").content.decode()
    client.force_login(shift.sergeant)
    assert "On leave until March." in client.get(page_of(shift)).content.decode()


def test_a_nomination_that_ended_says_how_and_cannot_be_declined(shift, client, sergeant, first_aid):
    click(sergeant, shift)
    made = Nomination.objects.get()
    sergeant.post(f"{page_of(shift)}nominations/{made.pk}/withdraw/")
    client.force_login(shift.officers["F"])
    page = client.get(f"/my/nominations/{made.pk}/").content.decode()
    assert "withdrawn." in page
    assert "<form method" not in page.split("<main")[1]
    late = client.post(f"/my/nominations/{made.pk}/", {"reason": "I cannot come."}).content.decode()
    assert "This nomination has ended already" in late


def test_the_supervisor_withdraws_it(shift, sergeant, first_aid):
    click(sergeant, shift)
    sergeant.post(f"{page_of(shift)}nominations/{Nomination.objects.get().pk}/withdraw/")
    page = sergeant.get(page_of(shift)).content.decode()
    assert "The nomination is withdrawn." in page
    assert "Nominate for First aid again" in page


def test_nobody_else_opens_a_nomination(shift, client, sergeant, first_aid):
    click(sergeant, shift)
    client.force_login(shift.officers["G"])
    assert client.get(f"/my/nominations/{Nomination.objects.get().pk}/").status_code == 404


def test_who_is_on_the_course_is_said_to_be(shift, sergeant, first_aid):
    enrolled(shift.officers["F"], first_aid.current_release, at=clock.now())
    assert "On the course now: First aid again" in sergeant.get(page_of(shift)).content.decode()


def test_a_test_that_a_person_has_yet_to_mark_is_said_and_nothing_of_how_it_went(shift, sergeant):
    question("written-q1", type="written", definition=WRITTEN)
    version = rules_only(draw=[{"outcome": "LO1", "count": 1}], pass_percent=50)
    made = release(code="FA-2", title="First aid in writing", leads_to=["FALP"], steps=[sat(version=version)])
    officer = shift.officers["F"]
    enrolment = enrolled(officer, made, at=clock.now())
    attempt = started(
        version, officer, at=clock.now(), context=context_of(context_stem(enrolment), made.steps.get().slug)
    )
    said = "On the course now: First aid in writing. A test of it was handed in and is being marked"
    assert said not in sergeant.get(page_of(shift)).content.decode()
    save(attempt, 1, {"text": "I ring 999."}, 1, at=clock.now())
    attempt.refresh_from_db()
    submit_attempt(attempt, by=officer, at=clock.now())
    page = sergeant.get(page_of(shift)).content.decode()
    assert said in page
    assert "I ring 999" not in page
    # That of somebody else is not theirs.
    assert said not in sergeant.get(page_of(shift, "G")).content.decode()


def test_the_nomination_is_gone_when_the_course_is_finished(shift, client, sergeant, first_aid):
    click(sergeant, shift)
    do_lessons(enrolled(shift.officers["F"], first_aid.current_release, at=clock.now()), at=clock.now())
    page = sergeant.get(page_of(shift)).content.decode()
    assert "Nominated on" not in page
