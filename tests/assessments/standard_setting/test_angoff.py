"""The arithmetic of standard setting, by worked examples and by what always holds."""

from __future__ import annotations

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.standard_setting.angoff import figures_of, hofstee, intraclass

PANEL = [[70, 50, 90, 60], [80, 60, 85, 55], [60, 40, 95, 65]]
# Table 2 of Shrout and Fleiss (1979): six targets rated by four judges; the paper gives 0.29 and 0.62.
SHROUT_AND_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
TABLES = st.integers(1, 6).flatmap(
    lambda questions: st.lists(
        st.lists(st.integers(0, 100), min_size=questions, max_size=questions), min_size=1, max_size=8
    )
)


def test_a_panel_of_three_on_four_questions() -> None:
    figures = figures_of(PANEL)
    assert figures.judge_cuts == (67.5, 70.0, 65.0)
    assert (figures.cut, figures.pass_percent, figures.judges) == (67.5, 68, 3)
    assert isclose(figures.sd, 2.5)
    assert isclose(figures.standard_error, 2.5 / sqrt(3))
    low, high = figures.interval
    assert (round(low, 2), round(high, 2)) == (61.29, 73.71)
    assert (figures.items[0].mean, figures.items[0].least, figures.items[0].most, figures.items[0].sd) == (
        70,
        60,
        80,
        10,
    )
    # Pairs differ by 10, 10, 20 on the first two and by 5, 5, 10 on the others.
    assert isclose(figures.difference, (2 * 40 + 2 * 20) / 12)
    assert figures.has_few_judges


def test_the_intraclass_correlations_are_those_of_the_published_example() -> None:
    single, average = intraclass(SHROUT_AND_FLEISS)
    assert (round(single, 2), round(average, 2)) == (0.29, 0.62)


def test_judges_who_agree_wholly_have_a_correlation_of_one_and_no_spread() -> None:
    figures = figures_of([[20, 60, 90]] * 5)
    assert (figures.standard_error, figures.difference) == (0, 0)
    assert isclose(figures.icc_single, 1)
    assert isclose(figures.icc_average, 1)
    assert not figures.has_few_judges


def test_what_is_undefined_is_none_and_never_nought() -> None:
    one = figures_of([[50, 70]])
    assert (one.sd, one.standard_error, one.interval, one.difference, one.icc_single) == (None, None, None, None, None)
    assert one.items[0].sd is None
    assert intraclass([[50, 50], [50, 50]]) == (None, None)
    assert intraclass([]) == (None, None)


@pytest.mark.parametrize("table", [[], [[]], [[50], [50, 60]]])
def test_a_table_that_is_empty_or_ragged_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="Every judge rates every question"):
        figures_of(table)


def test_beyond_thirty_one_judges_the_normal_point_is_taken() -> None:
    figures = figures_of([[60 + number % 2 * 10] for number in range(40)])
    low, high = figures.interval
    assert isclose(high - low, 2 * 1.96 * figures.standard_error)


@given(TABLES)
def test_a_cut_lies_among_the_ratings_and_its_interval_around_it(table: list[list[int]]) -> None:
    figures = figures_of(table)
    ratings = [rating for row in table for rating in row]
    assert min(ratings) - 1e-9 <= figures.cut <= max(ratings) + 1e-9
    assert 0 <= figures.pass_percent <= 100
    if figures.interval is not None:
        low, high = figures.interval
        assert 0 <= low <= figures.cut + 1e-9
        assert figures.cut - 1e-9 <= high <= 100


@given(TABLES, st.randoms())
def test_the_order_of_judges_changes_nothing(table: list[list[int]], random: object) -> None:
    mixed = sorted(table, key=lambda row: random.random())  # type: ignore[attr-defined]
    one, other = figures_of(table), figures_of(mixed)
    assert isclose(one.cut, other.cut)
    for name in ("standard_error", "difference", "icc_single", "icc_average"):
        before, after = getattr(one, name), getattr(other, name)
        assert (before is None) == (after is None)
        assert before is None or isclose(before, after, abs_tol=1e-6)


@given(TABLES)
def test_a_single_judges_correlation_never_lies_above_one(table: list[list[int]]) -> None:
    single = figures_of(table).icc_single
    assert single is None or single <= 1 + 1e-9


def test_the_compromise_is_where_the_share_of_fails_meets_what_is_acceptable() -> None:
    # A hundred scores from 0.5 to 99.5: the share below a mark is the mark. The line falls from 60 at 40 to 20 at 80: they meet at 50.
    scores = [number + 0.5 for number in range(100)]
    mark, fails = hofstee(scores, marks=(40, 80), fails=(20, 60))
    assert abs(mark - 50) <= 0.6
    assert abs(fails - 50) <= 1


def test_a_compromise_that_is_met_nowhere_is_undefined() -> None:
    assert hofstee([], marks=(40, 80), fails=(20, 60)) is None
    assert hofstee([95.0] * 10, marks=(40, 80), fails=(20, 60)) is None
    assert hofstee([5.0] * 10, marks=(40, 80), fails=(20, 60)) is None
    assert hofstee([50.0], marks=(80, 80), fails=(20, 60)) is None


@given(st.lists(st.floats(0, 100), min_size=1), st.tuples(st.integers(0, 49), st.integers(50, 100)))
def test_a_compromise_lies_in_the_range_of_marks(scores: list[float], marks: tuple[int, int]) -> None:
    found = hofstee(scores, marks=marks, fails=(10, 40))
    assert found is None or (marks[0] <= found[0] <= marks[1] and found[1] >= 10)
