"""Qualifications in the admin: read with their history, changed by new rows; circles and what cannot be refused beside its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cpd_records.models import Qualification, QualificationNeed, QualificationRule, Requirement
from cpd_records.qualifications.rules import rule_on
from people import clock
from people.models import User
from tests.cpd_records.currency.acts import make_qualification, qualification
from tests.cpd_records.qualifications.conftest import Station
from tests.hostile import HOSTILE, runs_in, sendable

pytestmark = pytest.mark.django_db
HOME = "/admin/qualifications/"
RULE = {
    "validity_months": "24",
    "warning_days": "60",
    "grace_days": "0",
    "early_renewal_days": "30",
    "initial_minutes": "7.5",
    "exception_days": "90",
    "lapse": "Not to fly",
    "status": "illustrative",
}


@pytest.fixture
def admin(station: Station, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(station.system_admin)


def of(code: str, more: str = "") -> str:
    return f"{HOME}{qualification(code).pk}/{more}"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def from_today(**more: Any) -> dict[str, Any]:
    return {"valid_from": clock.today().isoformat(), "reason": "Agreed", **more}


def prefixed(prefix: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return what is posted under the names a form has beside others on its screen."""
    return {f"{prefix}-{name}": value for name, value in data.items()}


def test_every_qualification_is_listed_with_its_rule_and_where_it_comes_from(admin: Client) -> None:
    html = text(admin.get(HOME))
    assert (
        html.count("Local default, not a national standard.")
        == QualificationRule.objects.in_force(clock.today()).filter(status="illustrative").count()
    )
    for one in Qualification.objects.all():
        assert f"{HOME}{one.pk}/" in html


def test_one_is_read_with_its_history_by_both_times(admin: Client) -> None:
    html = text(admin.get(of("CED")))
    assert "Partly sourced. What the source does not say is a local default." in html
    assert "Every row as it was recorded" in html
    assert "delivered" in html
    assert "it stands" in html
    assert "Eyesight check" in html
    assert "Taser officer" in html


def test_a_change_of_rule_is_a_new_row_from_a_day_on(admin: Client, station: Station) -> None:
    before = rule_on(qualification("FALP"), clock.today() - timedelta(days=1))
    answer = admin.post(of("FALP", "rule/"), {**RULE, **from_today()})
    assert answer.headers["Location"] == of("FALP")
    rule = rule_on(qualification("FALP"), clock.today())
    assert before is not None
    assert rule is not None
    assert (rule.validity_months, rule.initial_minutes, rule.refresher_minutes) == (24, 450, None)
    assert (rule.recorded_by, rule.reason) == (station.system_admin, "Agreed")
    old = rule_on(qualification("FALP"), clock.today() - timedelta(days=1))
    assert old is not None
    assert old.validity_months == before.validity_months
    html = text(admin.get(of("FALP")))
    assert "It lasts 24 months from the day of the award." in html
    assert "It lasts 12 months from the day of the award." in html


def test_the_form_of_a_rule_holds_the_rule_in_force_and_its_hours_as_figures(admin: Client) -> None:
    html = admin.get(of("CED", "rule/")).content.decode()
    assert 'value="18"' in html
    assert f'value="{clock.today().isoformat()}"' in html
    assert "Dymond 2021" in html


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"validity_months": "0"}, "A whole number from 1 to 600."),
        ({"warning_days": "many"}, "A whole number from 0 to 3,660."),
        ({"grace_days": ""}, "A whole number from 0 to 3,660."),
        ({"initial_minutes": "0.33"}, "Write hours so that they come to whole minutes"),
        ({"initial_minutes": "2000"}, "Initial training takes between one minute and 1,000 hours."),
        ({"status": "sourced"}, "A sourced rule names its source."),
        ({"lapse": " "}, "This field is required."),
        ({"reason": ""}, "This field is required."),
        ({"valid_from": "1990-01-01"}, "Another rule begins on 1 January 2000."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_what_was_typed_stays(
    admin: Client, more: dict[str, str], sentence: str
) -> None:
    count = QualificationRule.objects.count()
    answer = admin.post(of("FALP", "rule/"), {**RULE, **from_today(), **more})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="60"' in text(answer) or "warning_days" in more
    assert QualificationRule.objects.count() == count


def test_a_new_qualification_has_its_first_rule_and_a_code_of_its_own(admin: Client) -> None:
    names = {"code": "drone", "title": "Drone pilot", "short_title": "Drone"}
    answer = admin.post(f"{HOME}new/", {**names, **RULE, "valid_from": clock.today().isoformat()})
    assert answer.headers["Location"] == of("DRONE")
    assert qualification("DRONE").rules.get().lapse == "Not to fly"
    again = admin.post(f"{HOME}new/", {**names, **RULE, "valid_from": clock.today().isoformat()})
    assert "There is a qualification DRONE already. Choose another code." in text(again)
    odd = admin.post(f"{HOME}new/", {**names, "code": "a b", **RULE, "valid_from": clock.today().isoformat()})
    assert "A code has up to 20 capital letters" in text(odd)
    assert Qualification.objects.filter(title="Drone pilot").count() == 1


def test_a_need_is_added_and_ended_and_a_circle_is_refused(admin: Client) -> None:
    make_qualification("ONE")
    make_qualification("TWO")
    assert admin.post(of("TWO", "needs/"), prefixed("need", from_today(needed="ONE"))).headers["Location"] == of("TWO")
    need = QualificationNeed.objects.get(qualification__code="TWO")
    circle = admin.post(of("ONE", "needs/"), prefixed("need", from_today(needed="TWO")))
    assert circle.status_code == 422
    assert "TWO needs ONE already, so it cannot be needed by it. End that first." in text(circle)
    assert "ONE cannot need itself." in text(
        admin.post(of("ONE", "needs/"), prefixed("need", from_today(needed="ONE")))
    )
    end = {"end-last_day": clock.today().isoformat(), "end-reason": "Agreed"}
    assert admin.post(of("TWO", f"needs/{need.pk}/end/"), end).status_code == 302
    row = QualificationNeed.objects.known().get(qualification__code="TWO")
    assert row.valid_until == clock.today()
    assert "already." in text(admin.post(of("TWO", f"needs/{row.pk}/end/"), end))
    assert admin.post(of("TWO", f"needs/{need.pk}/end/"), end).status_code == 404
    assert admin.post(of("ONE", f"needs/{row.pk}/end/"), end).status_code == 404


def test_a_requirement_is_added_for_some_and_ended(admin: Client) -> None:
    make_qualification("ONE")
    asked = prefixed("asked", from_today(role="tutor-constable", rank="sergeant", valid_until="", stops_duty="on"))
    assert admin.post(of("ONE", "requirements/"), asked).headers["Location"] == of("ONE")
    row = Requirement.objects.get(qualification__code="ONE")
    assert (row.role.code, row.rank.code, row.unit, row.stops_duty) == ("tutor-constable", "sergeant", None, True)
    assert "already for part of that time" in text(admin.post(of("ONE", "requirements/"), asked))
    backwards = {**asked, "asked-role": "", "asked-valid_until": (clock.today() - timedelta(days=1)).isoformat()}
    assert "The end is before the beginning." in text(admin.post(of("ONE", "requirements/"), backwards))
    end = {"end-last_day": (clock.today() + timedelta(days=3)).isoformat(), "end-reason": ""}
    assert admin.post(of("ONE", f"requirements/{row.pk}/end/"), end).status_code == 302
    ended = Requirement.objects.known().get(qualification__code="ONE")
    assert ended.valid_until == clock.today() + timedelta(days=3)
    assert "It ends on" in text(admin.post(of("ONE", f"requirements/{ended.pk}/end/"), end))


def test_a_form_that_is_posted_has_no_page_of_its_own(admin: Client) -> None:
    for part in ("needs/", "requirements/"):
        assert admin.get(of("CED", part)).headers["Location"] == of("CED")
    assert admin.get(f"{HOME}999999/").status_code == 404


def test_hostile_words_are_kept_as_words(admin: Client) -> None:
    make_qualification("ONE")
    for number, words in enumerate(HOSTILE.values()):
        day = (clock.today() + timedelta(days=number)).isoformat()
        said = sendable(words)[:150]
        admin.post(of("ONE", "rule/"), {**RULE, "lapse": said, "source": said, "valid_from": day, "reason": said})
    answer = admin.get(of("ONE"))
    assert answer.status_code == 200
    assert not runs_in(answer.content.decode())


@pytest.mark.parametrize("who", ["training_admin", "auditor", "sergeant"])
def test_nobody_but_a_system_administrator_comes_here(station: Station, signed_in: Any, who: str) -> None:
    client = signed_in(getattr(station, who))
    for address in (HOME, f"{HOME}new/", of("CED"), of("CED", "rule/")):
        assert client.get(address).status_code in {302, 403}
    count = QualificationRule.objects.count()
    client.post(of("CED", "rule/"), {**RULE, **from_today()})
    assert QualificationRule.objects.count() == count
