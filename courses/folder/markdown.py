"""Markdown of a course folder to documents. ``markdown_writing`` is the way back.

HTML is never passed on: the parser's HTML rules are on only to find it and refuse it, with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assessments.question_types.words import wrong_sign_in
from courses.folder.documents import (
    BREAK,
    DEEPEST_LIST,
    Document,
    Heading,
    Item,
    List,
    Paragraph,
    Part,
    Run,
    Runs,
    Table,
    text_of,
    tidy,
)

_parser = MarkdownIt("commonmark").enable("table").disable(["reference", "lheading"])
_parser.validateLink = lambda url: True  # type: ignore[method-assign]  # every link is read, so that a bad one can be named

FOREIGN = {
    "code_block": "Indented text is not part of the format: start the line at the margin.",
    "fence": "Code is not part of the format: write it as plain text.",
    "code_inline": "Code (`…`) is not part of the format: write it as plain text.",
    "blockquote_open": "A quotation (>) is not part of the format: use a paragraph or a ':::case' block.",
    "hr": "A line (---) is not part of the format: use a heading.",
    "html_block": "Raw HTML is refused: use Markdown and ':::' blocks.",
    "html_inline": "Raw HTML is refused: use Markdown and ':::' blocks.",
    "image": "A picture stands in an ':::image' block, with its text alternative.",
}


@dataclass(frozen=True)
class Allowed:
    """What a place in a folder may hold beside paragraphs, bold and italic."""

    name: str
    headings: tuple[int, ...] = ()
    lists: bool = False
    links: bool = False
    files: bool = False
    tables: bool = False
    looks: bool = True


LESSON_TEXT = Allowed("the text of a lesson", headings=(2, 3), lists=True, links=True, files=True, tables=True)
DESCRIPTION = Allowed("a course's description", headings=(2,), lists=True, links=True)
RICH = Allowed("this block", lists=True, links=True)
KEY_POINT = Allowed("a key point")
PLAIN = Allowed("this text", looks=False)


@dataclass
class _Reader:
    """Walks the parser's tokens; ``line`` is the line of the file on which the Markdown begins."""

    allowed: Allowed
    line: int
    problems: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.problems.append((line, reason))

    def line_of(self, token: Token) -> int:
        return self.line + (token.map[0] if token.map else 0)

    def parts(self, tokens: Sequence[Token], depth: int = 0) -> Iterator[Part]:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = _closing(tokens, index)
            inside = tokens[index + 1 : end]
            if token.type in FOREIGN:
                self.refuse(self.line_of(token), FOREIGN[token.type])
            elif token.type == "paragraph_open":
                yield Paragraph(self.runs(inside[0]))
            elif token.type == "heading_open":
                yield self.heading(token, inside[0])
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                yield self.list(token, inside, depth)
            elif token.type == "table_open":
                yield self.table(token, inside)
            index = end + 1

    def heading(self, token: Token, inline: Token) -> Heading:
        level = int(token.tag[1])
        if not self.allowed.headings:
            self.refuse(self.line_of(token), f"A heading cannot stand in {self.allowed.name}.")
        elif level not in self.allowed.headings:
            signs = " or ".join("#" * known for known in self.allowed.headings)
            self.refuse(self.line_of(token), f"A heading here is written with {signs}, not {'#' * level}.")
        return Heading(level, self.runs(inline))

    def list(self, token: Token, inside: Sequence[Token], depth: int) -> List:
        line = self.line_of(token)
        if not self.allowed.lists:
            self.refuse(line, f"A list cannot stand in {self.allowed.name}.")
        if depth >= DEEPEST_LIST:
            self.refuse(line, f"Lists may stand {DEEPEST_LIST} deep at most.")
        if token.attrs.get("start", 1) != 1:
            self.refuse(line, "A numbered list starts at 1.")
        items, index = [], 0
        while index < len(inside):
            end = _closing(inside, index)
            items.append(self.item(inside[index], inside[index + 1 : end], depth))
            index = end + 1
        return List(token.type == "ordered_list_open", tuple(items))

    def item(self, token: Token, inside: Sequence[Token], depth: int) -> Item:
        parts = list(self.parts(inside, depth + 1))
        runs = parts[0].runs if parts and isinstance(parts[0], Paragraph) else ()
        rest = parts[1:] if runs else parts
        lists = tuple(part for part in rest if isinstance(part, List))
        if len(lists) != len(rest):
            self.refuse(self.line_of(token), "A list item holds one paragraph, and lists below it at most.")
        return Item(runs, lists)

    def table(self, token: Token, inside: Sequence[Token]) -> Table:
        if not self.allowed.tables:
            self.refuse(self.line_of(token), f"A table cannot stand in {self.allowed.name}: put it between the blocks.")
        rows: list[list[Runs]] = []
        for inner in inside:
            if inner.type == "tr_open":
                rows.append([])
            elif inner.type == "inline":
                rows[-1].append(self.runs(inner))
        first = [row[0] for row in rows[1:] if row[0]]
        heads = bool(first) and all(run.bold for runs in first for run in runs)
        for number, row in enumerate(rows):
            looks = row[1:] if heads and number else row
            if any(run != Run(run.text) for runs in looks for run in runs):
                reason = "A table's cells are plain text; only a whole first column may be bold, as row headings."
                self.refuse(self.line_of(token), reason)
                break
        texts = [tuple(text_of(runs) for runs in row) for row in rows]
        return Table(texts[0], tuple(texts[1:]), heads)

    def runs(self, inline: Token) -> Runs:
        bold = italic = 0
        link, line, found = "", self.line_of(inline), []
        for token in inline.children or ():
            match token.type:
                case "text":
                    # Written as '&#x202E;' a sign passes whoever looks at the file alone.
                    if reason := wrong_sign_in(token.content):
                        self.refuse(line, reason)
                    found.append(Run(token.content, bool(bold), bool(italic), link))
                case "softbreak":
                    line += 1
                    found.append(Run(" ", bool(bold), bool(italic), link))
                case "hardbreak":
                    line += 1
                    found.append(Run(BREAK, bool(bold), bool(italic), link))
                case "strong_open" | "strong_close":
                    bold += token.nesting
                    self.look(line)
                case "em_open" | "em_close":
                    italic += token.nesting
                    self.look(line)
                case "link_open":
                    link = str(token.attrs.get("href", ""))
                    self.check_link(token, link, line)
                case "link_close":
                    link = ""
                case foreign if foreign in FOREIGN:
                    self.refuse(line, FOREIGN[foreign])
        return tuple(run for run in found if run.text)

    def look(self, line: int) -> None:
        reason = "This text is plain: no bold or italic."
        if not self.allowed.looks and (line, reason) not in self.problems:
            self.refuse(line, reason)

    def check_link(self, token: Token, link: str, line: int) -> None:
        if not self.allowed.links:
            self.refuse(line, f"A link cannot stand in {self.allowed.name}.")
        elif token.attrs.get("title"):
            self.refuse(line, f"The link to {link} has a title in quotes: leave it out, it cannot be kept.")
        elif link.startswith(("media/", "step:")):
            if link.startswith("media/") and not self.allowed.files:
                self.refuse(
                    line, f"A link to a file cannot stand in {self.allowed.name}: put it in the text of a lesson."
                )
        elif not is_https(link):
            self.refuse(line, f"The link '{link}' is not an https address.")


def is_https(address: str) -> bool:
    """Whether an address is a whole https one: a host with a dot, no user name, nothing that could not be in an address."""
    return (
        re.fullmatch(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,5})?([/?#][^\s<>\"\\^`{|}]*)?", address)
        is not None
    )


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Return where the token opened at ``index`` closes; a token that opens nothing closes where it stands."""
    depth = 0
    for position in range(index, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    return len(tokens) - 1


@lru_cache(maxsize=2048)
def read_markdown(
    text: str, allowed: Allowed = LESSON_TEXT, *, line: int = 1
) -> tuple[Document, tuple[tuple[int, str], ...]]:
    """Return the document, and what is refused in it as lines and sentences. ``line`` is the file's line of the first character."""
    reader = _Reader(allowed, line)
    document = tuple(reader.parts(_parser.parse(text)))
    if allowed is PLAIN and (len(document) > 1 or any(not isinstance(part, Paragraph) for part in document)):
        reader.refuse(line, "This text is one plain paragraph.")
    return tidy(document), tuple(reader.problems)
