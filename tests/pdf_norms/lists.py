"""Lists: items in a list, a label and a body in an item, and nothing else."""

from __future__ import annotations

import pikepdf

from tests.pdf_norms.tree import Tree

MAY_HOLD = {"L": {"L", "LI", "Caption"}, "LI": {"Lbl", "LBody"}}
STANDS_IN = {"LI": {"L"}, "LBody": {"LI"}, "Lbl": {"LI", "Note", "TOCI", "BibEntry"}}


def faults(document: pikepdf.Pdf, tree: Tree) -> list[str]:
    """Return what is wrong with lists."""
    found: list[str] = []
    for one in tree.top.below():
        if one.kind in MAY_HOLD:
            found += [f"7.2: {one.kind} holds {kid.kind}" for kid in one.kids if kid.kind not in MAY_HOLD[one.kind]]
            if one.marks or not one.kids:
                found.append(f"7.2: {one.kind} has content of its own, or none")
        above = one.parent.kind if one.parent is not None else ""
        if one.kind in STANDS_IN and above not in STANDS_IN[one.kind]:
            found.append(f"7.2: {one.kind} stands in {above or 'nothing'}")
        if one.kind == "LI" and [kid.kind for kid in one.kids].count("LBody") != 1:
            found.append("7.6: an item has no body, or two")
    return found
