"""Marks become whole numbers of a unit, exactly."""

from __future__ import annotations

from fractions import Fraction

from assessments.analysis.columns import Column, Marks, columns_of, in_largest_units
from tests.assessments.analysis.matrices import matrix


def test_marks_and_maxima_are_whole_in_their_unit() -> None:
    found = columns_of(["a", "b"], [Fraction(3, 4), None], [[Fraction(1, 2), Fraction(1, 3)], [None, Fraction(2)]])
    assert found == Marks(2, 12, (Column("a", 9, [0], [6]), Column("b", 24, [0, 1], [4, 24])))


def test_the_largest_mark_seen_is_the_maximum_where_none_is_said() -> None:
    assert [column.maximum for column in matrix([[1, 3, None], [2, 5, None]]).columns] == [2, 5, 0]


def test_a_mark_below_nought_is_a_mark() -> None:
    found = matrix([[-0.5, 1], [1, 0]])
    assert (found.unit, found.columns[0].marks) == (2, [-1, 2])


def test_the_largest_unit_keeps_what_marks_are_worth() -> None:
    found = in_largest_units(Marks(2, 10**6, (Column("a", 10**6, range(2), [500_000, 0]),)))
    assert (found.unit, found.columns) == (2, (Column("a", 2, range(2), [1, 0]),))
    assert in_largest_units(found) is found


def test_no_marks_at_all_have_a_unit() -> None:
    assert in_largest_units(matrix([], maxima=[1])).unit == 1
