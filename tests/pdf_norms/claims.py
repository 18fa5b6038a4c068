"""What a file says of itself as a whole: language, title, which norms it keeps, colours, and nothing that acts."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pikepdf

from tests.pdf_norms.tree import Tree

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
DUBLIN = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
ADOBE = "{http://ns.adobe.com/pdf/1.3/}"
# Of the file's own particulars: where the same stands in the metadata.
TWICE = {
    "/Title": f"{DUBLIN}title",
    "/Subject": f"{DUBLIN}description",
    "/Author": f"{DUBLIN}creator",
    "/Producer": f"{ADOBE}Producer",
    "/CreationDate": f"{XMP}CreateDate",
    "/ModDate": f"{XMP}ModifyDate",
}
ACTING = {
    *("/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition"),
    *("/Trans", "/GoTo3DView"),
}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def faults(document: pikepdf.Pdf, tree: Tree) -> list[str]:
    """Return what both norms ask for and the file lacks."""
    root, found = document.Root, []
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        found.append("7.1: the file does not say that it is tagged")
    if bool(root.get("/MarkInfo", {}).get("/Suspects", False)):
        found.append("7.1: the file doubts its own tags")
    if LANGUAGE.fullmatch(str(root.get("/Lang", ""))) is None:
        found.append("7.2: the file names no language")
    found += [
        "7.2: an element names no language"
        for one in tree.top.below()
        if one.parent is not None and "/Lang" in one.it and LANGUAGE.fullmatch(str(one.it.Lang)) is None
    ]
    if document.is_encrypted or "/Encrypt" in document.trailer:
        found.append("7.16: the file is encrypted")
    if document.pdf_version > "1.7" or "/Version" in root:
        found.append("the file is of a later version than 1.7")
    return found


def of_accessibility(document: pikepdf.Pdf) -> list[str]:
    """Return what PDF/UA-1 asks of the whole file beside that."""
    found = []
    if not bool(document.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        found.append("7.1: the title is not what the window shows")
    said = _said(document)
    if said.get(f"{PDFUA}part") != ["1"]:
        found.append("5: the metadata do not say PDF/UA-1")
    if not "".join(said.get(f"{DUBLIN}title", [])).strip():
        found.append("7.1: the metadata have no title")
    if "/XFA" in document.Root.get("/AcroForm", {}):
        found.append("7.15: the file has a form of XFA")
    return found


def of_archives(document: pikepdf.Pdf, pdf: bytes) -> list[str]:
    """Return what PDF/A-3a asks of the whole file beside that."""
    said, root, found = _said(document), document.Root, []
    if (said.get(f"{PDFA}part"), said.get(f"{PDFA}conformance")) != (["3"], ["A"]):
        found.append("6.6.4: the metadata do not say PDF/A-3a")
    if f"{PDFUA}part" in said and f"{PDFUA[1:-1]}" not in said.get(f"{SCHEMA}namespaceURI", []):
        found.append("6.6.2.3: the metadata do not explain what PDF/UA's part of them is")
    if ElementTree.fromstring(root.Metadata.read_bytes()).findall(f"{RDF}RDF")[1:]:  # noqa: S314, our own file
        found.append("6.6.2: the metadata are not one description")
    for name, member in TWICE.items():
        if name in document.docinfo and _alike(str(document.docinfo[name])) != _alike("".join(said.get(member, []))):
            found.append(f"6.1.5: {name} is not the same in the metadata")
    if not re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}", pdf):
        found.append("6.1.2: the file does not begin as it should")
    if len(document.trailer.get("/ID", [])) != 2:
        found.append("6.1.3: the file has no identifier")
    found += _colour_faults(root)
    found += _acting_faults(document)
    for one in document.objects:
        if isinstance(one, pikepdf.Stream):
            if "/LZWDecode" in str(one.get("/Filter", "")):
                found.append("6.1.7.2: something is packed by LZW")
            if bool(one.get("/Interpolate", False)) or "/Alternates" in one or "/OPI" in one:
                found.append("6.2.8: a picture has what depends on who shows it")
            if "/F" in one:
                found.append("6.1.7.1: something is in another file")
        elif isinstance(one, pikepdf.Dictionary) and ("/TR" in one and str(one.get("/Type", "")) == "/ExtGState"):
            found.append("6.2.5: something changes how inks are laid on")
    return found


def _said(document: pikepdf.Pdf) -> dict[str, list[str]]:
    """Return what the metadata say, by the names of members, whether they stand as attributes or as elements."""
    said: dict[str, list[str]] = {}
    if "/Metadata" not in document.Root:
        return said
    xmp = ElementTree.fromstring(document.Root.Metadata.read_bytes())  # noqa: S314, our own file
    for node in xmp.iter():
        for name, value in node.attrib.items():
            said.setdefault(name, []).append(value)
        words = [text.strip() for text in node.itertext() if text.strip()]
        if words and not node.tag.startswith(RDF):
            said.setdefault(node.tag, []).extend(words)
    return said


def _alike(value: str) -> str:
    """Return a moment as its digits, whichever way it is written, and anything else as it is."""
    moment = re.fullmatch(r"(?:D:)?(\d{4})-?(\d\d)-?(\d\d)T?(\d\d):?(\d\d):?(\d\d)Z", value)
    return "".join(moment.groups()) if moment else value


def _colour_faults(root: pikepdf.Dictionary) -> list[str]:
    intents = [one for one in root.get("/OutputIntents", []) if str(one.S) == "/GTS_PDFA1"]
    if len(intents) != 1:
        return ["6.2.3: the file does not say which colours are meant"]
    profile = intents[0].get("/DestOutputProfile")
    if profile is None or int(profile.get("/N", 0)) != 3 or profile.read_bytes()[36:40] != b"acsp":
        return ["6.2.3: the profile of colours is none"]
    return []


def _acting_faults(document: pikepdf.Pdf) -> list[str]:
    """Nothing in the file does anything by itself."""
    found, root = [], document.Root
    if "/JavaScript" in root.get("/Names", {}):
        found.append("6.5.1: the file has scripts")
    if bool(root.get("/AcroForm", {}).get("/NeedAppearances", False)):
        found.append("6.4.1: fields are drawn by whoever shows them")
    for one in document.objects:
        if isinstance(one, pikepdf.Dictionary):
            if "/AA" in one:
                found.append("6.5.2: something happens by itself")
            found += [f"6.5.1: the file acts: {action}" for action in _actions(one) if action in ACTING]
    return found


def _actions(one: Any) -> list[str]:
    given = [one] if str(one.get("/Type", "")) == "/Action" else []
    given += [one[name] for name in ("/A", "/OpenAction") if isinstance(one.get(name), pikepdf.Dictionary)]
    return [str(action.S) for action in given if "/S" in action]
