"""Shares of full marks as other systems write them: per cent, with thirds and the like rounded, read back exactly."""

from __future__ import annotations

from fractions import Fraction

from assessments.question_types.rational import to_text

# What Moodle lets a share be (its list of grades); it refuses any other.
MOODLE_GRADES = frozenset(
    Fraction(*pair)
    for pair in (
        (1, 1), (9, 10), (5, 6), (4, 5), (3, 4), (7, 10), (2, 3), (3, 5), (1, 2), (2, 5), (1, 3), (3, 10), (1, 4), (1, 5),
        (1, 6), (1, 7), (1, 8), (1, 9), (1, 10), (1, 20), (0, 1),
    )
)  # fmt: skip
_ROUNDED = (3, 6, 7, 9)
_LARGEST_SLIP = Fraction(5, 100_000)


def exact_share(share: Fraction) -> Fraction:
    """Return the share a rounded one stands for: 0.33333 is a third, 0.16667 a sixth; any other stays as it is.

    Only a share with at least four figures after the point is taken for a rounded one.
    """
    if (share * 1000).denominator == 1:
        return share
    for parts in _ROUNDED:
        near = Fraction(round(share * parts), parts)
        if abs(near - share) < _LARGEST_SLIP:
            return near
    return share


def share_of(percent: str) -> Fraction:
    """Return the share that a percentage says; raises ``ValueError``."""
    if len(percent) > 40:
        raise ValueError(percent[:40])
    return exact_share(Fraction(percent.strip()) / 100)


def percent_of(share: Fraction) -> str:
    """Return a share as per cent with five decimals at most, as Moodle writes it."""
    hundredfold = share * 100
    text = to_text(hundredfold)
    if "/" in text or len(text.partition(".")[2]) > 5:
        text = f"{float(hundredfold):.5f}".rstrip("0").rstrip(".")
    return text


def is_kept(share: Fraction) -> bool:
    """Return whether a share comes back exactly from ``percent_of``."""
    return share_of(percent_of(share)) == share
