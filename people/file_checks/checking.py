"""Uploads: photographs, PDF and Office files, checked by their content before they are kept in private storage.

What a file is, is read from its content, never from its name. Photographs are drawn anew without what the camera wrote into
them, and pictures inside PDF and Office files lose it, so that no place travels with them.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile

from people.file_checks import pictures
from people.file_checks.documents import OFFICE_ENDINGS, office_kind, pdf_kind
from people.file_checks.places import office_without_places, pdf_without_places
from people.file_checks.refusing import CheckedFile, FileRefused
from people.file_checks.viruses import refuse_virus

MOST_BYTES = 10 * 1024 * 1024
# A photo is made smaller anyway, so a larger one may arrive.
MOST_PICTURE_BYTES = 40 * 1024 * 1024
PHOTOS = "image/jpeg,image/png,image/webp,image/heic,image/heif"
ACCEPTED = f"{PHOTOS},application/pdf,.docx,.xlsx,.pptx"


def checked_file(upload: UploadedFile) -> CheckedFile:
    """Return the upload as it will be kept, or raise ``FileRefused``: too large, empty, a virus, no picture, PDF or Office file."""
    name = _name_of(upload)
    size = upload.size or 0
    if size > MOST_PICTURE_BYTES:
        raise FileRefused(f"{name} is larger than {_megabytes(MOST_PICTURE_BYTES)}.")
    content = upload.read()
    if not content:
        raise FileRefused(f"{name} is empty.")
    refuse_virus(name, content)
    drawn = pictures.drawn_anew(content)
    if drawn is not None:
        return CheckedFile(name, *drawn)
    if size > MOST_BYTES:
        raise FileRefused(f"{name} is larger than {_megabytes(MOST_BYTES)}.")
    kind = pdf_kind(content)
    if kind is not None:
        return CheckedFile(name, pdf_without_places(content), *kind)
    kind = office_kind(content)
    if kind is not None:
        return CheckedFile(name, office_without_places(content), *kind)
    raise FileRefused(_what_it_is_not(name))


def _what_it_is_not(name: str) -> str:
    ending = PurePath(name).suffix.lower()
    claimed = {
        **dict.fromkeys(pictures.ENDINGS, "a picture"),
        **dict.fromkeys(OFFICE_ENDINGS, "an Office file"),
        ".pdf": "a PDF",
    }.get(ending)
    if claimed:
        return f"This file is not {claimed}, although its name ends in {ending}."
    return f"{name} is not a photo, a PDF or an Office file."


def _megabytes(size: int) -> str:
    return f"{size // (1024 * 1024)} MB"


def _name_of(upload: UploadedFile) -> str:
    """Return the last part of an upload's name, composed and without what cannot be seen, in one line."""
    last = PurePath((upload.name or "").replace("\\", "/")).name
    shown = "".join(" " if sign.isspace() else sign for sign in last if sign.isspace() or sign.isprintable())
    return " ".join(unicodedata.normalize("NFC", shown).split())[-200:] or "File"
