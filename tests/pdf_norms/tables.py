"""Tables: rows of as many cells, header cells that say what they head, and cells that name headers there are."""

from __future__ import annotations

import pikepdf

from tests.pdf_norms.tree import Element, Tree

MAY_HOLD = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
}
STANDS_IN = {
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "TH": {"TR"},
    "TD": {"TR"},
}


def faults(document: pikepdf.Pdf, tree: Tree) -> list[str]:
    """Return what is wrong with tables."""
    found: list[str] = []
    for one in tree.top.below():
        if one.kind in MAY_HOLD:
            found += [f"7.2: {one.kind} holds {kid.kind}" for kid in one.kids if kid.kind not in MAY_HOLD[one.kind]]
        above = one.parent.kind if one.parent is not None else ""
        if one.kind in STANDS_IN and above not in STANDS_IN[one.kind]:
            found.append(f"7.2: {one.kind} stands in {above or 'nothing'}")
    for table in tree.all("Table"):
        kinds = [kid.kind for kid in table.kids]
        if kinds.count("THead") > 1 or kinds.count("TFoot") > 1 or kinds.count("Caption") > 1:
            found.append("7.2: a table has two heads, two feet or two captions")
        if kinds.count("THead") and kinds.count("TBody") == 0:
            found.append("7.2: a table has a head and no body")
        found += _grid_faults(table)
        found += _header_faults(table)
    found += _name_faults(document, tree)
    return found


def _grid_faults(table: Element) -> list[str]:
    """Lay the cells out, spans and all: every row is as wide, and no two cells stand in one place."""
    taken: set[tuple[int, int]] = set()
    rows = table.all("TR")
    for number, row in enumerate(rows):
        column = 0
        for cell in row.kids:
            while (number, column) in taken:
                column += 1
            wide, high = (int(cell.attribute(name) or 1) for name in ("/ColSpan", "/RowSpan"))
            covered = {(number + down, column + right) for down in range(high) for right in range(wide)}
            if covered & taken:
                return ["7.2: two cells of a table stand in one place"]
            taken |= covered
            column += wide
    widths = {max((at + 1 for row, at in taken if row == number), default=0) for number in range(len(rows))}
    if len(widths) != 1 or len(taken) != widths.pop() * len(rows):
        return ["7.2: the rows of a table are not all as wide"]
    return []


def _header_faults(table: Element) -> list[str]:
    found = []
    headers = table.all("TH")
    names = {str(one.it.ID) for one in headers if "/ID" in one.it}
    if not headers:
        found.append("7.5: a table has no header")
    for one in headers:
        scope = str(one.attribute("/Scope") or "")
        if scope not in {"/Row", "/Column", "/Both"}:
            found.append("7.5: a header does not say what it heads")
        elif _is_in_head(one) != (scope == "/Column"):
            found.append("7.5: a header says that it heads what it does not")
    for one in table.all("TD"):
        named = [str(name) for name in one.attribute("/Headers") or []]
        if not named:
            found.append("7.5: a cell has no header")
        found += ["7.5: a cell names a header that is not in its table" for name in named if name not in names]
    return found


def _is_in_head(one: Element) -> bool:
    return one.kind == "THead" or (one.kind != "Table" and one.parent is not None and _is_in_head(one.parent))


def _name_faults(document: pikepdf.Pdf, tree: Tree) -> list[str]:
    """What has a name is found under it (ISO 32000-1, table 322)."""
    named = [(str(one.it.ID), one) for one in tree.top.below() if one.parent is not None and "/ID" in one.it]
    root = document.Root.StructTreeRoot
    listed = dict(pikepdf.NameTree(root.IDTree).items()) if "/IDTree" in root else {}
    found = ["two elements have one name"] if len({name for name, _one in named}) != len(named) else []
    if {name: one.it.objgen for name, one in named} != {str(name): it.objgen for name, it in listed.items()}:
        found.append("the tree of names does not lead to every element that has one")
    return found
