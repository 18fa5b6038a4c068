"""From a published table with its totals no hidden number can be worked out; checked by trying every table that would look the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from courses.programme_reports.suppression import Published, hidden_places, publish, range_of, with_totals

Counts = list[list[int]]


def published(counts: Sequence[Sequence[int]], *, threshold: int = 10) -> Published:
    rows = [f"row {number}" for number in range(len(counts))]
    columns = [f"column {number}" for number in range(len(counts[0]))]
    return publish(rows, columns, counts, threshold=threshold)


# --- Somebody who reads the table and tries every number ---------------------------------------------------------------


def tables_that_look_the_same(shown: Published, most: int) -> Iterator[tuple[int, ...]]:
    """Yield every table of counts up to ``most`` that would be shown like this one, cell by cell: the slow and obvious way."""
    choices = [range(most + 1) if cell is None else (cell,) for row in shown.cells for cell in row]
    said = [*shown.row_totals, *shown.column_totals, shown.total]
    for table in product(*choices):
        sums = everything_of(table, len(shown.columns))[len(table) :]
        if all(known is None or known == total for known, total in zip(said, sums, strict=True)):
            yield table


def everything_of(table: Sequence[int], width: int) -> list[int]:
    rows = [sum(table[first : first + width]) for first in range(0, len(table), width)]
    return [*table, *rows, *(sum(table[first::width]) for first in range(width)), sum(rows)]


def shown_of(shown: Published) -> list[int | None]:
    cells = [cell for row in shown.cells for cell in row]
    return [*cells, *shown.row_totals, *shown.column_totals, shown.total]


def of_size(height: int, width: int, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Counts]:
    return st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=height, max_size=height)


# Small tables of anything, and larger ones in which few are small: of these every table that looks the same can be tried.
TABLES = st.one_of(
    of_size(1, 3, st.integers(0, 7)),
    of_size(2, 2, st.integers(0, 7)),
    of_size(2, 3, st.one_of(st.integers(3, 6), st.integers(1, 6))),
)
MOST_TRIED = 20_000


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(TABLES)
@example([[5, 0, 0]])
@example([[5, 5], [0, 5]])
@example([[7, 1, 7], [7, 7, 7]])
def test_no_hidden_number_can_be_worked_out_by_trying_every_table(counts: Counts) -> None:
    """With a threshold of 3, so that every table can be tried: whatever is hidden takes as many values as the rule promises."""
    threshold, most = 3, 10
    shown = published(counts, threshold=threshold)
    assume((most + 1) ** sum(cell is None for row in shown.cells for cell in row) < MOST_TRIED)
    width = len(counts[0])
    alike = [everything_of(table, width) for table in tables_that_look_the_same(shown, most)]
    true = everything_of([count for row in counts for count in row], width)
    assert true in alike
    for place, known in enumerate(shown_of(shown)):
        possible = {table[place] for table in alike}
        if known is None:
            assert len(possible) >= (threshold if true[place] < threshold else 2), (shown, place)
        else:
            assert possible == {true[place]}


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(1, 6), st.integers(1, 9)).flatmap(
        lambda size: of_size(*size, st.one_of(st.integers(0, 12), st.integers(0, 400)))
    )
)
def test_a_table_as_large_as_ours_shows_no_small_number_and_gives_none_away(counts: Counts) -> None:
    shown = published(counts)
    true = everything_of([count for row in counts for count in row], len(counts[0]))
    for known, count in zip(shown_of(shown), true, strict=True):
        assert known is None or (known == count and count >= 10)
    table = with_totals(counts)
    hidden = hidden_places(table)
    for place in hidden:
        least, greatest = range_of(table, hidden, place)
        assert least <= table[place] <= greatest
        assert greatest - least >= (9 if table[place] < 10 else 1)


# --- Worked examples --------------------------------------------------------------------------------------------------


def test_a_table_of_large_numbers_is_shown_whole() -> None:
    shown = published([[20, 30], [40, 50]])
    assert shown.cells == ((20, 30), (40, 50))
    assert (shown.row_totals, shown.column_totals, shown.total) == ((50, 90), (60, 80), 140)
    assert not shown.hides_something


def test_the_second_cell_that_would_reveal_it_is_hidden_in_its_row_and_in_its_column() -> None:
    shown = published([[3, 20, 50], [40, 30, 60], [90, 80, 70]])
    assert shown.cells == ((None, None, 50), (None, None, 60), (90, 80, 70))
    assert shown.row_totals == (73, 130, 240)
    assert shown.total == 443


def test_a_zero_is_a_small_number_too_and_two_of_them_hide_a_third() -> None:
    shown = published([[50, 0, 0, 30], [50, 60, 70, 80]])
    assert shown.cells[0].count(None) == 3, "or both would be known to be nought from the total"
    assert shown.row_totals[0] == 80


def test_where_all_is_small_all_is_hidden() -> None:
    shown = published([[1, 2], [0, 3]])
    assert shown_of(shown) == [None] * 9


def test_a_single_line_hides_its_own_totals_with_its_cells() -> None:
    shown = published([[3, 40]])
    assert shown.cells == ((None, None),)
    assert shown.column_totals == (None, None)


@pytest.mark.parametrize("counts", [[[1, 2], [3]], [[-1]]])
def test_what_is_no_table_of_counts_is_refused(counts: Counts) -> None:
    with pytest.raises(ValueError, match="rows of one length"):
        with_totals(counts)
