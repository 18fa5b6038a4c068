"""The arithmetic of standard setting: pure values in and out, no database. Ratings are percentages, judges by rows, questions by columns.

Modified Angoff (W. H. Angoff, in R. L. Thorndike, *Educational Measurement*, 2nd ed. 1971): each judge states for each question the chance
that a just-passing candidate answers it right; a judge's cut is the mean over questions, the panel's the mean over judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import floor, sqrt
from statistics import fmean, stdev

FEWEST_JUDGES, WISE_JUDGES = 2, 5
# Two-sided 95 per cent points of Student's t by degrees of freedom, 1 to 30; beyond, the normal one.
T95 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
NORMAL95 = 1.960

Ratings = Sequence[Sequence[float]]


@dataclass(frozen=True)
class ItemFigures:
    """How the judges rated one question: mean, lowest, highest; ``sd`` with n-1, None for one judge."""

    mean: float
    least: float
    most: float
    sd: float | None


@dataclass(frozen=True)
class Figures:
    """What a round came to, in per cent of full marks. None is undefined, never 0.

    ``standard_error`` is that of the mean over judges (SD of their cuts by the root of their number); the interval is the cut give
    or take Student's t times it, within 0 and 100. ``difference`` is the mean absolute difference between two judges of a question.
    """

    judge_cuts: tuple[float, ...]
    cut: float
    sd: float | None
    standard_error: float | None
    interval: tuple[float, float] | None
    difference: float | None
    icc_single: float | None
    icc_average: float | None
    items: tuple[ItemFigures, ...]

    @property
    def judges(self) -> int:
        return len(self.judge_cuts)

    @property
    def has_few_judges(self) -> bool:
        """About ten judges make a cut stable; with fewer than five it is a hint."""
        return self.judges < WISE_JUDGES

    @property
    def pass_percent(self) -> int:
        """The cut as a whole percentage, a half rounded up."""
        return floor(self.cut + 0.5)


def figures_of(ratings: Ratings) -> Figures:
    """Return the figures of a round in which every judge rated every question; refuse an empty or ragged table."""
    if not ratings or not ratings[0] or len({len(row) for row in ratings}) != 1:
        raise ValueError("Every judge rates every question, and there is one of each at least.")
    cuts = [fmean(row) for row in ratings]
    cut = fmean(cuts)
    sd = stdev(cuts) if len(cuts) > 1 else None
    error = None if sd is None else sd / sqrt(len(cuts))
    columns = list(zip(*ratings, strict=True))
    single, average = intraclass(columns)
    return Figures(
        judge_cuts=tuple(cuts),
        cut=cut,
        sd=sd,
        standard_error=error,
        interval=None if error is None else _interval(cut, error, len(cuts)),
        difference=_difference(columns),
        icc_single=single,
        icc_average=average,
        items=tuple(
            ItemFigures(fmean(column), min(column), max(column), stdev(column) if len(column) > 1 else None)
            for column in columns
        ),
    )


def intraclass(targets: Ratings) -> tuple[float | None, float | None]:
    """Return ICC(2,1) and ICC(2,k), two-way random, absolute agreement (P. E. Shrout and J. L. Fleiss, Psychological Bulletin 86, 1979).

    ``targets`` are what is rated, by rows, with one rating of each judge. None where there are fewer than two of either, or nothing varies.
    """
    n, k = len(targets), len(targets[0]) if targets else 0
    if n < 2 or k < 2:
        return None, None
    mean = fmean(value for row in targets for value in row)
    of_targets = [fmean(row) for row in targets]
    of_judges = [fmean(column) for column in zip(*targets, strict=True)]
    between = k * sum((value - mean) ** 2 for value in of_targets) / (n - 1)
    judges = n * sum((value - mean) ** 2 for value in of_judges) / (k - 1)
    rest = sum(
        (value - of_targets[row] - of_judges[column] + mean) ** 2
        for row, values in enumerate(targets)
        for column, value in enumerate(values)
    ) / ((n - 1) * (k - 1))
    single = between + (k - 1) * rest + k * (judges - rest) / n
    average = between + (judges - rest) / n
    tiny = 1e-12
    return (
        (between - rest) / single if abs(single) > tiny else None,
        (between - rest) / average if abs(average) > tiny else None,
    )


def hofstee(
    scores: Sequence[float], *, marks: tuple[float, float], fails: tuple[float, float]
) -> tuple[float, float] | None:
    """Return the compromise (pass mark, share of fails) in per cent, or None where the observed curve does not meet the acceptable.

    W. K. B. Hofstee, in *On Educational Testing* (1983): the line from (lowest mark, most fails) to (highest mark, fewest fails) is cut
    by the share of candidates below each mark. ``scores`` are in per cent. Searched in tenths of a per cent.
    """
    (least, most), (fewest, highest) = marks, fails
    if not scores or not least < most:
        return None
    was_below = False
    for tenth in range(round(least * 10), round(most * 10) + 1):
        mark = tenth / 10
        observed = 100 * sum(score < mark for score in scores) / len(scores)
        acceptable = highest + (fewest - highest) * (mark - least) / (most - least)
        if observed >= acceptable:
            return (mark, observed) if was_below or observed == acceptable else None
        was_below = True
    return None


def _interval(cut: float, error: float, judges: int) -> tuple[float, float]:
    factor = T95[judges - 2] if judges - 2 < len(T95) else NORMAL95
    return max(0.0, cut - factor * error), min(100.0, cut + factor * error)


def _difference(columns: Ratings) -> float | None:
    apart = [abs(one - other) for column in columns for one, other in combinations(column, 2)]
    return fmean(apart) if apart else None
