"""A matrix of marks from outside: a header, a row for each candidate, a column for each item, cells are marks, blank is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from typing import IO

from assessments.analysis.columns import Marks, columns_of
from people.tables.reading import open_table
from people.tables.rows import Row, TableRefused, column_letters

_MARK = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,2})?")
NAMED_PROBLEMS = 3


class NoSuchColumn(ValueError):
    """The column of candidates that was named is not in the file; the message says what is."""


def read_matrix(file: IO[bytes], *, id_column: str | None = None, has_maxima: bool = False) -> Marks:
    """Return the marks in a CSV or XLSX file, its encoding and separator found by reading it.

    The column called ``id_column`` names candidates and is no item. With ``has_maxima`` the row under the header gives each item's
    largest mark, else it is the largest mark seen. A row in which every cell is blank is no candidate. Where the separator is not a
    comma, a comma in a mark is its decimal point. Raises ``TableRefused`` with a sentence that names the row and column, and
    ``NoSuchColumn``.
    """
    table = open_table(file)
    rows = table.rows()
    header = next(rows)
    places = _items(header, id_column)
    has_decimal_commas = table.found.separator != ","
    reading = _Reading(places, header, has_decimal_commas=has_decimal_commas)
    maxima: Sequence[Fraction | None] = [None] * len(places)
    if has_maxima:
        for row in islice(rows, 1):
            maxima = reading.maxima(row)
    marks = [reading.marks(row, maxima) for row in rows]
    reading.refuse_if_wrong()
    if not marks:
        raise TableRefused("The file has a header and no candidates below it.")
    return columns_of([header.cells[place].strip() for place in places], maxima, marks)


def _items(header: Row, id_column: str | None) -> list[int]:
    """Return the places of the columns that are items."""
    titles = [cell.strip() for cell in header.cells]
    if id_column is not None and id_column.strip() not in titles:
        raise NoSuchColumn(f"No column is called '{id_column}'. The file has: {', '.join(titles)}.")
    places = list(range(len(titles)))
    if id_column is not None:
        places.remove(titles.index(id_column.strip()))
    for place in places:
        if not titles[place]:
            raise TableRefused(f"Column {column_letters(place)} has no title in row {header.number}. Name each item.")
    twice = [title for title, times in Counter(titles[place] for place in places).items() if times > 1]
    if twice:
        raise TableRefused(f"More than one column is called '{twice[0]}'. Give each item a name of its own.")
    if not places:
        raise TableRefused("The file has no column of marks.")
    return places


class _Reading:
    """Reading marks row by row, keeping what is wrong until the end, so that one reading names more than one cell."""

    def __init__(self, places: Sequence[int], header: Row, *, has_decimal_commas: bool) -> None:
        self._places, self._header, self._has_decimal_commas = places, header, has_decimal_commas
        self._problems: list[str] = []
        self._known: dict[str, Fraction | None] = {"": None}

    def maxima(self, row: Row) -> list[Fraction | None]:
        """Return each item's largest mark from the row under the header; one that is blank or below nought is wrong."""
        found = self._cells(row)
        for place, most in zip(self._places, found, strict=True):
            if most is None or most < 0:
                self._wrong(row, place, "is no maximum. Give a number of 0 or more")
        return found

    def marks(self, row: Row, maxima: Sequence[Fraction | None]) -> list[Fraction | None]:
        found = self._cells(row)
        for place, mark, most in zip(self._places, found, maxima, strict=True):
            if mark is not None and most is not None and mark > most:
                self._wrong(row, place, f"is more than the maximum of {float(most):g}")
        return found

    def refuse_if_wrong(self) -> None:
        if self._problems:
            more = len(self._problems) - NAMED_PROBLEMS
            rest = f" And {more} more." if more > 0 else ""
            raise TableRefused(" ".join(self._problems[:NAMED_PROBLEMS]) + rest)

    def _cells(self, row: Row) -> list[Fraction | None]:
        cells, width = row.cells, len(self._header.cells)
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            self._problems.append(f"Row {row.number} has more cells than the header. Check the separator.")
        return [self._mark(row, place, cells[place].strip() if place < len(cells) else "") for place in self._places]

    def _mark(self, row: Row, place: int, cell: str) -> Fraction | None:
        if place in row.troubles:
            self._problems.append(f"Row {row.number}, column {self._called(place)}: {row.troubles[place]}")
            return None
        if cell not in self._known:
            said = cell.replace("\N{MINUS SIGN}", "-")
            said = said.replace(",", ".") if self._has_decimal_commas else said
            if not _MARK.fullmatch(said):
                self._wrong(row, place, "is no mark. Leave the cell blank where a mark is missing")
                return None
            self._known[cell] = Fraction(said)
        return self._known[cell]

    def _wrong(self, row: Row, place: int, why: str) -> None:
        cell = row.cells[place].strip()[:40] if place < len(row.cells) else ""
        self._problems.append(f"Row {row.number}, column {self._called(place)}: '{cell}' {why}.")

    def _called(self, place: int) -> str:
        return f"{column_letters(place)} ({self._header.cells[place].strip()})"
