"""The arithmetic of a result, to the millionth."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.marking import MarkedItem, mark_items
from assessments.models import Outcome

FULL = 1_000_000


def items(*fractions: int | None, must_pass: str = "") -> list[MarkedItem]:
    return [MarkedItem(fraction, must_pass) for fraction in fractions]


def test_a_score_is_the_mean_in_millionths_rounded_half_up() -> None:
    mark = mark_items(items(FULL, FULL, 0), pass_percent=60, must_pass=False)
    assert mark is not None
    assert (mark.score, mark.outcome, mark.fractions) == (666_667, Outcome.PASSED, (FULL, FULL, 0))


def test_a_score_that_only_rounds_to_the_pass_mark_does_not_pass() -> None:
    mark = mark_items(items(FULL, FULL, FULL, 199_999), pass_percent=80, must_pass=False)
    assert mark is not None
    assert mark.score == 800_000
    assert mark.outcome == Outcome.FAILED


@pytest.mark.parametrize(
    ("percent", "outcome"), [(80, Outcome.PASSED), (81, Outcome.FAILED), (None, Outcome.COMPLETED)]
)
def test_the_pass_mark_itself_passes(percent: int | None, outcome: str) -> None:
    mark = mark_items(items(FULL, FULL, FULL, FULL, 0), pass_percent=percent, must_pass=False)
    assert mark is not None
    assert mark.outcome == outcome


def test_a_must_pass_question_needs_full_marks_and_only_where_the_rule_holds() -> None:
    partly = [*items(FULL, FULL), MarkedItem(900_000, "rule")]
    strict = mark_items(partly, pass_percent=50, must_pass=True)
    loose = mark_items(partly, pass_percent=50, must_pass=False)
    assert strict is not None
    assert loose is not None
    assert (strict.outcome, strict.failed_rules) == (Outcome.FAILED, ("rule",))
    assert (loose.outcome, loose.failed_rules) == (Outcome.PASSED, ())


def test_a_neutral_must_pass_question_fails_nobody() -> None:
    mark = mark_items([*items(FULL), MarkedItem(0, "rule", is_neutral=True)], pass_percent=100, must_pass=True)
    assert mark is not None
    assert (mark.outcome, mark.fractions) == (Outcome.PASSED, (FULL, None))


def in_sections(law: list[int], records: list[int]) -> list[MarkedItem]:
    return [MarkedItem(one, section="Law") for one in law] + [MarkedItem(one, section="Records") for one in records]


@pytest.mark.parametrize(
    ("law", "records", "percent", "outcome", "failed"),
    [
        ([FULL, 0], [FULL, FULL], 50, Outcome.PASSED, ()),
        ([0, 0], [FULL, FULL], 50, Outcome.FAILED, ("Law",)),
        ([499_999, 500_000], [FULL, FULL], 50, Outcome.FAILED, ("Law",)),
        ([FULL, 0], [0, 0], 50, Outcome.FAILED, ()),
        ([0, 0], [0, 0], 0, Outcome.FAILED, ("Law",)),
        ([FULL, 0], [FULL, 0], 80, Outcome.FAILED, ()),
    ],
)
def test_a_section_below_its_least_fails_and_a_good_section_makes_up_for_nothing(
    law: list[int], records: list[int], percent: int, outcome: str, failed: tuple[str, ...]
) -> None:
    least = {"Law": 50, "Records": None}
    mark = mark_items(in_sections(law, records), pass_percent=percent, must_pass=False, least=least)
    assert mark is not None
    assert (mark.outcome, mark.failed_sections) == (outcome, failed)


def test_every_rule_that_was_missed_is_named() -> None:
    items = [MarkedItem(0, "rule", section="Law"), *in_sections([], [FULL, FULL, FULL])]
    mark = mark_items(items, pass_percent=75, must_pass=True, least={"Law": 50, "Records": 50})
    assert mark is not None
    assert (mark.outcome, mark.failed_rules, mark.failed_sections) == (Outcome.FAILED, ("rule",), ("Law",))


def test_questions_weigh_in_their_section_what_they_carry() -> None:
    items = [MarkedItem(0, section="Law"), MarkedItem(FULL, max_mark=Fraction(3), section="Law")]
    mark = mark_items(items, pass_percent=0, must_pass=False, least={"Law": 75})
    assert mark is not None
    assert (mark.score, mark.failed_sections) == (750_000, ())


def test_a_section_taken_out_whole_fails_nobody() -> None:
    items = [MarkedItem(0, is_neutral=True, section="Law"), MarkedItem(FULL, section="Records")]
    mark = mark_items(items, pass_percent=50, must_pass=False, least={"Law": 90, "Records": 90})
    assert mark is not None
    assert (mark.outcome, mark.failed_sections) == (Outcome.PASSED, ())


def test_an_item_that_waits_for_a_person_leaves_the_attempt_unmarked() -> None:
    assert mark_items(items(FULL, None), pass_percent=50, must_pass=False) is None


@given(st.lists(st.integers(0, FULL), min_size=1, max_size=40), st.integers(0, 100))
def test_more_marks_never_turn_a_pass_into_a_failure(fractions: list[int], percent: int) -> None:
    before = mark_items(items(*fractions), pass_percent=percent, must_pass=False)
    better = mark_items(items(FULL, *fractions[1:]), pass_percent=percent, must_pass=False)
    assert before is not None
    assert better is not None
    assert 0 <= before.score <= better.score <= FULL
    assert before.outcome == Outcome.FAILED or better.outcome == Outcome.PASSED
