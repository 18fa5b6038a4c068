"""Tiles: the tree's hashes in rows of 256, a projection of the sealed places that grows with every seal.

Tile ``number`` of level 0 holds leaf hashes; level L+1 holds the roots of full tiles of level L. A root or an audit path is found by
reading a few tiles, whatever the size of the tree. Only the sealer writes here; ``rebuild_tiles`` makes the table anew.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet

import people.any_of  # noqa: F401  # the lookup
from cpd_records.ledger.tree import node_hash
from cpd_records.models import HashTile, SealedPlace
from people.prepared import prepared

WIDTH = 256
LEVELS_IN_A_TILE = 8
HASH_BYTES = 32
LEAVES_AT_ONCE = 64 * WIDTH


class TilesBroken(Exception):
    """The tiles do not hold what the tree needs; ``manage.py ledger_rebuild`` makes them anew from the evidence."""


def tile_source() -> "TileSource":
    """Return a source of hashes (see ``tree``) that reads tiles from the database, each once."""
    return TileSource()


class TileSource:
    """Answers the hash of a complete subtree from the tile that holds it. Tiles are remembered, so use one for one answer."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], bytes] = {}

    def read_ahead(self, index: int, size: int) -> None:
        """Read at once the tiles that an audit path of leaf ``index`` in a tree of ``size`` is made of: its own and those at the edge."""
        levels: list[int] = []
        numbers: set[int] = set()
        while size:
            levels.append(len(levels))
            index, edge, size = index >> LEVELS_IN_A_TILE, (size - 1) >> LEVELS_IN_A_TILE, size >> LEVELS_IN_A_TILE
            numbers |= {min(index, edge), edge}
        for level, number, hashes in tiles_among(levels=levels, numbers=sorted(numbers)):
            self._tiles[level, number] = bytes(hashes)

    def __call__(self, level: int, index: int) -> bytes:
        tile_level, height = divmod(level, LEVELS_IN_A_TILE)
        first, count = index << height, 1 << height
        number, offset = divmod(first, WIDTH)
        hashes = self._tile(tile_level, number)[offset * HASH_BYTES : (offset + count) * HASH_BYTES]
        if len(hashes) != count * HASH_BYTES:
            raise TilesBroken(
                f"Tile {number} of level {tile_level} is too short: run ledger_rebuild, then ledger_verify."
            )
        return _fold(hashes)

    def _tile(self, level: int, number: int) -> bytes:
        if (level, number) not in self._tiles:
            self._tiles[level, number] = _stored_tile(level, number)
        return self._tiles[level, number]


def grow_tiles(size: int, leaf_hashes: Sequence[bytes]) -> None:
    """Append leaf hashes to the tiles of a tree that has ``size`` leaves; call inside the sealer's transaction."""
    changed: list[HashTile] = []
    level, start, fresh = 0, size, list(leaf_hashes)
    while fresh:
        number, offset = divmod(start, WIDTH)
        hashes = _stored_tile(level, number) if offset else b""
        if len(hashes) != offset * HASH_BYTES:
            raise TilesBroken(
                f"Tile {number} of level {level} should hold {offset} hashes and holds {len(hashes) // HASH_BYTES}: "
                "run ledger_rebuild, then ledger_verify."
            )
        hashes += b"".join(fresh)
        full_roots = []
        for place in range(0, len(hashes), WIDTH * HASH_BYTES):
            tile = hashes[place : place + WIDTH * HASH_BYTES]
            changed.append(HashTile(level=level, number=number + place // (WIDTH * HASH_BYTES), hashes=tile))
            if len(tile) == WIDTH * HASH_BYTES:
                full_roots.append(_fold(tile))
        level, start, fresh = level + 1, number, full_roots
    HashTile.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["level", "number"], update_fields=["hashes"], batch_size=200
    )


def rebuild_tiles() -> int:
    """Make every tile anew from the sealed places and return how many leaves there were; call as the only sealer."""
    HashTile.objects.all().delete()
    size = 0
    for leaves in _pieces_of_the_tree():
        grow_tiles(size, leaves)
        size += len(leaves)
    return size


def _pieces_of_the_tree() -> Iterator[list[bytes]]:
    hashes = SealedPlace.objects.order_by("index").values_list("leaf_hash", flat=True).iterator(LEAVES_AT_ONCE)
    while piece := [bytes(leaf) for leaf in islice(hashes, LEAVES_AT_ONCE)]:
        yield piece


def _stored_tile(level: int, number: int) -> bytes:
    return next((bytes(hashes) for (hashes,) in tile_hashes(level=level, number=number)), b"")


@prepared
def tile_hashes(level: int, number: int) -> QuerySet[HashTile, Any]:
    return HashTile.objects.filter(level=level, number=number).values_list("hashes")


@prepared
def tiles_among(levels: list[int], numbers: list[int]) -> QuerySet[HashTile, Any]:
    """Tiles of any of these levels with any of these numbers: more than were meant where a number is of two levels, never many more."""
    tiles = HashTile.objects.filter(level__any_of=levels, number__any_of=numbers)
    return tiles.values_list("level", "number", "hashes")


def _fold(hashes: bytes) -> bytes:
    """Return the root over a row of hashes whose count is a power of two."""
    row = [hashes[place : place + HASH_BYTES] for place in range(0, len(hashes), HASH_BYTES)]
    while len(row) > 1:
        row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]
