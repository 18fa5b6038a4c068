"""Reading XLSX files: the first sheet that is shown, row by row. Formulas are never worked out, and a file made to burst is refused."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import WorkSheetParser

from people.archives import UNREADABLE
from people.tables.rows import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Found,
    Row,
    TableRefused,
    checked_row,
    column_letters,
    too_many_rows,
    too_wide,
)

# A sheet is read row by row; its texts, styles and lists of contents are read whole.
MOST_PARTS = 2_000
MOST_BYTES_OF_A_SHEET = 400 * 1024 * 1024
MOST_BYTES_OF_TEXTS = 64 * 1024 * 1024
MOST_BYTES_OF_ANOTHER_PART = 8 * 1024 * 1024
LAST_ROW = 1_048_576
# Numbers above this have lost figures in the spreadsheet itself.
MOST_EXACT = 10**15
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_ZEROS = re.compile("0+")
# A character by its number, as Excel writes what XML cannot hold; the underscore itself where a text looks so.
_BY_NUMBER = re.compile("_x(00[01][0-9A-Fa-f]|005[Ff])_")
# What openpyxl says of features it leaves out concerns nobody who only reads the values.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\b")
NOT_READABLE = "The file is not a readable XLSX file. Open it, and save it as XLSX or CSV again."


class XlsxFile:
    """An open spreadsheet: texts, styles and the list of its sheets are read at once, the rows of the first shown sheet as they come."""

    def __init__(self, file: IO[bytes]) -> None:
        """Refuse what is no spreadsheet, is locked, or would burst."""
        _refuse_what_bursts(file)
        file.seek(0)
        try:
            book = ExcelReader(file, read_only=True, keep_links=False)
            book.read_manifest()
            book.read_strings()
            book.read_workbook()
            apply_stylesheet(book.archive, book.wb)
            sheets = [(sheet, rel.target) for sheet, rel in book.parser.find_sheets() if "chartsheet" not in rel.Type]
            shown, self._path = next((sheet, path) for sheet, path in sheets if sheet.state == "visible")
        except Exception as problem:  # whatever openpyxl trips over in a file that somebody handed in
            raise TableRefused(NOT_READABLE) from problem
        self._book = book
        self._formats: dict[int, str] = {}
        self.found = Found("xlsx", sheet=shown.name)

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not empty. A formula or an error in a cell is a trouble of its row, never a value."""
        kept = widest = 0
        for number, cells in self._parsed():
            if number > LAST_ROW:
                raise too_many_rows()
            row = self._row(number, cells, widest)
            if row is not None:
                widest = len(row.cells)
                kept += 1
                if kept > MOST_ROWS:
                    raise too_many_rows()
                yield row

    def _parsed(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        number = 0
        try:
            with self._book.archive.open(self._path) as sheet:
                book = self._book.wb
                parser = WorkSheetParser(
                    sheet,
                    self._book.shared_strings,
                    epoch=book.epoch,
                    date_formats=book._date_formats,
                    timedelta_formats=book._timedelta_formats,
                )
                for number, cells in parser.parse():
                    # heights and the like of every row, which nobody asks for
                    parser.row_dimensions.clear()
                    yield number, cells
        except Exception as problem:  # whatever openpyxl trips over in a file that somebody handed in
            raise TableRefused(
                f"What follows row {number} cannot be read. Open the file, and save it as XLSX again."
            ) from problem

    def _row(self, number: int, cells: list[dict[str, Any]], widest: int) -> Row | None:
        """Return the row, at least as wide as the widest before it: a spreadsheet's rows have no length of their own."""
        texts: dict[int, str] = {}
        troubles: dict[int, str] = {}
        for cell in cells:
            column, value, kind = cell["column"] - 1, cell["value"], cell["data_type"]
            if kind == "f":
                troubles[column] = f"column {column_letters(column)} holds a formula: put its value there instead"
                texts[column] = str(value)[:LONGEST_CELL] if isinstance(value, str) else "="
            elif kind == "e" and value is not None:
                troubles[column] = f"column {column_letters(column)} shows the error {value}: mend it"
                texts[column] = str(value)
            elif value is not None:
                texts[column] = self._text(value, cell["style_id"])
        width = max(texts, default=-1) + 1
        if width > MOST_COLUMNS and any(text.strip() for column, text in texts.items() if column >= MOST_COLUMNS):
            raise too_wide(number)
        width = max(widest, min(width, MOST_COLUMNS))
        return checked_row(number, tuple(texts.get(column, "") for column in range(width)), troubles)

    def _text(self, value: Any, style: int) -> str:
        if isinstance(value, str):
            return _BY_NUMBER.sub(lambda found: chr(int(found[1], 16)), value[:LONGEST_CELL])
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime):
            return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="minutes")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, time):
            return value.isoformat(timespec="minutes")
        if isinstance(value, timedelta):
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
        if isinstance(value, float) and value.is_integer() and abs(value) < MOST_EXACT:
            value = int(value)
        return self._padded(value, style) if isinstance(value, int) and value >= 0 else str(value)

    def _padded(self, value: int, style: int) -> str:
        """Return a whole number as it is shown: one with the format 000000 keeps its leading noughts, as service numbers have them."""
        if style not in self._formats:
            self._formats[style] = self._format(style)
        shown = self._formats[style]
        return str(value).zfill(len(shown)) if _ZEROS.fullmatch(shown) else str(value)

    def _format(self, style: int) -> str:
        number = self._book.wb._cell_styles[style].numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return str(BUILTIN_FORMATS.get(number, ""))
        return str(self._book.wb._number_formats[number - BUILTIN_FORMATS_MAX_SIZE])


def _refuse_what_bursts(file: IO[bytes]) -> None:
    """Refuse an archive whose parts are larger than any list, before anything of it is read."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or any(part.file_size > _most(part.filename) for part in parts):
                raise TableRefused(
                    "The file unpacks to far more than a list holds, so it was not opened. Save it as CSV."
                )
            if any(part.flag_bits & 1 for part in parts):
                raise TableRefused("The file is protected by a password. Save it without one.")
            if "[Content_Types].xml" not in archive.namelist():
                raise TableRefused(NOT_READABLE)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as content:
                        # no spreadsheet declares what its XML may hold; a file that does so wants the reader to expand it
                        if b"<!DOCTYPE" in content.read(64 * 1024).replace(b"\0", b"").upper():
                            raise TableRefused(NOT_READABLE)
    except UNREADABLE as problem:
        raise TableRefused(NOT_READABLE) from problem


def _most(name: str) -> int:
    if _SHEET.fullmatch(name):
        return MOST_BYTES_OF_A_SHEET
    return MOST_BYTES_OF_TEXTS if name.lower() == "xl/sharedstrings.xml" else MOST_BYTES_OF_ANOTHER_PART
