"""Fonts: all in the file, and each says which letters it draws."""

from __future__ import annotations

import pikepdf

from tests.pdf_norms.tree import Tree


def faults(document: pikepdf.Pdf, tree: Tree) -> list[str]:
    """Return what is wrong with each font of the file."""
    found: list[str] = []
    fonts = [
        one for one in document.objects if isinstance(one, pikepdf.Dictionary) and str(one.get("/Type", "")) == "/Font"
    ]
    if not any(str(font.Subtype) == "/Type0" for font in fonts):
        found.append("the file has no font")
    for font in fonts:
        name, kind = str(font.get("/BaseFont", "a font")), str(font.Subtype)
        if kind in {"/CIDFontType0", "/CIDFontType2"}:
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.get("/FontDescriptor", {}).keys()):
                found.append(f"7.21.4: {name} is not in the file")
            if kind == "/CIDFontType2" and "/CIDToGIDMap" not in font:
                found.append(f"7.21.3.2: {name} does not say which letter is which glyph")
        elif kind == "/Type0":
            if "/ToUnicode" not in font:
                found.append(f"7.21.7: {name} does not say which letters it draws")
            if str(font.get("/Encoding")) != "/Identity-H":
                found.append(f"7.21.3.3: {name} has codes that cannot be read here")
        else:
            found.append(f"7.21: {name} is of kind {kind}, which is not read here")
    return found
