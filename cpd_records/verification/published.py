"""The files in which full tiles and bundles are kept for the public, held against a rebuild. Pure but for reading files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

WIDTH = 256


class PublishedFiles:
    """The kept files of one log, below ``directory``. A file that is not there yet is no fault; one that says something else is."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._log: Path | None = None
        self._seen: set[Path] = set()
        self._bundle: list[bytes] = []
        self._bundles = 0

    def first_leaf(self, leaf_hash: bytes) -> None:
        """Say which log it is: the files of one are below a name made of its first leaf."""
        if self._directory is not None:
            self._log = self._directory / leaf_hash.hex()[:16]

    def entry(self, commitment: bytes) -> Iterator[str]:
        """Take the next entry; yield what is wrong with the bundle it fills."""
        self._bundle.append(len(commitment).to_bytes(2, "big") + commitment)
        if len(self._bundle) == WIDTH:
            yield from self._differs(f"entries/{place_of(self._bundles)}", b"".join(self._bundle))
            self._bundle = []
            self._bundles += 1

    def tile(self, level: int, number: int, hashes: bytes) -> Iterator[str]:
        """Take a tile of the rebuild; yield what is wrong with its file."""
        if len(hashes) == WIDTH * 32:
            yield from self._differs(f"{level}/{place_of(number)}", hashes)

    def finish(self) -> Iterator[str]:
        """Yield each file that no rebuild would make."""
        if self._log is not None and self._log.exists():
            for file in sorted(self._log.rglob("*")):
                if file.is_file() and file not in self._seen:
                    yield f"the file {file.relative_to(self._log)} is of no tile of this log"

    def _differs(self, path: str, content: bytes) -> Iterator[str]:
        if self._log is None:
            return
        file = self._log / path
        self._seen.add(file)
        if file.is_file() and file.read_bytes() != content:
            yield f"the file {path} differs from a rebuild: remove it, and it is made again"


def place_of(number: int) -> str:
    """Return where a tile stands among those of its level: groups of three digits, all but the last after an ``x``."""
    groups = [number % 1000]
    while number := number // 1000:
        groups.insert(0, number % 1000)
    return "/".join([*(f"x{group:03}" for group in groups[:-1]), f"{groups[-1]:03}"])
