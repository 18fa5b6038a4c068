"""What the marks say of each item and of the test: one pass over the marks for their sums, then arithmetic on the sums.

Where Moodle's quiz statistics have a figure, ours is defined as theirs (docs.moodle.org/dev/Quiz_statistics_calculations), as a
fraction and not per cent. Where marks are missing, ``columns`` says what is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from assessments.analysis.columns import Column, Marks, in_largest_units
from assessments.analysis.moments import Moments, moments, product_moment, root

# Below this many candidates chance moves the figures more than the questions do.
FEW = 30


@dataclass(frozen=True)
class ItemFigures:
    """One item. ``count`` candidates have a mark; what is not defined is None.

    - facility: the mean mark as a fraction of the largest mark (Moodle's facility index; the p-value where marks are 0 and 1);
    - sd: the standard deviation of the marks with n - 1, in marks;
    - intended_weight: its largest mark as a fraction of the sum of all largest marks;
    - effective_weight: the root of the covariance of item and total, as a fraction of the sum of these roots (Moodle). An item whose
      covariance is negative has none, and adds none to the sum; one whose marks do not vary has the weight 0;
    - discrimination: the correlation of the item with the rest of the test, the total without it (Henrysson 1963, 'Correction of
      item-total correlations in item analysis'; Moodle's discrimination index);
    - discriminative_efficiency: the covariance of item and rest, divided by the largest covariance the same marks could have, that of
      both sorted (Moodle);
    - alpha_if_deleted: Cronbach's alpha of the test without the item.
    """

    name: str
    count: int
    facility: float | None
    sd: float | None
    intended_weight: float | None
    effective_weight: float | None
    discrimination: float | None
    discriminative_efficiency: float | None
    alpha_if_deleted: float | None


@dataclass(frozen=True)
class Strengths:
    """How strong each candidate is: the sum of their marks as distances from the items' means, in units of the marks times ``scale``."""

    of: tuple[int, ...]
    scale: int


@dataclass(frozen=True)
class WholeFigures:
    """A whole test. Totals, mean, median, sd and standard error are in marks; a missing mark adds nothing to a total.

    - alpha: Cronbach (1951, 'Coefficient alpha and the internal structure of tests'), Moodle's coefficient of internal consistency,
      reckoned as k c / (v + (k - 1) c) from the mean variance v of an item, the mean covariance c of two items and the length k. Both
      means are over all the marks, or pairs of marks, that one candidate has; with no mark missing this is the usual formula;
    - error_ratio: the root of 1 - alpha, the share of the deviation of totals that is error;
    - standard_error: of measurement, in marks: error_ratio times sd.

    """

    candidates: int
    items: tuple[ItemFigures, ...]
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    alpha: float | None
    error_ratio: float | None
    standard_error: float | None

    @property
    def is_few(self) -> bool:
        return self.candidates < FEW


@dataclass(frozen=True)
class _Sums:
    """Of one column: n, Σx, Σx², and with the strengths D and the rests R = D - d: ΣD, ΣxD, ΣR, ΣR², ΣxR, and ΣxR with both sorted."""

    n: int
    x: int
    xx: int
    shift: int
    d: int
    xd: int
    r: int
    rr: int
    xr: int
    sorted_xr: int
    others: int

    @property
    def variance(self) -> int:
        """Over n(n - 1)."""
        return self.n * self.xx - self.x**2

    @property
    def covariance_with_total(self) -> int:
        return self.n * self.xd - self.x * self.d

    @property
    def covariance_with_rest(self) -> int:
        return self.n * self.xr - self.x * self.r


def analyse(given: Marks) -> WholeFigures:
    """Return every figure of a test. Ten thousand candidates and a hundred items take seconds; marks are never made floats."""
    marks = in_largest_units(given)
    totals, sizes = [0] * marks.candidates, [0] * marks.candidates
    for column in marks.columns:
        for number, mark in zip(column.who, column.marks, strict=True):
            totals[number] += mark
            sizes[number] += 1
    strengths = strengths_of(marks)
    sums = [_sums(column, strengths, sizes) for column in marks.columns]
    spread = moments(totals)
    consistency = _Consistency(sums, strengths, sizes, is_drawn=marks.is_drawn)
    alpha = consistency.alpha()
    return WholeFigures(
        candidates=marks.candidates,
        items=_item_figures(marks, sums, strengths.scale, consistency),
        mean=None if spread.mean is None else float(spread.mean / marks.unit),
        median=None if spread.median is None else float(spread.median / marks.unit),
        sd=None if spread.variance is None else root(spread.variance / marks.unit**2),
        skewness=spread.skewness,
        kurtosis=spread.kurtosis,
        alpha=_as_float(alpha),
        error_ratio=root(1 - alpha) if alpha is not None and alpha <= 1 else None,
        standard_error=_standard_error(alpha, spread, marks.unit),
    )


def strengths_of(marks: Marks) -> Strengths:
    """Return what candidates are ordered by and held against; ``marks`` in the unit in which their items are looked at."""
    # Means have these denominators, so distances from them times this number are whole.
    scale = lcm(*{len(column.marks) for column in marks.columns if column.marks}, 1)
    away = [0] * marks.candidates
    for column in marks.columns:
        shift = _shift(column, scale)
        for number, mark in zip(column.who, column.marks, strict=True):
            away[number] += scale * mark - shift
    return Strengths(tuple(away), scale)


def rests(column: Column, strengths: Strengths) -> list[int]:
    """Return the rest of the test of each candidate of a column, in the order of ``who``: their strength without the item."""
    shift, scale, known = _shift(column, strengths.scale), strengths.scale, strengths.of
    return [known[number] - scale * mark + shift for number, mark in zip(column.who, column.marks, strict=True)]


def _shift(column: Column, scale: int) -> int:
    """Return the item's mean times the scale."""
    return sum(column.marks) * (scale // len(column.marks)) if column.marks else 0


def _sums(column: Column, strengths: Strengths, sizes: Sequence[int]) -> _Sums:
    marks = column.marks
    totals = [strengths.of[number] for number in column.who]
    rest = rests(column, strengths)
    return _Sums(
        n=len(marks),
        x=sum(marks),
        xx=sum(mark * mark for mark in marks),
        shift=_shift(column, strengths.scale),
        d=sum(totals),
        xd=sum(mark * total for mark, total in zip(marks, totals, strict=True) if mark),
        r=sum(rest),
        rr=sum(one * one for one in rest),
        xr=sum(mark * one for mark, one in zip(marks, rest, strict=True) if mark),
        sorted_xr=sum(mark * one for mark, one in zip(sorted(marks), sorted(rest), strict=True) if mark),
        others=sum(sizes[number] - 1 for number in column.who),
    )


class _Consistency:
    """Cronbach's alpha of the whole test and without one item, from sums over what candidates have."""

    def __init__(self, sums: Sequence[_Sums], strengths: Strengths, sizes: Sequence[int], *, is_drawn: bool) -> None:
        self._scale = scale = strengths.scale
        self._candidates, self._is_drawn = len(sizes), is_drawn
        self._items = sum(1 for one in sums if one.n)
        self._marks = sum(one.n for one in sums)
        self._pairs = sum(size * (size - 1) for size in sizes)
        self._variance = sum((self._within(one) for one in sums), Fraction(0))
        self._both = Fraction(sum(one * one for one in strengths.of), scale**2) - self._variance

    def alpha(self) -> Fraction | None:
        return _alpha(self._length(self._marks, self._items), self._variance, self._marks, self._both, self._pairs)

    def alpha_without(self, one: _Sums) -> Fraction | None:
        within = self._within(one)
        # Σ D d, the item's part of every candidate's strength.
        shared = Fraction(self._scale * one.xd - one.shift * one.d, self._scale**2)
        marks = self._marks - one.n
        return _alpha(
            self._length(marks, self._items - 1),
            self._variance - within,
            marks,
            self._both - 2 * (shared - within),
            self._pairs - 2 * one.others,
        )

    def _length(self, marks: int, items: int) -> Fraction:
        return Fraction(marks, self._candidates) if self._is_drawn and self._candidates else Fraction(items)

    @staticmethod
    def _within(one: _Sums) -> Fraction:
        """Return the sum of squared distances of an item's marks from their mean."""
        return Fraction(one.variance, one.n) if one.n else Fraction(0)


def _alpha(length: Fraction, variance: Fraction, marks: int, both: Fraction, pairs: int) -> Fraction | None:
    if length <= 1 or not marks or not pairs:
        return None
    mean_variance, mean_covariance = variance / marks, both / pairs
    whole = mean_variance + (length - 1) * mean_covariance
    return length * mean_covariance / whole if whole > 0 else None


def _item_figures(
    marks: Marks, sums: Sequence[_Sums], scale: int, consistency: _Consistency
) -> tuple[ItemFigures, ...]:
    roots = [_root_of_covariance(one, scale) for one in sums]
    all_roots = sum(one for one in roots if one)
    all_maxima = sum(column.maximum for column in marks.columns)
    figures = []
    for column, one, covariance in zip(marks.columns, sums, roots, strict=True):
        whole = Fraction(one.n * (one.n - 1))
        largest = one.n * one.sorted_xr - one.x * one.r
        figures.append(
            ItemFigures(
                name=column.name,
                count=one.n,
                facility=float(Fraction(one.x, one.n * column.maximum)) if one.n and column.maximum else None,
                sd=root(one.variance / whole / marks.unit**2) if whole else None,
                intended_weight=float(Fraction(column.maximum, all_maxima)) if all_maxima else None,
                effective_weight=None if covariance is None or not all_roots else covariance / all_roots,
                discrimination=product_moment(one.covariance_with_rest, one.variance, one.n * one.rr - one.r**2),
                discriminative_efficiency=float(Fraction(one.covariance_with_rest, largest)) if largest else None,
                alpha_if_deleted=_as_float(consistency.alpha_without(one)) if one.n else None,
            )
        )
    return tuple(figures)


def _root_of_covariance(one: _Sums, scale: int) -> float | None:
    """Return the root of the covariance of item and total, None where it is negative or not defined."""
    if one.n < 2 or one.covariance_with_total < 0:
        return None
    return root(Fraction(one.covariance_with_total, one.n * (one.n - 1) * scale))


def _standard_error(alpha: Fraction | None, spread: Moments, unit: int) -> float | None:
    if alpha is None or alpha > 1 or spread.variance is None:
        return None
    return root((1 - alpha) * spread.variance / unit**2)


def _as_float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
