"""The lot itself: who is selected from a seed and a list of public ids. Pure, and described in docs/cpd-sample.md for anybody to repeat.

DO NOT CHANGE the order or the number: samples already drawn could no longer be drawn again. A new way is a new version beside this one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

THOUSAND = 1000


@dataclass(frozen=True)
class Lot:
    """What a draw came to: everybody in the order of the lot, and how many from its beginning are selected."""

    order: tuple[UUID, ...]
    number: int

    @property
    def selected(self) -> tuple[UUID, ...]:
        return self.order[: self.number]


def digest(seed: str, public_id: UUID) -> str:
    """Return the SHA-256, in hexadecimal, of the seed followed by the public id in its usual 36 characters, both in UTF-8."""
    return hashlib.sha256(f"{seed}{public_id}".encode()).hexdigest()


def how_many(population: int, share: int) -> int:
    """Return how many of a population are selected at a share in thousandths, rounded up."""
    return -(-population * share // THOUSAND)


def draw(seed: str, population: Iterable[UUID], *, share: int, again: Collection[UUID] = ()) -> Lot:
    """Draw from a population. The number is the share of all of it; those selected ``again`` come beside it, outside the lot."""
    everybody = set(population)
    order = sorted(everybody - set(again), key=lambda public_id: digest(seed, public_id))
    return Lot(tuple(order), min(how_many(len(everybody), share), len(order)))
