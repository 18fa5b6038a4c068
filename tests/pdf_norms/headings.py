"""Headings go down a step at a time; pictures have words and a place."""

from __future__ import annotations

import pikepdf

from tests.pdf_norms.tree import Tree


def faults(document: pikepdf.Pdf, tree: Tree) -> list[str]:
    """Return what is wrong with headings and pictures."""
    found: list[str] = []
    before = 0
    for one in tree.top.below():
        if one.kind == "H":
            found.append("7.4.4: a heading without a level stands beside those with one")
        elif one.kind[:1] == "H" and one.kind[1:].isdigit():
            level = int(one.kind[1:])
            if level > before + 1:
                found.append(f"7.4.2: a heading of level {level} follows one of level {before}")
            before = level
    if before == 0:
        found.append("7.4.2: there is no heading")
    width_and_height = [[float(side) for side in page.mediabox] for page in document.pages]
    places = {page.obj.objgen: sides for page, sides in zip(document.pages, width_and_height, strict=True)}
    for figure in tree.all("Figure"):
        if not str(figure.it.get("/Alt", "")).strip() and not str(figure.it.get("/ActualText", "")).strip():
            found.append("7.3: a picture has no words")
        box = figure.attribute("/BBox")
        if box is None:
            found.append("7.3: a picture does not say where it is")
            continue
        left, bottom, right, top = map(float, box)
        on = places[figure.it.Pg.objgen]
        if not (on[0] <= left < right <= on[2] and on[1] <= bottom < top <= on[3]):
            found.append("7.3: a picture says that it is off its page")
    return found
