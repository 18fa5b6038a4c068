"""An intake at a glance: in which group each recruit stands, and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from courses.models import Intake
from courses.programmes.boards import Board, Member, board_of
from courses.programmes.moving import Kind, back_course, record_beside, record_end
from people.models import User
from tests.courses.programmes.acts import intake, noon, qualify, recruit, weeks
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


def told(board: Board) -> dict[str, list[tuple[str, str]]]:
    """Return names and reasons by heading."""
    return {
        heading: [(member.recruit.officer.name, member.reason) for member in members]
        for heading, members in board.groups
    }


def only(board: Board) -> Member:
    ((_heading, (member,)),) = board.groups
    return member


def test_each_stands_in_one_group_with_the_reason(ada: User, where: Intake) -> None:
    on_course, done, plan, paused, left = (
        recruit(where, by=ada, name=name) for name in ("Ona Demo", "Dov Demo", "Pia Demo", "Abe Demo", "Lea Demo")
    )
    qualify(done)
    day = weeks(2)
    record_beside(plan, Kind.ACTION_PLAN, by=ada, at=noon(day), on=day, reason="Two failed tests")
    record_beside(paused, Kind.PAUSED, by=ada, at=noon(day), on=day, reason="Absence")
    record_end(left, Kind.LEFT, by=ada, at=noon(day), on=day, reason="Resigned")
    board = board_of(where, day)
    assert told(board) == {
        "In difficulty": [("Pia Demo", "Action plan: Two failed tests")],
        "Paused": [("Abe Demo", "Training is paused.")],
        "On course": [
            ("Dov Demo", "Everything ‘Foundation’ needs is there."),
            ("Ona Demo", "1 still needed by 1 February 2026."),
        ],
        "No longer in training": [("Lea Demo", "Left on 19 January 2026.")],
    }
    assert board.count == 5
    assert on_course.closed_at is None


def test_after_its_weeks_a_phase_that_goes_on_is_behind(ada: User, where: Intake) -> None:
    rae = recruit(where, by=ada)
    assert only(board_of(where, weeks(4) - timedelta(days=1))).reason == "1 still needed by 1 February 2026."
    late = only(board_of(where, weeks(4)))
    assert late.reason.startswith("‘Foundation’ was to end on 1 February 2026. First aid: Never held.")
    assert (late.phase, late.week, late.place) == ("Foundation", 5, "Foundation, week 5")
    qualify(rae)
    assert "Everything is there: decide about the phase." in only(board_of(where, weeks(4))).reason


def test_who_moved_to_a_later_intake_is_on_its_board_only(ada: User, where: Intake) -> None:
    rae = recruit(where, by=ada)
    later = intake("Intake B", by=ada, starts_on=weeks(8), of=where.release)
    back_course(rae, later, by=ada, at=noon(weeks(3)), on=weeks(8), cause="injury", reason="A broken wrist")
    assert only(board_of(where, weeks(3))).recruit == rae
    assert board_of(where, weeks(8)).count == 0
    assert only(board_of(later, weeks(8))).place == "Foundation, week 1"


def test_before_the_first_day_nobody_is_behind(ada: User, where: Intake) -> None:
    recruit(where, by=ada)
    assert board_of(where, date(2025, 12, 1)).count == 0


def test_a_board_costs_the_same_for_two_and_for_twenty(ada: User, where: Intake) -> None:
    for _number in range(2):
        recruit(where, by=ada, name="")
    with counted_queries() as few:
        board_of(where, weeks(2))
    for _number in range(18):
        recruit(where, by=ada, name="")
    with counted_queries() as many:
        board_of(where, weeks(2))
    assert many.count == few.count, many
