"""A lesson's body: between the blocks of a folder (Markdown) and the raw JSON of its StreamField (rich text)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from courses.folder.documents import Document, Paragraph, Part, Table, plain_runs, text_of, tidy
from courses.folder.markdown import read_markdown
from courses.folder.markdown_writing import write_markdown
from courses.folder.media import MediaNames
from courses.folder.media_files import minutes_of_captions
from courses.folder.rich_text import Attributes, read_rich_text, write_rich_text
from courses.folder.shapes import Block, MediaFile

# Never change this: the ids of every block loaded so far come from it.
NAMESPACE = uuid.UUID("5a4d6c1e-2f7b-5e39-9c58-0b7f4a1d3e62")
RICH_KINDS = {"warning": "", "key": "", "case": "text", "accordion": "text", "reflect": "prompt"}
RawBlock = dict[str, Any]


class CannotExport(Exception):
    """Something in the course has no place in a folder; the message is a sentence that says what and where."""


@dataclass(frozen=True)
class Targets:
    """Where links of a folder lead in the product: ids of pages by step slug, of documents and pictures by file name."""

    steps: Mapping[str, int]
    media: Mapping[str, int]
    files: Mapping[str, MediaFile]

    def attributes_of(self, link: str) -> Attributes:
        if link.startswith("step:"):
            return {"linktype": "page", "id": str(self.steps[link.removeprefix("step:")])}
        if link.startswith("media/"):
            return {"linktype": "document", "id": str(self.media[link.removeprefix("media/")])}
        return {"href": link}


def rich_text_of(markdown: str, targets: Targets) -> str:
    """Return Markdown without tables as rich text."""
    return write_rich_text(read_markdown(markdown)[0], targets.attributes_of)


def plain_text_of(markdown: str) -> str:
    """Return the words of a plain paragraph."""
    return " ".join(text_of(part.runs) for part in read_markdown(markdown)[0] if isinstance(part, Paragraph))


def raw_body(blocks: Iterable[Block], course_code: str, slug: str, targets: Targets) -> list[RawBlock]:
    """Return the raw StreamField value of a lesson. Ids follow from course, step and position, so the same folder gives the same bytes."""
    values = [value for block in blocks for value in _values(block, targets)]
    return [_with_id(f"{course_code}/{slug}/{position}", kind, value) for position, (kind, value) in enumerate(values)]


def _with_id(name: str, kind: str, value: Any) -> RawBlock:
    if kind == "law":
        listed = [
            {"type": "item", "value": code, "id": str(uuid.uuid5(NAMESPACE, f"{name}/{number}"))}
            for number, code in enumerate(value["references"])
        ]
        value = {**value, "references": listed}
    return {"type": kind, "value": value, "id": str(uuid.uuid5(NAMESPACE, name))}


def _values(block: Block, targets: Targets) -> Iterator[tuple[str, Any]]:
    words = (*block.words, "", "", "")
    match block.kind:
        case "text":
            yield from _text_values(read_markdown(block.text)[0], targets)
        case "law":
            yield "law", {"references": list(block.words), "text": plain_text_of(block.text)}
        case "check":
            yield "check", {"question": words[0], "when": words[1]}
        case "case" | "accordion":
            yield block.kind, {"title": block.title, "text": rich_text_of(block.text, targets)}
        case "reflect":
            yield "reflect", {"prompt": rich_text_of(block.text, targets)}
        case "warning" | "key":
            yield block.kind, rich_text_of(block.text, targets)
        case "image":
            alternative = plain_text_of(block.text)
            yield "image", {"image": targets.media[words[0]], "alternative": alternative, "caption": block.title}
        case "document":
            yield "document", {"document": targets.media[words[0]], "title": plain_text_of(block.text)}
        case "video" | "audio":
            yield block.kind, _recording(block, targets)


def _recording(block: Block, targets: Targets) -> dict[str, Any]:
    name, captions, minutes = (*block.words, "", "", "")[:3]
    by_captions = minutes_of_captions(targets.files[captions].content()) if captions else None
    return {
        "file": targets.media[name],
        "captions": targets.media[captions] if captions else None,
        "transcript": rich_text_of(block.text, targets),
        "minutes": minutes or str(by_captions or ""),
    }


def _text_values(document: Document, targets: Targets) -> Iterator[tuple[str, Any]]:
    """Yield stretches of rich text, and each table as a block of its own."""
    kept: list[Part] = []
    for part in document:
        if not isinstance(part, Table):
            kept.append(part)
            continue
        if kept:
            yield "text", write_rich_text(tuple(kept), targets.attributes_of)
            kept = []
        yield "table", _table_value(part)
    if kept:
        yield "text", write_rich_text(tuple(kept), targets.attributes_of)


def _table_value(table: Table) -> dict[str, Any]:
    rows = [list(row) for row in ((table.head,) if table.head else ()) + table.rows]
    heads = {(True, True): "both", (True, False): "row", (False, True): "column", (False, False): "neither"}
    return {
        "cell": [],
        "data": rows,
        "mergeCells": [],
        "table_caption": table.caption,
        "first_col_is_header": table.first_column_heads,
        "table_header_choice": heads[bool(table.head), table.first_column_heads],
        "first_row_is_table_header": bool(table.head),
    }


# --- Back ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sources:
    """What links of the product are called in a folder. ``where`` names the page, for sentences."""

    where: str
    steps: Mapping[int, str]
    media: MediaNames

    def link_of(self, attributes: Attributes) -> str:
        """Return a link's address; empty, so that only its words stay, where what it led to is gone."""
        kind, number = attributes.get("linktype", ""), attributes.get("id", "")
        if kind == "document":
            name = self.media.documents.get(int(number)) if number.isdigit() else None
            return f"media/{name}" if name else ""
        if kind == "page":
            slug = self.steps.get(int(number)) if number.isdigit() else None
            if slug is None:
                raise CannotExport(
                    f"'{self.where}' links to a page outside its course, which a folder cannot carry: make it an https link."
                )
            return f"step:{slug}"
        return attributes.get("href", "")

    def markdown_of(self, html: str) -> str:
        return write_markdown(read_rich_text(html or "", self.link_of))


def blocks_of(raw: Iterable[Mapping[str, Any]], sources: Sources) -> tuple[Block, ...]:
    """Return the blocks of a raw StreamField value; neighbouring text and tables become one stretch of Markdown."""
    blocks: list[Block] = []
    open_text: list[Part] = []

    def close_text() -> None:
        if open_text:
            blocks.append(Block("text", write_markdown(tidy(open_text))))
            open_text.clear()

    for one in raw:
        kind, value = one["type"], one["value"]
        if kind == "text":
            open_text.extend(read_rich_text(value or "", sources.link_of))
        elif kind == "table":
            open_text.extend(_table(value))
        else:
            close_text()
            blocks.append(_block(kind, value, sources))
    close_text()
    return tuple(blocks)


def _table(value: Mapping[str, Any] | None) -> Document:
    rows = [tuple(cell or "" for cell in row) for row in (value or {}).get("data") or []]
    if not value or not rows:
        return ()
    headed = bool(value.get("first_row_is_table_header"))
    head, rest = (rows[0], rows[1:]) if headed else ((), rows)
    return tidy([Table(head, tuple(rest), bool(value.get("first_col_is_header")), value.get("table_caption") or "")])


def _plain(text: str) -> str:
    return write_markdown(tidy([Paragraph(plain_runs(text or ""))]))


def _block(kind: str, value: Any, sources: Sources) -> Block:
    match kind:
        case "law":
            codes = [item["value"] if isinstance(item, Mapping) else item for item in value["references"]]
            return Block("law", _plain(value["text"]), words=tuple(codes))
        case "check":
            return Block("check", words=(value["question"], value.get("when") or "after"))
        case "image":
            name = sources.media.images.get(value["image"], "")
            return Block("image", _plain(value["alternative"]), _one_line(value.get("caption")), (name,))
        case "document":
            name = sources.media.documents.get(value["document"], "")
            return Block("document", _plain(value["title"]), words=(name,))
        case "video" | "audio":
            words = tuple(sources.media.documents.get(value.get(key), "") for key in ("file", "captions"))
            return Block(kind, sources.markdown_of(value.get("transcript")), words=(*words, value.get("minutes") or ""))
        case "warning" | "key":
            return Block(kind, sources.markdown_of(value))
        case "case" | "accordion" | "reflect":
            return Block(kind, sources.markdown_of(value[RICH_KINDS[kind]]), _one_line(value.get("title")))
    raise CannotExport(f"'{sources.where}' has a block of the kind '{kind}', which a folder cannot carry.")


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
