"""A recruit's phase asks for its courses by the last day of its weeks, and says so on my learning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from courses.models import Recruit
from courses.my_learning import DueKind
from courses.programmes.due import due_in_phase
from courses.programmes.needs import Need, NeedKind
from courses.programmes.recruits import Path, PathPhase
from courses.programmes.states import Beside, Kind, Standing
from courses.programmes.values import read_plan
from tests.courses.programmes.acts import PLAN, START, weeks

LAST = weeks(4) - timedelta(days=1)
NEEDS = (
    Need(NeedKind.COURSE, "INIT-101", "Foundations", False, "Not finished.", "/catalogue/init-101/"),
    Need(NeedKind.COURSE, "ETH-101", "Ethics", True, "Finished on 6 January 2026.", "/catalogue/eth-101/"),
    Need(NeedKind.COURSE, "LATER-1", "LATER-1", False, "This course has not come out yet."),
    Need(NeedKind.QUALIFICATION, "FALP", "First aid", False, "Never held.", "/my/record/requirements/"),
)


def path(**more: Any) -> Path:
    plan = read_plan(PLAN)
    phase = PathPhase(plan.phases[0], START, LAST, is_done=False, is_present=True)
    return Path(Recruit(), plan, Standing(**more), (phase,), NEEDS, 1)


def told(on: date, found: Path | None = None, **more: Any) -> list[tuple[str, str, str]]:
    return [(due.course, due.words, due.detail) for due in due_in_phase(found or path(), on=on, **more)]


def test_a_course_not_finished_is_due_by_the_phase_s_last_day():
    assert told(LAST - timedelta(days=5)) == [
        ("INIT-101", "Due in 5 days", "Foundation is to be done by 1 February 2026.")
    ]
    (due,) = due_in_phase(path(), on=LAST)
    assert (due.by, due.kind, due.address, due.is_expired) == (LAST, DueKind.PHASE, "/catalogue/init-101/", False)


def test_once_the_day_is_past_it_says_behind_and_whom_to_ask():
    assert told(LAST + timedelta(days=1)) == [
        ("INIT-101", "Behind", "Foundation was to be done by 1 February 2026. Ask your trainer how to catch up.")
    ]


@pytest.mark.parametrize("days", [91, 400])
def test_what_is_far_off_is_not_due_yet(days):
    assert told(LAST - timedelta(days=days)) == []
    assert told(LAST - timedelta(days=90)) != []


def test_nothing_is_due_while_training_is_paused_or_after_its_end():
    assert told(LAST, path(beside=(Beside(Kind.PAUSED, None, "Injury"),))) == []
    assert told(LAST, replace(path(), phases=())) == []


def test_what_something_else_asks_for_already_is_not_said_twice():
    assert told(LAST, told={"INIT-101"}) == []
