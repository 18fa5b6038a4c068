"""Photographs, drawn anew: upright, at most 12 megapixels, without anything the camera wrote into them, so that no place travels along.

Nothing is decoded before its size is known, a large JPEG is decoded at a part of its size, and one large picture at a time is drawn
in a process, so that a shift's phones cannot exhaust the memory.
"""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pillow_heif
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from people.file_checks.refusing import FileRefused

pillow_heif.register_heif_opener(thumbnails=False)

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
KEPT_AS = {"JPEG": (".jpg", "image/jpeg"), "PNG": (".png", "image/png"), "WEBP": (".webp", "image/webp")}
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".bmp", ".tif", ".tiff"})
MOST_PIXELS = 60_000_000
KEPT_PIXELS = 12_000_000
KEPT_BYTES = 10 * 1024 * 1024
QUALITY = 88
SECONDS_TO_WAIT = 30
# Modes that can be kept as they are; others are turned into one of these.
PLAIN_MODES = frozenset({"L", "RGB", "RGBA"})

_drawing = threading.Lock()
_reading = threading.Lock()


def drawn_anew(content: bytes) -> tuple[bytes, str, str] | None:
    """Return a picture as it is kept, its ending and media type; None if it is no picture that can be read."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            pixels = picture.width * picture.height
            if pixels > MOST_PIXELS:
                raise FileRefused("This picture has more than 60 million points. Make it smaller.")
            with _one_at_a_time(pixels), whole_only():
                return _written(_drawn(picture, pixels), str(picture.format))
    except Image.DecompressionBombError:
        raise FileRefused("This picture has more than 60 million points. Make it smaller.") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, RuntimeError):
        return None


def _drawn(picture: Image.Image, pixels: int) -> Image.Image:
    """Return the picture scaled down, upright, and with nothing but its points."""
    if pixels > KEPT_PIXELS:
        parts = math.ceil(math.sqrt(pixels / KEPT_PIXELS))
        picture.draft(None, (picture.width // parts, picture.height // parts))
        share = math.sqrt(KEPT_PIXELS / (picture.width * picture.height))
        if share < 1:
            size = (max(1, int(picture.width * share)), max(1, int(picture.height * share)))
            picture.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(picture)
    if upright.mode not in PLAIN_MODES:
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        upright = upright.convert("RGBA" if has_alpha else "RGB")
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean


def _written(picture: Image.Image, kind: str) -> tuple[bytes, str, str]:
    """Return the bytes of a picture in its own format, or as JPEG where it has none of ours or would be too large."""
    if kind in KEPT_AS and kind != "JPEG":
        data = _bytes_of(picture, kind)
        if len(data) <= KEPT_BYTES:
            return data, *KEPT_AS[kind]
    if picture.mode == "RGBA":
        page = Image.new("RGB", picture.size, "white")
        page.paste(picture, mask=picture.getchannel("A"))
        picture = page
    return _bytes_of(picture, "JPEG"), *KEPT_AS["JPEG"]


def _bytes_of(picture: Image.Image, kind: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, format=kind, **({} if kind == "PNG" else {"quality": QUALITY}))
    return written.getvalue()


@contextmanager
def whole_only() -> Iterator[None]:
    """Refuse pictures that break off: WeasyPrint lets the library read them, for the whole process."""
    with _reading:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


@contextmanager
def _one_at_a_time(pixels: int) -> Iterator[None]:
    """Let one large picture be drawn at a time; small ones need not wait."""
    if pixels <= KEPT_PIXELS:
        yield
        return
    if not _drawing.acquire(timeout=SECONDS_TO_WAIT):
        raise FileRefused("Many large pictures are being read just now. Try again in a minute.")
    try:
        yield
    finally:
        _drawing.release()
