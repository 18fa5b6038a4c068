"""Checkpoints kept outside the database, in the private storage: a file each, written once and never again.

A database that was cut back, restored from an old backup or written anew does not extend them, whoever holds its keys. Where the storage
can lock what was written (S3 object lock), lock this folder: then not even we can take a checkpoint back.
"""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

FOLDER = "ledger/checkpoints"


def keep_checkpoint(note: str) -> str:
    """Write a checkpoint, as signed, into a file of its own, unless it is there; return the file's name in the folder."""
    _origin, size, _root, time = note.split("\n")[:4]
    # Names in the order of time, without the colons that some storages do not take.
    name = f"{time.removeprefix('time ').replace(':', '')}-{size}.txt"
    storage, key = _storage(), f"{FOLDER}/{name}"
    if not storage.exists(key):
        storage.save(key, ContentFile(note.encode()))
    return name


def kept_checkpoints() -> dict[str, str]:
    """Return every kept note by the name of its file, the oldest first. What is no text comes with its bytes replaced."""
    storage = _storage()
    try:
        names = sorted(storage.listdir(FOLDER)[1])
    except FileNotFoundError:
        return {}
    notes = {}
    for name in names:
        with storage.open(f"{FOLDER}/{name}", "rb") as file:
            notes[name] = file.read().decode("utf-8", "replace")
    return notes


def _storage() -> Storage:
    return storages["private"]
