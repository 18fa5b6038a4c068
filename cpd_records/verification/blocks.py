"""The sealed entries in the order of the tree, read in blocks of 256: each is a tile of the lowest level, and a whole subtree.

A range of blocks is read without knowing what stands before it, because the first position of each block is known: a block brings the
root of its subtree, and the rest of the tree is built from those (``Examination``). So ranges may be read by several processes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cpd_records.models import HashTile, LedgerEntry
from cpd_records.verification.entries import examine_entry, is_plainly_right
from cpd_records.verification.erasures import RecordedErasures
from cpd_records.verification.findings import Findings, Problem
from cpd_records.verification.published import PublishedFiles
from cpd_records.verification.rows import Row, as_bytes, as_tuples, read
from cpd_records.verification.trees import WIDTH, GrowingTree, leaf, root_of_full

TILES_AT_ONCE = 16


@dataclass(frozen=True)
class Range:
    """Entries by their index, from ``first`` (None: the lowest there is) to before ``end`` (None: the highest), beginning at a position
    of the tree that begins a block. ``sizes`` are those of signed trees that end within it, ascending."""

    position: int
    first: int | None
    end: int | None
    sizes: Sequence[int]


@dataclass(frozen=True)
class Block:
    """Up to 256 entries that follow each other in the tree, and what was found in them.

    ``root`` is that of their subtree where it is full, else ``leaves`` are there. ``edges`` are the complete subtrees, the largest
    first, that the block adds to the tree at each signed size ending in it. ``in_order`` says that every index so far was its position.
    """

    problems: list[Problem]
    count: int
    root: bytes
    leaves: list[bytes]
    edges: dict[int, list[bytes]]
    in_order: bool


def read_blocks(wanted: Range, files: PublishedFiles) -> Iterator[Block]:
    """Yield the blocks of a range, every entry, tile and file of them checked; the last may be less than full or empty."""
    return _Reader(wanted, files).blocks()


class _Reader(Findings):
    """Reads a range; what it finds is handed over with each block."""

    def __init__(self, wanted: Range, files: PublishedFiles) -> None:
        super().__init__()
        self._wanted, self._files = wanted, files
        self._tiles, self._records = StoredTiles(), RecordedErasures()
        self._position = wanted.position
        self._in_order = True
        self._commitments: list[bytes] = []
        self._leaves: list[bytes] = []

    def blocks(self) -> Iterator[Block]:
        next_index = self._position
        for row in read(self, self._rows()):
            index = row[2]
            if index != next_index:
                self.found(Row._make(row).entry, "index", f"its index is {index!r}, and {next_index} comes next")
            self._in_order = self._in_order and index == self._position
            next_index = index + 1 if isinstance(index, int) else next_index + 1
            self._take(row)
            if len(self._leaves) == WIDTH:
                yield self._filled()
        yield self._unfilled()

    def _rows(self) -> QuerySet[LedgerEntry, Any]:
        entries = LedgerEntry.objects.filter(place__isnull=False).order_by("place__index")
        if self._wanted.first is not None:
            entries = entries.filter(place__index__gte=self._wanted.first)
        if self._wanted.end is not None:
            entries = entries.filter(place__index__lt=self._wanted.end)
        return as_tuples(entries)

    def _take(self, row: tuple[Any, ...]) -> None:
        _id, stored, index, stored_leaf, unsealed = row[:5]
        commitment = as_bytes(stored)
        # The commitment decides: a changed leaf hash is named here, and does not hide what else is wrong.
        leaf_hash = leaf(commitment)
        if stored_leaf != leaf_hash and as_bytes(stored_leaf) != leaf_hash:
            self.found(Row._make(row).entry, "leaf", f"the leaf hash at index {index} is not that of its commitment")
        if unsealed is not None:
            self.found(Row._make(row).entry, "place", "it is sealed and still waits to be sealed")
        if not is_plainly_right(row):
            examine_entry(self, Row._make(row), self._records)
        if not self._position:
            self._files.first_leaf(leaf_hash)
        self._commitments.append(commitment)
        self._leaves.append(leaf_hash)
        self._position += 1

    def _filled(self) -> Block:
        """Check the tile and the bundle that are full, and hand them over as their root."""
        number, hashes = self._position // WIDTH - 1, b"".join(self._leaves)
        for harm in self._files.bundle(number, self._commitments):
            self.found(None, "tile", harm)
        compare_tile(self, self._tiles, self._files, (0, number, hashes))
        return self._handed_over(root_of_full(self._leaves), [])

    def _unfilled(self) -> Block:
        return self._handed_over(b"", self._leaves)

    def _handed_over(self, root: bytes, leaves: list[bytes]) -> Block:
        count = len(self._leaves)
        block = Block(self.problems, count, root, leaves, self._edges(), self._in_order)
        self.problems, self._commitments, self._leaves = [], [], []
        return block

    def _edges(self) -> dict[int, list[bytes]]:
        sizes, before = self._wanted.sizes, self._position - len(self._leaves)
        inside = sizes[bisect_right(sizes, before) : bisect_right(sizes, self._position)]
        tree, edges = GrowingTree(), {}
        for size in inside:
            while before + tree.size < size:
                tree.append(self._leaves[tree.size])
            edges[size] = list(tree.peaks)
        return edges


class StoredTiles:
    """The tiles of the database, some of a level read at once because the next are asked for next."""

    def __init__(self) -> None:
        self._read: tuple[int, range] = (0, range(0))
        self._hashes: dict[int, bytes | memoryview] = {}

    def hashes(self, level: int, number: int) -> bytes | memoryview | None:
        if level != self._read[0] or number not in self._read[1]:
            self._read = (level, range(number, number + TILES_AT_ONCE))
            stored = HashTile.objects.filter(level=level, number__gte=number, number__lt=number + TILES_AT_ONCE)
            self._hashes = dict(stored.values_list("number", "hashes"))
        return self._hashes.get(number)


def compare_tile(findings: Findings, stored: StoredTiles, files: PublishedFiles, tile: tuple[int, int, bytes]) -> None:
    """Hold a tile of the rebuild (level, number, hashes) against the stored one and its file."""
    level, number, rebuilt = tile
    hashes = stored.hashes(level, number)
    if hashes is None:
        findings.found(None, "tile", f"tile {number} of level {level} is missing")
    elif as_bytes(hashes) != rebuilt:
        findings.found(None, "tile", f"tile {number} of level {level} differs from a rebuild")
    for harm in files.tile(level, number, rebuilt):
        findings.found(None, "tile", harm)
