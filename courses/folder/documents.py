"""Rich text as a value: the common ground of Markdown (in a folder) and of limited HTML (in a page).

Both spellings are read into a document and written from one; ``tidy`` brings a document to the one form both can say exactly, so that
reading what was written gives the same document again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

BREAK = "\n"
_SPACES = re.compile(r"[ \t\r\f\v]+")
_AROUND_BREAKS = re.compile(r" ?\n ?")
_PIECES = re.compile(r"\s+|\S+")
CAPTION = "Table: "
DEEPEST_LIST = 4


@dataclass(frozen=True)
class Run:
    """Text of one look. A line break is the character ``\\n``."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    runs: Runs


@dataclass(frozen=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True)
class Item:
    runs: Runs
    lists: tuple[List, ...] = ()


@dataclass(frozen=True)
class List:
    ordered: bool
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Table:
    """Cells are plain text. ``head`` is empty where the table has no heading row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_column_heads: bool = False
    caption: str = ""


Part = Heading | Paragraph | List | Table
Document = tuple[Part, ...]


def plain_runs(text: str) -> Runs:
    return tidy_runs([Run(text.replace(BREAK, " "))])


def text_of(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def plain_text(document: Document) -> str:
    """Return what a reader sees, a line for each heading, paragraph, item and row."""
    return "\n".join(_lines(document))


def _lines(document: Sequence[Part]) -> Iterator[str]:
    for part in document:
        if isinstance(part, Table):
            if part.caption:
                yield part.caption
            yield from (" ".join(row) for row in (part.head, *part.rows) if row)
        elif isinstance(part, List):
            for item in part.items:
                yield text_of(item.runs)
                yield from _lines(item.lists)
        else:
            yield text_of(part.runs)


def links_of(document: Document) -> Iterator[str]:
    """Yield every link's address, in order."""
    for part in document:
        if isinstance(part, List):
            for item in part.items:
                yield from (run.link for run in item.runs if run.link)
                yield from links_of(item.lists)
        elif not isinstance(part, Table):
            yield from (run.link for run in part.runs if run.link)


def tidy_runs(runs: Iterable[Run], *, breaks: bool = True) -> Runs:
    """Join runs of one look, collapse white space, and take it out of the edges of bold, italic and links.

    A space keeps a look only if both its neighbours have it: Markdown cannot say more, and no reader sees the difference.
    """
    tidied: list[Run] = []
    gap = ""
    for run in runs:
        text = run.text if breaks else run.text.replace(BREAK, " ")
        for piece in _PIECES.findall(text):
            if piece.isspace():
                gap += piece
                continue
            solid = replace(run, text=piece)
            if gap and tidied:
                _add(tidied, _between(tidied[-1], solid, gap))
            gap = ""
            _add(tidied, solid)
    return tuple(tidied)


def _between(before: Run, after: Run, gap: str) -> Run:
    """Return the white space between two runs with the look that both have, the link outermost, bold around italic."""
    text = _AROUND_BREAKS.sub(BREAK, _SPACES.sub(" ", gap))
    if before.link != after.link:
        return Run(text)
    bold = before.bold and after.bold
    italic = before.italic and after.italic and before.bold == after.bold
    return Run(text, bold, italic, before.link)


def _add(runs: list[Run], run: Run) -> None:
    """Append a run, or lengthen the last one of the same look."""
    last = runs[-1] if runs else None
    if last is not None and (last.bold, last.italic, last.link) == (run.bold, run.italic, run.link):
        runs[-1] = Run(last.text + run.text, run.bold, run.italic, run.link)
    else:
        runs.append(run)


def tidy(document: Iterable[Part]) -> Document:
    """Return the document without what neither spelling can tell: empty parts, split lists, ragged rows, loose captions."""
    parts: list[Part] = []
    for part in document:
        tidied = _tidy_part(part)
        if tidied is None:
            continue
        last = parts[-1] if parts else None
        if isinstance(tidied, List) and isinstance(last, List) and tidied.ordered == last.ordered:
            parts[-1] = List(last.ordered, last.items + tidied.items)
        elif isinstance(tidied, Table) and not tidied.caption and (caption := _caption(last)):
            parts[-1] = replace(tidied, caption=caption)
        else:
            parts.append(tidied)
    return tuple(parts)


def _caption(part: Part | None) -> str:
    """Return the caption a paragraph just before a table gives it, or nothing."""
    if not isinstance(part, Paragraph) or len(part.runs) != 1 or replace(part.runs[0], text="") != Run(""):
        return ""
    text = part.runs[0].text
    return text.removeprefix(CAPTION) if text.startswith(CAPTION) and BREAK not in text else ""


def _tidy_part(part: Part) -> Part | None:
    if isinstance(part, List):
        items = tuple(_tidy_items(part.items))
        return List(part.ordered, items) if items else None
    if isinstance(part, Table):
        return _tidy_table(part)
    runs = tidy_runs(part.runs, breaks=isinstance(part, Paragraph))
    return replace(part, runs=runs) if runs else None


def _tidy_items(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        runs = tidy_runs(item.runs)
        lists = tuple(part for part in tidy(item.lists) if isinstance(part, List))
        if runs:
            yield Item(runs, lists)
        else:  # an item that only holds a list: its items come up a level
            yield from (inner for inner_list in lists for inner in inner_list.items)


def _tidy_table(table: Table) -> Table | None:
    width = max((len(row) for row in (table.head, *table.rows)), default=0)
    if not width:
        return None

    def even(row: Sequence[str]) -> tuple[str, ...]:
        cells = [text_of(plain_runs(cell)) for cell in row]
        return (*cells, *[""] * (width - len(cells)))

    head = even(table.head) if any(cell.strip() for cell in table.head) else ()
    rows = tuple(even(row) for row in table.rows)
    caption = text_of(plain_runs(table.caption))
    heads = table.first_column_heads and any(row[0] for row in rows)
    return Table(head, rows, heads, caption) if head or any(map(any, rows)) else None
