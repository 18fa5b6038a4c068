"""What reading a table yields: rows with the numbers a spreadsheet shows, and how the file was understood. And where reading stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
# As much as a spreadsheet's cell can hold.
LONGEST_CELL = 32_767
LONGEST_LINE = 1_000_000
# How many rows are looked at to find the titles, and to show what a file holds.
FIRST_ROWS = 20


class TableRefused(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty: its number as a spreadsheet shows it (the first is 1) and the text of its cells.

    ``troubles`` says by column (from 0) why a cell cannot be taken as it is, such as a formula.
    """

    number: int
    cells: tuple[str, ...]
    troubles: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """How a file was understood: ``format`` is csv or xlsx; ``encoding`` and ``separator`` of a CSV file, ``sheet`` of the other."""

    format: str
    encoding: str = ""
    separator: str = ""
    sheet: str = ""

    @property
    def words(self) -> str:
        """'CSV, UTF-8, separated by semicolons', or 'XLSX, sheet Staff'."""
        if self.format == "xlsx":
            return f"XLSX, sheet {self.sheet}"
        return f"CSV, {self.encoding}, separated by {SEPARATORS[self.separator]}"


SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def column_letters(column: int) -> str:
    """Return the letters a spreadsheet shows above a column, counted from 0: A, B, … Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def checked_row(number: int, cells: tuple[str, ...], troubles: Mapping[int, str]) -> Row | None:
    """Return the row, None where every cell is empty; refuse the file where it is wider than any list."""
    wide = len(cells)
    while wide and not cells[wide - 1].strip() and wide - 1 not in troubles:
        wide -= 1
    if wide == 0:
        return None
    if wide > MOST_COLUMNS:
        raise too_wide(number)
    return Row(number, cells if wide <= len(cells) <= MOST_COLUMNS else cells[:wide], troubles)


def too_wide(number: int) -> TableRefused:
    return TableRefused(f"Row {number} has more than {MOST_COLUMNS} columns. This is no list; check the separator.")


def too_many_rows() -> TableRefused:
    return TableRefused(f"The file has more than {MOST_ROWS:,} rows. Divide it.")
