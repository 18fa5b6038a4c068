"""What was decided about a recruit, told: who decided each thing and why; who ended it, apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from courses.models import Recruit
from courses.programmes.history import Told, history_of
from courses.programmes.moving import Kind, end_beside, record_beside, record_end
from people.models import User
from tests.courses.programmes.acts import administrator, noon, weeks

pytestmark = pytest.mark.django_db


def told(recruit: Recruit, kind: Kind) -> Told:
    (one,) = [one for one in history_of(recruit) if one.kind is kind]
    return one


def open_a_plan(rae: Recruit, by: User) -> None:
    record_beside(
        rae,
        Kind.ACTION_PLAN,
        by=by,
        at=noon(weeks(1)),
        on=weeks(1),
        reason="Two failed tests",
        evidence="HR-2026-114",
    )


def close_it(rae: Recruit, by: User) -> None:
    end_beside(rae, Kind.ACTION_PLAN, by=by, at=noon(weeks(2)), on=weeks(2), reason="Both passed now.")


def test_what_stands_is_told_with_who_decided_it_and_no_end(rae: Recruit, ada: User) -> None:
    open_a_plan(rae, ada)
    plan = told(rae, Kind.ACTION_PLAN)
    assert (plan.by, plan.reason, plan.end) == (ada.get_short_name(), "Two failed tests", None)
    assert "Ended" not in plan.recorded


def test_what_somebody_ended_is_told_with_who_decided_it_and_apart_with_who_ended_it(rae: Recruit, ada: User) -> None:
    open_a_plan(rae, ada)
    close_it(rae, administrator("Bea Demo"))
    plan = told(rae, Kind.ACTION_PLAN)
    assert (plan.by, plan.reason, plan.evidence) == (ada.get_short_name(), "Two failed tests", "HR-2026-114")
    assert plan.until == weeks(2) - timedelta(days=1)
    assert plan.end is not None
    assert (plan.end.by, plan.end.reason) == ("Bea Demo", "Both passed now.")
    assert f"by {ada.get_short_name()}. Ended by Bea Demo, recorded " in plan.recorded
    assert plan.recorded.endswith(": Both passed now.")


def test_a_phase_that_ended_with_the_training_was_still_entered_by_who_decided_that(rae: Recruit, ada: User) -> None:
    record_end(rae, Kind.LEFT, by=administrator("Bea Demo"), at=noon(weeks(3)), on=weeks(3), reason="Resigned")
    for kind in (Kind.PHASE, Kind.INTAKE):
        one = told(rae, kind)
        assert one.by == ada.get_short_name()
        assert one.end is not None
        assert (one.end.by, one.end.reason) == ("Bea Demo", "Resigned")
    assert told(rae, Kind.LEFT).by == "Bea Demo"


def test_the_page_says_both(rae: Recruit, ada: User, signed_in: Any) -> None:
    open_a_plan(rae, ada)
    close_it(rae, administrator("Bea Demo"))
    desk: Client = signed_in(ada)
    page = desk.get(f"/intakes/recruits/{rae.pk}/").content.decode()
    assert "Two failed tests" in page
    assert "Ended by Bea Demo" in page


def test_a_longer_history_costs_no_more_queries(rae: Recruit, ada: User, django_assert_max_num_queries: Any) -> None:
    for week in range(1, 9, 2):
        record_beside(rae, Kind.PAUSED, by=ada, at=noon(weeks(week)), on=weeks(week), reason="Absence")
        end_beside(rae, Kind.PAUSED, by=ada, at=noon(weeks(week + 1)), on=weeks(week + 1), reason="Back")
    with django_assert_max_num_queries(3):
        assert len([one for one in history_of(rae) if one.end is not None]) == 4
