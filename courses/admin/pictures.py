"""Pictures that authors upload: whole ones only."""

from __future__ import annotations

from operator import methodcaller
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

NO_PICTURE = (
    "This file is not a whole picture: it is damaged, or something else under a picture's name. Nothing was uploaded."
)


class WholePictureField(WagtailImageField):
    """Refuses by a sentence what begins like a picture and is none, or breaks off."""

    def to_python(self, data: Any) -> Any:
        try:
            file = super().to_python(data)
            if file is not None:
                _read_to_the_end(file)
        except (UnidentifiedImageError, OSError, SyntaxError, EOFError) as error:
            raise ValidationError(NO_PICTURE, code="invalid_image") from error
        return file


def _read_to_the_end(file: Any) -> None:
    """Raise what Pillow raises where a picture breaks off. Loading alone would not: drawing certificates makes Pillow lenient."""
    for read in (methodcaller("verify"), methodcaller("load")):
        file.seek(0)
        with Image.open(file) as picture:
            read(picture)
    file.seek(0)


class PictureForm(BaseImageForm):
    """Wagtail's form for a picture, with our field for the file."""

    file = WholePictureField(label="File", widget=forms.FileInput)
