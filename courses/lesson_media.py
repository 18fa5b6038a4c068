"""Pictures, documents and linked pages that lessons name: read together, then shown in a preview or copied into a release.

A release never points at Wagtail's files. ``ReleaseMedia`` copies each into private storage under ``releases/<SHA-256>``, where nothing
is ever replaced, and links it as ``/learn/files/<digest>/<name>``; the view behind that address asks whether the reader is enrolled.
"""

from __future__ import annotations

import hashlib
import io
import mimetypes
import os
import re
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db.models import prefetch_related_objects
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from assessments.pictures import picture_content
from courses import rendering
from courses.models.releases import StoredFile
from courses.rendering import LinkedFile, Picture, RawLesson

# Django's ``Storage.get_alternative_name``.
ADDED_BY_STORAGE = re.compile(r"_[A-Za-z0-9]{7}$")
LARGE, SMALL = "max-1320x1980", "max-660x1980"
FOLDER = "releases"
# What the standard library does not know on every system.
CONTENT_TYPES = {
    ".vtt": "text/vtt",
    ".m4a": "audio/mp4",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".mp4": "video/mp4",
}


class LessonMedia(ABC):
    """Everything some lessons name, read in a fixed number of queries however many lessons there are."""

    def __init__(self, lessons: Iterable[RawLesson]) -> None:
        bodies = list(lessons)
        pictures = {number for body in bodies for number in rendering.named_pictures(body)}
        documents = {number for body in bodies for number in rendering.named_documents(body)}
        pages = {number for body in bodies for number in rendering.named_pages(body)}
        self.images: dict[int, Any] = get_image_model().objects.in_bulk(pictures) if pictures else {}
        self.documents: dict[int, Any] = get_document_model().objects.in_bulk(documents) if documents else {}
        self.pages: dict[int, Page] = (
            {page.pk: page for page in Page.objects.filter(pk__in=pages).specific()} if pages else {}
        )
        if self.images:
            prefetch_related_objects(list(self.images.values()), "renditions")

    def page_address(self, page_id: int) -> str | None:
        page = self.pages.get(page_id)
        return page.get_url() if page else None

    def picture(self, image_id: int) -> Picture | None:
        image = self.images.get(image_id)
        if image is None:
            return None
        large, small = image.get_rendition(LARGE), image.get_rendition(SMALL)
        name = own_name(image)
        return Picture(
            address=self._address(large.file, safe_name(name, large.file.name)),
            small_address=self._address(small.file, safe_name(name, small.file.name)),
            width=large.width,
            height=large.height,
            small_width=small.width,
        )

    def document(self, document_id: int) -> LinkedFile | None:
        document = self.documents.get(document_id)
        if document is None:
            return None
        name = safe_name(own_name(document))
        return LinkedFile(
            address=self._document_address(document, name),
            name=name,
            content_type=content_type_of(name),
            size=document.file_size or document.file.size,
        )

    @abstractmethod
    def _address(self, file: Any, name: str) -> str:
        """Return where a page finds a picture's file."""

    @abstractmethod
    def _document_address(self, document: Any, name: str) -> str:
        """Return where a page finds a document."""


class PreviewMedia(LessonMedia):
    """For authors: Wagtail's own addresses, nothing copied."""

    def _address(self, file: Any, name: str) -> str:
        return str(file.url)

    def _document_address(self, document: Any, name: str) -> str:
        return str(document.url)


class ReleaseMedia(LessonMedia):
    """For releases: every file copied by its content. ``taken()`` hands over what was copied since it was last asked."""

    def __init__(self, lessons: Iterable[RawLesson]) -> None:
        super().__init__(lessons)
        self._copied: dict[tuple[str, int], str] = {}
        self._taken: list[dict[str, str]] = []

    def taken(self) -> list[dict[str, str]]:
        """Return ``[{"digest", "name"}]`` of the files used since the last call, each once, in order of name."""
        unique = {(entry["digest"], entry["name"]): entry for entry in self._taken}
        self._taken = []
        return [unique[key] for key in sorted(unique, key=lambda pair: (pair[1], pair[0]))]

    def take_pictures(self, definition: Mapping[str, Any]) -> None:
        """Copy the pictures of a question that the release asks; they are content-addressed already, so their digests stay."""
        for picture in definition.get("pictures", {}).values():
            digest = picture["digest"]
            keep_file(io.BytesIO(picture_content(digest)), content_type=picture["type"])
            self._taken.append({"digest": digest, "name": picture_name(digest)})

    def _address(self, file: Any, name: str) -> str:
        return self._keep(file, name, ("picture", file.instance.pk))

    def _document_address(self, document: Any, name: str) -> str:
        return self._keep(document.file, name, ("document", document.pk))

    def _keep(self, file: Any, name: str, key: tuple[str, int]) -> str:
        if key not in self._copied:
            with file.storage.open(file.name) as source:
                self._copied[key] = keep_file(source, content_type=content_type_of(name)).digest
        digest = self._copied[key]
        self._taken.append({"digest": digest, "name": name})
        return file_address(digest, name)


def picture_name(digest: str) -> str:
    """Return the name under which a release shows a picture of a question; its type is kept with the file."""
    return f"question-{digest[:12]}"


def picture_address(digest: str) -> str:
    """Return the address at which an enrolled learner sees a picture of a question."""
    return file_address(digest, picture_name(digest))


def file_address(digest: str, name: str) -> str:
    """Return the address at which an enrolled learner reads a file of a release."""
    return f"/learn/files/{digest}/{name}"


def content_type_of(name: str) -> str:
    """Return the content type that a file's name stands for."""
    ending = "." + name.rpartition(".")[2].lower()
    return CONTENT_TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def keep_file(source: IO[bytes], *, content_type: str) -> StoredFile:
    """Copy a file into private storage under its SHA-256, once; return its row. Reads in pieces, so size does not matter."""
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as copy:
        while piece := source.read(1 << 20):
            digest.update(piece)
            size += len(piece)
            copy.write(piece)
        name = digest.hexdigest()
        store: Storage = storages["private"]
        if not store.exists(f"{FOLDER}/{name}"):
            copy.seek(0)
            store.save(f"{FOLDER}/{name}", File(copy))
    stored, _created = StoredFile.objects.get_or_create(
        digest=name, defaults={"content_type": content_type, "size": size}
    )
    return stored


def own_name(kept: Any) -> str:
    """Return the name somebody gave a picture or document of the library, not the one it is stored under.

    Storage adds letters to a name that is taken already. The title, which began as the file's name, has none of them.
    """
    stem, ending = os.path.splitext(kept.filename)
    title = str(kept.title)
    if os.path.splitext(title)[1].lower() == ending.lower():
        return title
    return f"{title}{ending}" if ADDED_BY_STORAGE.search(stem) else str(kept.filename)


def safe_name(name: str, copied_as: str = "") -> str:
    """Return a name that is safe in an address; a picture takes the ending of the copy that is served."""
    stem, _dot, ending = name.rpartition(".")
    if copied_as:
        ending = copied_as.rpartition(".")[2]
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", stem or name).strip("-") or "file"
    return f"{safe[:120]}.{re.sub(r'[^A-Za-z0-9]', '', ending)[:10].lower()}"
