"""Rules, needs and requirements: new rows from a day on, by a system administrator; and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cpd_records.models import Qualification, QualificationRule, Requirement
from cpd_records.qualifications.refusals import NotYours, QualificationRefused
from cpd_records.qualifications.requirements import end_requirement, require
from cpd_records.qualifications.rules import Terms, add_need, change_rule, create_qualification, end_need, rule_on
from people.models import Role
from tests import factories
from tests.cpd_records.currency.acts import make_qualification, qualification
from tests.cpd_records.qualifications.conftest import Station

pytestmark = pytest.mark.django_db
TERMS = Terms(validity_months=12, lapse="Action")
DAY = date(2026, 6, 1)


def created(code: str = "DRONE", title: str = "Drone pilot", short: str = "Drone", **more: Any) -> Qualification:
    return create_qualification(code, title, short, **{"terms": TERMS, "by": None, "valid_from": DAY, **more})


def test_a_change_of_rule_is_a_new_row_and_the_old_one_ends_the_day_before() -> None:
    made = created()
    change_rule(made, terms=replace(TERMS, validity_months=24), by=None, valid_from=DAY + timedelta(days=30))
    before, after = rule_on(made, DAY + timedelta(days=29)), rule_on(made, DAY + timedelta(days=30))
    assert before is not None
    assert after is not None
    assert (before.validity_months, before.valid_until) == (12, DAY + timedelta(days=29))
    assert (after.validity_months, after.valid_until) == (24, None)
    assert QualificationRule.objects.filter(qualification=made).count() == 3


def test_a_rule_from_the_same_day_on_corrects_that_one() -> None:
    made = created()
    change_rule(made, terms=replace(TERMS, grace_days=30), by=None, valid_from=DAY)
    rule = rule_on(made, DAY)
    assert rule is not None
    assert (rule.grace_days, rule.supersedes is not None) == (30, True)


def test_no_rule_is_put_before_one_that_begins_later() -> None:
    made = created()
    with pytest.raises(QualificationRefused, match=r"Another rule begins on 1 June 2026.") as refused:
        change_rule(made, terms=TERMS, by=None, valid_from=DAY - timedelta(days=1))
    assert refused.value.field == "valid_from"


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"code": "drone pilot"}, "code", "A code has up to 20 capital letters"),
        ({"code": "FALP"}, "code", "There is a qualification FALP already. Choose another code."),
        ({"title": " "}, "title", "Say what it is called."),
        ({"title": "x" * 121}, "title", "The title is 121 characters long and 120 fit."),
        ({"short": ""}, "short_title", "Give a short title for tables."),
        ({"short": "x" * 25}, "short_title", "The short title is 25 characters long and 24 fit."),
    ],
)
def test_a_qualification_that_cannot_be_is_refused_beside_its_field(
    db: None, more: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(QualificationRefused) as refused:
        created(**more)
    assert sentence in str(refused.value)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"validity_months": 0}, "validity_months", "Validity is a whole number from 1 to 600."),
        ({"validity_months": 601}, "validity_months", "Validity is a whole number from 1 to 600."),
        ({"initial_minutes": 0}, "initial_minutes", "Initial training takes between one minute and 1,000 hours."),
        ({"refresher_minutes": 60_001}, "refresher_minutes", "A refresher takes between one minute and 1,000 hours."),
        ({"warning_days": -1}, "warning_days", "Warning is a whole number from 0 to 3,660."),
        ({"grace_days": 3661}, "grace_days", "Grace is a whole number from 0 to 3,660."),
        ({"early_renewal_days": -1}, "early_renewal_days", "Early renewal is a whole number from 0 to 3,660."),
        ({"exception_days": 0}, "exception_days", "The longest exception is a whole number from 1 to 3,660."),
        ({"status": "rumoured"}, "status", "Choose sourced, partly sourced or illustrative."),
        ({"lapse": " "}, "lapse", "Say what follows when it lapses."),
        ({"lapse": "x" * 201}, "lapse", "What follows is 201 characters long and 200 fit."),
        ({"applies_to": "x" * 201}, "applies_to", "Whom it is for is 201 characters long and 200 fit."),
        ({"source": "x" * 301}, "source", "The source is 301 characters long and 300 fit."),
        ({"status": "sourced"}, "source", "A sourced rule names its source."),
    ],
)
def test_terms_that_cannot_be_are_refused_beside_their_field(more: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(QualificationRefused) as refused:
        change_rule(qualification("FALP"), terms=replace(TERMS, **more), by=None, valid_from=DAY)
    assert sentence in str(refused.value)
    assert refused.value.field == field


def test_a_reason_too_long_is_refused_everywhere(station: Station) -> None:
    first_aid, long = qualification("FALP"), "x" * 301
    need = add_need(qualification("DP"), first_aid, by=None, valid_from=DAY)
    asked = require(first_aid, by=None, valid_from=DAY)
    for refused in (
        lambda: change_rule(first_aid, terms=TERMS, by=None, valid_from=DAY, reason=long),
        lambda: add_need(qualification("ETH"), first_aid, by=None, valid_from=DAY, reason=long),
        lambda: end_need(need, by=None, last_day=DAY, reason=long),
        lambda: require(qualification("DP"), by=None, valid_from=DAY, reason=long),
        lambda: end_requirement(asked, by=None, last_day=DAY, reason=long),
    ):
        with pytest.raises(QualificationRefused, match=r"The reason is 301 characters long") as said:
            refused()
        assert said.value.field == "reason"


def test_nothing_needs_itself_or_what_needs_it_however_far_down() -> None:
    one, two, three = (
        make_qualification("ONE"),
        make_qualification("TWO", "", "ONE"),
        make_qualification("THREE", "", "TWO"),
    )
    with pytest.raises(QualificationRefused, match=r"ONE cannot need itself."):
        add_need(one, one, by=None, valid_from=DAY)
    for other in (two, three):
        with pytest.raises(QualificationRefused, match=r"needs ONE already, so it cannot be needed by it.") as refused:
            add_need(one, other, by=None, valid_from=DAY)
        assert refused.value.field == "needed"
    assert not one.needs.exists()


def test_the_same_need_twice_in_one_time_is_refused_and_one_that_ended_is_not_made_longer() -> None:
    one = make_qualification("ONE")
    two = make_qualification("TWO")
    need = add_need(two, one, by=None, valid_from=DAY)
    with pytest.raises(QualificationRefused, match=r"TWO needs ONE already in that time."):
        add_need(two, one, by=None, valid_from=DAY)
    ended = end_need(need, by=None, last_day=DAY + timedelta(days=9))
    with pytest.raises(QualificationRefused, match=r"It ends on 10 June 2026 already."):
        end_need(ended, by=None, last_day=DAY + timedelta(days=20))


def test_a_requirement_twice_for_the_same_people_is_refused(station: Station) -> None:
    role = Role.objects.get(code="tutor-constable")
    unit = factories.unit("nights", name="Nights")
    require(qualification("FALP"), role=role, unit=unit, by=None, valid_from=DAY)
    with pytest.raises(
        QualificationRefused, match=r"is required of Tutor constable in Nights already for part of that time"
    ):
        require(qualification("FALP"), role=role, unit=unit, by=None, valid_from=DAY)
    require(qualification("FALP"), role=role, by=None, valid_from=DAY)


def test_a_requirement_does_not_end_before_it_begins_nor_later_than_it_does() -> None:
    with pytest.raises(QualificationRefused, match=r"The end is before the beginning.") as refused:
        require(qualification("DP"), by=None, valid_from=DAY, valid_until=DAY - timedelta(days=1))
    assert refused.value.field == "valid_until"
    row = require(make_qualification("ONE"), by=None, valid_from=DAY, valid_until=DAY + timedelta(days=9))
    with pytest.raises(QualificationRefused, match=r"It ends on 10 June 2026 already.") as refused:
        end_requirement(row, by=None, last_day=DAY + timedelta(days=9))
    assert refused.value.field == "last_day"
    assert end_requirement(row, by=None, last_day=DAY - timedelta(days=1)).is_void


def test_only_a_system_administrator_changes_any_of_it(station: Station) -> None:
    by, first_aid = station.training_admin, qualification("FALP")
    need = add_need(qualification("DP"), first_aid, by=None, valid_from=DAY)
    asked = require(first_aid, by=None, valid_from=DAY)
    before = (Qualification.objects.count(), QualificationRule.objects.count(), Requirement.objects.count())
    for refused in (
        lambda: created(by=by),
        lambda: change_rule(first_aid, terms=TERMS, by=by, valid_from=DAY),
        lambda: add_need(qualification("ETH"), first_aid, by=by, valid_from=DAY),
        lambda: end_need(need, by=by, last_day=DAY),
        lambda: require(qualification("DP"), by=by, valid_from=DAY),
        lambda: end_requirement(asked, by=by, last_day=DAY),
    ):
        with pytest.raises(
            NotYours, match=r"Only a system administrator changes qualifications, rules and requirements."
        ):
            refused()
    assert before == (Qualification.objects.count(), QualificationRule.objects.count(), Requirement.objects.count())
    assert created(by=station.system_admin).rules.get().recorded_by == station.system_admin
