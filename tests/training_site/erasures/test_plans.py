"""Each table that is held has a plan or stays for a reason, and a period ends on its anniversary."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cpd_records.models import EntryKind, PlanItem
from people.erasure_plans import due_rows, retention_classes, years_before
from people.models import User
from tests.training_site.erasures.acts import an_activity
from training_site.erasing import ALL_PLANS, ALL_STAYS
from training_site.held import ALL_HELD

pytestmark = pytest.mark.django_db

ROOTS = {(plan.model, plan.by) for plan in ALL_PLANS}
ALONG = {part.model for plan in ALL_PLANS for part in plan.parts}


@pytest.mark.parametrize("one", ALL_HELD, ids=lambda one: f"{one.model}.{one.by}")
def test_every_table_that_is_handed_over_has_a_plan_or_a_reason_to_stay(one: Any) -> None:
    way = (one.model, one.by)

    assert way in ROOTS or way in ALL_STAYS or one.model in ALONG, f"Add {one.model} to its app's erasing.py."


def test_nothing_stays_that_is_not_held() -> None:
    assert {(one.model, one.by) for one in ALL_HELD} >= set(ALL_STAYS)


@pytest.mark.parametrize("plan", ALL_PLANS, ids=lambda plan: f"{plan.model}.{plan.what}")
def test_every_plan_can_be_asked_of_its_table(plan: Any) -> None:
    assert plan.retention in retention_classes()
    columns = {field.name for field in plan.table._meta.concrete_fields}
    assert {*(way.split("__")[0] for way in plan.since), *plan.entries, *(plan.blanks or ())} <= columns
    for part in plan.parts:
        table = apps.get_model(part.model)
        assert str(table._base_manager.filter(Q(**{part.by: None}), part.only).query)
        assert {*(part.blanks or ()), *part.entries} <= {field.name for field in table._meta.concrete_fields}


def test_every_kind_of_entry_has_its_class() -> None:
    """But for corrections, which go with what they correct, and for what says that something was erased."""
    named = {kind for plan in ALL_PLANS if plan.is_opening for _lookup, kinds in plan.only.children for kind in kinds}

    assert named == {kind.value for kind in EntryKind} - {"correction", "erasure"}


PLAN_ITEMS = next(plan for plan in ALL_PLANS if plan.model == "cpd_records.PlanItem")
ACTIVITIES = next(plan for plan in ALL_PLANS if plan.model == "cpd_records.Activity")


@given(
    st.lists(st.tuples(st.integers(-2, 2), st.integers(0, 86_399)), min_size=1, max_size=6),
    st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29), date(2027, 2, 28)]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_due_is_what_a_list_says(olu: User, happened: list[tuple[int, int]], on: date) -> None:
    """By the force's own days, on the two days a year that have not 24 hours too; by a moment or by a day alike."""
    last, zone = years_before(on, 7), timezone.get_current_timezone()
    with transaction.atomic():
        moments = [
            datetime.combine(last + timedelta(days=days), time(), zone) + timedelta(seconds=seconds)
            for days, seconds in happened
        ]
        for number, moment in enumerate(moments):
            PlanItem.objects.create(officer=olu, title=str(number), created_at=moment, changed_at=moment)
            an_activity(olu, timezone.localdate(moment))
        expected = [moment for moment in moments if timezone.localdate(moment) <= last]
        for plan in (PLAN_ITEMS, ACTIVITIES):
            assert due_rows(plan, olu, on=on, left_on=None).count() == len(expected)
            assert due_rows(plan, olu, on=on, left_on=None, ended_only=False).count() == len(moments)
        transaction.set_rollback(True)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 60), st.integers(-2, 2))
@example(date(2028, 2, 29), 7, 0)
def test_a_period_has_ended_from_its_anniversary_on(on: date, years: int, days: int) -> None:
    last = years_before(on, years)
    since = last + timedelta(days=days)
    try:
        anniversary = since.replace(year=since.year + years)
    except ValueError:  # 29 February falls on 1 March
        anniversary = date(since.year + years, 3, 1)

    assert (since <= last) == (anniversary <= on)
