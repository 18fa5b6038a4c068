"""Pictures of questions: checked by their content, kept once without what a camera wrote into them, shown to those who may see a question.

Keeping what was kept gives the same picture again, so that a question written out and read in elsewhere stays the same question.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image, UnidentifiedImageError

from assessments import question_types
from assessments.attempt_pages import items_at
from assessments.feedback import may_see_questions_again
from assessments.models import Attempt, AttemptState, QuestionPicture, QuestionVersion
from people.file_checks import refusing
from people.file_checks.pictures import drawn_anew, whole_only
from people.file_checks.places import picture_without_place
from people.file_checks.viruses import refuse_virus
from people.models import User

FOLDER = "pictures"
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 12_000_000
SMALLEST_SIDE = 16
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
NO_PICTURE = "This is not a picture we can read. Use a PNG, JPEG, WebP or GIF file."
ORIENTATION = 0x0112


class PictureRefused(Exception):
    """A picture that is not kept; the message is a sentence that says why and what to do."""


@dataclass(frozen=True)
class CheckedPicture:
    """A picture as it can be kept: its bytes, without what a camera wrote into them, and what a definition says of it. Sides in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked_picture(content: bytes) -> CheckedPicture:
    """Return a picture as it can be kept, and write nothing. Raises ``PictureRefused``.

    Refused are files over 10 MB, what is no PNG, JPEG, WebP or GIF, and sides under 16 pixels.
    """
    kept, kind = _cleaned(content)
    width, height = _size(kept)
    return CheckedPicture(kept, TYPES[kind], width, height)


def keep_checked(picture: CheckedPicture, *, by: User | None, at: datetime) -> QuestionPicture:
    """Keep a picture that was checked and return its row; the same picture again returns the one that is kept."""
    store = storages["private"]
    if not store.exists(f"{FOLDER}/{picture.digest}"):
        store.save(f"{FOLDER}/{picture.digest}", ContentFile(picture.content))
    row, _is_new = QuestionPicture.objects.get_or_create(
        digest=picture.digest,
        defaults={
            "content_type": picture.content_type,
            "width": picture.width,
            "height": picture.height,
            "size": len(picture.content),
            "added_at": at,
            "added_by": by,
        },
    )
    return row


def keep_picture(content: bytes, *, by: User | None, at: datetime) -> QuestionPicture:
    """Check a picture, keep it and return its row. ``by`` None is an import. Raises ``PictureRefused``."""
    return keep_checked(checked_picture(content), by=by, at=at)


def picture_content(digest: str) -> bytes:
    """Return the bytes of a kept picture; raises ``FileNotFoundError``. For those who write questions out."""
    with storages["private"].open(f"{FOLDER}/{digest}") as file:
        content: bytes = file.read()
    return content


def as_defined(picture: QuestionPicture | CheckedPicture, alt: str) -> dict[str, Any]:
    """Return a picture as a definition names it."""
    return {
        "digest": picture.digest,
        "type": picture.content_type,
        "width": picture.width,
        "height": picture.height,
        "alt": alt,
    }


def picture_of_attempt(attempt: Attempt, position: int, digest: str, *, at: datetime) -> QuestionPicture | None:
    """Return a picture that a question of somebody's own attempt shows, while they sit it and where the result shows its questions."""
    if attempt.state != AttemptState.OPEN and not may_see_questions_again(attempt, at=at):
        return None
    for item in items_at(attempt=attempt.pk, position=position):
        return picture_of_version(item.question_version, digest)
    return None


def picture_of_version(version: QuestionVersion, digest: str) -> QuestionPicture | None:
    """Return a picture that a version shows; that its reader may see the version is asked at the door."""
    if digest not in question_types.asked(version.type, version.definition).picture_digests:
        return None
    return QuestionPicture.objects.filter(pk=digest).first()


def _cleaned(content: bytes) -> tuple[bytes, str]:
    """Return what is kept of a file, and its format: the bytes that came where nothing is to be taken out, else drawn anew."""
    if len(content) > MOST_BYTES:
        raise PictureRefused(f"This picture is larger than {MOST_BYTES // (1024 * 1024)} MB. Make it smaller.")
    try:
        refuse_virus("The picture", content)
        with whole_only(), Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP", "GIF")) as picture:
            kind, pixels = str(picture.format), picture.width * picture.height
            if min(picture.size) < SMALLEST_SIDE:
                raise PictureRefused(f"This picture is smaller than {SMALLEST_SIDE} pixels. Use a larger one.")
            lies_straight = picture.getexif().get(ORIENTATION, 1) == 1
            is_plain = picture.mode in ("1", "L", "LA", "P", "RGB", "RGBA") and getattr(picture, "n_frames", 1) == 1
            if kind in TYPES and lies_straight and is_plain and pixels <= MOST_PIXELS:
                picture.load()
                stripped = picture_without_place(content)
                return _without_what_follows(stripped, kind), kind
        return _drawn(content)
    except refusing.FileRefused as refused:
        raise PictureRefused(str(refused).removesuffix(f" {refusing.NOTHING}")) from refused
    except Image.DecompressionBombError:
        raise PictureRefused("This picture has more points than we can draw. Make it smaller.") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError):
        raise PictureRefused(NO_PICTURE) from None


def _drawn(content: bytes) -> tuple[bytes, str]:
    """Return a picture drawn anew as PNG or JPEG; of one that moves, its first moment."""
    drawn = drawn_anew(content)
    data = content if drawn is None else drawn[0]
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "GIF")) as picture:
        if picture.format in TYPES and drawn is not None:
            return data, str(picture.format)
        written = io.BytesIO()
        picture.convert("RGBA").save(written, "PNG", optimize=True)
    return written.getvalue(), "PNG"


def _without_what_follows(content: bytes, kind: str) -> bytes:
    """Return a picture without anything that stands behind its end."""
    mark = b"IEND\xaeB`\x82" if kind == "PNG" else b"\xff\xd9"
    end = content.rfind(mark)
    return content if end < 0 else content[: end + len(mark)]


def _size(content: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
        return picture.size
