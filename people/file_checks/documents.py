"""PDF and Office files, known by their content: none that runs something, hides other files, or unpacks into far more than it is."""

from __future__ import annotations

import io
import re
import zipfile

import pikepdf

from people.archives import UNREADABLE
from people.file_checks.refusing import FileRefused

PDF = (".pdf", "application/pdf")
OFFICE = {
    "word/": (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
OFFICE_ENDINGS = frozenset(kind[0] for kind in OFFICE.values())
TYPES = "[Content_Types].xml"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 20_000
LONGEST_TYPES = 2 * 1024 * 1024
# Parts by which an Office file would run something.
PROGRAMS = ("vbaproject", "/macrosheets/", "/activex/", "vbadata")
# What a PDF would run or carry: an action that starts something, a script, a file within.
RUNS = re.compile(rb"/S\s*/(JavaScript|Launch|ImportData)\b|/JS\b|/EF\b|/Type\s*/EmbeddedFile\b|/RichMedia\b")


def pdf_kind(content: bytes) -> tuple[str, str] | None:
    """Return ending and media type of a PDF; refuse one that carries programs, other files or a password; None for anything else."""
    if not content.startswith(b"%PDF-"):
        return None
    try:
        with pikepdf.open(io.BytesIO(content)) as file:
            if not len(file.pages) or _carries_something(file):
                raise FileRefused(
                    "This PDF carries a program or other files inside it. Print it as a PDF of its own and add that."
                )
    except pikepdf.PasswordError:
        raise FileRefused("This PDF has a password, so it cannot be checked. Save it without one.") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        return None
    return PDF


def office_kind(content: bytes) -> tuple[str, str] | None:
    """Return ending and media type of an Office file; refuse one with macros or a bomb; None for anything else."""
    if content.startswith(OLD_OFFICE):
        raise FileRefused(
            "Old Office files and those with a password are not kept. Save it as .docx, .xlsx or .pptx, without a password."
        )
    if not content.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = file.infolist()
            names = {part.filename.lower() for part in parts}
            if TYPES.lower() not in names:
                return None
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise FileRefused("This file unpacks into far more than an Office file does, so it is not opened.")
            if _has_macros(file, names):
                raise FileRefused("Office files with macros are not kept. Save it without macros.")
    except UNREADABLE:
        # No Office file, then; what is of no known kind is refused by whoever asked.
        return None
    return next((kind for folder, kind in OFFICE.items() if any(name.startswith(folder) for name in names)), None)


def _has_macros(file: zipfile.ZipFile, names: set[str]) -> bool:
    if any(program in f"/{name}" for name in names for program in PROGRAMS):
        return True
    place = next(part for part in file.infolist() if part.filename.lower() == TYPES.lower())
    with file.open(place) as types:
        return b"macroenabled" in types.read(LONGEST_TYPES).lower()


def _carries_something(file: pikepdf.Pdf) -> bool:
    """Return whether a PDF holds scripts, programs to start, or files within, on any page and in any note or button of it."""
    root = file.Root
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and ("/JavaScript" in names or "/EmbeddedFiles" in names):
        return True
    if "/AA" in root:
        return True
    return any(RUNS.search(_as_written(thing)) for thing in file.objects)


def _as_written(thing: pikepdf.Object) -> bytes:
    """Return an object of a PDF as it is written, with everything that stands in it and not elsewhere; never a stream's content."""
    if isinstance(thing, pikepdf.Stream):
        return thing.stream_dict.unparse()
    return thing.unparse(resolved=True) if isinstance(thing, pikepdf.Dictionary | pikepdf.Array) else b""
