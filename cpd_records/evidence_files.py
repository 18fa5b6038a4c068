"""Evidence for a CPD activity: photographs, PDF and Office files, kept in private storage.

What a file is, is read from its content, never from its name. Photographs are drawn anew without what the camera wrote into
them, so that no place travels with them.
"""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from cpd_records.activity_rules import ActivityRefused, cleaned_text
from cpd_records.models import Activity, ActivityFile, ActivityState
from people import access
from people.models import User

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
MOST_PIXELS = 60_000_000
PICTURES = {"JPEG": (".jpg", "image/jpeg"), "PNG": (".png", "image/png"), "WEBP": (".webp", "image/webp")}
PICTURE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".bmp", ".tif", ".tiff"})
OFFICE = {
    "word/": (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf,.docx,.xlsx,.pptx"


class FileRefused(ActivityRefused):
    """A file that is not kept; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "evidence")


@dataclass(frozen=True)
class CheckedFile:
    """A file as it will be kept: without a camera's particulars, with the ending and media type of what it is."""

    name: str
    content: bytes
    ending: str
    media_type: str


def checked_file(upload: UploadedFile) -> CheckedFile:
    """Return the upload as it will be kept, or refuse it: too large, empty, or not a picture, a PDF or an Office file."""
    name = " ".join(cleaned_text(PurePath((upload.name or "").replace("\\", "/")).name).split())[-200:] or "File"
    if (upload.size or 0) > MOST_BYTES:
        raise FileRefused(f"{name} is larger than 10 MB. Nothing was uploaded.")
    content = upload.read()
    if not content:
        raise FileRefused(f"{name} is empty. Nothing was uploaded.")
    if content.startswith(b"%PDF-"):
        return CheckedFile(name, content, ".pdf", "application/pdf")
    office = _office_kind(content)
    if office is not None:
        return CheckedFile(name, content, *office)
    drawn = _drawn_anew(content)
    if drawn is not None:
        return CheckedFile(name, *drawn)
    ending = PurePath(name).suffix.lower()
    if ending in PICTURE_ENDINGS:
        raise FileRefused(f"This file is not a picture, although its name ends in {ending}. Nothing was uploaded.")
    raise FileRefused(f"{name} is not a photo, a PDF or an Office file. Nothing was uploaded.")


def attach_file(activity: Activity, file: CheckedFile, *, by: User, at: datetime) -> ActivityFile:
    """Keep a checked file with the activity; the same content again is the same file."""
    digest = hashlib.sha256(file.content).hexdigest()
    path = f"cpd/{activity.pk}/{uuid.uuid4()}{file.ending}"
    store = storages["private"]
    store.save(path, ContentFile(file.content))
    try:
        with transaction.atomic():
            current = Activity.objects.select_for_update().get(pk=activity.pk)
            _refuse_change(current, by=by)
            earlier = current.files.filter(sha256=digest).first()
            if earlier is None:
                if current.files.count() >= MOST_FILES:
                    raise FileRefused(f"{MOST_FILES} files fit, and there are {MOST_FILES} already. Remove one first.")
                return current.files.create(
                    name=file.name,
                    path=path,
                    media_type=file.media_type,
                    size=len(file.content),
                    sha256=digest,
                    added_at=at,
                )
    except BaseException:
        store.delete(path)
        raise
    store.delete(path)
    return earlier


@transaction.atomic
def remove_file(file: ActivityFile, *, by: User) -> None:
    """Take a file from the officer's own page; its content goes with it."""
    current = Activity.objects.select_for_update().get(pk=file.activity_id)
    _refuse_change(current, by=by)
    file.delete()
    transaction.on_commit(partial(storages["private"].delete, file.path))


def forget_files(activity: Activity) -> None:
    """Delete the content of an activity's files once the transaction that deletes the activity has committed."""
    for path in activity.files.values_list("path", flat=True):
        transaction.on_commit(partial(storages["private"].delete, path))


def open_file(file: ActivityFile) -> IO[bytes]:
    """Return the kept content, open for reading."""
    return storages["private"].open(file.path)


def _refuse_change(activity: Activity, *, by: User) -> None:
    if by.pk != activity.officer_id or not access.is_person(by):
        raise FileRefused("Only the officer who logged this activity can add or remove its files.")
    if activity.state == ActivityState.VERIFIED and activity.reflection_shared:
        raise FileRefused("This was verified with the files you shared, so they stay as they were seen.")


def _office_kind(content: bytes) -> tuple[str, str] | None:
    """Return ending and media type of an Office file; refuse one with macros; None for anything else."""
    if not content.startswith(b"PK"):
        return None
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("Office files with macros are not kept. Save it without macros. Nothing was uploaded.")
    return next((kind for folder, kind in OFFICE.items() if any(name.startswith(folder) for name in names)), None)


def _drawn_anew(content: bytes) -> tuple[bytes, str, str] | None:
    """Return a picture drawn anew (turned upright, without what the camera wrote), its ending and media type; None if it is none."""
    try:
        with Image.open(io.BytesIO(content), formats=list(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise FileRefused(
                    "This picture has more than 60 million points. Make it smaller. Nothing was uploaded."
                )
            kind = str(picture.format)
            upright = ImageOps.exif_transpose(picture)
            if upright.mode == "P":
                upright = upright.convert("RGBA")
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return None
    written = io.BytesIO()
    clean.save(written, format=kind, **({"quality": 90} if kind != "PNG" else {}))
    return written.getvalue(), *PICTURES[kind]
