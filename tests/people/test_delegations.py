"""A team lent for the days of a leave."""

from datetime import date, timedelta

import pytest

from people import access, clock
from people.dated_rows import PeriodsOverlap
from people.delegations import DelegationRefused, delegate_unit, end_delegation
from people.lent_teams import lent_by, units_to_lend
from people.roles import end_role
from tests.factories import LONG_AGO, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    response = unit("response")
    return {
        "unit": response,
        "sergeant": person("Sergeant D. Demo", "supervisor", unit=response),
        "officer": person("Officer F. Demo", unit=response),
        "delegate": person("Officer G. Demo", unit=unit("elsewhere")),
    }


def lend(team, *, by=None, **changed):
    today = clock.today()
    asked = {"valid_from": today, "valid_until": today + timedelta(days=13), **changed}
    who = asked.pop("delegate", team["delegate"])
    return delegate_unit(team["sergeant"], who, team["unit"], by=by or team["sergeant"], **asked)


def fresh(user):
    access.forget_roles(user)
    return user


def test_a_delegate_supervises_from_the_first_day_to_the_last(team):
    row = lend(team)
    before, after = row.valid_from - timedelta(days=1), row.valid_until + timedelta(days=1)
    delegate, officer = fresh(team["delegate"]), team["officer"]
    assert access.supervises(delegate, officer)
    assert access.supervises(delegate, officer, on=row.valid_until)
    assert not access.supervises(delegate, officer, on=before)
    assert not access.supervises(delegate, officer, on=after)
    assert team["delegate"] in access.supervisors_of(officer)


def test_what_was_lent_ends_with_the_role_of_whoever_lent_it(team):
    lend(team)
    end_role(team["sergeant"].roles_held.get(), by=None, last_day=clock.today() - timedelta(days=1))
    assert not access.supervises(fresh(team["delegate"]), team["officer"])
    assert team["delegate"] not in access.supervisors_of(team["officer"])


def test_a_delegate_never_supervises_themselves(team):
    lend(team, delegate=team["officer"])
    assert not access.supervises(fresh(team["officer"]), team["officer"])


def test_an_end_brought_forward_holds_from_the_next_day(team):
    row = lend(team, valid_from=clock.today() - timedelta(days=3))
    end_delegation(row, by=team["delegate"], last_day=clock.today() - timedelta(days=1))
    assert not access.supervises(fresh(team["delegate"]), team["officer"])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"valid_until": date(2020, 1, 1)}, "The end is before the beginning"),
        ({"valid_until": clock.today() + timedelta(days=92)}, "92 days at most"),
        (
            {"valid_from": LONG_AGO - timedelta(days=9), "valid_until": LONG_AGO + timedelta(days=9)},
            "on all of these days",
        ),
    ],
)
def test_days_that_cannot_be_lent_are_refused(team, changed, sentence):
    with pytest.raises(DelegationRefused, match=sentence):
        lend(team, **changed)


def test_nobody_lends_a_team_to_themselves_or_to_somebody_who_has_left(team):
    with pytest.raises(DelegationRefused, match="You already supervise"):
        lend(team, delegate=team["sergeant"])
    team["delegate"].is_active = False
    with pytest.raises(DelegationRefused, match="has left"):
        lend(team)


def test_nobody_else_lends_or_ends_and_nothing_is_lent_twice(team):
    with pytest.raises(DelegationRefused, match="Only the supervisor"):
        lend(team, by=team["officer"])
    row = lend(team)
    with pytest.raises(DelegationRefused, match="Only those it is between"):
        end_delegation(row, by=team["officer"], last_day=clock.today())
    with pytest.raises(PeriodsOverlap):
        lend(team)


def test_what_was_lent_cannot_be_lent_on(team):
    lend(team)
    with pytest.raises(DelegationRefused, match="on all of these days"):
        delegate_unit(
            team["delegate"],
            team["officer"],
            team["unit"],
            by=team["delegate"],
            valid_from=clock.today(),
            valid_until=clock.today(),
        )


def test_an_administrator_lends_a_team_for_a_supervisor_who_is_ill(team):
    administrator = person("T. Demo", "training-admin")
    assert lend(team, by=administrator).recorded_by == administrator


@pytest.fixture
def directorate():
    whole = unit("directorate")
    return {
        "whole": whole,
        "shift": unit("early-shift", parent=whole),
        "late": unit("late-shift", parent=whole),
        "head": person("Head D. Demo", "supervisor", unit=whole),
        "delegate": person("Sergeant G. Demo", unit=unit("elsewhere-too")),
    }


def lend_shift(directorate, *, where="shift", days=3):
    today = clock.today()
    return delegate_unit(
        directorate["head"],
        directorate["delegate"],
        directorate[where],
        by=directorate["head"],
        valid_from=today,
        valid_until=today + timedelta(days=days),
    )


def test_a_directorates_supervisor_lends_one_shift_and_keeps_the_others(directorate):
    early, late = (person(unit=directorate[shift]) for shift in ("shift", "late"))
    row = lend_shift(directorate)
    delegate = fresh(directorate["delegate"])
    assert row.held_unit == directorate["whole"]
    assert access.supervises(delegate, early)
    assert not access.supervises(delegate, late)
    assert delegate in access.supervisors_of(early)
    assert not access.supervises(delegate, early, on=row.valid_until + timedelta(days=1))
    assert access.supervises(directorate["head"], early), "who lends a shift supervises it too"


def test_a_shift_lent_ends_with_the_role_for_the_directorate(directorate):
    early = person(unit=directorate["shift"])
    lend_shift(directorate)
    end_role(directorate["head"].roles_held.get(), by=None, last_day=clock.today() - timedelta(days=1))
    assert not access.supervises(fresh(directorate["delegate"]), early)
    assert directorate["delegate"] not in access.supervisors_of(early)


def test_a_shift_brought_back_early_stays_the_same_loan(directorate):
    row = lend_shift(directorate)
    assert end_delegation(row, by=directorate["head"], last_day=clock.today()).held_unit == directorate["whole"]


def test_a_unit_beside_or_above_ones_own_is_not_lent(directorate):
    sergeant = person("Sergeant H. Demo", "supervisor", unit=directorate["shift"])
    for where in ("late", "whole"):
        with pytest.raises(DelegationRefused, match="or one below it"):
            delegate_unit(
                sergeant,
                directorate["delegate"],
                directorate[where],
                by=sergeant,
                valid_from=clock.today(),
                valid_until=clock.today(),
            )


def test_a_team_is_not_lent_to_an_auditor_who_never_acts(team):
    with pytest.raises(DelegationRefused, match="reads and never acts"):
        lend(team, delegate=person("A. Demo", "auditor"))


def test_the_units_to_lend_are_ones_own_first_then_those_below(directorate):
    assert [name for _key, name in units_to_lend(directorate["head"])] == ["Directorate", "Early Shift", "Late Shift"]
    assert units_to_lend(directorate["delegate"]) == []
    lend_shift(directorate)
    assert units_to_lend(fresh(directorate["delegate"])) == [], "what is lent to somebody is not theirs to lend"
    assert [unit for _row, unit in lent_by(directorate["head"], on=clock.today())] == ["Early Shift"]
