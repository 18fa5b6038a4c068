"""What holds at the pass mark: how many pass, between what bounds, and how sure the decision on each candidate is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import ceil, exp, fsum, lgamma, log, log1p, sqrt

# Of the normal distribution: 95 of a hundred lie so many deviations from the middle.
WITHIN_95 = 1.959963984540054
# Beyond so many effective questions decisions differ by less than the estimate does, and sums grow long.
MOST_QUESTIONS = 1000


def wilson_interval(passed: int, candidates: int, *, within: float = WITHIN_95) -> tuple[float, float] | None:
    """Return the bounds between which a share lies, 95 per cent unless said; None without candidates.

    Wilson (1927, 'Probable inference, the law of succession, and statistical inference'): never below 0 or above 1, and not a point
    where everybody passes.
    """
    if not candidates:
        return None
    share, square = passed / candidates, within * within
    middle = share + square / (2 * candidates)
    reach = within * sqrt(share * (1 - share) / candidates + square / (4 * candidates**2))
    whole = 1 + square / candidates
    # Rounding must not carry a bound past what a share can be.
    low = 0.0 if passed == 0 else max(0.0, (middle - reach) / whole)
    high = 1.0 if passed == candidates else min(1.0, (middle + reach) / whole)
    return low, high


def effective_length(mean: Fraction, variance: Fraction, reliability: Fraction) -> int | None:
    """Return how many right-or-wrong questions of equal difficulty would give scores of this reliability: 1 to 1,000.

    Livingston and Lewis (1995, 'Estimating the consistency and accuracy of classifications based on test scores'); mean and variance of
    the candidates' shares of full marks. It equals the number of questions where reliability is Kuder and Richardson's formula 21. None
    where scores do not vary, or are without any reliability or without error.
    """
    if not variance or not 0 < reliability < 1:
        return None
    length = (mean * (1 - mean) - reliability * variance) / (variance * (1 - reliability))
    return min(MOST_QUESTIONS, max(1, round(length)))


def decision_consistency(
    shares: Sequence[Fraction], *, reliability: Fraction | None, pass_share: Fraction
) -> float | None:
    """Return the share of candidates who would be decided on alike, passed or not, by a second test like this one; None where undefined.

    Subkoviak's coefficient of agreement (1976, 'Estimating reliability from a single administration of a mastery test'): each
    candidate's true share is their own drawn towards the mean by the reliability, their scores are binomial around it, and two tests
    agree with the chance P² + (1 - P)² for the chance P to pass. Its number of questions is the effective length of Livingston and
    Lewis, so that marks for part of an answer are taken for what they are. ``shares`` of full marks lie between 0 and 1.
    """
    if reliability is None or len(shares) < 2:
        return None
    count = len(shares)
    mean = sum(shares, Fraction(0)) / count
    variance = sum(((share - mean) ** 2 for share in shares), Fraction(0)) / (count - 1)
    length = effective_length(mean, variance, reliability)
    if length is None:
        return None
    needed = ceil(pass_share * length)
    agreed = []
    for share, how_many in Counter(shares).items():
        true_share = reliability * share + (1 - reliability) * mean
        passing = _chance_of_at_least(needed, length, min(1.0, max(0.0, float(true_share))))
        agreed.append(how_many * (passing**2 + (1 - passing) ** 2))
    return fsum(agreed) / count


def _chance_of_at_least(needed: int, length: int, chance: float) -> float:
    """Return the binomial chance of so many of ``length`` or more, each with ``chance``."""
    if chance in (0.0, 1.0):
        return float(needed <= length * chance)
    ways = (lgamma(length + 1) - lgamma(right + 1) - lgamma(length - right + 1) for right in range(needed, length + 1))
    right, wrong = log(chance), log1p(-chance)
    return min(1.0, fsum(exp(way + n * right + (length - n) * wrong) for n, way in enumerate(ways, start=needed)))
