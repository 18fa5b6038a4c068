"""Opening a file somebody hands in: CSV or XLSX, told by its content and never by its name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO, Protocol

from people.tables.csv_files import CsvFile
from people.tables.rows import FIRST_ROWS, MOST_BYTES, Found, Row, TableRefused
from people.tables.xlsx_files import XlsxFile

# What people hand in by mistake, by its first bytes.
OTHERS = {
    b"\xd0\xcf\x11\xe0": "The file is an old Excel file, or one protected by a password. Save it as XLSX or CSV, without a password.",
    b"%PDF": "The file is a PDF. Save the list as CSV or XLSX.",
    b"\x1f\x8b": "The file is compressed. Unpack it first.",
    b"<htm": "The file is a web page. Save the list as CSV or XLSX.",
    b"<!DO": "The file is a web page. Save the list as CSV or XLSX.",
    b"<?xm": "The file is XML. Save the list as CSV or XLSX.",
    b"\x89PNG": "The file is a picture. Save the list as CSV or XLSX.",
    b"\xff\xd8\xff": "The file is a picture. Save the list as CSV or XLSX.",
    b"{\\rt": "The file is a text document. Save the list as CSV or XLSX.",
}


class Table(Protocol):
    """An open file and how it is read. ``rows`` begins anew each time; only one reading at a time."""

    found: Found

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not empty; raises ``TableRefused`` where the file cannot be read further."""


def open_table(file: IO[bytes]) -> Table:
    """Return the table in a file (open, binary, seekable), or raise ``TableRefused`` with a sentence for whoever handed it in."""
    file.seek(0, 2)
    size = file.tell()
    if size > MOST_BYTES:
        raise TableRefused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Divide it.")
    file.seek(0)
    head = file.read(4)
    for beginning, sentence in OTHERS.items():
        if head.lower().startswith(beginning.lower()):
            raise TableRefused(sentence)
    table: Table = XlsxFile(file) if head.startswith(b"PK") else CsvFile(file)
    if not first_rows(table, 1):
        raise TableRefused("The file is empty. Its first line gives the titles of the columns.")
    return table


def first_rows(table: Table, most: int = FIRST_ROWS) -> list[Row]:
    """Return the first rows that are not empty."""
    return list(islice(table.rows(), most))
