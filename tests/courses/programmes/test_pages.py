"""Intakes and recruits as their people see them: enrolling by a list, deciding from a page, one's own way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.models import Intake, Recruit, RecruitState
from courses.programmes.intakes import open_intake
from courses.programmes.joining import Answer, join
from courses.programmes.moving import Kind, last_seen, record_beside
from people import clock
from people.models import User
from tests import factories
from tests.courses.programmes.acts import administrator, release

pytestmark = pytest.mark.django_db


@pytest.fixture
def where(ada: User) -> Intake:
    begins = clock.today() - timedelta(weeks=2)
    return open_intake("Intake A", release(), by=ada, at=clock.now(), starts_on=begins, place="Hendon")


@pytest.fixture
def rae(ada: User, where: Intake) -> Recruit:
    team = factories.unit("team")
    return join(factories.person("Rae Demo", unit=team, short_name="PC R. Demo"), where, by=ada, at=clock.now())


def posted(**more: str) -> dict[str, str]:
    today = clock.today()
    day = {"on_day": str(today.day), "on_month": str(today.month), "on_year": str(today.year)}
    return {**day, "reason": "Two knowledge tests not passed", "evidence": "", **more}


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_list_is_looked_at_before_it_is_enrolled(ada: User, where: Intake, signed_in: Any) -> None:
    client: Client = signed_in(ada)
    number = factories.person(short_name="PC B. Demo").service_number
    address = f"/intakes/{where.pk}/enrol/"
    looked = client.post(address, {"numbers": f"{number}\nnobody-7", "do": "check"})
    assert "PC B. Demo joins." in text(looked)
    assert "Nobody who may sign in has this service number." in text(looked)
    assert f"{number}\nnobody-7" in text(looked).replace("\r\n", "\n")
    assert not Recruit.objects.exists()

    refused = client.post(address, {"numbers": f"{number}\nnobody-7", "all_or_nothing": "on", "do": "enrol"})
    assert refused.status_code == 422
    assert "Nobody was enrolled, because line 2 is refused" in text(refused)
    done = client.post(address, {"numbers": f"{number}\nnobody-7", "do": "enrol"}, follow=True)
    assert "Enrolled: 1." in text(done)
    assert "PC B. Demo" in text(done)


def test_a_file_of_service_numbers_is_put_into_the_box_and_enrolled_from_there(
    ada: User, where: Intake, signed_in: Any
) -> None:
    client, address = signed_in(ada), f"/intakes/{where.pk}/enrol/"
    number = factories.person("Bo Demo").service_number
    file = SimpleUploadedFile("list.csv", f"Name;Service number\nBo;{number}\n\nNobody;nobody-7\n".encode())
    looked = client.post(address, {"file": file, "do": "enrol"})
    assert Recruit.objects.filter(officer__service_number=number).count() == 0
    assert [line.answer for line in looked.context["lines"]] == [Answer.JOINS, Answer.REFUSED]
    assert [(line.number, line.text) for line in looked.context["lines"]] == [(2, number), (4, "nobody-7")]
    box = looked.context["form"]["numbers"].value()
    assert box == f"Service number\n{number}\n\nnobody-7"
    done = client.post(address, {"numbers": box, "do": "enrol"}, follow=True)
    assert "Enrolled: 1." in text(done)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "The file is a PDF. Save the list as CSV or XLSX."),
        (b"service number\n" + b"900001\n" * 2_001, "This list is longer than 2,000 lines."),
        (b"1\n" * 1_000_000, "This list is longer than 2,000 lines."),
    ],
)
def test_a_file_that_is_no_list_is_refused_beside_the_field_and_what_was_pasted_stays(
    ada: User, where: Intake, signed_in: Any, content: bytes, said: str
) -> None:
    sent = {"file": SimpleUploadedFile("list.csv", content), "numbers": "900001", "do": "check"}
    answer = signed_in(ada).post(f"/intakes/{where.pk}/enrol/", sent)
    assert answer.status_code == 422
    assert said in text(answer)
    assert answer.context["form"].errors["file"]
    assert answer.context["form"]["numbers"].value() == "900001"


def test_an_empty_list_is_refused_beside_the_field(ada: User, where: Intake, signed_in: Any) -> None:
    answer = signed_in(ada).post(f"/intakes/{where.pk}/enrol/", {"numbers": " \n", "do": "check"})
    assert answer.status_code == 422
    assert "Give one service number on each line" in text(answer)


def test_an_intake_is_opened_and_leads_to_its_list(ada: User, signed_in: Any) -> None:
    made = release()
    day = {"starts_on_day": "4", "starts_on_month": "1", "starts_on_year": "2027"}
    asked = {"name": "27/01 Hendon", "release": made.pk, **day, "place": "Hendon", "first_week": "late"}
    answer = signed_in(ada).post("/intakes/new/", asked, follow=True)
    intake = Intake.objects.get()
    assert answer.redirect_chain == [(f"/intakes/{intake.pk}/enrol/", 302)]
    assert (intake.first_is_early, intake.alternates) == (False, False)
    again = signed_in(ada).post("/intakes/new/", asked)
    assert again.status_code == 422
    assert "an intake called ‘27/01 Hendon’ already" in text(again)


def test_a_recruit_reads_their_own_way_and_decides_nothing(rae: Recruit, signed_in: Any) -> None:
    page = text(signed_in(rae.officer).get("/my/path/"))
    assert "Before tutor phase" in page
    assert "Never held. No course, award or transfer is recorded." in page
    assert "/decide/" not in page
    home = text(signed_in(rae.officer).get("/my/"))
    assert "What each one needs" in home
    assert "Week 3 of 4" in home


def test_nobody_is_led_from_a_recruits_way_to_requirements_of_their_own(
    rae: Recruit, ada: User, signed_in: Any
) -> None:
    assert "/my/record/requirements/" in signed_in(rae.officer).get("/my/path/").content.decode()
    page = signed_in(ada).get(f"/intakes/recruits/{rae.pk}/").content.decode()
    assert "First aid" in page
    assert "/my/record/requirements/" not in page


def test_whoever_is_in_no_training_has_no_way(signed_in: Any) -> None:
    client = signed_in(factories.person())
    assert client.get("/my/path/").status_code == 404
    assert "What each one needs" not in text(client.get("/my/"))


def test_a_decision_from_the_page_is_recorded_with_its_reason(ada: User, rae: Recruit, signed_in: Any) -> None:
    address = f"/intakes/recruits/{rae.pk}/decide/action-plan/"
    client = signed_in(ada)
    assert "Open a plan of action" in text(client.get(address))
    answer = client.post(address, posted(seen=str(last_seen(rae))), follow=True)
    assert "Recorded: action plan." in text(answer)
    assert "Two knowledge tests not passed" in text(answer)
    assert "Close the plan of action" in text(answer)


def test_of_two_pages_open_at_once_the_second_is_told_and_keeps_its_words(
    ada: User, rae: Recruit, signed_in: Any
) -> None:
    seen = last_seen(rae)
    record_beside(
        rae, Kind.PAUSED, by=administrator("Bea Demo"), at=clock.now(), on=clock.today(), reason="Absence", seen=seen
    )
    answer = signed_in(ada).post(f"/intakes/recruits/{rae.pk}/decide/action-plan/", posted(seen=str(seen)))
    assert answer.status_code == 422
    assert "recorded something about this recruit at" in text(answer)
    assert "Two knowledge tests not passed" in text(answer)
    assert not RecruitState.objects.filter(kind="action_plan").exists()


def test_what_can_no_longer_be_decided_is_said(ada: User, rae: Recruit, signed_in: Any) -> None:
    answer = signed_in(ada).post(f"/intakes/recruits/{rae.pk}/decide/confirmed/", posted(), follow=True)
    assert "This can no longer be decided here" in text(answer)


def test_who_looked_at_a_recruit_is_written_down(ada: User, rae: Recruit, signed_in: Any) -> None:
    signed_in(ada).get(f"/intakes/recruits/{rae.pk}/")
    assert "Initial training" in text(signed_in(rae.officer).get("/my/record/looks/"))


def test_a_record_is_kept_from_the_page(ada: User, rae: Recruit, signed_in: Any) -> None:
    address = f"/intakes/recruits/{rae.pk}/record/report/"
    asked = {
        key: value for key, value in posted(words="Kept with the tutor’s file").items() if key.startswith(("on", "w"))
    }
    assert "Recorded: Tutor’s report." in text(signed_in(ada).post(address, asked, follow=True))
    assert signed_in(ada).get(f"/intakes/recruits/{rae.pk}/record/ballet/").status_code == 404


def test_a_supervisor_is_led_from_the_teams_page_to_the_recruit(rae: Recruit, signed_in: Any) -> None:
    team = rae.officer.postings.get().unit  # type: ignore[attr-defined]
    sergeant = signed_in(factories.person("Sam Demo", "supervisor", unit=team))
    page = text(sergeant.get(f"/team/people/{rae.officer.public_id}/"))
    assert "Foundation, week 3 of 4." in page
    assert f'href="/intakes/recruits/{rae.pk}/"' in page
    assert "Open a plan of action" in text(sergeant.get(f"/intakes/recruits/{rae.pk}/"))


def test_the_way_back_from_a_recruit_leads_nobody_to_a_page_that_is_not_theirs(
    ada: User, rae: Recruit, signed_in: Any
) -> None:
    sergeant = factories.person("Sam Demo", "supervisor", unit=rae.officer.postings.get().unit)
    back = {ada: "/intakes/", rae.officer: "/my/", sergeant: "/team/"}
    for reader, address in back.items():
        client = signed_in(reader)
        crumbs = text(client.get(f"/intakes/recruits/{rae.pk}/")).split("<h1")[0]
        assert f'<li><a href="{address}">' in crumbs
        assert client.get(address).status_code == 200
