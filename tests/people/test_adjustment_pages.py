"""The pages of adjustments: found, granted, corrected and ended by an administrator; read by the person and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from people import clock
from people.adjustments import Granted, adjustments_of, grant_adjustment
from people.models import Adjustment, Look, User
from tests import factories

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.person("PC O. Demo", unit=factories.unit("team"))


@pytest.fixture
def admin() -> User:
    return factories.person("M. Demo", "training-admin")


@pytest.fixture
def desk(admin: User, signed_in: SignIn) -> Client:
    return signed_in(admin)


def boxes(name: str, day: date | None) -> dict[str, Any]:
    return {f"{name}_{part}": getattr(day, part) if day else "" for part in ("day", "month", "year")}


def typed(**more: Any) -> dict[str, Any]:
    days = {**boxes("valid_from", clock.today()), **boxes("valid_until", None)}
    return {"extra_percent": "25", "rest_minutes": "", **days, **more}


def row_of(officer: User, admin: User) -> Adjustment:
    return grant_adjustment(officer, Granted(extra_percent=25), by=admin, valid_from=clock.today())


def test_a_person_is_found_and_adjustments_are_granted(desk: Client, officer: User) -> None:
    assert "never why" in desk.get("/adjustments/").content.decode()
    here = desk.post("/adjustments/", {"person": officer.service_number})["Location"]
    assert here == f"/adjustments/{officer.public_id}/"
    assert desk.post(f"{here}grant/", typed(has_larger_print="on"))["Location"] == here
    assert adjustments_of(officer, on=clock.today()) == {"extra_percent": 25, "larger_print": True}
    content = desk.get(here).content.decode()
    assert "25% extra time on every time limit." in content
    assert "Larger print." in content


def test_a_row_is_corrected_and_ended_and_its_history_stays(desk: Client, officer: User, admin: User) -> None:
    row, here = row_of(officer, admin), f"/adjustments/{officer.public_id}/"
    assert 'value="25"' in desk.get(f"{here}{row.pk}/correct/").content.decode()
    desk.post(f"{here}{row.pk}/correct/", typed(extra_percent="50"))
    second = Adjustment.objects.get(extra_percent=50)
    tomorrow = clock.today() + timedelta(days=1)
    desk.post(f"{here}{second.pk}/end/", boxes("last_day", tomorrow))
    assert adjustments_of(officer, on=tomorrow) == {"extra_percent": 50}
    assert adjustments_of(officer, on=tomorrow + timedelta(days=1)) == {}
    assert desk.get(here).content.decode().count("Recorded otherwise since") == 2
    assert desk.get(f"{here}{row.pk}/correct/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"extra_percent": "a quarter"}, "Enter the extra time as a whole number from 0 to 100."),
        ({"extra_percent": "101"}, "Enter the extra time as a whole number from 0 to 100."),
        ({"rest_minutes": "61"}, "Enter the minutes of rest as a whole number from 0 to 60."),
        ({"extra_percent": ""}, "Choose at least one adjustment."),
        (boxes("valid_from", None), "Enter a day, for example 22 11 2026."),
        (boxes("valid_until", date(2020, 1, 1)), "The last day is before the first."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    desk: Client, officer: User, wrong: dict[str, Any], sentence: str
) -> None:
    answer = desk.post(f"/adjustments/{officer.public_id}/grant/", typed(keeps_order="", **wrong))
    content = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in content
    assert all(str(value) in content for value in wrong.values())
    assert not Adjustment.objects.exists()


def test_somebody_unknown_is_not_found_and_a_wrong_end_is_said(desk: Client, officer: User, admin: User) -> None:
    assert "Nobody has this e-mail address" in desk.post("/adjustments/", {"person": "x"}).content.decode()
    row = grant_adjustment(
        officer, Granted(keeps_order=True), by=admin, valid_from=clock.today(), valid_until=clock.today()
    )
    end = desk.post(f"/adjustments/{officer.public_id}/{row.pk}/end/", boxes("last_day", clock.today()))
    assert "They end by then already." in end.content.decode()


def test_an_administrator_reads_their_own_and_changes_nothing(desk: Client, admin: User) -> None:
    row = row_of(admin, factories.person("N. Demo", "training-admin"))
    here = f"/adjustments/{admin.public_id}/"
    assert "Another training administrator decides on them." in desk.get(here).content.decode()
    for way in ("grant/", f"{row.pk}/correct/", f"{row.pk}/end/"):
        assert desk.get(here + way).status_code == 403
        assert desk.post(here + way, typed()).status_code == 403
    assert Adjustment.objects.count() == 1


def test_the_person_reads_theirs_and_who_looked(officer: User, admin: User, desk: Client, signed_in: SignIn) -> None:
    row_of(officer, admin)
    desk.get(f"/adjustments/{officer.public_id}/")
    assert Look.objects.get(officer=officer).where == "Adjustments"
    own = signed_in(officer)
    assert "25% extra time on every time limit." in own.get("/adjustments/mine/").content.decode()
    assert "/adjustments/mine/" in own.get("/account/").content.decode()
    assert "None are recorded." in desk.get("/adjustments/mine/").content.decode()


@pytest.mark.parametrize("role", ["trainer", "assessor", "iqa", "auditor", "system-admin", "supervisor"])
def test_nobody_else_sees_adjustments(officer: User, admin: User, signed_in: SignIn, role: str) -> None:
    row_of(officer, admin)
    unit = {"unit": officer.postings.get().unit} if role == "supervisor" else {}
    other = signed_in(factories.person("Other", role, **unit))
    assert other.get(f"/adjustments/{officer.public_id}/").status_code == 403
    assert other.get("/adjustments/").status_code == 403
