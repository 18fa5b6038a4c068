"""The files in which full tiles and bundles are kept for the public, held against a rebuild. Pure but for reading files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from cpd_records.verification.trees import WIDTH

BUNDLES = "entries"


class PublishedFiles:
    """The kept files of one log, below ``directory``. A file that is not there yet is no fault; one that says something else is."""

    def __init__(self, directory: Path | None, origin: str) -> None:
        self._directory, self._origin = directory, origin
        self._log: Path | None = None

    def first_leaf(self, leaf_hash: bytes) -> None:
        """Say which log it is: the files of one are below a name made of its own name and its first leaf."""
        if self._directory is not None:
            named = self._origin.encode() + b"\n" + leaf_hash
            self._log = self._directory / hashlib.sha256(named).hexdigest()[:16]

    def bundle(self, number: int, commitments: Sequence[bytes]) -> Iterator[str]:
        """Take the commitments of a full bundle; yield what is wrong with its file."""
        content = b"".join([len(commitment).to_bytes(2, "big") + commitment for commitment in commitments])
        yield from self._differs(f"{BUNDLES}/{place_of(number)}", content)

    def tile(self, level: int, number: int, hashes: bytes) -> Iterator[str]:
        """Take a tile of the rebuild; yield what is wrong with its file."""
        if len(hashes) == WIDTH * 32:
            yield from self._differs(f"{level}/{place_of(number)}", hashes)

    def strangers(self, size: int) -> Iterator[str]:
        """Yield each file that no rebuild of a tree of this size would make."""
        if self._log is None:
            return
        found = []
        for folder, _folders, names in os.walk(self._log):
            for name in names:
                file = Path(folder, name).relative_to(self._log)
                if not _is_of_a_tile(str(file), size):
                    found.append(file)
        for file in sorted(found):
            yield f"the file {file} is of no tile of this log"

    def _differs(self, path: str, content: bytes) -> Iterator[str]:
        if self._log is None:
            return
        file = self._log / path
        if file.is_file() and file.read_bytes() != content:
            yield f"the file {path} differs from a rebuild: remove it, and it is made again"


def place_of(number: int) -> str:
    """Return where a tile stands among those of its level: groups of three digits, all but the last after an ``x``."""
    groups = [number % 1000]
    while number := number // 1000:
        groups.insert(0, number % 1000)
    return "/".join([*(f"x{group:03}" for group in groups[:-1]), f"{groups[-1]:03}"])


def _is_of_a_tile(path: str, size: int) -> bool:
    """Return whether a path is that of a full tile or bundle of a tree of this size."""
    kind, _slash, place = path.partition("/")
    digits = place.replace("/", "").replace("x", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18 and place_of(int(digits)) == place):
        return False
    level = 0 if kind == BUNDLES else int(kind) if kind in {str(level) for level in range(8)} else None
    return level is not None and int(digits) < size >> 8 * (level + 1)
