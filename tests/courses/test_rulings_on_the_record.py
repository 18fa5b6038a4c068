"""Who granted something, and who ended it and why, are told apart: on the record, in evidence packs, by currency, on the pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from courses.evidence.document import as_html
from courses.evidence.gathering import Evidence, gather
from courses.evidence.question import EvidenceQuestion
from courses.evidence.telling import tables, told
from courses.my_record import record_of
from cpd_records.currency import currency_of
from cpd_records.models import CurrencyException, Qualification
from cpd_records.qualifications.rulings import end_exemption, end_ruling, grant_exception, grant_exemption, restrict
from cpd_records.qualifications.rulings_told import rulings_about
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.currency.acts import on_day
from tests.cpd_records.qualifications.conftest import Station

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
WHY, CONDITIONS, OVER = "Instructors are short.", "Not on front serials.", "The course was moved forward."
TODAY = clock.today()
LONG = TODAY - timedelta(days=9)


@pytest.fixture
def station(db: None) -> Station:
    team = factories.unit("team")
    return Station(
        officer=factories.person("PC O. Demo", "taser-officer", unit=team, rank="constable"),
        sergeant=factories.person("S. Demo", "supervisor", unit=team, rank="inspector"),
        training_admin=factories.person("M. Demo", "training-admin"),
        system_admin=factories.person("Z. Demo", "system-admin"),
        auditor=factories.person("A. Demo", "auditor"),
    )


def pops() -> Qualification:
    return Qualification.objects.get(code="POPS3")


def excepted(station: Station, *, days: int = 60, code: str = "POPS3") -> CurrencyException:
    """An exception granted nine days ago, until so many days on."""
    with on_day(LONG) as noon:
        return grant_exception(
            station.officer,
            Qualification.objects.get(code=code),
            by=station.sergeant,
            at=noon,
            until=LONG + timedelta(days=days),
            reason=WHY,
            conditions=CONDITIONS,
        )


def ended(station: Station, ruling: CurrencyException, *, last: date) -> CurrencyException:
    return end_ruling(ruling, by=station.training_admin, at=clock.now(), last_day=last, reason=OVER)


def evidence(station: Station) -> Evidence:
    return gather(EvidenceQuestion(station.officer, TODAY, None, "Inquest, case 12", "A. Demo"))


def timeline(station: Station, *, everything: bool = False) -> dict[str, str]:
    record = record_of(station.officer, year=TODAY.year, on=TODAY, everything=everything)
    return {entry.title: entry.detail for entry in record.entries}


def table(found: Evidence, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(tables(found)[f"tables/{name}.csv"].decode("utf-8-sig"))))


def test_an_exception_ended_early_is_told_as_granted_by_who_granted_it_and_ended_by_who_ended_it(
    station: Station,
) -> None:
    ended(station, excepted(station), last=TODAY)
    (one,) = rulings_about(station.officer)
    assert (str(one.names), one.reason, one.conditions) == ("S. Demo, inspector", WHY, CONDITIONS)
    assert (one.granted_to, one.last) == (LONG + timedelta(days=60), TODAY)
    (end,) = one.ends
    assert (str(end.names), end.reason, end.last) == ("M. Demo", OVER, TODAY)


def test_ended_twice_it_is_still_granted_by_the_first_and_each_end_is_told(station: Station) -> None:
    once = ended(station, excepted(station, code="FALP"), last=TODAY + timedelta(days=9))
    end_ruling(once, by=station.system_admin, at=clock.now(), last_day=TODAY + timedelta(days=1), reason="Sooner.")
    (one,) = rulings_about(station.officer)
    assert str(one.names) == "S. Demo, inspector"
    assert [(str(end.names), end.reason) for end in one.ends] == [("M. Demo", OVER), ("Z. Demo", "Sooner.")]
    (verdict,) = [one for one in currency_of(station.officer, on=TODAY).qualifications if one.code == "FALP"]
    assert f"by an exception from S. Demo: {WHY}" in " ".join(verdict.reasons)


def test_currency_says_from_whom_the_exception_is_while_it_still_holds(station: Station) -> None:
    ended(station, excepted(station, code="FALP"), last=TODAY + timedelta(days=1))
    said = [" ".join(one.reasons) for one in currency_of(station.officer, on=TODAY).qualifications]
    assert any(f"by an exception from S. Demo: {WHY}" in words for words in said), said
    assert not any("M. Demo" in words for words in said)


def test_the_record_tells_the_grant_and_the_end_as_two_things(station: Station) -> None:
    ended(station, excepted(station), last=TODAY)
    for everything in (False, True):
        found = timeline(station, everything=everything)
        granted = found["Exception granted: Public order, level 3"]
        assert granted.startswith("By S. Demo, inspector, to ")
        assert "Instructors are short. Conditions: Not on front serials." in granted
        assert "M. Demo" not in granted
        assert found["Exception ended: Public order, level 3"].startswith("By M. Demo. It held until ")
        assert found["Exception ended: Public order, level 3"].endswith(OVER)


def test_what_ended_before_it_began_stands_among_all_that_was_ever_recorded_alone(station: Station) -> None:
    coming = grant_exception(
        station.officer,
        pops(),
        by=station.sergeant,
        at=clock.now(),
        valid_from=TODAY + timedelta(days=5),
        until=TODAY + timedelta(days=20),
        reason=WHY,
        conditions=CONDITIONS,
    )
    ended(station, coming, last=TODAY)
    assert rulings_about(station.officer) == []
    record = record_of(station.officer, year=coming.valid_from.year, on=TODAY)
    whole = record_of(station.officer, year=coming.valid_from.year, on=TODAY, everything=True)
    assert (record.standing, whole.recorded) == (0, 2)
    (one,) = rulings_about(station.officer, everything=True)
    assert one.is_void
    assert one.ends[0].last is None


def test_an_ended_restriction_names_who_restricted_and_who_let_go(station: Station) -> None:
    with on_day(LONG) as noon:
        row = restrict(station.officer, pops(), by=station.sergeant, at=noon, reason="Not to be done alone.")
    end_ruling(row, by=station.training_admin, at=clock.now(), last_day=TODAY, reason="Fit again.")
    found = timeline(station)
    assert found["Restricted: Public order, level 3"] == "By S. Demo. Not to be done alone."
    assert found["Restriction ended: Public order, level 3"].startswith("By M. Demo. It held until ")


def test_a_pack_tells_the_granter_with_rank_and_the_end_apart_in_every_form(station: Station) -> None:
    ended(station, excepted(station), last=TODAY)
    found = evidence(station)
    (said,) = told(found)["decisions"]
    assert (said["by"], said["rank"], said["reason"]) == ("S. Demo", "Inspector", WHY)
    assert [(end["by"], end["reason"], end["last_day"]) for end in said["ended"]] == [
        ("M. Demo", OVER, TODAY.isoformat())
    ]
    granted, end = table(found, "decisions")[1:]
    assert (granted[0], granted[4], granted[5], granted[8]) == ("excepted", "S. Demo", "Inspector", WHY)
    assert (end[0], end[4], end[8]) == ("excepted, ended", "M. Demo", OVER)
    page = as_html(found)
    assert "<bdi>S. Demo, inspector</bdi>" in page
    assert "<bdi>M. Demo</bdi>" in page
    assert OVER in page


def test_a_pack_names_both_people_of_an_exemption_and_of_its_end(station: Station) -> None:
    two = {"by": station.training_admin, "approved_by": station.system_admin}
    with on_day(LONG) as noon:
        row = grant_exemption(station.officer, pops(), at=noon, reason="Trained elsewhere.", **two)
    back = {"by": station.system_admin, "approved_by": station.training_admin}
    end_exemption(row, at=clock.now(), reason="No longer.", last_day=TODAY, **back)
    found = evidence(station)
    (said,) = told(found)["decisions"]
    assert (said["by"], said["approved_by"]) == ("M. Demo", "Z. Demo")
    assert [(end["by"], end["approved_by"]) for end in said["ended"]] == [("Z. Demo", "M. Demo")]
    page = as_html(found)
    assert "<bdi>M. Demo, approved by Z. Demo</bdi>" in page
    assert "<bdi>Z. Demo, approved by M. Demo</bdi>" in page


def test_a_pack_says_why_and_by_which_two_an_entry_was_corrected(station: Station) -> None:
    two = {"by": station.training_admin, "approved_by": station.system_admin}
    with on_day(LONG) as noon:
        row = grant_exemption(station.officer, pops(), at=noon, reason="Trained elsewhere.", **two)
    end_exemption(row, at=clock.now(), reason="No longer.", last_day=TODAY, **two)
    found = evidence(station)
    assert "No longer. By M. Demo, approved by Z. Demo." in as_html(found)
    rows = table(found, "entries")
    assert rows[0][-3:] == ["Reason", "By", "Approved by"]
    assert rows[-1][-3:] == ["No longer.", "M. Demo", "Z. Demo"]
    assert told(found)["entries"][-1]["says"]["approved_by_name"] == "Z. Demo"


def test_the_pages_of_the_person_name_who_restricted_them(station: Station, signed_in: Browser) -> None:
    with on_day(LONG) as noon:
        row = restrict(station.officer, pops(), by=station.sergeant, at=noon, reason="Not to be done alone.")
    end_ruling(
        row, by=station.training_admin, at=clock.now(), last_day=TODAY + timedelta(days=3), reason="Until Friday."
    )
    page = signed_in(station.auditor).get(f"/qualifications/people/{station.officer.public_id}/").content.decode()
    assert "by <bdi>S. Demo</bdi>." in page
    assert "Ended early by <bdi>M. Demo</bdi>." in page
