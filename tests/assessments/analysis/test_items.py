"""Figures of items and of a test: by hand, as others have published them, against a second model, and what they may not depend on."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.analysis.columns import Column, Marks
from assessments.analysis.items import FEW, ItemFigures, analyse, strengths_of
from tests.assessments.analysis.matrices import MOODLE_ITEMS, matrix, moodle

pure = settings(max_examples=60, deadline=None)
FIGURES = ("facility", "sd", "effective_weight", "discrimination", "discriminative_efficiency", "alpha_if_deleted")
WHOLE = ("mean", "median", "sd", "skewness", "kurtosis", "alpha", "error_ratio", "standard_error")
# Marks of two decimals, so that exact sums and floats can be held against each other.
marks = st.integers(0, 300).map(lambda number: Fraction(number, 100))
matrices = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.lists(marks, min_size=width, max_size=width), min_size=4, max_size=25)
)


def close(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_test_of_three_questions_by_hand() -> None:
    """Totals 3, 2, 1, 0, each item's mean and covariances reckoned on paper."""
    found = analyse(matrix([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]))
    first, second, third = found.items
    assert (first.facility, second.facility, third.facility) == (0.75, 0.5, 0.25)
    # Variances 3/16 and 1/4 times 4/3.
    assert (first.sd, second.sd, third.sd) == (0.5, sqrt(1 / 3), 0.5)
    assert (found.mean, found.median, found.sd) == (1.5, 1.5, sqrt(5 / 3))
    # 3/2 (1 - (1/4 + 1/3 + 1/4) / (5/3)) = 3/4.
    assert found.alpha == 0.75
    assert found.error_ratio == 0.5
    assert found.standard_error == sqrt(5 / 12)
    # The first with rests 2, 1, 0, 0: covariance 1/4, variances 1/4 and 11/12.
    assert first.discrimination == sqrt(3 / 11)
    assert second.discrimination == sqrt(1 / 2)
    # Its marks and rests are already sorted alike, so it tells as much as it can.
    assert first.discriminative_efficiency == 1.0
    # Without the first: totals 2, 1, 0, 0, so 2 (1 - (7/12) / (11/12)).
    assert first.alpha_if_deleted == float(Fraction(8, 11))
    assert found.skewness == 0.0
    # m2 = 5/4 and m4 = 41/16, so k4 = 4 (5 m4 - 9 m2²) 4 / 6 = -10/3, over k2² = 25/9.
    assert found.kurtosis == -1.2


def test_the_figures_moodle_has_published() -> None:
    found = analyse(moodle())
    for item, expected in zip(found.items, MOODLE_ITEMS, strict=True):
        figures = (getattr(item, name) for name in FIGURES[:-1])
        assert tuple(figures) == pytest.approx(expected, rel=1e-7)
    assert found.candidates == 25
    assert (found.median, found.mean, found.sd) == pytest.approx((4.5, 4.617333332, 0.8117265554))
    assert (found.skewness, found.kurtosis) == pytest.approx((-0.092502502, -0.7073968557))
    assert (found.alpha, found.error_ratio, found.standard_error) == pytest.approx(
        (-0.872230935542, 1.368294900795, 1.1106813066)
    )


@pure
@given(matrices)
def test_with_no_mark_missing_every_figure_is_the_textbooks(rows: list[list[Fraction]]) -> None:
    found, expected = analyse(matrix(rows)), naive(rows)
    for name in WHOLE:
        assert close(getattr(found, name), expected[name]), name
    for number, item in enumerate(found.items):
        for name in FIGURES:
            assert close(getattr(item, name), expected["items"][number][name]), (number, name)


@pure
@given(matrices, st.randoms())
def test_the_order_of_candidates_changes_nothing(rows: list[list[Fraction]], chance: Any) -> None:
    shuffled = rows[:]
    chance.shuffle(shuffled)
    first, second = analyse(matrix(rows)), analyse(matrix(shuffled))
    assert first.items == second.items
    assert all(getattr(first, name) == getattr(second, name) for name in WHOLE)


@pure
@given(matrices, st.integers(2, 9))
def test_worth_more_each_question_keeps_its_fractions(rows: list[list[Fraction]], times: int) -> None:
    first, second = analyse(matrix(rows)), analyse(matrix([[mark * times for mark in row] for row in rows]))
    for one, other in zip(first.items, second.items, strict=True):
        assert all(close(getattr(one, name), getattr(other, name)) for name in FIGURES if name != "sd")
        assert close(other.sd, times * one.sd if one.sd is not None else None)
    for name in ("skewness", "kurtosis", "alpha", "error_ratio"):
        assert getattr(first, name) == getattr(second, name)
    for name in ("mean", "sd", "standard_error"):
        known = getattr(first, name)
        assert close(getattr(second, name), None if known is None else times * known)


@pure
@given(matrices, st.data())
def test_a_larger_maximum_lowers_facility_and_nothing_else(rows: list[list[Fraction]], data: st.DataObject) -> None:
    maxima = [max(row[place] for row in rows) or 1 for place in range(len(rows[0]))]
    times = data.draw(st.integers(2, 5))
    first = analyse(matrix(rows, maxima=maxima))
    second = analyse(matrix(rows, maxima=[most * times for most in maxima]))
    for one, other in zip(first.items, second.items, strict=True):
        assert close(other.facility, one.facility / times)  # type: ignore[operator]
        assert replace(one, facility=None) == replace(other, facility=None)


@pure
@given(matrices)
def test_effective_weights_and_intended_weights_come_to_one(rows: list[list[Fraction]]) -> None:
    found = analyse(matrix(rows))
    effective = [item.effective_weight for item in found.items if item.effective_weight is not None]
    assert not effective or sum(effective) == pytest.approx(1)
    intended = [item.intended_weight for item in found.items if item.intended_weight is not None]
    assert not intended or sum(intended) == pytest.approx(1)


def test_an_item_that_works_against_the_total_has_no_effective_weight() -> None:
    found = analyse(matrix([[0, 2, 3], [0, 2, 2], [1, 1, 0], [1, 0, 0]]))
    assert found.items[0].effective_weight is None
    assert found.items[0].discrimination is not None
    assert found.items[0].discrimination < 0
    assert found.items[1].effective_weight + found.items[2].effective_weight == pytest.approx(1)  # type: ignore[operator]


def test_an_item_that_everybody_gets_has_no_discrimination_and_no_weight() -> None:
    found = analyse(matrix([[1, 1, 0], [1, 0, 0], [1, 1, 1]]))
    constant = found.items[0]
    assert (constant.facility, constant.sd, constant.effective_weight) == (1.0, 0.0, 0.0)
    assert constant.discrimination is None
    assert constant.discriminative_efficiency is None


def test_one_item_has_no_rest_and_no_alpha() -> None:
    found = analyse(matrix([[1], [0], [1]]))
    assert (found.items[0].discrimination, found.items[0].alpha_if_deleted) == (None, None)
    assert (found.alpha, found.error_ratio, found.standard_error) == (None, None, None)
    assert found.mean == float(Fraction(2, 3))


def test_without_one_of_two_items_there_is_no_alpha() -> None:
    found = analyse(matrix([[1, 0], [0, 0], [1, 1]]))
    assert found.alpha is not None
    assert [item.alpha_if_deleted for item in found.items] == [None, None]


def test_one_candidate_has_a_mean_and_nothing_that_compares() -> None:
    found = analyse(matrix([[1, 0.5]]))
    assert (found.mean, found.median, found.items[1].facility) == (1.5, 1.5, 1.0)
    for name in ("sd", "skewness", "kurtosis", "alpha", "error_ratio", "standard_error"):
        assert getattr(found, name) is None, name
    for name in ("sd", "effective_weight", "discrimination", "discriminative_efficiency", "alpha_if_deleted"):
        assert getattr(found.items[0], name) is None, name


def test_nobody_has_figures() -> None:
    found = analyse(matrix([], maxima=[1, 1]))
    assert (found.candidates, found.mean, found.median, found.alpha) == (0, None, None, None)
    assert [item.facility for item in found.items] == [None, None]
    assert [item.intended_weight for item in found.items] == [0.5, 0.5]


def test_equal_candidates_have_no_alpha() -> None:
    found = analyse(matrix([[1, 0, 1]] * 5))
    assert (found.sd, found.alpha, found.skewness, found.kurtosis) == (0.0, None, None, None)


def test_skewness_needs_three_and_kurtosis_four() -> None:
    rows = [[1, 0], [1, 1], [0, 0], [1, 1]]
    assert analyse(matrix(rows[:2])).skewness is None
    three = analyse(matrix(rows[:3]))
    assert three.skewness is not None
    assert three.kurtosis is None
    assert analyse(matrix(rows)).kurtosis is not None


@pytest.mark.parametrize(("candidates", "is_few"), [(FEW - 1, True), (FEW, False)])
def test_below_thirty_candidates_are_few(candidates: int, is_few: bool) -> None:
    assert analyse(matrix([[1, 0]] * candidates)).is_few is is_few


def test_a_missing_mark_is_no_nought() -> None:
    found = analyse(matrix([[1, 1], [1, 0], [None, 1], [0, None]], maxima=[1, 1]))
    first, second = found.items
    assert (first.count, second.count) == (3, 3)
    assert first.facility == second.facility == float(Fraction(2, 3))
    assert first.sd == sqrt(1 / 3)
    # It adds nothing to a total: 2, 1, 1, 0.
    assert found.mean == 1.0


def test_a_missing_mark_counts_as_the_items_mean_where_items_are_held_against_each_other() -> None:
    """The third has no mark on the first item, whose mean is 1/2: their strength is that of the second item alone."""
    marks = matrix([[1, 1], [0, 0], [None, 1]])
    found, strengths = analyse(marks), strengths_of(marks)
    # Distances: 1/2 + 1/3, -1/2 - 2/3, and 1/3, all times six.
    assert [Fraction(one, strengths.scale) for one in strengths.of] == [
        Fraction(5, 6),
        Fraction(-7, 6),
        Fraction(1, 3),
    ]
    # v = (1/2 + 2/3) / 5 over all marks, c = 2 (1/6 + 1/3) / 4 over all pairs; 2c / (v + c).
    assert found.alpha == float(2 * Fraction(1, 4) / (Fraction(7, 30) + Fraction(1, 4)))


@pure
@given(matrices, st.integers(1, 3))
def test_candidates_without_any_mark_change_no_figure_of_an_item(rows: list[list[Fraction]], blank: int) -> None:
    empty: list[list[Any]] = [[None] * len(rows[0])] * blank
    first, second = analyse(matrix(rows)), analyse(matrix([*rows, *empty]))
    assert first.items == second.items
    assert first.alpha == second.alpha


def test_an_item_without_marks_is_not_defined_and_changes_nothing() -> None:
    rows = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]
    found = analyse(matrix([[*row, None] for row in rows]))
    empty = found.items[3]
    assert empty == ItemFigures("q4", 0, None, None, 0.0, None, None, None, None)
    assert found.alpha == 0.75


def test_a_drawn_test_is_as_long_as_what_a_candidate_had() -> None:
    """Two forms of three questions each from a bank of six, alike in every mark: alpha is that of one form."""
    form: list[list[Any]] = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]
    gap = [None] * 3
    rows = [[*row, *gap] for row in form] + [[*gap, *row] for row in form]
    found = analyse(matrix(rows, is_drawn=True))
    assert found.alpha == 0.75
    assert found.items[0].discrimination == found.items[3].discrimination == sqrt(3 / 11)
    # Taken for six questions of which half are missing, it would be the alpha of a test twice as long.
    assert analyse(matrix(rows)).alpha == pytest.approx(2 * 0.75 / 1.75)


def test_harder_questions_do_not_make_a_weaker_candidate() -> None:
    """Who had the hard form is held against its means: the questions both had keep their relation."""
    rows = [[1, 1, None], [1, 0, None], [0, 0, None], [1, None, 1], [1, None, 0], [0, None, 0]]
    easy = [[1, 1, None], [1, 0, None], [0, 0, None], [1, None, 10], [1, None, 9], [0, None, 9]]
    first, second = analyse(matrix(rows, is_drawn=True)), analyse(matrix(easy, is_drawn=True))
    assert first.items[0].discrimination == second.items[0].discrimination
    assert first.alpha == second.alpha


def test_marks_in_millionths_are_the_same_marks() -> None:
    whole = analyse(matrix([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]))
    columns = [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]]
    many = Marks(
        4,
        10**6,
        tuple(
            Column(f"q{n}", 10**6, range(4), [mark * 10**6 for mark in column])
            for n, column in enumerate(columns, start=1)
        ),
    )
    assert analyse(many) == whole


def naive(rows: Sequence[Sequence[Fraction]]) -> dict[str, Any]:
    """Every figure from its definition, item by item, with the standard library's statistics and complete marks."""
    totals = [sum(row) for row in rows]
    columns = [[row[place] for row in rows] for place in range(len(rows[0]))]
    weights = [_root(_covariance(column, totals)) for column in columns]
    whole = _shape(totals)
    alpha = _alpha(columns)
    error = None if alpha is None else sqrt(max(0.0, 1 - alpha))
    whole |= {
        "alpha": alpha,
        "error_ratio": error,
        "standard_error": None if error is None else error * whole["sd"],
    }
    whole["items"] = []
    for place, column in enumerate(columns):
        rest = [total - mark for total, mark in zip(totals, column, strict=True)]
        varies = len(set(column)) > 1 and len(set(rest)) > 1
        covariance, most = _covariance(column, rest), _covariance(sorted(column), sorted(rest))
        weight, every = weights[place], sum(one or 0 for one in weights)
        whole["items"].append(
            {
                "facility": float(sum(column) / len(column) / max(column)) if max(column) else None,
                "sd": float(statistics.stdev(column)),
                "discrimination": statistics.correlation(column, rest) if varies else None,
                "discriminative_efficiency": float(covariance / most) if most else None,
                "effective_weight": None if weight is None or not every else weight / every,
                "alpha_if_deleted": _alpha(columns[:place] + columns[place + 1 :]),
            }
        )
    return whole


def _shape(totals: Sequence[Fraction | int]) -> dict[str, Any]:
    n, mean = (
        len(totals),
        Fraction(sum(totals), len(totals)) if isinstance(sum(totals), int) else sum(totals) / len(totals),
    )
    second, third, fourth = (sum((total - mean) ** power for total in totals) / n for power in (2, 3, 4))
    shape: dict[str, Any] = {
        "mean": float(mean),
        "median": float(statistics.median(totals)),
        "sd": float(statistics.stdev(totals)),
        "skewness": None,
        "kurtosis": None,
    }
    if second:
        # The usual closed forms of the sample's adjusted coefficients.
        shape["skewness"] = sqrt(n * (n - 1)) / (n - 2) * float(third) / float(second) ** 1.5
        shape["kurtosis"] = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (float(fourth / second**2) - 3) + 6)
    return shape


def _covariance(first: Sequence[Any], second: Sequence[Any]) -> Fraction:
    one, other = sum(first, Fraction(0)) / len(first), sum(second, Fraction(0)) / len(second)
    products = ((a - one) * (b - other) for a, b in zip(first, second, strict=True))
    return sum(products, Fraction(0)) / (len(first) - 1)


def _root(square: Fraction) -> float | None:
    return sqrt(square) if square >= 0 else None


def _alpha(columns: Sequence[Sequence[Fraction]]) -> float | None:
    if len(columns) < 2:
        return None
    totals = [sum(row) for row in zip(*columns, strict=True)]
    variance = _covariance(totals, totals)
    if not variance:
        return None
    within = sum((_covariance(column, column) for column in columns), Fraction(0))
    return float(Fraction(len(columns), len(columns) - 1) * (1 - within / variance))
