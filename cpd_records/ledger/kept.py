"""Checkpoints kept outside the database, in the private storage: the newest one after each seal, and one of each night for ever.

A database that was cut back, restored from an old backup or written anew does not extend them, whoever holds its keys. Those of the
nights are written once and never again: where the storage can lock what was written (S3 object lock), lock their folder, and then not even
we can take a checkpoint back. The newest is one small file, replaced whole, that the sealer reads before it signs.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import quote

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

FOLDER = "ledger/checkpoints"
NEWEST_FOLDER = "ledger/newest"


class KeptUnreadable(Exception):
    """The storage did not answer; the message is a sentence."""


def keep_checkpoint(note: str) -> str:
    """Write a checkpoint, as signed, into a file of its own, unless it is there; return the file's name in the folder."""
    _origin, size, _root, time = note.split("\n")[:4]
    # Names in the order of time, without the colons that some storages do not take.
    name = f"{time.removeprefix('time ').replace(':', '')}-{size}.txt"
    storage, key = _storage(), f"{FOLDER}/{name}"
    if not storage.exists(key):
        try:
            file = Path(storage.path(key))
        except NotImplementedError:
            # An object store takes an object whole or not at all.
            storage.save(key, ContentFile(note.encode()))
        else:
            _write_whole(file, note.encode())
    return name


def kept_checkpoints() -> dict[str, str]:
    """Return every night's kept note by the name of its file, the oldest first. What is no text comes with its bytes replaced."""
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


def newest_name(origin: str, first_leaf: bytes) -> str:
    """Return the name in the private storage of a log's newest note: below the ledger's name, after the log's first leaf."""
    return f"{_folder_of(origin)}/{first_leaf.hex()[:16]}.txt"


def newest_kept(origin: str, first_leaf: bytes) -> str | None:
    """Return the newest note kept of a log, None where none is; raise ``KeptUnreadable`` where the storage does not answer."""
    try:
        with _storage().open(newest_name(origin, first_leaf), "rb") as file:
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except Exception as error:  # whatever a storage raises when it cannot be reached
        raise KeptUnreadable(f"The newest checkpoint kept outside the database cannot be read ({error}).") from error


def other_logs_kept(origin: str) -> bool:
    """Return whether a note of any log was kept under this name; raise ``KeptUnreadable`` where the storage does not answer."""
    try:
        names = _storage().listdir(_folder_of(origin))[1]
    except FileNotFoundError:
        return False
    except Exception as error:
        raise KeptUnreadable(f"What was kept outside the database cannot be listed ({error}).") from error
    return any(name.endswith(".txt") for name in names)


def keep_newest(note: str, first_leaf: bytes) -> None:
    """Replace the newest note kept of a log by this one: whole or not at all, also where the machine loses its power."""
    storage, name = _storage(), newest_name(note.split("\n", 1)[0], first_leaf)
    try:
        file = Path(storage.path(name))
    except NotImplementedError:
        # An object store replaces an object whole. It would be given another name by ``save``.
        with storage.open(name, "wb") as replaced:
            replaced.write(note.encode())
        return
    _write_whole(file, note.encode())


def _write_whole(file: Path, content: bytes) -> None:
    """Give a file its name only once all of it is on the disk: a torn one would be found to be no checkpoint from then on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Beside the folder and not in it: whatever is in that of the nights is taken for a checkpoint.
    draft = file.parent.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _folder_of(origin: str) -> str:
    return f"{NEWEST_FOLDER}/{quote(origin, safe='')}"


def _storage() -> Storage:
    return storages["private"]
