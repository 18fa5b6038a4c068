"""Weeks lost, and why: no day is lost twice, and nothing is lost that was not decided."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from courses.programme_reports.lost import PAUSED, StateRow, losses, weeks

START = date(2026, 1, 5)


def day(week: float) -> date:
    return START + timedelta(days=round(week * 7))


def phase(since: float, until: float | None = None) -> StateRow:
    """A row of the phase from a week until the day before another."""
    return StateRow("phase", "foundation", None, "", day(since), _last(until))


def intake(since: float, until: float | None = None, *, cause: str = "") -> StateRow:
    return StateRow("intake", "", 1, cause, day(since), _last(until))


def pause(since: float, until: float | None = None) -> StateRow:
    return StateRow("paused", "", None, "", day(since), _last(until))


def _last(until: float | None) -> date | None:
    return None if until is None else day(until) - timedelta(days=1)


def told(rows: list[StateRow], on: float = 52) -> list[tuple[str, float]]:
    return [(loss.cause, weeks(loss.days)) for loss in losses(rows, day(on))]


def test_whoever_went_straight_on_lost_nothing() -> None:
    assert told([intake(0), phase(0)]) == []


def test_a_move_loses_the_time_until_the_phase_is_begun_anew() -> None:
    rows = [intake(0, 4), phase(0, 4), intake(4, cause="injury"), phase(8)]
    assert told(rows) == [("injury", 8.0)]
    assert told(rows, on=3) == [], "on a day before it was decided for"


def test_a_move_on_the_day_a_phase_began_loses_the_wait_only() -> None:
    assert told([intake(0, 4), intake(4, cause="exam"), phase(8)]) == [("exam", 4.0)]


def test_of_two_moves_in_a_row_the_first_loses_until_the_second() -> None:
    waiting = [intake(0, 4), phase(0, 4), intake(4, 6, cause="injury"), intake(6, cause="exam"), phase(16)]
    assert told(waiting) == [("injury", 6.0), ("exam", 10.0)]
    begun = [
        intake(0, 4),
        phase(0, 4),
        intake(4, 12, cause="injury"),
        phase(8, 12),
        intake(12, cause="exam"),
        phase(16),
    ]
    assert told(begun) == [("injury", 8.0), ("exam", 8.0)]


def test_a_pause_loses_its_days_until_the_day_that_is_asked_about() -> None:
    assert told([phase(0), pause(2, 4)]) == [(PAUSED, 2.0)]
    assert told([phase(0), pause(2)], on=5) == [(PAUSED, 3.1)]


def test_what_is_paused_within_a_move_is_the_moves() -> None:
    rows = [intake(0, 4), phase(0, 4), pause(3, 6), intake(4, cause="injury"), phase(8), pause(7, 10)]
    assert told(rows) == [("injury", 8.0), (PAUSED, 2.0)]


WEEKS = st.integers(0, 60)


@given(st.lists(WEEKS, max_size=5), st.lists(st.tuples(WEEKS, WEEKS), max_size=3))
def test_no_day_is_lost_twice(moves: list[int], pauses: list[tuple[int, int]]) -> None:
    """Whatever follows whatever: days lost together are never more than there were."""
    rows: list[StateRow] = []
    begun = 0
    for number, move in enumerate(sorted(set(moves))):
        rows += [intake(move, cause="exam")]
        rows += [phase(begun, move)] if begun < move else []
        begun = move + number
    rows.append(phase(begun))
    last = 0
    for first, until in sorted((min(pair), max(pair)) for pair in pauses):
        if first >= last and until > first:
            rows.append(pause(first, until))
            last = until
    found = losses(rows, day(200))
    days = [loss.first + timedelta(days=number) for loss in found for number in range(loss.days)]
    assert len(days) == len(set(days))
    assert all(loss.days > 0 for loss in found)
