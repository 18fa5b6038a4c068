"""A package of questions: a zip, read in memory within bounds and never unpacked to disk."""

from __future__ import annotations

import io
import zipfile
from posixpath import normpath

from assessments.interchange.reading import Unreadable
from people.archives import UNREADABLE

MOST_FILES = 20_000
MOST_UNPACKED = 300 * 1024 * 1024
LARGEST_FILE = 50 * 1024 * 1024
DAMAGED = "The archive is damaged or locked. Make it again, without a password."


class Package:
    """The files of an archive by their path. What they say of their sizes is not believed: each is counted while it is read."""

    def __init__(self, content: bytes) -> None:
        """Refuse an archive that is damaged, has paths out of itself, or would unpack to more than we read."""
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            entries = [entry for entry in self._archive.infolist() if not entry.is_dir()]
        except UNREADABLE as problem:
            raise Unreadable(DAMAGED) from problem
        if len(entries) > MOST_FILES:
            raise Unreadable(f"The archive has more than {MOST_FILES:,} files. Divide it.")
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Unreadable(f"The archive would unpack to more than {MOST_UNPACKED // 1024 // 1024} MB. Divide it.")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._entries.setdefault(safe_path(entry.filename), entry)
        self._left = MOST_UNPACKED

    def paths(self) -> list[str]:
        return list(self._entries)

    def has(self, path: str) -> bool:
        return path in self._entries

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; raises ``KeyError`` where there is none of that path."""
        entry = self._entries[path]
        most = min(LARGEST_FILE, self._left)
        try:
            with self._archive.open(entry) as file:
                content = file.read(most + 1)
        except UNREADABLE as problem:
            raise Unreadable(DAMAGED) from problem
        if len(content) > most:
            raise Unreadable(f"{path[-80:]} unpacks to more than we read. Divide the archive.")
        self._left -= len(content)
        return content


def safe_path(path: str) -> str:
    """Return a path inside the archive in its plain form; raise ``Unreadable`` for one that leads out of it."""
    plain = path.replace("\\", "/")
    parts = plain.split("/")
    if plain.startswith("/") or ".." in parts or ":" in parts[0] or "\x00" in plain:
        raise Unreadable("The archive has a file with a path that leads out of it. Nothing of it was read.")
    return normpath(plain)
