"""Pictures of a question being written: those it has, with the words that stand for each, and one more to add.

A picture is kept as soon as it arrives; the question names it when it is saved. What a picture measures is read from its row, never from
what was posted, and only pictures the author added or the question has already can be named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from assessments.admin.fields import WordsField
from assessments.models import QuestionPicture, QuestionVersion
from assessments.picture_addresses import address_in_bank
from assessments.pictures import PictureRefused, as_defined, keep_picture
from assessments.question_types import Problem
from assessments.question_types.around import LONGEST_ALT, MOST_PICTURES, PICTURE_NAME
from people.models import User

COUNT = "pictures-TOTAL"
ADD = "picture"


class PictureForm(forms.Form):
    """A picture the question has: what its words call it, and the words that stand for it."""

    digest = WordsField(widget=forms.HiddenInput)
    name = WordsField(label="Name", max_length=40, help_text="Written [[picture:name]] where it stands.")
    alt = WordsField(
        label="Words that stand for it",
        long=True,
        max_length=LONGEST_ALT,
        help_text="What somebody needs who does not see it. They do not give the answer away.",
    )
    DELETE = forms.BooleanField(label="Remove this picture when I save", required=False)


class NewPictureForm(forms.Form):
    """One picture more."""

    new_picture = forms.FileField(
        label="Add a picture (optional)",
        required=False,
        help_text="PNG, JPEG, WebP or GIF, 10 MB at most. What a camera wrote into it is taken out.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    new_picture_name = WordsField(label="Its name", max_length=40, help_text="Small letters and digits, such as scene.")
    new_picture_alt = WordsField(label="Words that stand for it", long=True, max_length=LONGEST_ALT)


@dataclass
class ShownPicture:
    """A picture with its form and where the author sees it."""

    form: PictureForm
    row: QuestionPicture
    address: str


@dataclass
class PicturesEditor:
    """The pictures of a question and the form for one more."""

    items: list[ShownPicture]
    new: NewPictureForm

    count_name = COUNT

    @property
    def has_errors(self) -> bool:
        return bool(self.new.errors) or any(item.form.errors for item in self.items)

    @property
    def media(self) -> forms.Media:
        media = self.new.media
        for item in self.items:
            media += item.form.media
        return media

    def is_valid(self) -> bool:
        seen = [item.form.is_valid() for item in self.items]
        return self.new.is_valid() and all(seen)

    def defined(self) -> dict[str, Any]:
        """Return the pictures as a definition names them."""
        return {
            item.form.cleaned_data["name"]: as_defined(item.row, item.form.cleaned_data["alt"])
            for item in self.items
            if not item.form.cleaned_data.get("DELETE")
        }

    def show(self, problem: Problem) -> bool:
        """Put a problem beside the picture it is about; return whether it is about one."""
        key, _dot, rest = problem.path.partition(".")
        if key != "pictures":
            return False
        name, _dot, field = rest.partition(".")
        for item in self.items:
            if item.form.cleaned_data.get("name") == name:
                item.form.add_error(field if field in ("name", "alt") else None, problem.message)
                return True
        self.new.add_error(None, problem.message)
        return True


def pictures_editor(
    *, by: User, data: QueryDict | None = None, version: QuestionVersion | None = None
) -> PicturesEditor:
    """Return the pictures of a stored version, or as they were posted."""
    known = {} if version is None else dict(version.definition.get("pictures", {}))
    if data is None:
        posted = [{"digest": one["digest"], "name": name, "alt": one["alt"]} for name, one in known.items()]
    else:
        posted = [{"digest": str(data.get(f"pictures-{n}-digest", ""))} for n in range(_count(data))]
    digests = {one["digest"] for one in posted}
    own = QuestionPicture.objects.of(by).filter(pk__in=digests)
    rows = {row.pk: row for row in own}
    stored = {one["digest"] for one in known.values()} & digests
    rows |= {row.pk: row for row in pictures_stored(stored)}
    items = []
    for number, one in enumerate(posted):
        row = rows.get(one["digest"])
        if row is not None:
            form = PictureForm(data, initial=one, prefix=f"pictures-{number}")
            items.append(ShownPicture(form, row, _address(row, stored, version)))
    return PicturesEditor(items, NewPictureForm(data))


def with_new_picture(
    data: QueryDict, files: MultiValueDict[str, UploadedFile], *, by: User, at: datetime
) -> tuple[QueryDict, str]:
    """Keep a picture that was posted and return the fields with it among the others; and why not, as a sentence, where it is not kept."""
    upload = files.get("new_picture")
    if not isinstance(upload, UploadedFile):
        return data, "Choose a picture file first." if data.get("do") == ADD else ""
    count = _count(data)
    if count >= MOST_PICTURES:
        return data, f"A question has {MOST_PICTURES} pictures at most. Remove one first."
    name = str(data.get("new_picture_name", "")).strip().lower() or f"picture-{count + 1}"
    if not PICTURE_NAME.fullmatch(name):
        return (
            data,
            "Give the picture a name of small letters, digits and hyphens, such as scene-1. Choose the file again.",
        )
    if name in (str(data.get(f"pictures-{n}-name", "")) for n in range(count)):
        return data, f"This question has a picture called {name} already. Choose another name, and the file again."
    if not str(data.get("new_picture_alt", "")).strip():
        return data, "Write the words that stand for the picture, and choose the file again."
    try:
        row = keep_picture(upload.read(), by=by, at=at)
    except PictureRefused as refused:
        return data, str(refused)
    more = data.copy()
    more[COUNT] = str(count + 1)
    more[f"pictures-{count}-digest"] = row.digest
    more[f"pictures-{count}-name"] = name
    more[f"pictures-{count}-alt"] = str(data.get("new_picture_alt", ""))
    more["new_picture_name"] = more["new_picture_alt"] = ""
    return more, ""


def pictures_stored(digests: set[str]) -> list[QuestionPicture]:
    """Return the rows of pictures that a version the reader may see has."""
    return list(QuestionPicture.objects.filter(pk__in=digests))


def _address(row: QuestionPicture, stored: set[str], version: QuestionVersion | None) -> str:
    if version is not None and row.pk in stored:
        return address_in_bank(version)(row.pk)
    return reverse("assessments_admin:own_picture", args=[row.pk])


def _count(data: Mapping[str, Any]) -> int:
    total = str(data.get(COUNT, ""))
    return min(int(total), MOST_PICTURES) if total.isascii() and total.isdigit() and len(total) < 4 else 0
