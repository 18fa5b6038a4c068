"""Exceptions, exemptions and restrictions: who decides what, for how long, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cpd_records.models import CurrencyException, Exemption, Restriction
from cpd_records.qualifications.refusals import NotYours, QualificationRefused
from cpd_records.qualifications.rulings import end_ruling, grant_exception, grant_exemption, restrict
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.currency.acts import make_qualification, qualification
from tests.cpd_records.qualifications.conftest import Station

pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def excepted(station: Station, code: str = "FALP", **more: Any) -> CurrencyException:
    said = {
        "by": station.sergeant,
        "at": clock.now(),
        "until": in_days(10),
        "reason": "A course is booked.",
        "conditions": "Double-crewed.",
    }
    return grant_exception(station.officer, qualification(code), **{**said, **more})


def exempted(station: Station, **more: Any) -> Exemption:
    said = {
        "by": station.training_admin,
        "approved_by": station.system_admin,
        "at": clock.now(),
        "reason": "Desk work only.",
    }
    return grant_exemption(station.officer, qualification("FALP"), **{**said, **more})


def restricted(station: Station, **more: Any) -> Restriction:
    said = {"by": station.sergeant, "at": clock.now(), "reason": "Not to drive for now."}
    return restrict(station.officer, qualification("DRV-R"), **{**said, **more})


def test_an_exception_keeps_who_granted_it_in_which_rank_and_why(station: Station) -> None:
    row = excepted(station)
    assert (row.recorded_by, row.approver_rank.code, row.valid_from, row.valid_until) == (
        station.sergeant,
        "inspector",
        clock.today(),
        in_days(10),
    )
    assert (row.reason, row.conditions) == ("A course is booked.", "Double-crewed.")


def test_nobody_grants_themselves_an_exception(station: Station) -> None:
    with pytest.raises(NotYours, match=r"You cannot grant yourself an exception. Ask your supervisor."):
        grant_exception(
            station.sergeant,
            qualification("FALP"),
            by=station.sergeant,
            at=clock.now(),
            until=in_days(1),
            reason="x.",
            conditions="",
        )


def test_no_exception_where_the_rule_allows_none_or_there_is_no_rule(station: Station) -> None:
    with pytest.raises(QualificationRefused, match=r"No exception is possible for Taser."):
        excepted(station, "CED")
    make_qualification("LATER", since=in_days(30), exception_allowed=True)
    with pytest.raises(QualificationRefused, match=r"No exception is possible for LATER."):
        excepted(station, "LATER")


@pytest.mark.parametrize("who", ["training_admin", "system_admin", "auditor"])
def test_only_a_supervisor_of_the_officer_today_grants_an_exception(station: Station, who: str) -> None:
    with pytest.raises(NotYours, match=r"Only somebody who supervises this officer today can grant an exception."):
        excepted(station, by=getattr(station, who))


def test_a_supervisor_without_the_rank_grants_no_exception(station: Station) -> None:
    below = factories.unit("below")
    sergeant = factories.person("Sgt L. Demo", "supervisor", unit=below, rank="sergeant")
    no_rank = factories.person("K. Demo", "supervisor", unit=below)
    officer = factories.person("PC N. Demo", unit=below)
    station.officer = officer
    with pytest.raises(NotYours, match=r"granted by the rank of inspector or above. You hold the rank of sergeant."):
        excepted(station, by=sergeant)
    with pytest.raises(NotYours, match=r"granted by the rank of inspector or above. No rank of yours is on record."):
        excepted(station, by=no_rank)


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"valid_from": -1}, "valid_from", "An exception begins today or later"),
        ({"until": -1}, "until", "The end is before the beginning. Check both days."),
        ({"until": 90}, "until", "lasts 90 days at most: until "),
        ({"reason": " "}, "reason", "Say why the risk is acceptable, in a sentence."),
        ({"reason": "x" * 301}, "reason", "The reason is 301 characters long and 300 fit."),
        ({"conditions": "x" * 501}, "conditions", "The conditions is 501 characters long and 500 fit."),
    ],
)
def test_what_an_exception_cannot_be_is_refused_beside_its_field(
    station: Station, more: dict[str, Any], field: str, sentence: str
) -> None:
    typed = {name: in_days(value) if isinstance(value, int) else value for name, value in more.items()}
    with pytest.raises(QualificationRefused) as refused:
        excepted(station, **typed)
    assert sentence in str(refused.value)
    assert refused.value.field == field


def test_an_exception_on_its_longest_last_day_is_granted(station: Station) -> None:
    assert excepted(station, until=in_days(89)).valid_until == in_days(89)


@pytest.mark.parametrize("decide", [excepted, exempted, restricted])
def test_two_of_a_kind_do_not_run_side_by_side(station: Station, decide: Any) -> None:
    decide(station)
    with pytest.raises(QualificationRefused, match=r"in that time already. End it first, or choose other days."):
        decide(station)


def test_an_exemption_is_an_administrators_and_nobodys_own(station: Station) -> None:
    assert exempted(station).valid_until is None
    for who in ("sergeant", "auditor"):
        with pytest.raises(
            NotYours, match=r"Only a training administrator or a system administrator can exempt somebody."
        ):
            exempted(station, by=getattr(station, who))
    station.officer = station.training_admin
    with pytest.raises(NotYours, match=r"You cannot exempt yourself. Another administrator can."):
        exempted(station)


def test_a_restriction_is_a_supervisors_or_an_administrators_and_nobodys_own(station: Station) -> None:
    assert restricted(station).recorded_by == station.sergeant
    with pytest.raises(NotYours, match=r"Only somebody who supervises this officer today, or an administrator"):
        restricted(station, by=station.auditor)
    station.officer = station.sergeant
    with pytest.raises(NotYours, match=r"You cannot restrict yourself. Ask your supervisor."):
        restricted(station)


@pytest.mark.parametrize("decide", [exempted, restricted])
@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"until": -1}, "until", "The end is before the beginning."),
        ({"reason": " "}, "reason", "Say "),
        ({"reason": "x" * 301}, "reason", "The reason is 301 characters long"),
    ],
)
def test_what_a_ruling_cannot_be_is_refused_beside_its_field(
    station: Station, decide: Any, more: dict[str, Any], field: str, sentence: str
) -> None:
    typed = {name: in_days(value) if isinstance(value, int) else value for name, value in more.items()}
    with pytest.raises(QualificationRefused) as refused:
        decide(station, **typed)
    assert sentence in str(refused.value)
    assert refused.value.field == field


def ended(ruling: Any, by: User, **more: Any) -> Any:
    return end_ruling(ruling, by=by, at=clock.now(), **more)


def test_a_ruling_ends_today_unless_another_day_is_named(station: Station) -> None:
    assert ended(excepted(station), station.sergeant).valid_until == clock.today()
    assert ended(restricted(station, valid_from=in_days(5)), station.sergeant, last_day=in_days(1)).is_void


def test_whoever_could_not_have_decided_it_does_not_end_it(station: Station) -> None:
    exemption, restriction = exempted(station), restricted(station)
    with pytest.raises(NotYours, match=r"An exemption is ended by two people"):
        ended(exemption, station.system_admin)
    with pytest.raises(NotYours, match=r"Only somebody who could have decided this can end it."):
        ended(restriction, station.auditor)
    assert ended(restriction, station.training_admin).valid_until == clock.today()


def test_nobody_ends_a_ruling_about_themselves(station: Station) -> None:
    station.officer = station.training_admin
    restriction = restricted(station, by=station.system_admin)
    with pytest.raises(NotYours, match=r"You cannot end a ruling about yourself."):
        ended(restriction, station.training_admin)


def test_a_ruling_is_not_ended_for_days_gone_by_nor_made_longer(station: Station) -> None:
    ruling = excepted(station)
    with pytest.raises(QualificationRefused, match=r"It can end yesterday at the earliest."):
        ended(ruling, station.sergeant, last_day=in_days(-2))
    with pytest.raises(QualificationRefused, match=r"It ends on .* already."):
        ended(ruling, station.sergeant, last_day=in_days(10))
    with pytest.raises(QualificationRefused, match=r"The reason is 301 characters long"):
        ended(ruling, station.sergeant, reason="x" * 301)


@pytest.mark.parametrize("conditions", ["", "  "])
def test_an_exception_says_its_conditions_or_that_there_are_none(station: Station, conditions: str) -> None:
    with pytest.raises(QualificationRefused, match="Say under which conditions, or that there are none"):
        excepted(station, "FALP", conditions=conditions)
    assert excepted(station, "FALP", conditions="None.").conditions == "None."
