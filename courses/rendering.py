"""What a lesson becomes when it is read: blocks in, HTML with named slots, plain text, references and files out.

Works on a StreamField's raw list (``[{"type", "value", "id"}, …]``), so that what was frozen can always be rendered again. Where a check
or a reflection stands, the HTML has an empty ``<div data-slot="…"></div>``; the page that shows it splits the HTML there and fills
the slots with what belongs to one reader. The same templates serve releases and the previews of authors.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import nh3
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text.rewriters import LinkRewriter

if TYPE_CHECKING:
    from courses.models.pages import CoursePage, CourseReference, LessonPage

RawBlock = dict[str, Any]
RawLesson = list[RawBlock]

SLOT = re.compile(r'<div data-slot="([^"]+)"></div>')
TAGS = {"p", "h2", "h3", "h4", "b", "strong", "i", "em", "ol", "ul", "li", "a", "br", "hr", "blockquote", "sup", "sub"}
SCHEMES = {"https", "mailto", "tel"}


@dataclass(frozen=True)
class Picture:
    """A picture at the two widths it is served in. Addresses are absolute paths; width and height are of the larger."""

    address: str
    small_address: str
    width: int
    height: int
    small_width: int


@dataclass(frozen=True)
class LinkedFile:
    """A document, recording or captions file: where it is, its name, its type, its size in bytes."""

    address: str
    name: str
    content_type: str
    size: int


class Media(Protocol):
    """Where pictures, documents and linked pages of a lesson are found; None where they are no more."""

    def picture(self, image_id: int) -> Picture | None: ...
    def document(self, document_id: int) -> LinkedFile | None: ...
    def page_address(self, page_id: int) -> str | None: ...


@dataclass(frozen=True)
class CourseFrame:
    """What a lesson takes from its course: references by id, and what stands beside a content warning."""

    references: dict[str, dict[str, Any]] = field(default_factory=dict)
    warning_alternative: str = ""
    warning_support: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Check:
    """A slot for a knowledge check: the question's code, and whether it is asked before or after the text."""

    slot: str
    question: str
    when: str


@dataclass
class RenderedLesson:
    """``html`` has empty named slots; ``reflections`` maps a slot to its prompt as HTML; ``references`` are ids in order of citing."""

    html: str = ""
    text: str = ""
    checks: list[Check] = field(default_factory=list)
    reflections: dict[str, str] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)


Part = tuple[Literal["html", "slot"], str]


def split_at_slots(rendered: str) -> list[Part]:
    """Return the HTML in order as ``("html", markup)`` and ``("slot", name)``; for the page that fills the slots."""
    parts: list[Part] = []
    for number, piece in enumerate(SLOT.split(rendered)):
        if number % 2:
            parts.append(("slot", piece))
        elif piece.strip():
            parts.append(("html", piece))
    return parts


def render_lesson(blocks: RawLesson, *, frame: CourseFrame, media: Media) -> RenderedLesson:
    """Render a lesson's blocks in order. Runs no query: ``media`` has read what the lesson names."""
    lesson = RenderedLesson()
    pieces: list[str] = []
    for block in blocks:
        context = BLOCKS[block["type"]](block, lesson, frame, media)
        pieces.append(render_to_string(f"courses/blocks/{block['type']}.html", context).strip())
    lesson.html = "\n".join(pieces)
    lesson.text = plain_text(lesson.html)
    return lesson


def render_prompt(source: str, *, media: Media) -> RenderedLesson:
    """Render a reflective task: one prompt in one slot."""
    prompt = rich_text(source, media)
    slot = "reflect-task"
    return RenderedLesson(
        html=f'<div data-slot="{slot}"></div>', text=plain_text(prompt), reflections={slot: str(prompt)}
    )


def rich_text(source: str, media: Media) -> SafeString:
    """Return an editor's rich text as HTML: links to pages and documents resolved, nothing left that could run.

    A link whose page or document is gone loses its link and keeps its words.
    """

    def page_links(links: list[dict[str, str]]) -> list[str]:
        return [_opening(media.page_address(_number(attributes.get("id")))) for attributes in links]

    def document_links(links: list[dict[str, str]]) -> list[str]:
        files = [media.document(_number(attributes.get("id"))) for attributes in links]
        return [_opening(found.address if found else None) for found in files]

    rewritten = LinkRewriter(bulk_rules={"page": page_links, "document": document_links}, reference_extractors={})(
        source or ""
    )
    return mark_safe(  # noqa: S308 - cleaned on this very line
        nh3.clean(rewritten, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None)
    )


def named_pages(blocks: RawLesson) -> set[int]:
    """Return ids of pages that rich text in these blocks links to."""
    return {int(number) for source in _sources(blocks) for number in _linked(source, "page")}


def named_documents(blocks: RawLesson) -> set[int]:
    """Return ids of documents these blocks show or link to."""
    found = {int(number) for source in _sources(blocks) for number in _linked(source, "document")}
    for block in blocks:
        value = block["value"]
        if block["type"] in ("video", "audio"):
            found |= {value[key] for key in ("file", "captions") if value.get(key)}
        elif block["type"] == "document" and value.get("document"):
            found.add(value["document"])
    return found


def named_pictures(blocks: RawLesson) -> set[int]:
    """Return ids of the pictures these blocks show."""
    return {
        block["value"]["image"]
        for block in blocks
        if block["type"] == "image" and block["value"].get("image") is not None
    }


def cited_references(block: RawBlock) -> list[str]:
    """Return the reference ids a law block cites, in order."""
    listed = block["value"].get("references") or []
    return [item["value"] if isinstance(item, dict) else item for item in listed]


# --- From pages to values -------------------------------------------------------------------------------------------


def frame_of(course_page: CoursePage) -> CourseFrame:
    """Return what the lessons of a course take from it."""
    return CourseFrame(
        references={reference.code: reference_values(reference) for reference in course_page.references.all()},
        warning_alternative=course_page.warning_alternative,
        warning_support=list(course_page.warning_support),
    )


def reference_values(reference: CourseReference) -> dict[str, Any]:
    """Return a reference as plain values, dates in ISO form."""
    return {
        "id": reference.code,
        "title": reference.title,
        "provision": reference.provision,
        "says": reference.says,
        "extent": reference.extent,
        "url": reference.url,
        "text_as_at": reference.text_as_at.isoformat() if reference.text_as_at else None,
        "checked_on": reference.checked_on.isoformat() if reference.checked_on else None,
        "checked_by": reference.checked_by,
        "against": reference.against,
        "confidence": reference.confidence,
        "review_by": reference.review_by.isoformat() if reference.review_by else None,
    }


def raw_body(lesson: LessonPage) -> RawLesson:
    """Return a lesson's blocks as plain JSON values."""
    return cast(RawLesson, json.loads(json.dumps(lesson.body.get_prep_value())))


# --- Plain text -----------------------------------------------------------------------------------------------------

_BREAKS = {
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "br",
    "tr",
    "summary",
    "details",
    "section",
    "figure",
    "figcaption",
    "aside",
}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg":
            self.hidden += 1
        if tag in _BREAKS:
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append(" ")
        if tag == "img":
            self.words.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self.hidden -= 1
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(re.sub(r"\s+", " ", data))


def plain_text(markup: str) -> str:
    """Return the words of some HTML, a line for each block, without markup."""
    reader = _Words()
    reader.feed(markup)
    reader.close()
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(reader.words).split("\n"))
    return "\n".join(line for line in lines if line)


# --- Each kind of block ---------------------------------------------------------------------------------------------

Context = dict[str, Any]


def _words(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    return {"text": rich_text(block["value"], media)}


def _warning(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    return {
        "text": rich_text(block["value"], media),
        "alternative": frame.warning_alternative,
        "support": frame.warning_support,
    }


def _titled(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    return {"title": block["value"]["title"], "text": rich_text(block["value"]["text"], media)}


def _law(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    cited = cited_references(block)
    lesson.references += [code for code in cited if code not in lesson.references]
    known = [readable(frame.references[code]) for code in cited if code in frame.references]
    return {"references": known, "text": block["value"].get("text", "")}


def _check(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    slot = f"check-{block['id']}"
    lesson.checks.append(Check(slot, block["value"]["question"], block["value"].get("when") or "after"))
    return {"slot": slot}


def _reflect(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    slot = f"reflect-{block['id']}"
    lesson.reflections[slot] = str(rich_text(block["value"]["prompt"], media))
    return {"slot": slot}


def _picture(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    value = block["value"]
    return {
        "picture": media.picture(value["image"]) if value.get("image") is not None else None,
        "alternative": value.get("alternative", ""),
        "caption": value.get("caption", ""),
    }


def _recording(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    value = block["value"]
    return {
        "recording": media.document(value["file"]) if value.get("file") else None,
        "captions": media.document(value["captions"]) if value.get("captions") else None,
        "transcript": rich_text(value.get("transcript") or "", media),
        "minutes": value.get("minutes") or "",
    }


def _document(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    value = block["value"]
    return {
        "document": media.document(value["document"]) if value.get("document") else None,
        "title": value.get("title", ""),
    }


def _table(block: RawBlock, lesson: RenderedLesson, frame: CourseFrame, media: Media) -> Context:
    value = block["value"] or {}
    rows = [[(cell or "").strip() for cell in row] for row in value.get("data") or []]
    headed = bool(value.get("first_row_is_table_header")) and bool(rows)
    return {
        "id": f"table-{block['id']}",
        "caption": value.get("table_caption") or "",
        "heads": rows[0] if headed else [],
        "rows": rows[1:] if headed else rows,
        "row_heads": bool(value.get("first_col_is_header")),
        "wide": bool(rows) and len(rows[0]) > 4,
    }


BLOCKS: dict[str, Callable[[RawBlock, RenderedLesson, CourseFrame, Media], Context]] = {
    "text": _words,
    "warning": _warning,
    "case": _titled,
    "law": _law,
    "key": _words,
    "check": _check,
    "reflect": _reflect,
    "accordion": _titled,
    "image": _picture,
    "video": _recording,
    "audio": _recording,
    "document": _document,
    "table": _table,
}


def readable(reference: dict[str, Any]) -> dict[str, Any]:
    """Return a reference as templates show it: dates as dates, and the words for how it was checked."""
    shown = {**reference, "heading": ", ".join(filter(None, [reference["title"], reference.get("provision")]))}
    for key in ("text_as_at", "checked_on", "review_by"):
        shown[key] = date.fromisoformat(reference[key]) if reference.get(key) else None
    shown["site"] = re.sub(r"^https?://(www\.)?([^/]+).*$", r"\2", reference.get("url") or "")
    return shown


# --- Reading rich text ----------------------------------------------------------------------------------------------

_A_TAG = re.compile(r"<a\b[^>]*>", re.IGNORECASE)


def _sources(blocks: Iterable[RawBlock]) -> Iterator[str]:
    for block in blocks:
        value = block["value"]
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from (value[key] for key in ("text", "prompt", "transcript") if isinstance(value.get(key), str))


def _linked(source: str, kind: str) -> Iterator[str]:
    for tag in _A_TAG.findall(source):
        if f'linktype="{kind}"' in tag:
            yield from re.findall(r'\bid="(\d+)"', tag)


def _number(written: str | None) -> int:
    return int(written) if written and written.isdecimal() else 0


def _opening(address: str | None) -> str:
    return f'<a href="{html.escape(address)}">' if address else "<a>"
