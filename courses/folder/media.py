"""Pictures and documents: between ``media/`` of a folder and Wagtail's library, in the collection of the family."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from courses import rendering
from courses.folder.media_files import extension, kind_of
from courses.folder.shapes import Course, MediaFile

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def load_media(course: Course, collection: Collection) -> dict[str, int]:
    """Put the files a course shows into the library and return their ids by name. The same file again is the same one.

    The library's title is the name in the folder, so that an export finds it again. Files are stored at once; if the transaction fails they
    lie unused, as after any upload that was not saved.
    """
    shown = _names_shown(course)
    return {file.name: _kept(file, collection) for file in course.media if file.name in shown}


def _names_shown(course: Course) -> set[str]:
    names = {word for lesson in course.lessons() for block in lesson.blocks for word in block.words}
    for lesson in course.lessons():
        for block in lesson.blocks_of("text"):
            names.update(re.findall(r"\(media/([A-Za-z0-9._-]+)\)", block.text))
    return names


def _kept(file: MediaFile, collection: Collection) -> int:
    model = get_image_model() if kind_of(file.name) == "image" else get_document_model()
    content = file.content()
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()  # Wagtail's own file_hash
    for known in model.objects.filter(collection=collection, title=file.name):
        if known.get_file_hash() == digest:
            return int(known.pk)
    kept = model(title=file.name, collection=collection, file=ContentFile(content, name=file.name))
    kept.file_size, kept.file_hash = len(content), digest
    kept.save()
    return int(kept.pk)


@dataclass
class MediaNames:
    """Names for the library's files that a course's lessons show, each once, and their contents."""

    images: dict[int, str] = field(default_factory=dict)
    documents: dict[int, str] = field(default_factory=dict)
    files: list[MediaFile] = field(default_factory=list)

    @classmethod
    def of(cls, bodies: Iterable[rendering.RawLesson]) -> MediaNames:
        names = cls()
        bodies = list(bodies)
        pictures = {number for body in bodies for number in rendering.named_pictures(body)}
        documents = {number for body in bodies for number in rendering.named_documents(body)}
        for numbers, model, found in (
            (pictures, get_image_model(), names.images),
            (documents, get_document_model(), names.documents),
        ):
            for number, kept in sorted(model.objects.in_bulk(numbers).items()):
                found[number] = names._take(kept)
        return names

    def _take(self, kept: Any) -> str:
        with kept.file.storage.open(kept.file.name) as source:
            content: bytes = source.read()
        name = _free(_file_name(kept), {file.name for file in self.files})
        self.files.append(MediaFile(name, len(content), hashlib.sha256(content).hexdigest(), lambda: content))
        return name


def _file_name(kept: Any) -> str:
    """Return the library's title where it is a name of this kind of file, else the file's own name made plain."""
    if _NAME.fullmatch(kept.title) and extension(kept.title) == extension(kept.filename):
        return str(kept.title)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", kept.filename).strip("-._")
    return plain[:100] or f"file.{extension(kept.filename)}"


def _free(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem}-{number}{dot}{ending}"
    return free
