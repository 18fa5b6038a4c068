"""Reasonable adjustments: granted, corrected and ended by training administrators, never for oneself; what holds on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from people.adjustments import (
    AdjustmentRefused,
    Granted,
    adjustments_of,
    correct_adjustment,
    end_adjustment,
    extra_minutes,
    grant_adjustment,
    in_words,
)
from people.models import Adjustment, User
from people.record_checks import check_records
from tests import factories

pytestmark = pytest.mark.django_db
FIRST = date(2026, 11, 1)
DAY = timedelta(days=1)


@pytest.fixture
def officer() -> User:
    return factories.person("PC O. Demo", unit=factories.unit("team"))


@pytest.fixture
def admin() -> User:
    return factories.person("M. Demo", "training-admin")


def granted(officer: User, by: User, **more: Any) -> Adjustment:
    days = {"valid_from": more.pop("valid_from", FIRST), "valid_until": more.pop("valid_until", None)}
    return grant_adjustment(officer, Granted(**(more or {"extra_percent": 25})), by=by, **days)


def test_what_is_granted_holds_from_its_first_day_to_its_last(officer: User, admin: User) -> None:
    granted(officer, admin, extra_percent=25, has_larger_print=True, valid_until=FIRST + 9 * DAY)
    assert adjustments_of(officer, on=FIRST - DAY) == {}
    assert adjustments_of(officer, on=FIRST) == {"extra_percent": 25, "larger_print": True}
    assert adjustments_of(officer, on=FIRST + 9 * DAY) == {"extra_percent": 25, "larger_print": True}
    assert adjustments_of(officer, on=FIRST + 10 * DAY) == {}


def test_a_row_says_who_recorded_it_and_asks_no_reason(officer: User, admin: User) -> None:
    row = granted(officer, admin, rest_minutes=10, keeps_order=True)
    assert (row.recorded_by, row.reason) == (admin, "")
    assert adjustments_of(officer, on=FIRST) == {"rest_minutes": 10, "keeps_order": True}


def test_a_correction_says_what_should_have_stood_and_keeps_what_did(officer: User, admin: User) -> None:
    row = granted(officer, admin)
    after = correct_adjustment(row, Granted(extra_percent=50), by=admin, valid_from=FIRST + DAY)
    assert after.supersedes == row
    assert adjustments_of(officer, on=FIRST) == {}
    assert adjustments_of(officer, on=FIRST + DAY) == {"extra_percent": 50}
    assert Adjustment.objects.count() == 2


def test_an_end_keeps_the_last_day_and_before_the_first_they_never_were(officer: User, admin: User) -> None:
    end_adjustment(granted(officer, admin), by=admin, last_day=FIRST + DAY)
    assert adjustments_of(officer, on=FIRST + DAY) == {"extra_percent": 25}
    assert adjustments_of(officer, on=FIRST + 2 * DAY) == {}
    later = granted(officer, admin, valid_from=FIRST + 30 * DAY)
    assert end_adjustment(later, by=admin, last_day=FIRST + 3 * DAY).is_void


def test_nobody_decides_on_their_own(admin: User) -> None:
    other = factories.person("N. Demo", "training-admin")
    row = granted(admin, other)
    for act in (
        lambda: granted(admin, admin, valid_from=FIRST - 9 * DAY, valid_until=FIRST - DAY),
        lambda: correct_adjustment(row, Granted(extra_percent=100), by=admin, valid_from=FIRST),
        lambda: end_adjustment(row, by=admin, last_day=FIRST),
    ):
        with pytest.raises(AdjustmentRefused, match=r"You cannot decide on adjustments of your own."):
            act()


@pytest.mark.parametrize("role", ["trainer", "assessor", "iqa", "auditor", "system-admin"])
def test_others_decide_on_none(officer: User, role: str) -> None:
    with pytest.raises(AdjustmentRefused, match=r"Only a training administrator decides on adjustments."):
        granted(officer, factories.person("Other", role))


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"extra_percent": 101}, "extra_percent", "Extra time is 0 to 100 per cent."),
        ({"extra_percent": -1}, "extra_percent", "Extra time is 0 to 100 per cent."),
        ({"rest_minutes": 61}, "rest_minutes", "Rest is 0 to 60 minutes for each hour."),
        ({"extra_percent": 0}, "", "Choose at least one adjustment."),
        ({"keeps_order": True, "valid_until": FIRST - DAY}, "valid_until", "The last day is before the first."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    officer: User, admin: User, more: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(AdjustmentRefused, match=sentence) as refused:
        granted(officer, admin, **more)
    assert refused.value.field == field
    assert not Adjustment.objects.exists()


def test_one_row_holds_at_a_time_also_after_a_correction(officer: User, admin: User) -> None:
    first = granted(officer, admin, valid_until=FIRST + 9 * DAY)
    with pytest.raises(AdjustmentRefused, match=r"recorded for part of that time already"):
        granted(officer, admin, valid_from=FIRST + 9 * DAY)
    second = granted(officer, admin, valid_from=FIRST + 10 * DAY)
    with pytest.raises(AdjustmentRefused, match=r"recorded for part of that time already"):
        correct_adjustment(first, Granted(extra_percent=50), by=admin, valid_from=FIRST)
    correct_adjustment(second, Granted(extra_percent=50), by=admin, valid_from=FIRST + 11 * DAY)
    assert list(check_records()) == []


def test_none_is_made_longer_by_ending_it(officer: User, admin: User) -> None:
    row = granted(officer, admin, valid_until=FIRST + DAY)
    with pytest.raises(AdjustmentRefused, match=r"They end by then already."):
        end_adjustment(row, by=admin, last_day=FIRST + DAY)


def test_the_second_of_two_who_change_the_same_row_is_told(officer: User, admin: User) -> None:
    row = granted(officer, admin)
    end_adjustment(row, by=admin, last_day=FIRST)
    for act in (
        lambda: end_adjustment(row, by=admin, last_day=FIRST),
        lambda: correct_adjustment(row, Granted(extra_percent=50), by=admin, valid_from=FIRST + 5 * DAY),
    ):
        with pytest.raises(AdjustmentRefused, match=r"Somebody changed these a moment ago."):
            act()


def test_the_database_refuses_more_than_the_verbs_do(officer: User, admin: User) -> None:
    row = granted(officer, admin)
    for name, value in (("extra_percent", 101), ("rest_minutes", 61)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Adjustment.objects.filter(pk=row.pk).update(**{name: value})


@pytest.mark.parametrize(
    ("percent", "minutes", "extra"), [(0, 40, 0), (25, 40, 10), (25, 41, 11), (1, 1, 1), (100, 90, 90), (50, 0, 0)]
)
def test_extra_time_is_rounded_up_to_whole_minutes(percent: int, minutes: int, extra: int) -> None:
    assert extra_minutes({"extra_percent": percent} if percent else {}, minutes) == extra


def test_each_is_said_in_a_sentence() -> None:
    told = {"extra_percent": 25, "rest_minutes": 1, "larger_print": True, "keeps_order": True}
    assert in_words(told) == [
        "25% extra time on every time limit.",
        "1 minute of rest for each hour, for which the clock stops.",
        "Larger print.",
        "Options in the order their author wrote them.",
    ]
    assert in_words({}) == []
