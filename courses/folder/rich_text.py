"""The limited HTML of Wagtail's rich text to documents and back: paragraphs, two levels of headings, lists, bold, italic, links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from markdown_it.common.normalize_url import normalizeLink

from courses.folder.documents import BREAK, Document, Heading, Item, List, Paragraph, Part, Run, Runs, Table, tidy

Attributes = Mapping[str, str]
LinkOf = Callable[[Attributes], str]
AttributesOf = Callable[[str], Attributes]

_BOLD, _ITALIC = {"b", "strong"}, {"i", "em"}
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 3, "h5": 3, "h6": 3}
_BLOCKS = {"p", "div", "blockquote", "li", "ul", "ol", *_HEADINGS}


def plain_link(attributes: Attributes) -> str:
    """Read a link that leads to an address."""
    return attributes.get("href", "")


def plain_attributes(link: str) -> Attributes:
    """Write a link that leads to an address."""
    return {"href": link}


def read_rich_text(html: str, link_of: LinkOf = plain_link) -> Document:
    """Return the document a page's rich text holds. ``link_of`` turns an ``<a>``'s attributes into an address of the folder."""
    reader = _Reader(link_of)
    reader.feed(html)
    reader.close()
    reader.end_text()
    return tidy(reader.parts)


def write_rich_text(document: Document, attributes_of: AttributesOf = plain_attributes) -> str:
    """Return rich text as a page keeps it. Tables have a block of their own and cannot stand here."""
    return "".join(_write_part(part, attributes_of) for part in document)


@dataclass
class _OpenList:
    ordered: bool
    items: list[Item] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, link_of: LinkOf) -> None:
        super().__init__(convert_charrefs=True)
        self.link_of = link_of
        self.parts: list[Part] = []
        self.runs: list[Run] = []
        self.level = 0
        self.bold = self.italic = 0
        self.link = ""
        self.lists: list[_OpenList] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_text()
            self.level = _HEADINGS.get(tag, 0)
        if tag in ("ul", "ol"):
            self.lists.append(_OpenList(tag == "ol"))
        elif tag == "br":
            self.add(BREAK)
        elif tag == "a":
            link = self.link_of({name: value or "" for name, value in attrs})
            self.link = normalizeLink(link) if ":" in link or link.startswith("media/") else link
        elif tag in _BOLD:
            self.bold += 1
        elif tag in _ITALIC:
            self.italic += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_text()
        if tag in ("ul", "ol") and self.lists:
            self.end_list()
        elif tag == "a":
            self.link = ""
        elif tag in _BOLD:
            self.bold = max(0, self.bold - 1)
        elif tag in _ITALIC:
            self.italic = max(0, self.italic - 1)

    def handle_data(self, data: str) -> None:
        self.add(data.replace(BREAK, " "))

    def add(self, text: str) -> None:
        self.runs.append(Run(text, self.bold > 0, self.italic > 0, self.link))

    def end_text(self) -> None:
        runs, self.runs = tuple(self.runs), []
        if not "".join(run.text for run in runs).strip():
            return
        if self.lists:
            self.lists[-1].items.append(Item(runs))
        else:
            self.parts.append(Heading(self.level, runs) if self.level else Paragraph(runs))
        self.level = 0

    def end_list(self) -> None:
        closed = self.lists.pop()
        done = List(closed.ordered, tuple(closed.items))
        if not self.lists:
            self.parts.append(done)
        elif self.lists[-1].items:
            owner = self.lists[-1].items.pop()
            self.lists[-1].items.append(Item(owner.runs, (*owner.lists, done)))
        else:
            self.lists[-1].items.append(Item((), (done,)))


def _write_part(part: Part, attributes_of: AttributesOf) -> str:
    if isinstance(part, Heading):
        return f"<h{part.level}>{_write_runs(part.runs, attributes_of)}</h{part.level}>"
    if isinstance(part, Paragraph):
        return f"<p>{_write_runs(part.runs, attributes_of)}</p>"
    if isinstance(part, Table):
        raise TypeError("A table is a block of its own.")
    tag = "ol" if part.ordered else "ul"
    items = "".join(
        f"<li>{_write_runs(item.runs, attributes_of)}{''.join(_write_part(inner, attributes_of) for inner in item.lists)}</li>"
        for item in part.items
    )
    return f"<{tag}>{items}</{tag}>"


def _write_runs(runs: Runs, attributes_of: AttributesOf) -> str:
    written = ""
    for link, linked in groupby(runs, key=lambda run: run.link):
        inside = "".join(_write_run(run) for run in linked)
        if link:
            pairs = "".join(f' {name}="{escape(value)}"' for name, value in attributes_of(link).items())
            inside = f"<a{pairs}>{inside}</a>"
        written += inside
    return written


def _write_run(run: Run) -> str:
    text = escape(run.text, quote=False).replace(BREAK, "<br/>")
    if run.italic:
        text = f"<i>{text}</i>"
    return f"<b>{text}</b>" if run.bold else text
