"""Documents to the canonical Markdown, which reads back as the very same document.

One line a paragraph, ``**bold**``, ``*italic*``, ``-`` and ``1.`` lists, ``##`` and ``###`` headings next to their neighbours without
an empty line, and no backslash that is not needed.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from itertools import groupby

from courses.folder.documents import (
    BREAK,
    CAPTION,
    Document,
    Heading,
    List,
    Paragraph,
    Part,
    Run,
    Runs,
    Table,
    plain_runs,
    text_of,
)
from courses.folder.markdown import read_markdown

_SPECIAL = re.compile(r"[\\`*_\[\]<>&!|~#:\n-]|^\d|^\+|^=")
_ENTITY = re.compile(r"&(#[xX]?[0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,48});")
_LINE_STARTS = (
    (re.compile(r"#{1,6}(?=\s|$)"), 0),
    (re.compile(r"[-+](?=\s|$)"), 0),
    (re.compile(r">"), 0),
    (re.compile(r"~~~"), 0),
    (re.compile(r":::"), 0),
    (re.compile(r"[-_ ]{3,}$"), 0),
    (re.compile(r"[|:\- ]+$"), 0),
    (re.compile(r"=+ *$"), 0),
)
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def write_markdown(document: Document) -> str:
    """Return the canonical Markdown of a tidy document, without a last line break."""
    written = ""
    last: Part | None = None
    for part in document:
        if last is not None:
            written += "\n" if isinstance(last, Heading) or isinstance(part, Heading) else "\n\n"
        written += _write_part(part)
        last = part
    return written


def _write_part(part: Part) -> str:
    if isinstance(part, Heading):
        return f"{'#' * part.level} {_heading_text(part)}"
    if isinstance(part, Paragraph):
        return _write_runs(part.runs)
    if isinstance(part, List):
        return "\n".join(_list_lines(part))
    return _write_table(part)


def _heading_text(heading: Heading) -> str:
    text = _write_runs(heading.runs)
    return re.sub(r"(^|(?<=\s))(#+)$", lambda found: "\\" + found[2], text)


def _list_lines(part: List) -> Iterator[str]:
    for number, item in enumerate(part.items, start=1):
        mark = f"{number}. " if part.ordered else "- "
        indent = " " * len(mark)
        first, *rest = _write_runs(item.runs).split("\n")
        yield mark + first
        for line in rest:
            yield indent + line
        for inner in item.lists:
            for line in _list_lines(inner):
                yield indent + line


def _write_table(table: Table) -> str:
    width = len(table.head or table.rows[0])
    rows = [_row([_cell(cell) for cell in table.head or [""] * width]), _row(["---"] * width)]
    for row in table.rows:
        first = f"**{_cell(row[0])}**" if table.first_column_heads and row[0] else _cell(row[0])
        rows.append(_row([first, *map(_cell, row[1:])]))
    if table.caption:
        rows.insert(0, _write_runs(plain_runs(CAPTION + table.caption)) + "\n")
    return "\n".join(rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return _write_runs(plain_runs(text)).replace("|", "\\|") if text else ""


def _write_runs(runs: Runs) -> str:
    """Return the shortest spelling that reads back as the very same runs."""
    if len(runs) == 1 and runs[0] == Run(runs[0].text) and not _SPECIAL.search(runs[0].text):
        return runs[0].text
    for italic, guard in (("*", ""), ("_", ""), ("*", "outside"), ("_", "outside"), ("_", "both")):
        written = _spell(runs, italic, guard)
        if _reads_as(written, runs):
            return written
    return _spell_plain(text_of(runs))


def _reads_as(written: str, runs: Runs) -> bool:
    document, _problems = read_markdown(written)
    return document == (Paragraph(runs),)


def _spell_plain(text: str) -> str:
    """The last resort, for text no emphasis can be written around: every sign escaped, the words kept."""
    escaped = "".join(f"\\{sign}" if sign in string.punctuation else sign for sign in text)
    return escaped.replace(BREAK, "\\\n")


def _spell(runs: Runs, italic: str, guard: str) -> str:
    """Spell runs, the link outermost, bold around italic.

    ``guard`` writes letters beside the signs of bold and italic as numbers, where a sign would otherwise be taken for a plain one: only
    ``outside`` of emphasis that begins or ends with a punctuation mark, or on ``both`` sides of every sign.
    """
    pieces: list[tuple[str, str]] = []
    for link, linked in groupby(runs, key=lambda run: run.link):
        if link:
            pieces.append(("sign", "["))
        for bold, thick in groupby(linked, key=lambda run: run.bold):
            pieces.extend([("look", "**")] if bold else [])
            for run in thick:
                pieces.extend([("look", italic)] if run.italic else [])
                pieces.extend(("linked" if link else "text", character) for character in run.text)
                pieces.extend([("look", italic)] if run.italic else [])
            pieces.extend([("look", "**")] if bold else [])
        if link:
            pieces.append(("sign", f"]({_address(link)})"))
    return _start_lines("".join(_characters(pieces, guard)))


def _address(link: str) -> str:
    balanced = link.count("(") == link.count(")") and not re.search(r"\)[^(]*\(", link)
    return link if balanced else link.replace("(", "%28").replace(")", "%29")


def _characters(pieces: list[tuple[str, str]], guard: str) -> Iterator[str]:
    for index, (kind, value) in enumerate(pieces):
        if kind in ("look", "sign"):
            yield value
            continue
        before = pieces[index - 1] if index else ("", "")
        after = pieces[index + 1] if index + 1 < len(pieces) else ("", "")
        if guard and "look" in (before[0], after[0]) and not value.isspace() and _is_guarded(pieces, index, guard):
            yield f"&#{ord(value)};"
        elif value == BREAK:
            yield "\\\n"
        elif _needs_escape(value, before[1], after[1], pieces, index, linked=kind == "linked"):
            yield f"\\{value}"
        else:
            yield value


def _is_guarded(pieces: list[tuple[str, str]], index: int, guard: str) -> bool:
    if guard == "both":
        return True
    if not pieces[index][1].isalnum():
        return False
    for step in (-1, 1):
        place = index + step
        while 0 <= place < len(pieces) and pieces[place][0] == "look":
            place += step
        beyond = pieces[place][1][:1] if 0 <= place < len(pieces) else ""
        if place != index + step and beyond and not beyond.isalnum() and not beyond.isspace():
            return True
    return False


def _needs_escape(
    value: str, before: str, after: str, pieces: list[tuple[str, str]], index: int, *, linked: bool
) -> bool:
    if value in "\\`*":
        return True
    if value == "_":
        return not (before[-1:].isalnum() and after[:1].isalnum())
    if value in "[]":
        return linked or (value == "]" and after[:1] in ("(", "[", ":"))
    if value == "!":
        return after[:1] == "["
    if value == "<":
        return after[:1].isalpha() or after[:1] in ("/", "!", "?")
    if value == "&":
        return _ENTITY.match("".join(piece[1] for piece in pieces[index : index + 52])) is not None
    return False


def _start_lines(text: str) -> str:
    """Escape what would open a heading, list, quotation, rule, table or block at the start of a line."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        bare = line.removesuffix("\\") if number < len(lines) - 1 else line
        if numbered := _NUMBERED.match(bare):
            lines[number] = f"{numbered[1]}\\{line[numbered.end(1) :]}"
        elif any(pattern.match(bare) for pattern, _ in _LINE_STARTS):
            lines[number] = f"\\{line}"
    return "\n".join(lines)
