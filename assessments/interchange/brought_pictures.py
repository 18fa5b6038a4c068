"""Pictures that come with questions: checked as every picture of a question is, kept when the import is written, read when one goes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from assessments.interchange.reading import NotRead
from assessments.pictures import (
    CheckedPicture,
    PictureRefused,
    as_defined,
    checked_picture,
    keep_checked,
    picture_content,
)
from assessments.question_types.exchange import Picture
from people.models import User


def checked_pictures(pictures: Mapping[str, Picture]) -> dict[str, CheckedPicture]:
    """Return pictures by name as they can be kept; raises ``NotRead`` for one that cannot. Nothing is written."""
    checked = {}
    for name, picture in pictures.items():
        try:
            checked[name] = checked_picture(picture.content)
        except PictureRefused as refusal:
            raise NotRead(f"Its picture ‘{name}’ is not read: {refusal}") from refusal
    return checked


def named_pictures(checked: Mapping[str, CheckedPicture], pictures: Mapping[str, Picture]) -> dict[str, dict[str, Any]]:
    """Return pictures as a definition names them, with the words that stand for each."""
    return {name: as_defined(picture, pictures[name].alt) for name, picture in checked.items()}


def keep_pictures(pictures: Iterable[CheckedPicture], *, by: User | None, at: datetime) -> None:
    """Keep pictures. The same picture again is kept once."""
    for picture in pictures:
        keep_checked(picture, by=by, at=at)


def pictures_of(definition: Mapping[str, Any]) -> dict[str, Picture]:
    """Return the pictures of a definition with their bytes; raises ``FileNotFoundError`` where one is gone."""
    named = definition.get("pictures", {})
    return {name: Picture(picture_content(picture["digest"]), picture["alt"]) for name, picture in named.items()}
