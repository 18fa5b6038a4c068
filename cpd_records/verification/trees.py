"""The Merkle tree, a second time and another way: grown leaf by leaf, keeping only the peaks of complete subtrees.

The root of any size it passes through is there to be asked for, so one reading of the ledger checks every checkpoint.
"""

import hashlib
from collections.abc import Sequence

WIDTH = 256


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class GrowingTree:
    """A tree of the leaves appended so far. ``peaks`` are the roots of its complete subtrees, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, leaf_hash: bytes) -> None:
        carried, count = leaf_hash, self.size
        while count & 1:
            carried = join(self.peaks.pop(), carried)
            count >>= 1
        self.peaks.append(carried)
        self.size += 1

    def root(self) -> bytes:
        return root_of_peaks(self.peaks)


def root_of_peaks(peaks: Sequence[bytes]) -> bytes:
    """Return the root of a tree by the roots of its complete subtrees, the largest first."""
    if not peaks:
        return hashlib.sha256(b"").digest()
    reached = peaks[-1]
    for peak in reversed(peaks[:-1]):
        reached = join(peak, reached)
    return reached


def root_of_full(hashes: Sequence[bytes]) -> bytes:
    """Return the root over hashes whose number is a power of two, level by level."""
    row, sha256 = hashes, hashlib.sha256
    while len(row) > 1:
        row = [sha256(b"\1" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


class GrowingTiles:
    """The rows of hashes that tiles are cut from; yields each tile as (level, number, hashes) once it is full, or at the end.

    Given the roots of full tiles instead of leaves, it yields those above them, each a level higher than it says.
    """

    def __init__(self) -> None:
        self.rows: list[list[bytes]] = [[]]
        self.numbers: list[int] = [0]

    def append(self, leaf_hash: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf and return the tiles it filled, lowest level first."""
        filled: list[tuple[int, int, bytes]] = []
        level, carried = 0, leaf_hash
        while True:
            if level == len(self.rows):
                self.rows.append([])
                self.numbers.append(0)
            self.rows[level].append(carried)
            if len(self.rows[level]) < WIDTH:
                return filled
            filled.append((level, self.numbers[level], b"".join(self.rows[level])))
            carried = root_of_full(self.rows[level])
            self.rows[level] = []
            self.numbers[level] += 1
            level += 1

    def partial(self) -> list[tuple[int, int, bytes]]:
        """Return the tiles that are not full, those without a hash left out."""
        return [(level, self.numbers[level], b"".join(row)) for level, row in enumerate(self.rows) if row]


def root_by_path(index: int, size: int, leaf_hash: bytes, path: list[bytes]) -> bytes | None:
    """Return the root that an audit path leads to from a leaf, or None where the path does not fit index and size."""
    if not 0 <= index < size:
        return None
    siblings = list(path)

    def climb(start: int, end: int) -> bytes:
        """Return the hash over leaves start to end (end left out), which hold the leaf; siblings are taken from the top."""
        if end - start == 1:
            return leaf_hash
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        sibling = siblings.pop()
        if index < middle:
            return join(climb(start, middle), sibling)
        return join(sibling, climb(middle, end))

    try:
        root = climb(0, size)
    except IndexError:
        return None
    return None if siblings else root
