"""Order from a seed: the same seed gives the same order on every machine and in every version of Python.

A value's place depends on the seed, the purpose and the value alone, so adding a value never reshuffles the others.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def rank(seed: str, purpose: str, value: str) -> bytes:
    """Return the sort key of ``value`` for one purpose of one seed."""
    return sha256("\x1f".join((seed, purpose, value)).encode()).digest()


def in_seeded_order(values: Iterable[T], *, seed: str, purpose: str, key: Callable[[T], str]) -> list[T]:
    """Return the values in the order that ``seed`` gives them for ``purpose``; ``key`` names a value for ever."""
    return sorted(values, key=lambda value: rank(seed, purpose, key(value)))
