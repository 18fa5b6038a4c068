"""Absences: recorded and ended by a supervisor or an administrator, never by oneself; and what they are refused for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from people import clock
from people.absences import AbsenceRefused, end_absence, record_absence
from people.models import Absence, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.person("PC O. Demo", unit=factories.unit("team"))


@pytest.fixture
def admin() -> User:
    return factories.person("M. Demo", "training-admin")


def away(officer: User, by: User, **more: Any) -> Absence:
    said = {"valid_from": clock.today(), "valid_until": clock.today() + timedelta(days=30)}
    return record_absence(officer, more.pop("kind", "parental"), by=by, **{**said, **more})


def test_an_absence_is_a_row_with_who_recorded_it(officer: User, admin: User) -> None:
    row = away(officer, admin, valid_until=None)
    assert (row.officer, row.kind, row.recorded_by, row.valid_until) == (officer, "parental", admin, None)


def test_a_supervisor_records_it_too(officer: User) -> None:
    sergeant = factories.person("Sgt S. Demo", "supervisor", unit=officer.postings.get().unit)
    assert away(officer, sergeant).recorded_by == sergeant


def test_an_absence_ends_with_its_last_day_and_before_its_first_never_was(officer: User, admin: User) -> None:
    assert end_absence(away(officer, admin), by=admin, last_day=clock.today()).valid_until == clock.today()
    later = away(officer, admin, valid_from=clock.today() + timedelta(days=5))
    assert end_absence(later, by=admin, last_day=clock.today()).is_void


def test_nobody_records_or_ends_their_own(admin: User) -> None:
    with pytest.raises(AbsenceRefused, match=r"You cannot record an absence of your own."):
        away(admin, admin)
    other = factories.person("N. Demo", "training-admin")
    with pytest.raises(AbsenceRefused, match=r"You cannot record an absence of your own."):
        end_absence(away(admin, other), by=admin, last_day=clock.today())


def test_others_record_and_end_none(officer: User, admin: User) -> None:
    elsewhere = factories.person("Sgt E. Demo", "supervisor", unit=factories.unit("elsewhere"))
    with pytest.raises(AbsenceRefused, match=r"Only somebody who supervises this officer today, or an administrator"):
        away(officer, elsewhere)
    with pytest.raises(AbsenceRefused, match=r"Only somebody who supervises this officer today, or an administrator"):
        end_absence(away(officer, admin), by=elsewhere, last_day=clock.today())


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"kind": "illness"}, "kind", "Choose what kind of absence it is."),
        ({"valid_until": -1}, "valid_until", "The last day away is before the first."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    officer: User, admin: User, more: dict[str, Any], field: str, sentence: str
) -> None:
    typed = {
        name: clock.today() + timedelta(days=value) if isinstance(value, int) else value for name, value in more.items()
    }
    with pytest.raises(AbsenceRefused, match=sentence) as refused:
        away(officer, admin, **typed)
    assert refused.value.field == field


def test_two_absences_do_not_overlap_and_none_is_made_longer(officer: User, admin: User) -> None:
    row = away(officer, admin)
    with pytest.raises(AbsenceRefused, match=r"An absence is recorded for part of that time already."):
        away(officer, admin, kind="secondment")
    with pytest.raises(AbsenceRefused, match=r"It ends by then already."):
        end_absence(row, by=admin, last_day=clock.today() + timedelta(days=30))
