"""Tutors on their pages: pairing, the note after a shift on a phone, the recruit who reads it, the sergeant's week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from courses.models import Intake, Recruit, ShiftNote, TutorPairing
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.programmes.moving import Kind, record_beside
from courses.tutoring.weeks import monday_of, week_of
from people import clock
from people.models import Unit, User
from tests import factories
from tests.courses.programmes.acts import release
from tests.courses.tutoring.acts import IN_DATE_FOR, noted, paired, tutor
from tests.cpd_records.currency.acts import award
from tests.permissions.recruits import day
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def sergeant(team: Unit) -> User:
    return factories.person("Sam Demo", "supervisor", unit=team)


@pytest.fixture
def where(ada: User) -> Intake:
    begins = clock.today() - timedelta(weeks=2)
    return open_intake("Intake A", release(), by=ada, at=clock.now(), starts_on=begins, place="Hendon")


@pytest.fixture
def rae(ada: User, where: Intake, team: Unit) -> Recruit:
    return join(factories.person("Rae Demo", unit=team, short_name="PC R. Demo"), where, by=ada, at=clock.now())


@pytest.fixture
def tom(where: Intake) -> User:
    return tutor(since=where.starts_on, short_name="PC T. Demo")


def together(rae: Recruit, tom: User, by: User, *, until: int = 30) -> TutorPairing:
    last = clock.today() + timedelta(days=until)
    return paired(rae, tom, by=by, on=rae.began_on, until=last, at=clock.now())


def text(answer: Any) -> str:
    return answer.content.decode()


def a_note(**more: str) -> dict[str, str]:
    words = {"went_well": "Spoke calmly to an angry caller.", "what_next": "Say the grounds out loud first."}
    return {**words, "client_token": str(uuid4()), **more}


def test_a_sergeant_pairs_from_the_recruits_page(rae: Recruit, tom: User, sergeant: User, signed_in: Any) -> None:
    client: Client = signed_in(sergeant)
    assert "Pair with a tutor" in text(client.get(f"/intakes/recruits/{rae.pk}/"))
    address = f"/intakes/recruits/{rae.pk}/tutor/"
    asked = {"tutor": "nobody-7", **day(), **day("until", later=30), "reason": "Same team and shift"}
    refused = client.post(address, asked)
    assert refused.status_code == 422
    assert "Nobody is known by that" in text(refused)
    assert "nobody-7" in text(refused)
    done = client.post(address, {**asked, "tutor": tom.service_number}, follow=True)
    assert "Paired with PC T. Demo until" in text(done)
    assert "local defaults" in text(client.get(address))


def test_a_tutor_out_of_date_is_told_beside_the_field(rae: Recruit, sergeant: User, signed_in: Any) -> None:
    lapsed = factories.person("Lou Demo", short_name="PC L. Demo")
    asked = {"tutor": lapsed.email, **day(), **day("until", later=30), "reason": "Same team and shift"}
    answer = signed_in(sergeant).post(f"/intakes/recruits/{rae.pk}/tutor/", asked)
    assert answer.status_code == 422
    assert "PC L. Demo is not in date as a tutor" in text(answer)
    assert "Same team and shift" in text(answer)


def test_of_two_pages_open_at_once_the_second_is_told(rae: Recruit, tom: User, ada: User, signed_in: Any) -> None:
    together(rae, tom, ada, until=5)
    other = tutor("Una Demo", since=rae.began_on)
    days = {**day(later=10), **day("until", later=30)}
    asked = {"tutor": other.email, **days, "reason": "Same shift", "seen": "0"}
    answer = signed_in(ada).post(f"/intakes/recruits/{rae.pk}/tutor/", asked)
    assert answer.status_code == 422
    assert "recorded something about PC T. Demo as their tutor" in text(answer)


def test_a_pairing_is_ended_from_its_page(rae: Recruit, tom: User, ada: User, signed_in: Any) -> None:
    made = together(rae, tom, ada)
    address = f"/intakes/recruits/{rae.pk}/tutor/{made.pk}/end/"
    client = signed_in(ada)
    assert "PC T. Demo" in text(client.get(address))
    wrong = client.post(address, {**day("last_day", later=90), "reason": "Moved"})
    assert wrong.status_code == 422
    assert "as it is" in text(wrong)
    done = client.post(address, {**day("last_day"), "reason": "Moved"}, follow=True)
    assert "ends sooner" in text(done)
    assert client.get(address).status_code == 404, "that row is no longer the one that stands"


def test_a_tutor_writes_in_three_answers_and_the_recruit_reads_it(
    rae: Recruit, tom: User, ada: User, signed_in: Any
) -> None:
    together(rae, tom, ada)
    client = signed_in(tom)
    page = text(client.get(f"/intakes/recruits/{rae.pk}/notes/new/"))
    assert page.count("<textarea") == 2
    assert "First aid" in page
    preset = (clock.today() - timedelta(days=1)).isoformat()
    asked = a_note(day_preset=preset, headings="qualification:FALP")
    done = client.post(f"/intakes/recruits/{rae.pk}/notes/new/", asked, follow=True)
    assert "<bdi>PC R. Demo</bdi> reads it." in text(done)
    note = ShiftNote.objects.get()
    assert (note.day.isoformat(), note.headings[0]["title"]) == (preset, "First aid")
    own = signed_in(rae.officer)
    assert "Say the grounds out loud first." in text(own.get(f"/intakes/recruits/{rae.pk}/notes/"))
    assert "Say the grounds out loud first." in text(own.get("/my/"))
    assert "/notes/new/" not in text(own.get(f"/intakes/recruits/{rae.pk}/notes/"))


def test_a_tutor_finds_the_note_from_my_learning(rae: Recruit, tom: User, ada: User, signed_in: Any) -> None:
    assert "Recruits you tutor" not in text(signed_in(tom).get("/my/"))
    together(rae, tom, ada)
    page = text(signed_in(tom).get("/my/"))
    assert "Recruits you tutor" in page
    assert f'href="/intakes/recruits/{rae.pk}/notes/new/"' in page


@pytest.mark.parametrize(
    ("later", "words"), [(1, "is still to come"), (-40, "is outside of that")], ids=["to come", "outside"]
)
def test_a_day_that_cannot_be_keeps_what_was_typed(
    rae: Recruit, tom: User, ada: User, signed_in: Any, later: int, words: str
) -> None:
    together(rae, tom, ada)
    asked = a_note(**day("day", later=later))
    answer = signed_in(tom).post(f"/intakes/recruits/{rae.pk}/notes/new/", asked)
    assert answer.status_code == 422
    assert words in text(answer)
    assert "Spoke calmly to an angry caller." in text(answer)
    assert asked["client_token"] in text(answer)


def test_a_note_without_words_or_a_shift_says_what_is_missing(
    rae: Recruit, tom: User, ada: User, signed_in: Any
) -> None:
    together(rae, tom, ada)
    answer = signed_in(tom).post(f"/intakes/recruits/{rae.pk}/notes/new/", a_note(went_well="", what_next=""))
    for words in ("Say which shift", "Say one thing that went well", "Say what comes next"):
        assert words in text(answer)


def test_a_tutor_corrects_a_note_and_the_old_page_leads_to_the_one_that_stands(
    rae: Recruit, tom: User, ada: User, signed_in: Any
) -> None:
    together(rae, tom, ada)
    note = noted(rae, by=tom, day=clock.today(), at=clock.now())
    client, address = signed_in(tom), f"/intakes/recruits/{rae.pk}/notes/{note.pk}/"
    assert "Spoke calmly" in text(client.get(address))
    said = a_note(**day("day"), went_well="Listened first.", reason="It was another call")
    assert "The note as it was stays on record" in text(client.post(address, said, follow=True))
    page = text(client.get(f"/intakes/recruits/{rae.pk}/notes/"))
    assert "Listened first." in page
    assert "Corrects an earlier note: It was another call" in page
    assert "corrected or withdrawn meanwhile" in text(client.get(address, follow=True))


def test_some_weeks_after_the_pairing_the_tutor_no_longer_finds_the_recruit(
    rae: Recruit, tom: User, ada: User, signed_in: Any
) -> None:
    last = clock.today() - timedelta(days=3)
    made = paired(rae, tom, by=ada, on=rae.began_on, until=last, at=clock.now())
    assert signed_in(tom).get(f"/intakes/recruits/{rae.pk}/notes/").status_code == 200
    early = clock.today() - timedelta(days=60)
    TutorPairing.objects.filter(pk=made.pk).update(valid_from=early, valid_until=early)
    assert signed_in(tom).get(f"/intakes/recruits/{rae.pk}/notes/").status_code == 404


def test_the_sergeants_week_shows_shifts_notes_and_what_is_amiss(
    rae: Recruit, sergeant: User, ada: User, where: Intake, team: Unit, signed_in: Any
) -> None:
    lapsing = factories.person("Lou Demo", short_name="PC L. Demo")
    for code, days in (("PPST", 355), ("FALP", 30), ("TUTOR", 30)):
        award(lapsing, code, rae.began_on - timedelta(days=days))
    together(rae, lapsing, ada)
    join(factories.person("Ona Demo", unit=team, short_name="PC O. Demo"), where, by=ada, at=clock.now())
    record_beside(rae, Kind.PAUSED, by=ada, at=clock.now(), on=clock.today(), reason="Absence")
    page = text(signed_in(sergeant).get("/team/recruits/"))
    assert "PC L. Demo is not in date as a tutor." in page
    assert "No note of a shift for" in page
    assert "Training is paused, and the pairing goes on." in page
    assert "Without a tutor this week" in page
    assert "PC O. Demo" in page
    noted(rae, by=lapsing, day=clock.today(), at=clock.now(), headings=["qualification:FALP"])
    page = text(signed_in(sergeant).get("/team/recruits/"))
    assert "First aid (1)" in page
    assert "No note of a shift for" not in page


def test_a_week_asked_for_in_nonsense_is_this_week(sergeant: User, signed_in: Any) -> None:
    for asked in ("", "yesterday", "9999-12-31", "2026-02-31"):
        page = signed_in(sergeant).get("/team/recruits/", {"week": asked})
        assert page.context["week"].monday == monday_of(clock.today())


def test_who_supervises_nobody_has_no_week(signed_in: Any) -> None:
    assert signed_in(factories.person()).get("/team/recruits/").status_code == 403


def test_a_week_costs_the_same_for_two_recruits_and_for_twelve(ada: User, where: Intake) -> None:
    def pairs(number: int) -> list[Recruit]:
        made = []
        for _turn in range(number):
            recruit = join(factories.person(), where, by=ada, at=clock.now())
            with_tutor = factories.person()
            for code in IN_DATE_FOR:
                award(with_tutor, code, where.starts_on)
            together(recruit, with_tutor, ada)
            noted(recruit, by=with_tutor, day=clock.today(), at=clock.now())
            made.append(recruit)
        return made

    def read_again(recruits: list[Recruit]) -> list[Recruit]:
        keys = [recruit.pk for recruit in recruits]
        return list(Recruit.objects.filter(pk__in=keys).select_related("officer", "release__programme"))

    few = pairs(2)
    with counted_queries() as small:
        assert len(week_of(read_again(few), clock.today(), today=clock.today()).paired) == 2
    many = few + pairs(10)
    with counted_queries() as large:
        assert len(week_of(read_again(many), clock.today(), today=clock.today()).paired) == 12
    assert large.count == small.count, large
