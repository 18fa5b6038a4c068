"""Taking one small file from a stranger: it stays in memory. Of a larger one nothing is kept while it arrives but its digest."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from cpd_records.certificates.checking import LARGEST_FILE

# Beyond this we stop reading altogether; up to here the sender still gets an answer in words, since a browser whose sending is cut off
# shows none. Of what is read beyond ``LARGEST_FILE`` only the digest is kept.
MOST_READ = 256 * LARGEST_FILE


class SmallFileHandler(FileUploadHandler):
    """Keeps at most one file of at most ``LARGEST_FILE`` bytes; afterwards ``is_too_large`` says whether there was more.

    ``digest`` is the SHA-256 of all that came of it, in hexadecimal.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.is_too_large = False
        self._has_file = False
        self._content: BytesIO | None = None
        self._received = 0
        self._reckoned = hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._reckoned.hexdigest()

    def saw_file(self, request: HttpRequest) -> bool:
        """Read the request through this handler and return whether a file came with it, or the form for one."""
        return bool(request.FILES) or self._has_file or "check_file" in request.POST

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        if self._has_file:
            raise SkipFile
        self._has_file = True
        self._content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._received += len(raw_data)
        if self._received > MOST_READ:
            self.is_too_large = True
            raise StopUpload(connection_reset=True)
        self._reckoned.update(raw_data)
        if self._content is not None and not self.is_too_large:
            self._content.write(raw_data)
            if self._received > LARGEST_FILE:
                self.is_too_large = True
                self._content = BytesIO()
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self._content is None or self.is_too_large:
            return None
        content, self._content = self._content, None
        content.seek(0)
        return InMemoryUploadedFile(
            file=content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
        )
