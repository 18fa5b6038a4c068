"""The tree of RFC 6962 and RFC 9162: roots, audit paths and consistency proofs over a source of hashes. Pure: no database.

WARNING. Every signed checkpoint depends on these hashes. A **source** answers the hash of the complete subtree of ``2**level`` leaves
that is number ``index`` of its level, counted from 0; the leaves themselves are level 0. Only complete subtrees are asked for, so a
source needs to know nothing of a tree's ragged right edge.
"""

import hashlib
from collections.abc import Callable, Sequence

HashSource = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return H(0x00 || entry), where an entry of this ledger is the 32 bytes of a commitment."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return H(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def source_of_leaves(leaves: Sequence[bytes]) -> HashSource:
    """Return a source over leaf hashes held in memory, each inner hash worked out once."""
    known: dict[tuple[int, int], bytes] = {}

    def hash_of(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        if (level, index) not in known:
            known[level, index] = node_hash(hash_of(level - 1, 2 * index), hash_of(level - 1, 2 * index + 1))
        return known[level, index]

    return hash_of


class GrowingTree:
    """A tree to which leaf hashes are appended in order, and whose root can be asked for after each: it keeps only its right edge."""

    def __init__(self) -> None:
        self.size = 0
        # The complete subtrees from left to right, as many as the size has ones in binary.
        self._edge: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        size, grown = self.size, leaf
        while size & 1:
            grown = node_hash(self._edge.pop(), grown)
            size >>= 1
        self._edge.append(grown)
        self.size += 1

    def root(self) -> bytes:
        if not self._edge:
            return EMPTY_ROOT
        found = self._edge[-1]
        for subtree in reversed(self._edge[:-1]):
            found = node_hash(subtree, found)
        return found


def root(size: int, source: HashSource) -> bytes:
    """Return the root of the tree of the first ``size`` leaves."""
    return _range_hash(0, size, source) if size else EMPTY_ROOT


def audit_path(index: int, size: int, source: HashSource) -> list[bytes]:
    """Return the inclusion proof of leaf ``index`` in the tree of ``size`` leaves, from the leaf's sibling upwards."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, source))
            end = middle
        else:
            path.append(_range_hash(start, middle, source))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, source: HashSource) -> list[bytes]:
    """Return the proof that the tree of ``new`` leaves extends the tree of its first ``old`` (RFC 9162 section 2.1.4)."""
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} does not extend a tree of {old}.")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, is_whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, source))
            end = middle
        else:
            path.append(_range_hash(start, middle, source))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_range_hash(start, end, source))
    return path[::-1]


def root_of_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Return the root that a leaf hash and its audit path lead to, or None where the path has the wrong length."""
    if not 0 <= index < size:
        return None
    place, last, reached = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            reached = node_hash(sibling, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        place, last = place >> 1, last >> 1
    return reached if last == 0 else None


def extends(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether ``path`` proves that the tree of ``new`` leaves is the tree of ``old`` leaves with more appended."""
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if not 0 < old < new:
        return False
    # A complete old tree is itself the first hash of the proof, and therefore left out of it.
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_reached = new_reached = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_reached = node_hash(sibling, old_reached)
            new_reached = node_hash(sibling, new_reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_reached = node_hash(new_reached, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old_reached == old_root and new_reached == new_root


def _split(count: int) -> int:
    """Return the largest power of two smaller than ``count``, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(start: int, end: int, source: HashSource) -> bytes:
    """Return the hash over leaves ``start`` to ``end`` (not included), a range as the proofs cut them: start fits its size."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return source(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range_hash(start, middle, source), _range_hash(middle, end, source))
