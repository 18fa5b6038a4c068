"""Which column of a list is what: titles are recognised by what other systems call them, and whoever imports may say otherwise."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from people.tables.reading import Table, first_rows
from people.tables.rows import Row, TableRefused, column_letters

# The titles stand in one of the first rows that are not empty; headings of a report may stand above them.
ROWS_ABOVE = 10


@dataclass(frozen=True)
class Column:
    """A column of ours: its name in the code, what a page calls it, and what other systems call it, the best known first."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    hint: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(title_key, (self.name, self.title, *self.aliases))))


@dataclass(frozen=True)
class Titles:
    """The titles of a list: the row they stand in, their texts, and a key for each column under which its meaning is remembered."""

    row: int
    texts: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The same for every list with the same titles, in whatever order."""
        return hashlib.sha256(json.dumps(sorted(self.keys), ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Line:
    """One row of a list by our column names: cells in one line of text each.

    ``trouble`` is why it cannot be taken as it is, ``note`` what whoever imports should know of it.
    """

    number: int
    cells: Mapping[str, str]
    trouble: str = ""
    note: str = ""
    # all cells, of columns that are not used too, as a page shows them
    texts: Sequence[str] = field(default=(), compare=False)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def title_key(title: str) -> str:
    """Return the title without case, spaces and signs."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", title).casefold() if sign.isalnum())


def find_titles(table: Table, columns: Sequence[Column]) -> Titles:
    """Return the row among the first that has the most titles we know; the first with several cells where it has none.

    Titles may be merged over two rows: what is empty in the lower row is then read in the upper one.
    """
    rows = first_rows(table, ROWS_ABOVE)
    known = {key for column in columns for key in column.keys}
    possible = [(row.number, [one_line(cell) for cell in row.cells]) for row in rows]
    merged = [
        (lower[0], _merged(upper[1], lower[1])) for upper, lower in pairwise(possible) if upper[0] == lower[0] - 1
    ]
    number, texts = max(possible + merged, key=lambda one: sum(title_key(text) in known for text in one[1]))
    if not any(title_key(text) in known for text in texts):
        number, texts = next((one for one in possible if sum(map(bool, one[1])) > 1), possible[0])
    while texts and not texts[-1]:
        texts.pop()
    return Titles(number, tuple(texts), tuple(_keys(texts)))


def _merged(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    return [below or above for above, below in zip_longest(upper, lower, fillvalue="")]


def recognised(titles: Titles, columns: Sequence[Column]) -> dict[str, str]:
    """Return the name of our column for each title's key that we know; where several mean the same, the better known one counts."""
    ours = {key: (place, column.name) for column in columns for place, key in enumerate(column.keys)}
    found: dict[str, tuple[int, str]] = {}
    for key in titles.keys:
        place, name = ours.get(key, (0, ""))
        if name and (name not in found or place < found[name][0]):
            found[name] = (place, key)
    return {key: name for name, (_place, key) in found.items()}


def said(titles: Titles, columns: Sequence[Column], pairs: Sequence[str]) -> dict[str, str]:
    """Return what ``Title=column`` pairs say, by the key of the title; an empty column is a title that is not used.

    Refuses what is unknown.
    """
    names = {key: column.name for column in columns for key in column.keys}
    by_title = {title_key(text) or key: key for text, key in zip(titles.texts, titles.keys, strict=True)}
    found = {}
    for pair in pairs:
        title, equals, name = pair.rpartition("=")
        if not equals:
            raise TableRefused(f"'{pair}' does not say which column is what: write it as Title=column.")
        if title_key(title) not in by_title:
            raise TableRefused(
                f"There is no column '{title.strip()}' in the list. Its titles: {', '.join(titles.texts)}."
            )
        if name.strip() and title_key(name) not in names:
            ours = ", ".join(column.name for column in columns)
            raise TableRefused(f"There is no column '{name.strip()}' to import into. Ours are: {ours}.")
        found[by_title[title_key(title)]] = names.get(title_key(name), "")
    return found


def mapping_for(titles: Titles, columns: Sequence[Column], *said_before: Mapping[str, str]) -> dict[str, str]:
    """Return the name of our column by title's key: as recognised, then as each of ``said_before`` has it, the later over the earlier."""
    names = {column.name for column in columns}
    mapping = recognised(titles, columns)
    for words in said_before:
        for key, name in words.items():
            if key not in titles.keys or (name and name not in names):
                continue
            # what is said of one title takes the column from whichever had it
            mapping = {other: taken for other, taken in mapping.items() if taken != name and other != key}
            if name:
                mapping[key] = name
    return mapping


def unused(titles: Titles, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Return the titles of columns that are not used."""
    return tuple(text for text, key in zip(titles.texts, titles.keys, strict=True) if text and not mapping.get(key))


def lines(table: Table, titles: Titles, mapping: Mapping[str, str]) -> Iterator[Line]:
    """Yield the lines below the titles. A line that is longer than its titles, or has a formula where we read, is in trouble."""
    names = [mapping.get(key, "") for key in titles.keys]
    for row in table.rows():
        if row.number > titles.row:
            yield _line(row, names)


def one_line(text: str) -> str:
    """Return the text in one line, without what cannot be seen, its spaces made single."""
    kept = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in text)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _line(row: Row, names: Sequence[str]) -> Line:
    texts = [one_line(cell) for cell in row.cells]
    cells = {name: text for name, text in zip(names, texts, strict=False) if name}
    trouble = next((why for column, why in row.troubles.items() if column < len(names) and names[column]), "")
    if any(texts[len(names) :]):
        trouble = (
            f"the line has {len(texts)} cells and there are {len(names)} titles: "
            "a separator stands inside a cell, or a title is missing"
        )
    note = ""
    if len(texts) < len(names):
        note = f"the line has {len(texts)} cells and there are {len(names)} titles: the others count as empty"
    return Line(row.number, cells, trouble, note, texts)


def _keys(texts: Sequence[str]) -> Iterator[str]:
    """Yield a key for each title; one without letters is known by where it stands, one that comes twice by how often it came."""
    seen: dict[str, int] = {}
    for column, text in enumerate(texts):
        key = title_key(text) or f"column {column_letters(column)}"
        seen[key] = seen.get(key, 0) + 1
        yield key if seen[key] == 1 else f"{key} {seen[key]}"
