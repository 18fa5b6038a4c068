"""Annotations: links are in the structure and say where they lead, and the only field there is shows nothing."""

from __future__ import annotations

import pikepdf

from tests.pdf_norms.tree import Tree

INVISIBLE, HIDDEN, PRINTED, NOT_VIEWED, TOGGLED = 1, 2, 4, 32, 256


def faults(document: pikepdf.Pdf, tree: Tree) -> list[str]:
    """Return what is wrong with annotations of every page."""
    found: list[str] = []
    owners = {place: one for one in tree.top.below() for place in one.objects}
    listed = set()
    for number, page in enumerate(document.pages, start=1):
        annotations = list(page.get("/Annots", []))
        if annotations and str(page.get("/Tabs", "")) != "/S":
            found.append(f"7.18.3: page {number} has annotations, and their order is not that of the structure")
        for annotation in annotations:
            kind, owner = str(annotation.Subtype), owners.get(annotation.objgen)
            listed.add(annotation.objgen)
            if kind == "/Link":
                if owner is None or owner.kind != "Link":
                    found.append(f"7.18.5: a link of page {number} is in no element Link")
                if not str(annotation.get("/Contents", "")).strip():
                    found.append(f"7.18.5: a link of page {number} does not say where it leads")
            elif kind == "/Widget":
                shown = [float(side) for side in annotation.Rect]
                is_nothing = shown[0] == shown[2] and shown[1] == shown[3]
                if not is_nothing and (owner is None or owner.kind != "Form"):
                    found.append(f"7.18.4: a field of page {number} is in no element Form")
                if not str(annotation.get("/TU", "")).strip():
                    found.append(f"7.18.1: a field of page {number} has no words")
            else:
                found.append(f"7.18: page {number} has an annotation {kind}, which is none of ours")
    found += ["a link of the structure is on no page" for place in owners if place not in listed]
    for one in tree.all("Link"):
        if not one.objects:
            found.append("7.18.5: an element Link has no link")
    return found


def of_archives(document: pikepdf.Pdf) -> list[str]:
    """Return what PDF/A-3a asks of annotations beside that."""
    found: list[str] = []
    for number, page in enumerate(document.pages, start=1):
        for annotation in page.get("/Annots", []):
            kind, flags = str(annotation.Subtype), int(annotation.get("/F", 0))
            if not flags & PRINTED or flags & (INVISIBLE | HIDDEN | NOT_VIEWED | TOGGLED):
                found.append(f"6.3.2: {kind} of page {number} is not printed, or hidden")
            left, bottom, right, top = (float(side) for side in annotation.Rect)
            if kind != "/Link" and (left, bottom) != (right, top) and "/AP" not in annotation:
                found.append(f"6.3.3: {kind} of page {number} has no looks")
    return found
