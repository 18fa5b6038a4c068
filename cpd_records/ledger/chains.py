"""Corrections follow one another by the entries they name, not by the clocks under which they were written.

A clock may step back between two corrections; the second still names the first. Where two name the same entry, the one recorded later
has the word. Nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

# By the entry that is corrected: the entry that corrects it.
Successors = Mapping[UUID, UUID]


def successors_of(corrections: Iterable[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    """Return what corrects what, of ``(entry, the entry it corrects)`` in the order they were recorded."""
    return {corrected: entry for entry, corrected in corrections}


def chain_from(first: UUID, successors: Successors) -> Iterator[UUID]:
    """Yield the entries that correct ``first``, one after the other; the last of them has the word."""
    at = successors.get(first)
    while at is not None:
        yield at
        at = successors.get(at)


def last_of(first: UUID, successors: Successors) -> UUID:
    """Return the entry that has the word on ``first``: its last correction, or itself."""
    return [first, *chain_from(first, successors)][-1]
