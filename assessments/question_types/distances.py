"""What a judgement earns by its distance from the key: ratings one by one, an order as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def worth_of_rating(rating: Fraction | int, key: Fraction, top: int) -> Fraction:
    """Return 1 − distance ÷ the largest distance there could be from that key, on a scale from 1 to ``top``."""
    return 1 - abs(rating - key) / max(key - 1, top - key)


def farthest_order(number: int) -> int:
    """Return the largest sum of distances between two orders: half of n², rounded down (Spearman's footrule)."""
    return number**2 // 2


def worth_of_order(keys: Sequence[Fraction]) -> Fraction:
    """Return what an order earns: 1 − the sum of distances ÷ the largest. ``keys`` are the right places in the order given."""
    distance = sum((abs(place - key) for place, key in enumerate(keys, start=1)), Fraction(0))
    return 1 - distance / farthest_order(len(keys))


def key_of_worths(worths: Sequence[Fraction]) -> Fraction | None:
    """Return the key from which each rating is worth this, the worst rating first; None where there is no such key."""
    top = len(worths)
    if top < 2:
        return None
    below, above = 1 - worths[0], 1 - worths[-1]
    # The rating farthest from the key is worth nothing, the other end what its distance leaves.
    key = (top + above) / (1 + above) if below == 1 else (1 + below * top) / (1 + below) if above == 1 else None
    if key is None or not 1 <= key <= top:
        return None
    fits = all(worth_of_rating(rating, key, top) == worth for rating, worth in enumerate(worths, start=1))
    return key if fits else None
