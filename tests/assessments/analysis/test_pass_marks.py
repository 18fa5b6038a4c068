"""How many pass, and how sure the decision is."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.analysis.items import analyse
from assessments.analysis.pass_marks import MOST_QUESTIONS, decision_consistency, effective_length, wilson_interval
from tests.assessments.analysis.matrices import matrix

HALF = Fraction(1, 2)


def test_a_share_lies_between_wilsons_bounds() -> None:
    """With z = 2, a half of four: (1/2 + 1/2 ± 2 √(1/16 + 1/16)) / 2."""
    low, high = wilson_interval(2, 4, within=2.0) or (0, 0)
    assert (low, high) == pytest.approx((HALF - 2**-0.5 / 2, HALF + 2**-0.5 / 2))


def test_the_bounds_of_none_and_of_all_reach_the_end_and_no_further() -> None:
    low, high = wilson_interval(0, 10) or (1, 1)
    assert (low, high) == (0.0, pytest.approx(0.2775328))
    low, high = wilson_interval(10, 10) or (1, 1)
    assert (low, high) == (pytest.approx(1 - 0.2775328), 1.0)


def test_without_candidates_there_are_no_bounds() -> None:
    assert wilson_interval(0, 0) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10_000), st.data())
def test_a_share_lies_within_its_bounds(candidates: int, data: st.DataObject) -> None:
    passed = data.draw(st.integers(0, candidates))
    low, high = wilson_interval(passed, candidates) or (2, -1)
    assert 0 <= low <= passed / candidates <= high <= 1


def test_decisions_on_a_short_test_by_hand() -> None:
    """Shares 1, 1/2, 1/2, 0, reliability 1/2: variance 1/6, mean 1/2, so an effective length of (1/4 - 1/12) / (1/12) = 2.

    True shares are 3/4, 1/2, 1/2, 1/4. To pass takes both of two: 9/16, 1/4, 1/4 and 1/16. Agreement: 130/256, 5/8, 5/8, 226/256.
    """
    shares = [Fraction(1), HALF, HALF, Fraction(0)]
    found = decision_consistency(shares, reliability=HALF, pass_share=Fraction(3, 4))
    assert found == pytest.approx((130 / 256 + 5 / 8 + 5 / 8 + 226 / 256) / 4, rel=1e-12)


def test_the_effective_length_of_a_test_as_reliable_as_formula_21_is_its_own() -> None:
    """Livingston and Lewis: with right-or-wrong questions of equal difficulty nothing changes, and Subkoviak's own binomial remains."""
    for length, mean, variance in (
        (10, Fraction(6), Fraction(5)),
        (40, Fraction(29), Fraction(30)),
        (25, Fraction(18), Fraction(9)),
    ):
        formula_21 = Fraction(length, length - 1) * (1 - mean * (length - mean) / (length * variance))
        assert effective_length(mean / length, variance / length**2, formula_21) == length


def test_the_effective_length_is_at_least_one_and_at_most_a_thousand() -> None:
    assert effective_length(HALF, Fraction(1, 4), Fraction(99, 100)) == 1
    assert effective_length(HALF, Fraction(1, 10**6), Fraction(1, 10**6)) == MOST_QUESTIONS


@pytest.mark.parametrize("reliability", [None, Fraction(0), Fraction(-1, 2), Fraction(1)])
def test_without_a_reliability_between_nought_and_one_it_is_not_defined(reliability: Fraction | None) -> None:
    assert decision_consistency([HALF, Fraction(1)], reliability=reliability, pass_share=HALF) is None


def test_one_candidate_or_equal_candidates_are_not_decided_on() -> None:
    assert decision_consistency([HALF], reliability=HALF, pass_share=HALF) is None
    assert decision_consistency([HALF, HALF], reliability=HALF, pass_share=HALF) is None


def test_where_nothing_is_needed_everybody_passes_twice() -> None:
    assert decision_consistency([HALF, Fraction(1)], reliability=HALF, pass_share=Fraction(0)) == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 20).map(lambda right: Fraction(right, 20)), min_size=2, max_size=30),
    st.integers(1, 19).map(lambda number: Fraction(number, 20)),
    st.integers(0, 20).map(lambda right: Fraction(right, 20)),
)
def test_agreement_is_the_mean_of_exact_binomials(
    shares: list[Fraction], reliability: Fraction, pass_share: Fraction
) -> None:
    found = decision_consistency(shares, reliability=reliability, pass_share=pass_share)
    mean = sum(shares) / len(shares)
    variance = sum((share - mean) ** 2 for share in shares) / (len(shares) - 1)
    if not variance:
        assert found is None
        return
    length = effective_length(mean, variance, reliability) or 0
    needed = -(-pass_share * length // 1)
    agreed = []
    for share in shares:
        p = reliability * share + (1 - reliability) * mean
        passing = sum(
            comb(length, right) * p**right * (1 - p) ** (length - right) for right in range(int(needed), length + 1)
        )
        agreed.append(passing**2 + (1 - passing) ** 2)
    assert found == pytest.approx(float(sum(agreed) / len(agreed)), rel=1e-9)
    assert found is not None
    assert 0.5 - 1e-12 <= found <= 1


def test_a_reliable_test_decides_more_surely_than_the_same_scores_of_chance() -> None:
    rows = [[1] * right + [0] * (10 - right) for right in (1, 2, 4, 5, 6, 7, 8, 9, 9, 10)]
    alpha = Fraction(analyse(matrix(rows)).alpha or 0)
    shares = [Fraction(sum(row), 10) for row in rows]
    sure = decision_consistency(shares, reliability=alpha, pass_share=Fraction(7, 10))
    unsure = decision_consistency(shares, reliability=alpha / 4, pass_share=Fraction(7, 10))
    assert sure is not None
    assert unsure is not None
    assert sure > unsure
