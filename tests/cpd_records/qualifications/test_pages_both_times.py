"""The page of somebody's awards on any day, as recorded by the end of any day: what it shows, what it rests on, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from cpd_records.ledger.sealing import seal_now
from cpd_records.qualifications.corrections import correct_award
from cpd_records.qualifications.reading import record_shown
from cpd_records.qualifications.rulings import grant_exemption
from people import clock
from people.absences import record_absence
from people.models import User
from tests import factories
from tests.cpd_records.currency.acts import award, on_day, qualification
from tests.cpd_records.qualifications.conftest import Station
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


# What the story below tells, in days before this one.
END = date(2026, 11, 20)


def days_ago(days: int) -> date:
    return END - timedelta(days=days)


@pytest.fixture
def past(db: None) -> Station:
    """First aid of 100 days ago, recorded 90 days ago; 50 days ago it was put right to 112 days ago, and an exemption followed."""
    with on_day(days_ago(150)):
        station = Station(
            officer=factories.person("PC O. Demo", "taser-officer", unit=factories.unit("team"), rank="constable"),
            sergeant=factories.person("Sgt S. Demo"),
            training_admin=factories.person("M. Demo", "training-admin"),
            system_admin=factories.person("Z. Demo", "system-admin"),
            auditor=factories.person("A. Demo", "auditor"),
        )
    two = {"by": station.training_admin, "approved_by": station.system_admin}
    with on_day(days_ago(90)):
        entry = award(station.officer, "FALP", days_ago(100))
        seal_now()
    with on_day(days_ago(50)) as moment:
        correct_award(
            station.officer,
            entry.pk,
            reason="The register says so.",
            day=days_ago(112),
            minutes=None,
            valid_until=None,
            **two,
        )
        grant_exemption(station.officer, qualification("CED"), at=moment, reason="At a desk.", **two)
        seal_now()
    return station


@pytest.fixture
def desk(past: Station, signed_in: Browser) -> Client:
    return signed_in(past.training_admin)


def page(station: Station) -> str:
    return f"/qualifications/people/{station.officer.public_id}/"


def asked(on: date | None = None, known_on: date | None = None) -> dict[str, str]:
    typed = {"on": on, "known_on": known_on}
    return {name: day.strftime("%d/%m/%Y") for name, day in typed.items() if day}


def text(answer: object) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())  # type: ignore[attr-defined]


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def test_today_it_says_what_stands_and_that_it_rests_on_everything_until_now(past: Station, desk: Client) -> None:
    html = text(desk.get(page(past)))
    assert in_words(days_ago(112)) in html
    assert in_words(days_ago(100)) not in html
    assert "rests on everything recorded until now: 3 sealed entries" in html
    assert "Record an award" in html


def test_as_recorded_by_a_day_it_says_what_was_known_then_and_names_the_tree(past: Station, desk: Client) -> None:
    html = text(desk.get(page(past), asked(known_on=days_ago(80))))
    assert in_words(days_ago(100)) in html
    assert in_words(days_ago(112)) not in html
    assert "At a desk." not in html
    assert "this answer rests on the first 1 entry of the ledger" in html


def test_on_a_day_before_it_was_reached_there_is_no_award(past: Station, desk: Client) -> None:
    assert "No award is recorded." in text(desk.get(page(past), asked(on=days_ago(113))))
    assert "No award is recorded." not in text(desk.get(page(past), asked(on=days_ago(112))))
    assert "No award is recorded." in text(desk.get(page(past), asked(on=days_ago(105), known_on=days_ago(80))))


def test_nothing_is_changed_from_another_day(past: Station, desk: Client) -> None:
    html = text(desk.get(page(past), asked(known_on=days_ago(80))))
    assert "Nothing can be changed from here." in html
    for words in ("Record an award", "Take back", "It was never true", "Record an absence", "End this exemption"):
        assert words not in html, words


def test_before_anything_was_sealed_nothing_was_known(past: Station, desk: Client) -> None:
    html = text(desk.get(page(past), asked(known_on=days_ago(95))))
    assert "No award is recorded." in html
    assert "rests on the first 0 entries of the ledger" in html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"on": "31/02/2026"}, "Enter a day, for example 22/11/2026."),
        ({"on": "1/1/1066"}, "Enter a day from 1990 to ten years from now."),
        ({"known_on": "1/1/2099"}, "What will be recorded later is not known."),
        ({"known_on": "<b>"}, "Enter a day, for example 22/11/2026."),
    ],
)
def test_what_is_no_day_is_answered_by_a_sentence(
    past: Station, desk: Client, typed: dict[str, str], said: str
) -> None:
    answer = desk.get(page(past), typed)
    assert answer.status_code == 400
    assert said in text(answer)


def test_an_absence_recorded_later_was_not_known_before(past: Station) -> None:
    before = days_ago(80)
    record_absence(past.officer, kind="parental", by=past.training_admin, valid_from=days_ago(95), valid_until=None)
    seal_now()
    assert record_shown(past.officer, on=clock.today())["absences"].count() == 1
    known = record_shown(past.officer, on=clock.today(), known_at=clock.end_of_day(before))
    assert known["absences"].count() == 0
    assert not known["answer"].is_away


def test_more_awards_and_another_day_cost_no_more_queries_for_each(past: Station, desk: Client) -> None:
    desk.get(page(past), asked(known_on=days_ago(1)))
    with counted_queries() as few:
        desk.get(page(past), asked(known_on=days_ago(1)))
    with on_day(days_ago(3)):
        for code in ("PPST", "UOF", "BWV", "DA"):
            award(past.officer, code, days_ago(10))
        seal_now()
    with counted_queries() as many:
        desk.get(page(past), asked(known_on=days_ago(1)))
    assert many.count == few.count, str(many)
