"""Pictures that come with questions: checked by their content, kept once by their digest, read again when a question goes out."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image, UnidentifiedImageError

from assessments.interchange.reading import NotRead
from assessments.question_types.exchange import Picture

FOLDER = "pictures"
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 12_000_000
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


@dataclass(frozen=True)
class CheckedPicture:
    """A picture that can be kept, and how a definition names it."""

    content: bytes
    named: Mapping[str, Any]


def checked_pictures(pictures: Mapping[str, Picture]) -> dict[str, CheckedPicture]:
    """Return pictures by name as they can be kept; raises ``NotRead`` for one that cannot. Nothing is written."""
    return {name: _checked(name, picture) for name, picture in pictures.items()}


def keep_pictures(pictures: Mapping[str, CheckedPicture]) -> None:
    """Keep pictures. The same picture again is kept once."""
    store = storages["private"]
    for picture in pictures.values():
        path = f"{FOLDER}/{picture.named['digest']}"
        if not store.exists(path):
            store.save(path, ContentFile(picture.content))


def pictures_of(definition: Mapping[str, Any]) -> dict[str, Picture]:
    """Return the pictures of a definition with their bytes; raises ``FileNotFoundError`` where one is gone."""
    found = {}
    for name, picture in definition.get("pictures", {}).items():
        with storages["private"].open(f"{FOLDER}/{picture['digest']}") as file:
            found[name] = Picture(file.read(), picture["alt"])
    return found


def _checked(name: str, picture: Picture) -> CheckedPicture:
    content = picture.content
    if len(content) > MOST_BYTES:
        raise NotRead(f"Its picture ‘{name}’ is larger than {MOST_BYTES // 1024 // 1024} MB. Make it smaller.")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotRead(f"Its picture ‘{name}’ has too many points. Make it smaller.")
            image.load()
            kind, size = str(image.format), image.size
            if kind not in _TYPES:
                written = io.BytesIO()
                image.convert("RGBA").save(written, "PNG")
                content, kind = written.getvalue(), "PNG"
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
    ) as problem:
        raise NotRead(f"Its picture ‘{name}’ is not a picture we can read.") from problem
    digest = sha256(content).hexdigest()
    named = {"digest": digest, "type": _TYPES[kind], "width": size[0], "height": size[1], "alt": picture.alt}
    return CheckedPicture(content, named)
