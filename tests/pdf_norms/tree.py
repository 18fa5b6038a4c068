"""Reading the tree of structure: every element under its standard type, and where its content and its annotations are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

Place = tuple[int, int]
# ISO 32000-1, 14.8.4.
STANDARD = {
    *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private"),
    *("P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody"),
    *("Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"),
    *("Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot"),
    *("Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form"),
}  # fmt: skip


@dataclass(eq=False)
class Element:
    """An element: its standard ``kind``, what it is in the file, ``kids`` in order; ``marks`` are pages and MCIDs."""

    kind: str
    it: pikepdf.Dictionary
    parent: Element | None
    kids: list[Element] = field(default_factory=list)
    marks: list[tuple[Place, int]] = field(default_factory=list)
    objects: list[Place] = field(default_factory=list)

    def below(self) -> Iterator[Element]:
        """Yield it and every element below, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.below()

    def all(self, kind: str) -> list[Element]:
        return [one for one in self.below() if one.kind == kind]

    def attribute(self, name: str) -> Any:
        """Return an attribute of the element, whichever owner it has; None where there is none."""
        given = self.it.get("/A")
        owners = list(given) if isinstance(given, pikepdf.Array) else [given] if given is not None else []
        return next((owner[name] for owner in owners if isinstance(owner, pikepdf.Dictionary) and name in owner), None)


@dataclass
class Tree:
    """``top`` is above everything; ``owners`` leads from the number of the file's object to the element it is."""

    top: Element
    owners: dict[Place, Element]

    def all(self, *kinds: str) -> list[Element]:
        return [one for one in self.top.below() if one.kind in kinds]


def read_tree(document: pikepdf.Pdf) -> tuple[Tree, list[str]]:
    """Return the tree and what is wrong with it as a tree."""
    root, found = document.Root.StructTreeRoot, []
    roles = {str(name): str(value) for name, value in dict(root.get("/RoleMap", {})).items()}
    found += [f"7.1: the standard type {name} is mapped to another" for name in roles if name[1:] in STANDARD]
    reading = _Reading(roles, found)
    top = Element("", root, None)
    reading.read_kids(top, root, page=None)
    tree = Tree(top, reading.owners)
    if [kid.kind for kid in top.kids] != ["Document"]:
        found.append("7.1: the structure is not one document")
    found += _parent_tree_faults(document, root, tree)
    return tree, found


class _Reading:
    def __init__(self, roles: dict[str, str], found: list[str]) -> None:
        self.roles, self.found = roles, found
        self.owners: dict[Place, Element] = {}

    def read_kids(self, above: Element, it: pikepdf.Dictionary, *, page: Place | None) -> None:
        given = it.get("/K")
        kids = list(given) if isinstance(given, pikepdf.Array) else [] if given is None else [given]
        for kid in kids:
            if not isinstance(kid, pikepdf.Dictionary):
                if page is None:
                    self.found.append(f"content {kid} of {above.kind} is on no page")
                else:
                    above.marks.append((page, int(kid)))
                continue
            on = kid.Pg.objgen if "/Pg" in kid else page
            kind = str(kid.get("/Type", "/StructElem"))
            if kind == "/OBJR":
                above.objects.append(kid.Obj.objgen)
            elif kind == "/MCR":
                above.marks.append((on, int(kid.MCID)))
            else:
                self._read(kid, above, page=on)

    def _read(self, it: pikepdf.Dictionary, above: Element, *, page: Place | None) -> None:
        if it.objgen in self.owners:
            self.found.append("an element of structure stands in two places")
            return
        one = Element(self._standard(str(it.get("/S", "/"))), it, above)
        self.owners[it.objgen] = one
        above.kids.append(one)
        if "/P" not in it or it.P.objgen != above.it.objgen:
            self.found.append(f"an element {one.kind} names another parent than the one it is a kid of")
        self.read_kids(one, it, page=page)

    def _standard(self, name: str) -> str:
        seen = set()
        while name[1:] not in STANDARD:
            if name in seen or name not in self.roles:
                self.found.append(f"7.1: {name} is no standard type and mapped to none")
                return name[1:]
            seen.add(name)
            name = self.roles[name]
        return name[1:]


def _parent_tree_faults(document: pikepdf.Pdf, root: pikepdf.Dictionary, tree: Tree) -> list[str]:
    """The way back: each page's and each annotation's key leads to the elements whose content they are."""
    found: list[str] = []
    numbers = {int(key): value for key, value in pikepdf.NumberTree(root.ParentTree).items()}
    keys: list[int] = []
    marks = {mark: one for one in tree.top.below() for mark in one.marks}
    objects = {place: one for one in tree.top.below() for place in one.objects}
    if len(marks) != sum(len(one.marks) for one in tree.top.below()):
        found.append("the same content belongs to two elements")
    for page in document.pages:
        if "/StructParents" in page:
            key = int(page.StructParents)
            keys.append(key)
            for place, owner in enumerate(numbers.get(key, [])):
                named = tree.owners.get(owner.objgen) if isinstance(owner, pikepdf.Dictionary) else None
                if named is not marks.get((page.obj.objgen, place)):
                    found.append(f"content {place} of a page leads back to an element that does not have it")
        for annotation in page.get("/Annots", []):
            if "/StructParent" in annotation:
                key = int(annotation.StructParent)
                keys.append(key)
                owner = numbers.get(key)
                named = tree.owners.get(owner.objgen) if isinstance(owner, pikepdf.Dictionary) else None
                if named is None or named is not objects.get(annotation.objgen):
                    found.append("an annotation leads back to an element that does not have it")
    for (page, place), one in marks.items():
        back = [numbers.get(int(each.StructParents)) for each in document.pages if each.obj.objgen == page]
        if not back or back[0] is None or place >= len(back[0]) or back[0][place].objgen != one.it.objgen:
            found.append(f"content {place} of {one.kind} is not led back to it")
    if len(keys) != len(set(keys)):
        found.append("two pages or annotations have one key of the structure")
    return found
