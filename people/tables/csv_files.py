"""Reading CSV files as other systems write them: which encoding, which separator, row by row, however long the file is."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO

from people.tables.harmless import unmarked
from people.tables.rows import (
    LONGEST_CELL,
    LONGEST_LINE,
    MOST_ROWS,
    SEPARATORS,
    Found,
    Row,
    TableRefused,
    checked_row,
    too_many_rows,
)

CHUNK = 64 * 1024
SAMPLED_RECORDS = 50
# What we say, by Python's name.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
# Excel's own way of saying which separator a file has: a line of the file, but no row of the list.
_SAYS_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class CsvFile:
    """An open CSV file and how it is read. Its encoding is found by reading it through once, in pieces."""

    def __init__(self, file: IO[bytes]) -> None:
        """Refuse what is no text."""
        self._file = file
        self._codec = _encoding(file)
        self._sample = _sample(file, self._codec)
        self.found = Found("csv", ENCODINGS[self._codec], _separator(self._sample))

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not empty, from the beginning of the file. A quoted line break stays in its row."""
        kept = 0
        for number, cells in self._records():
            if max(map(len, cells), default=0) > LONGEST_CELL:
                raise TableRefused(
                    f"Row {number} has a cell of more than {LONGEST_CELL:,} characters. "
                    "Perhaps a quotation mark is not closed; mend it."
                )
            row = checked_row(number, tuple(map(unmarked, cells)), {})
            if row is not None:
                kept += 1
                if kept > MOST_ROWS:
                    raise too_many_rows()
                yield row

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        number = 0
        with _text(self._file, self._codec) as text:
            if _SAYS_SEPARATOR.match(self._sample):
                text.readline()
                number = 1
            separator = self.found.separator
            spaced = f'{separator} "' in self._sample
            reader = csv.reader(text, delimiter=separator, skipinitialspace=spaced, strict=True)
            try:
                for cells in reader:
                    number += 1
                    yield number, cells
            except csv.Error as problem:
                raise TableRefused(
                    f"Row {number + 1} cannot be read: a quotation mark is not closed, or stands in the middle of a cell. "
                    "Save the list as CSV again."
                ) from problem


@contextmanager
def _text(file: IO[bytes], codec: str) -> Iterator[io.TextIOWrapper]:
    """Give the file as text from its beginning, and leave it open."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=codec, newline="")
    try:
        yield text
    finally:
        if not file.closed:
            text.detach()


def _sample(file: IO[bytes], codec: str) -> str:
    with _text(file, codec) as text:
        return text.read(CHUNK).removeprefix("\ufeff")


def _encoding(file: IO[bytes]) -> str:
    """Return Python's name of the first encoding in which every byte of the file means something."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise TableRefused("The file is in UTF-32, which is not read. Save it as CSV in UTF-8.")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        possible = ["utf-16"]
    elif head.startswith(b"\xef\xbb\xbf"):
        possible = ["utf-8-sig"]
    elif head and (wide := _without_mark(head)):
        possible = [wide]
    else:
        possible = ["utf-8", "cp1252"]
    for codec in possible:
        if _means_something(file, codec):
            return codec
    raise TableRefused("The file is neither UTF-8 nor Windows text. Save it as CSV in UTF-8.")


def _without_mark(head: bytes) -> str:
    """Return the name of UTF-16 without a mark: text of which every second byte is nought; '' where it is none."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) > 3 and max(even, odd) > 0.4 * len(head) / 2 and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return ""


def _means_something(file: IO[bytes], codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    since_line_end = 0
    file.seek(0)
    while True:
        piece = file.read(CHUNK)
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError:
            return False
        if not piece:
            return True
        last = max(text.rfind("\n"), text.rfind("\r"))
        since_line_end = len(text) - last - 1 if last >= 0 else since_line_end + len(text)
        if since_line_end > LONGEST_LINE:
            raise TableRefused(f"The file has a line of more than {LONGEST_LINE:,} characters. This is no list.")


def _separator(sample: str) -> str:
    """Return the separator by which the first row and most others fall into the same number of cells; a comma by default."""
    if (said := _SAYS_SEPARATOR.match(sample)) and said[1] in SEPARATORS:
        return said[1]
    return max(SEPARATORS, key=lambda separator: _fitness(sample, separator))


def _fitness(sample: str, separator: str) -> tuple[bool, int]:
    """Return whether the first row is as wide as most, and how many cells stand in rows of that width."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        widths = [len(row) for row in islice(reader, SAMPLED_RECORDS) if any(map(str.strip, row))]
    except csv.Error:
        return False, 0
    cells, width = max(((width - 1) * rows, width) for width, rows in Counter(widths or [1]).items())
    return width > 1 and widths[0] == width, cells
