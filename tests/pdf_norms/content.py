"""What is on the pages: everything is either part of the structure or an artifact, and nothing is both."""

from __future__ import annotations

import pikepdf

from tests.pdf_norms.tree import Tree

SHOWING = frozenset(["Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "INLINE IMAGE"])
TEXT = frozenset(["Tj", "TJ", "'", '"'])


def faults(document: pikepdf.Pdf, tree: Tree) -> list[str]:
    """Return what is astray on each page."""
    owned = {mark for one in tree.top.below() for mark in one.marks}
    found: list[str] = []
    for number, page in enumerate(document.pages, start=1):
        seen: set[int] = set()
        around: list[str] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in {"BMC", "BDC"}:
                around.append(_meant_by(operands, page, seen, owned, f"page {number}", found))
                if "artifact" in around and "content" in around:
                    found.append(f"7.1: page {number} has an artifact within content, or content within an artifact")
            elif name == "EMC":
                around.pop()
            elif name in SHOWING and not {"artifact", "content"} & set(around):
                found.append(f"7.1: page {number} shows something ({name}) that is neither content nor an artifact")
            if name in TEXT and _draws_a_box(operands):
                found.append(f"7.21.8: page {number} draws the box that stands for a missing letter")
        lacking = {place for on, place in owned if on == page.obj.objgen} - seen
        found += [f"content {place} of the structure is not on page {number}" for place in sorted(lacking)]
    return found


def _meant_by(
    operands: list[pikepdf.Object],
    page: pikepdf.Page,
    seen: set[int],
    owned: set[tuple[tuple[int, int], int]],
    where: str,
    found: list[str],
) -> str:
    """Return what marked content is: an artifact, content, or neither."""
    if str(operands[0]) == "/Artifact":
        return "artifact"
    place = operands[1].get("/MCID") if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else None
    if place is None:
        return "neither"
    if int(place) in seen:
        found.append(f"{where} has two pieces of content {place}")
    seen.add(int(place))
    if (page.obj.objgen, int(place)) not in owned:
        found.append(f"7.1: content {place} of {where} is in no element of the structure")
    return "content"


def _draws_a_box(operands: list[pikepdf.Object]) -> bool:
    """Return whether a text has the glyph 0; every font of ours has codes of two bytes."""
    shown = [part for each in operands for part in (each if isinstance(each, pikepdf.Array) else [each])]
    codes = [bytes(part) for part in shown if isinstance(part, pikepdf.String)]
    return any(code[at : at + 2] == b"\0\0" for code in codes for at in range(0, len(code), 2))
