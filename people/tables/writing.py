"""Writing tables: CSV as Excel opens it without asking, XLSX with a header that stays in view. No cell can run.

A cell is text, a number, a yes or no, a day, a moment, an id or None. Days and moments are written as ISO in CSV and as dates in XLSX;
moments in UTC.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, islice
from math import isfinite
from uuid import UUID

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from people.tables.harmless import harmless

Cell = str | int | float | Decimal | bool | date | datetime | UUID | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What Excel itself can hold.
MOST_ROWS = 1_048_575
LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31
# Columns are as wide as the first rows need, within reason.
MEASURED_ROWS = 200
NARROWEST, WIDEST = 8, 60
BEFORE_EXCEL = date(1900, 3, 1)

# How XLSX writes a character by its number; a text that looks so must be written so itself, or Excel would read it as one.
_BY_NUMBER = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class TooManyRows(ValueError):
    """The table has more rows than a spreadsheet can hold; the message says what to do."""


def as_csv(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file in UTF-8 with a mark that tells Excel so, separated by commas, lines ended as RFC 4180 has them."""
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    for row in chain([titles], rows):
        writer.writerow([harmless(_as_text(cell)) if isinstance(cell, str) else _as_text(cell) for cell in row])
    return page.getvalue().encode("utf-8-sig")


def as_xlsx(titles: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str = "Sheet1") -> bytes:
    """Return an XLSX file of one sheet: bold titles that stay in view, columns as wide as they need, every text as text.

    Raises ``TooManyRows`` above 1,048,575. A text longer than the 32,767 characters a cell can hold is cut and ends with an ellipsis.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(_NO_SHEET_NAME.sub(" ", sheet).strip("' ")[:LONGEST_SHEET_NAME] or "Sheet1")
    coming = iter(rows)
    first = list(islice(coming, MEASURED_ROWS))
    for column, width in enumerate(_widths(titles, first), start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    content = io.BytesIO()
    try:
        page.append([_cell(page, title, bold=True) for title in titles])
        for number, row in enumerate(chain(first, coming), start=1):
            if number > MOST_ROWS:
                raise TooManyRows(
                    f"A spreadsheet holds {MOST_ROWS:,} rows at most. Narrow the filter, or take it as CSV."
                )
            page.append([_cell(page, cell) for cell in row])
    finally:
        # also when a row failed: saving is what removes openpyxl's temporary file
        book.save(content)
    return content.getvalue()


def _cell(page: object, value: Cell, *, bold: bool = False) -> WriteOnlyCell:
    """Return one cell; a text is marked as text, so that '=1+1' is shown and never worked out, even when it is edited."""
    cell = WriteOnlyCell(page)
    if isinstance(value, datetime):
        cell.value = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
    elif isinstance(value, date) and value >= BEFORE_EXCEL:
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, bool | int | float | Decimal) and isfinite(value):
        cell.value = value
    elif value is not None:
        text = _as_text(value)
        text = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
        cell.value = _BY_NUMBER.sub("_x005F_", text)
        cell.data_type = "s"
        cell.quotePrefix = harmless(text) != text
    if bold:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _as_text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _UNWRITABLE.sub("\ufffd", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _widths(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[int]:
    lengths = [min(len(title), WIDEST) for title in titles]
    for row in rows:
        for column, value in enumerate(row[: len(lengths)]):
            longest = max(map(len, _as_text(value).split("\n")), default=0)
            lengths[column] = max(lengths[column], longest)
    return (max(NARROWEST, min(length + 2, WIDEST)) for length in lengths)
