"""The sealed places: every entry in the order of the tree, read by one process or several, and the tree built from what they read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing

from django.db import connection
from django.db.models import Max

from cpd_records.models import HashTile, LedgerEntry, SealedPlace
from cpd_records.verification.blocks import Block, Range, StoredTiles, compare_tile, read_blocks
from cpd_records.verification.findings import Findings
from cpd_records.verification.processes import read_in_processes
from cpd_records.verification.published import PublishedFiles
from cpd_records.verification.rows import as_bytes
from cpd_records.verification.trees import GrowingTiles, GrowingTree, leaf, root_of_peaks

# A multiple of the 256 entries of a block, and a part of the 65,536 below a tile of the next level: so no tile is full within a range.
ENTRIES_IN_A_RANGE = 16_384
# Below it, one process is done before others have begun.
FEWEST_FOR_SEVERAL = 1_000_000


def read_places(findings: Findings, sizes: set[int], files: PublishedFiles, *, processes: int) -> TreeOfBlocks:
    """Check every sealed entry and the tiles in the order of the tree, and return the tree with its root at each of ``sizes``.

    With several ``processes`` (PostgreSQL, within a transaction whose view can be shared) the same is found in the same order: what
    they read is taken as long as every index is its position, and from the first range where one is not, all is read here.
    """
    tree, ascending = TreeOfBlocks(findings, sizes, files), sorted(sizes)
    highest = SealedPlace.objects.aggregate(highest=Max("index"))["highest"] if processes > 1 else None
    if (
        highest is None
        or highest < FEWEST_FOR_SEVERAL
        or not _take_in_processes(tree, highest, ascending, files, processes)
    ):
        rest = Range(tree.size, tree.size or None, None, [size for size in ascending if size > tree.size])
        for block in read_blocks(rest, files):
            tree.add(block)
    tree.finish()
    return tree


def _take_in_processes(
    tree: TreeOfBlocks, highest: int, sizes: Sequence[int], files: PublishedFiles, processes: int
) -> bool:
    """Add the blocks of each range as long as they are in order; return whether all were."""
    first = (
        LedgerEntry.objects.filter(place__isnull=False).order_by("place__index").values_list("commitment", flat=True)
    )
    files.first_leaf(leaf(as_bytes(first[0])))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    database = str(connection.settings_dict["NAME"])
    parts = read_in_processes(_ranges(highest, sizes), files, processes=processes, database=database, snapshot=snapshot)
    with closing(parts):
        for wanted, blocks in parts:
            count = sum(block.count for block in blocks)
            if wanted.end is not None and not (blocks[-1].in_order and count == wanted.end - wanted.position):
                return False
            for block in blocks:
                tree.add(block)
    return True


def _ranges(highest: int, sizes: Sequence[int]) -> Iterator[Range]:
    """Yield the ranges of the whole tree. The first and the last have no bound, so that no index is in none of them."""
    for start in range(0, highest + 1, ENTRIES_IN_A_RANGE):
        end = start + ENTRIES_IN_A_RANGE
        within = sizes[bisect_right(sizes, start) : bisect_right(sizes, end)]
        yield Range(start, start or None, end if end <= highest else None, within)


class TreeOfBlocks:
    """The whole tree over the roots of its blocks of 256 entries, with the tiles above the lowest level."""

    def __init__(self, findings: Findings, sizes: set[int], files: PublishedFiles) -> None:
        self._findings, self._files = findings, files
        self._blocks, self._tiles, self._stored = GrowingTree(), GrowingTiles(), StoredTiles()
        self._leaves: list[bytes] = []
        self._tiles_seen = 0
        self.size, self.root = 0, b""
        self.roots: dict[int, bytes] = {0: self._blocks.root()} if 0 in sizes else {}

    def add(self, block: Block) -> None:
        self._findings.problems += block.problems
        self.size += block.count
        for size, edge in block.edges.items():
            self.roots[size] = root_of_peaks([*self._blocks.peaks, *edge])
        self._leaves = block.leaves
        if block.root:
            self._blocks.append(block.root)
            self._tiles_seen += 1
            for level, number, hashes in self._tiles.append(block.root):
                self._compare(level + 1, number, hashes)

    def finish(self) -> None:
        """Compare the tiles that are not full, and find tiles and files that no rebuild would make."""
        last = GrowingTree()
        for leaf_hash in self._leaves:
            last.append(leaf_hash)
        self.root = root_of_peaks([*self._blocks.peaks, *last.peaks])
        if self._leaves:
            self._compare(0, self._blocks.size, b"".join(self._leaves))
        for level, number, hashes in self._tiles.partial():
            self._compare(level + 1, number, hashes)
        for harm in self._files.strangers(self.size):
            self._findings.found(None, "tile", harm)
        count = HashTile.objects.count()
        if count > self._tiles_seen:
            detail = f"there are {count} tiles, and a rebuild makes {self._tiles_seen}"
            self._findings.found(None, "tile", detail)

    def _compare(self, level: int, number: int, hashes: bytes) -> None:
        self._tiles_seen += 1
        compare_tile(self._findings, self._stored, self._files, (level, number, hashes))
