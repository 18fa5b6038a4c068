"""The log as anybody may read it: tiles of hashes and bundles of entries, as C2SP's ``tlog-tiles`` has them.

What a full tile holds never changes, so it is read from the database once and then from a file; a partial tile is there for each size a
checkpoint was made of. A bundle holds commitments and nothing else: no byte of the log says anything about a person.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from cpd_records.ledger import keys
from cpd_records.ledger.tiles import HASH_BYTES, LEVELS_IN_A_TILE, WIDTH, tile_hashes
from cpd_records.models import Checkpoint, LedgerEntry, SealedPlace
from people.prepared import prepared

logger = logging.getLogger(__name__)
ENTRIES = "entries"
# A tree of so many leaves has tiles on eight levels, 0 to 7.
LONGEST_LOG = 2**63 - 1
# A size that the log of a database is known to have reached, so that a tile below it costs no query. A restore ends the process.
_known_sizes: dict[str, int] = {}
_ADDRESS = re.compile(r"(entries|[0-7])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class NoSuchTile(LookupError):
    """The log has no such tile; the message is a sentence."""

    def __init__(self) -> None:
        super().__init__(
            "The log has no such tile. Read /ledger/checkpoint for its size, and ask for tiles of that size."
        )


@dataclass(frozen=True)
class TileName:
    """Which tile: ``level`` from 0, or None for a bundle of entries; ``number`` from 0; ``width`` 1 to 256 hashes or entries."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def is_full(self) -> bool:
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """The tile's address below ``/ledger/tile/``."""
        groups = f"{self.number:03,}".split(",") if self.number > 999 else [f"{self.number:03}"]
        place = "/".join([*(f"x{int(group):03}" for group in groups[:-1]), groups[-1]])
        level = ENTRIES if self.level is None else str(self.level)
        return f"{level}/{place}" + ("" if self.is_full else f".p/{self.width}")

    @property
    def sizes(self) -> tuple[int, int]:
        """The smallest and the largest size of a tree that has the tile in this width; a full one is in every larger tree too."""
        height = LEVELS_IN_A_TILE * (self.level or 0)
        hashes = self.number * WIDTH + self.width
        return hashes << height, LONGEST_LOG if self.is_full else ((hashes + 1) << height) - 1

    @classmethod
    def from_address(cls, address: str) -> TileName:
        """Read an address below ``/ledger/tile/``, or raise ``NoSuchTile`` for one that is not written as the format writes it."""
        parts = _ADDRESS.fullmatch(address)
        if parts is None:
            raise NoSuchTile
        level, place, width = parts.groups()
        number = int(place.replace("x", "").replace("/", ""))
        name = cls(None if level == ENTRIES else int(level), number, int(width) if width else WIDTH)
        if name.path != address or name.sizes[0] > LONGEST_LOG:
            raise NoSuchTile
        return name


def tile_content(name: TileName) -> bytes:
    """Return the bytes of a tile or bundle of the log as it was last signed, or raise ``NoSuchTile``.

    A full one touches the database the first time only.
    """
    if not name.is_full or not _is_known_to_be_signed(name):
        return read_tile(name)
    file = files_directory() / name.path
    try:
        return file.read_bytes()
    except OSError:  # not there yet, or not to be read; where it cannot be written either, that is said in the log
        content = read_tile(name)
        _keep(file, content)
        return content


def _is_known_to_be_signed(name: TileName) -> bool:
    """Return whether the log is as large as a full tile wants it; asked of the database where this process does not know it yet.

    A file may be there of a tile that is not: a database restored from an older backup is smaller than the log its files are of.
    """
    smallest, largest = name.sizes
    database = str(connection.settings_dict["NAME"])
    if smallest > _known_sizes.get(database, 0):
        for (size,) in signed_sizes(smallest=smallest, largest=largest):
            _known_sizes[database] = size
    return smallest <= _known_sizes.get(database, 0)


def files_directory() -> Path:
    """Return where this machine keeps full tiles of this log as files; it can be emptied at any time.

    It is named after the log's name and its first leaf, asked once in a process: a fresh database in the same place is another log, and
    so is one that goes on under another name.
    """
    named = keys.origin().encode() + b"\n" + _first_leaf(str(connection.settings_dict["NAME"]))
    return Path(settings.LEDGER_TILES_DIR) / hashlib.sha256(named).hexdigest()[:16]


@cache
def _first_leaf(database: str) -> bytes:
    leaf = next((bytes(leaf) for (leaf,) in first_leaf()), None)
    if leaf is None:
        raise NoSuchTile
    return leaf


def forget_files() -> int:
    """Remove every kept file and return how many there were; they are made again from the database as they are asked for."""
    removed = 0
    for file in Path(settings.LEDGER_TILES_DIR).rglob("*"):
        if file.is_file():
            file.unlink()
            removed += 1
    return removed


def read_tile(name: TileName) -> bytes:
    """Return a tile or bundle from the database, whatever files are kept of it, or raise ``NoSuchTile``."""
    smallest, largest = name.sizes
    if not signed_sizes(smallest=smallest, largest=largest):
        raise NoSuchTile
    if name.level is None:
        return _bundle(name)
    stored = next((bytes(hashes) for (hashes,) in tile_hashes(level=name.level, number=name.number)), b"")
    wanted = name.width * HASH_BYTES
    if len(stored) < wanted:
        raise NoSuchTile
    return stored[:wanted]


def _bundle(name: TileName) -> bytes:
    first = name.number * WIDTH
    rows = commitments(first=first, last=first + name.width - 1)
    if len(rows) != name.width:
        raise NoSuchTile
    return b"".join(len(bytes(commitment)).to_bytes(2, "big") + bytes(commitment) for (commitment,) in rows)


@prepared
def signed_sizes(smallest: int, largest: int) -> QuerySet[Checkpoint, Any]:
    """One row where a checkpoint was made of a size between the two."""
    return Checkpoint.objects.filter(size__gte=smallest, size__lte=largest).order_by().values_list("size")[:1]


@prepared
def commitments(first: int, last: int) -> QuerySet[LedgerEntry, Any]:
    """The commitments of the entries between two indexes, in order."""
    rows = LedgerEntry.objects.filter(place__index__gte=first, place__index__lte=last)
    return rows.order_by("place__index").values_list("commitment")


@prepared
def first_leaf() -> QuerySet[SealedPlace, Any]:
    return SealedPlace.objects.filter(index=0).values_list("leaf_hash")


def _keep(file: Path, content: bytes) -> None:
    """Write a file whole or not at all; several processes that come at once write the same bytes.

    Where the disk is full or takes nothing, the content is served all the same and read from the database again next time.
    """
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(content)
            os.replace(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("The tile %s was served and could not be kept as a file: %s", file, error)
