"""An award may name a last day of its own, but none later than the rule of its day allows: Taser is authorised for 12 months at most."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from cpd_records.currency.days import months_after
from cpd_records.models import LedgerEntry, Qualification
from cpd_records.qualifications.awarding import authorise_award
from cpd_records.qualifications.corrections import correct_award, withdraw_award
from cpd_records.qualifications.refusals import QualificationRefused
from people import clock
from people.absences import record_absence
from people.dates import long_date
from people.models import User
from tests.cpd_records.currency.acts import award, make_qualification
from tests.cpd_records.qualifications.conftest import Station
from tests.cpd_records.qualifications.test_pages import GIVEN, boxes, page, text

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


def authorise(station: Station, code: str, until: date | None, *, day: date = DAY) -> LedgerEntry:
    return authorise_award(
        station.officer,
        Qualification.objects.get(code=code),
        by=station.training_admin,
        at=clock.now(),
        day=day,
        reason="I saw the register.",
        taught_by="Sergeant Demo",
        reference="Register 7 of 2026",
        valid_until=until,
    )


def correct(station: Station, entry: LedgerEntry, until: date | None, *, day: date = DAY, minutes: int = 60) -> None:
    correct_award(
        station.officer,
        entry.pk,
        by=station.training_admin,
        approved_by=station.system_admin,
        reason="As the certificate has it.",
        day=day,
        minutes=minutes,
        valid_until=until,
    )


@pytest.mark.parametrize(
    ("code", "last"), [("CED", date(2027, 3, 2)), ("FALP", date(2027, 3, 2)), ("MH", date(2028, 3, 2))]
)
def test_the_last_day_the_rule_allows_is_taken_and_the_next_is_refused(station: Station, code: str, last: date) -> None:
    with pytest.raises(QualificationRefused) as refused:
        authorise(station, code, last + timedelta(days=1))
    assert refused.value.field == "valid_until"
    assert not LedgerEntry.objects.exists()
    assert authorise(station, code, last)


def test_the_refusal_says_how_long_it_lasts_and_until_when(station: Station) -> None:
    with pytest.raises(QualificationRefused) as refused:
        authorise(station, "CED", date(2028, 3, 2))
    assert str(refused.value) == (
        "Taser lasts 12 months at most: reached on 2 March 2026, until 2 March 2027. Enter that day or an earlier one."
    )


def test_an_earlier_last_day_is_taken_and_so_is_none(station: Station) -> None:
    assert authorise(station, "CED", DAY + timedelta(days=30))
    assert authorise(station, "FALP", None)


def test_what_does_not_lapse_may_name_any_last_day(station: Station) -> None:
    assert authorise(station, "PIP1", date(2060, 1, 1))


def test_an_anniversary_that_early_renewal_keeps_counts(station: Station) -> None:
    make_qualification("KEPT", early_renewal_days=30)
    award(station.officer, "KEPT", months_after(DAY, -12) + timedelta(days=20))
    last = months_after(DAY + timedelta(days=20), 12)
    with pytest.raises(QualificationRefused):
        authorise(station, "KEPT", last + timedelta(days=1))
    assert authorise(station, "KEPT", last)


def test_another_award_that_lasts_longer_lends_it_no_days(station: Station) -> None:
    award(station.officer, "CED", DAY - timedelta(days=10), valid_until=date(2029, 1, 1))
    with pytest.raises(QualificationRefused):
        authorise(station, "CED", date(2028, 1, 1))


def test_an_absence_that_stops_the_clock_makes_it_longer(station: Station) -> None:
    make_qualification("STOPS", absence_stops_clock=True)
    record_absence(
        station.officer,
        by=station.training_admin,
        kind="parental",
        valid_from=DAY + timedelta(days=10),
        valid_until=DAY + timedelta(days=19),
    )
    last = months_after(DAY, 12) + timedelta(days=10)
    with pytest.raises(QualificationRefused):
        authorise(station, "STOPS", last + timedelta(days=1))
    assert authorise(station, "STOPS", last)


def test_a_correction_names_none_later_either(station: Station) -> None:
    entry = authorise(station, "CED", None)
    with pytest.raises(QualificationRefused, match=r"Taser lasts 12 months at most") as refused:
        correct(station, entry, date(2027, 3, 3))
    assert refused.value.field == "valid_until"
    correct(station, entry, date(2027, 3, 2))


def test_an_award_put_right_is_no_earlier_award_of_itself(station: Station) -> None:
    make_qualification("KEPT", early_renewal_days=30)
    entry = authorise(station, "KEPT", None)
    with pytest.raises(QualificationRefused, match="12 months at most"):
        correct(station, entry, months_after(DAY, 24))


def test_a_last_day_from_elsewhere_may_stand_while_something_else_is_put_right(station: Station) -> None:
    entry = award(station.officer, "CED", DAY, valid_until=date(2029, 1, 1))
    correct(station, entry, date(2029, 1, 1), minutes=360)
    with pytest.raises(QualificationRefused):
        correct(station, entry, date(2028, 1, 1), minutes=360)


def test_taking_an_award_back_never_makes_it_last_longer(station: Station) -> None:
    entry = authorise(station, "CED", None)
    with pytest.raises(QualificationRefused, match=r"until 2 March 2027") as refused:
        withdraw_award(
            station.officer,
            entry.pk,
            by=station.training_admin,
            approved_by=station.system_admin,
            reason="Moved.",
            last_day=date(2030, 1, 1),
        )
    assert refused.value.field == "last_day"
    withdraw_award(
        station.officer,
        entry.pk,
        by=station.training_admin,
        approved_by=station.system_admin,
        reason="Moved.",
        last_day=date(2027, 3, 2),
    )


def test_the_pages_refuse_it_at_its_field_and_keep_what_was_typed(
    station: Station, signed_in: Callable[[User], Client]
) -> None:
    desk, day = signed_in(station.training_admin), clock.today() - timedelta(days=1)
    last = months_after(day, 12)
    said = f"Taser lasts 12 months at most: reached on {long_date(day)}, until {long_date(last)}."

    def asked(until: date) -> str:
        typed: dict[str, Any] = {"qualification": "CED", **boxes("day", day), **boxes("until", until)}
        return page(station.officer, f"award/?{urlencode(typed)}")

    refused = text(desk.get(asked(last + timedelta(days=1))))
    assert said in refused
    assert f'value="{(last + timedelta(days=1)).year}"' in refused
    assert "What it gives" not in refused
    assert said in text(desk.post(asked(last + timedelta(days=1)), GIVEN))
    assert not LedgerEntry.objects.exists()
    assert desk.post(asked(last), GIVEN).status_code == 302
    (entry,) = LedgerEntry.objects.all()
    typed = {**boxes("day", day), **boxes("until", last + timedelta(days=9)), "reason": "As its certificate has it."}
    refused = text(desk.post(page(station.officer, f"awards/{entry.pk}/correct/"), typed))
    assert said in refused
    assert "As its certificate has it." in refused
