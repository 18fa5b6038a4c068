"""Means, deviations and correlations from exact sums. What is not defined is None, never nought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt


def root(square: Fraction) -> float:
    return sqrt(square)


def signed_root(ratio: Fraction, square: Fraction) -> float:
    """Return ``ratio`` divided by the root of ``square``: one rounding of an exact value, so that a perfect relation is 1.0."""
    size = sqrt(ratio * ratio / square)
    return -size if ratio < 0 else size


def product_moment(covariance: int, first: int, second: int) -> float | None:
    """Return Pearson's correlation from a covariance and two variances over the same number; None where one does not vary."""
    return signed_root(Fraction(covariance), Fraction(first * second)) if first and second else None


@dataclass(frozen=True)
class Moments:
    """What the totals of a test come to, in the unit of the totals. Deviation with n - 1; skewness and kurtosis by k-statistics.

    k2, k3 and k4 are the unbiased estimates of the first cumulants (Fisher 1929, 'Moments and product moments of sampling
    distributions'); skewness is k3 / k2^(3/2) and needs three candidates, kurtosis k4 / k2^2 and needs four: nought for a normal
    distribution. Moodle's quiz statistics have the same; R calls them type 2.
    """

    count: int
    mean: Fraction | None
    median: Fraction | None
    variance: Fraction | None
    skewness: float | None
    kurtosis: float | None


def moments(totals: Sequence[int]) -> Moments:
    """Return the moments of whole numbers, exactly until the last root."""
    count = len(totals)
    if not count:
        return Moments(0, None, None, None, None, None)
    first = sum(totals)
    # Distances times the count are whole numbers, so that the sums of their powers are exact.
    away = [count * total - first for total in totals]
    squares = [distance * distance for distance in away]
    second = Fraction(sum(squares), count**2)
    variance = second / (count - 1) if count > 1 else None
    skewness = kurtosis = None
    if variance and count > 2:
        third = Fraction(sum(d * s for d, s in zip(away, squares, strict=True)), count**3)
        skewness = signed_root(count * third / ((count - 1) * (count - 2)), variance**3)
    if variance and count > 3:
        fourth = Fraction(sum(square * square for square in squares), count**4)
        k4 = count * (count + 1) * fourth - 3 * (count - 1) * second**2
        kurtosis = float(k4 / ((count - 1) * (count - 2) * (count - 3)) / variance**2)
    return Moments(count, Fraction(first, count), middle(totals), variance, skewness, kurtosis)


def middle(numbers: Sequence[int]) -> Fraction | None:
    """Return the median: the middle number, or half way between the two in the middle."""
    if not numbers:
        return None
    ordered, half = sorted(numbers), len(numbers) // 2
    return Fraction(ordered[half]) if len(numbers) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)
