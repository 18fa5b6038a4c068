"""Files within the file: each says what it is to the whole (ISO 19005-3, 6.8)."""

from __future__ import annotations

import pikepdf

from tests.pdf_norms.tree import Tree

RELATIONS = frozenset(["/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"])


def faults(document: pikepdf.Pdf, tree: Tree) -> list[str]:
    """Return what is wrong with attachments."""
    root, found = document.Root, []
    named = root.get("/Names", {}).get("/EmbeddedFiles")
    listed = [(str(name), it) for name, it in pikepdf.NameTree(named).items()] if named is not None else []
    associated = [it.objgen for it in root.get("/AF", [])]
    if len(associated) != len(set(associated)):
        found.append("6.8: an attachment is listed twice")
    if sorted(associated) != sorted(it.objgen for _name, it in listed):
        found.append("6.8: an attachment belongs to nothing")
    for name, it in listed:
        if str(it.get("/F", "")) != name or str(it.get("/UF", "")) != name:
            found.append(f"6.8: {name} is called something else inside")
        if str(it.get("/AFRelationship", "")) not in RELATIONS:
            found.append(f"6.8: {name} does not say what it is to the whole")
        if not str(it.get("/Desc", "")).strip():
            found.append(f"7.11: {name} has no words")
        inside = it.EF.F
        if "/" not in str(inside.get("/Subtype", ""))[1:]:
            found.append(f"6.8: {name} does not say what kind of file it is")
        if "/ModDate" not in inside.get("/Params", {}):
            found.append(f"6.8: {name} does not say of when it is")
    return found
