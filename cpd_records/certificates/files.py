"""Where issued files are kept, and how they are read back: one file for each certificate, under a name that follows from its id."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from cpd_records.models import Certificate

# No file of more is issued, so that whoever holds one can have it checked.
LARGEST_ISSUED = 16 * 1024 * 1024


class FileTooLarge(Exception):
    """A signed file is larger than any that is issued, so it is not stored."""


class FileDiffers(Exception):
    """The stored file is missing, or is not the one that was issued. The message is a sentence for the person who asked."""


def file_key(certificate_id: UUID) -> str:
    """Return the name of a certificate's file in the private storage."""
    name = certificate_id.hex
    return f"certificates/{name[:2]}/{name}.pdf"


def keep_file(certificate_id: UUID, pdf: bytes, *, is_whole: Callable[[bytes], bool]) -> str:
    """Store a signed file once and return the SHA-256, in hexadecimal, of what is now stored.

    A whole file that an earlier run left behind is kept as it is and taken for this one's; a torn one is replaced. Where another
    process stores the same file in the same moment, the first of the two stays and this one's copy goes. Raises ``FileTooLarge``.
    """
    if len(pdf) > LARGEST_ISSUED:
        raise FileTooLarge(f"The file has {len(pdf)} bytes, and none of more than {LARGEST_ISSUED} is issued.")
    storage = private_storage()
    key = file_key(certificate_id)
    left_behind = _read(storage, key)
    if left_behind is not None:
        if is_whole(left_behind):
            return digest_of(left_behind)
        storage.delete(key)
    stored_as = storage.save(key, ContentFile(pdf))
    if stored_as == key:
        return digest_of(pdf)
    storage.delete(stored_as)
    other = _read(storage, key)
    if other is None or not is_whole(other):
        raise FileDiffers("Another process is storing this certificate's file.")
    return digest_of(other)


def read_issued(certificate: Certificate) -> bytes:
    """Return the file exactly as it was issued; raise ``FileDiffers`` where it is gone or altered."""
    pdf = _read(private_storage(), certificate.file)
    if pdf is None or digest_of(pdf) != certificate.sha256:
        raise FileDiffers(
            "The file we keep is not the one we issued, so we do not hand it out. It has to be put right "
            "from a backup; your record itself is unharmed."
        )
    return pdf


def digest_of(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


def private_storage() -> Storage:
    return storages["private"]


def _read(storage: Storage, key: str) -> bytes | None:
    try:
        with storage.open(key, "rb") as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError:
        return None
