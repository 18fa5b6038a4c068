"""The files of ``media/``: which kinds there are, whether a file is what its name says, how long a recording is."""

from __future__ import annotations

import io
import math
import re

from PIL import Image, UnidentifiedImageError

from courses.folder.drawings import wrong_drawing
from courses.folder.files import LARGEST_IMAGE, LARGEST_MEDIUM

EXTENSIONS = {
    "image": ("gif", "jpg", "jpeg", "png", "svg", "webp"),
    "video": ("mp4", "webm"),
    "audio": ("mp3", "m4a", "ogg", "wav"),
    "captions": ("vtt",),
    "document": ("pdf", "docx", "pptx", "xlsx", "txt", "csv"),
}
_ARCHIVE = re.compile(rb"PK\x03\x04", re.DOTALL)
_SIGNATURES = {
    "mp4": re.compile(rb".{4}ftyp", re.DOTALL),
    "m4a": re.compile(rb".{4}ftyp", re.DOTALL),
    "webm": re.compile(rb"\x1a\x45\xdf\xa3", re.DOTALL),
    "mp3": re.compile(rb"ID3|\xff[\xe0-\xff]", re.DOTALL),
    "ogg": re.compile(rb"OggS", re.DOTALL),
    "wav": re.compile(rb"RIFF.{4}WAVE", re.DOTALL),
    "vtt": re.compile(rb"(\xef\xbb\xbf)?WEBVTT(\s|$)", re.DOTALL),
    "pdf": re.compile(rb"%PDF-", re.DOTALL),
    "docx": _ARCHIVE,
    "pptx": _ARCHIVE,
    "xlsx": _ARCHIVE,
}
_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}
_CUE = re.compile(r"-->\s*(?:(\d+):)?(\d{2}):(\d{2})\.(\d{3})")
MOST_PIXELS = 40_000_000


def extension(name: str) -> str:
    return name.rpartition(".")[2].lower()


def kind_of(name: str) -> str:
    """Return ``image``, ``video``, ``audio``, ``captions``, ``document``, or nothing for a file no block shows."""
    return next((kind for kind, endings in EXTENSIONS.items() if extension(name) in endings), "")


def largest(name: str) -> int:
    return LARGEST_IMAGE if kind_of(name) == "image" else LARGEST_MEDIUM


def what_is_wrong(name: str, content: bytes) -> str:
    """Return why the file cannot be used, as a sentence, or nothing."""
    kind = kind_of(name)
    if not kind:
        known = ", ".join(ending for endings in EXTENSIONS.values() for ending in endings)
        return f"Files of media/ end in {known}; this one does not."
    if len(content) > largest(name):
        return f"This file may have {largest(name) // (1024 * 1024)} MB. Make it smaller."
    if not content:
        return "This file is empty."
    if extension(name) == "svg":
        return wrong_drawing(content)
    if kind == "image":
        return _wrong_image(name, content)
    if extension(name) in ("txt", "csv"):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            return "This text file is not UTF-8."
        return ""
    if not _SIGNATURES[extension(name)].match(content):
        return f"This is not what its name says: its content is not that of a .{extension(name)} file."
    return ""


def _wrong_image(name: str, content: bytes) -> str:
    not_one = f"This is not a picture in the format its name says (.{extension(name)})."
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[extension(name)]]) as image:
            if image.width * image.height > MOST_PIXELS:
                return f"This picture has {image.width} × {image.height} points; {MOST_PIXELS // 1_000_000} million are enough."
            image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return not_one
    return ""


def minutes_of_captions(content: bytes) -> int | None:
    """Return the length of a recording in whole minutes, rounded up, by the last cue of its captions; None without a cue."""
    ends = [
        int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000
        for hours, minutes, seconds, thousandths in _CUE.findall(content.decode("utf-8", "replace"))
    ]
    return math.ceil(max(ends) / 60) if ends else None
