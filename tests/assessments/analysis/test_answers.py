"""Options by thirds, blanks, and time spent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import question_types
from assessments.analysis.answers import (
    blank_places,
    median_seconds,
    option_figures,
    seconds_on_questions,
    thirds_of,
)
from tests.assessments.building import DEFINITIONS, NOON, SINGLE

CHOICES = question_types.asked("single_choice", SINGLE).choices()


def test_candidates_are_divided_into_thirds_by_strength() -> None:
    assert thirds_of([5, 1, 9, 3, 7, 11]) == [1, 0, 2, 0, 1, 2]


def test_equals_stand_in_one_third() -> None:
    assert thirds_of([4, 4, 4]) == [1, 1, 1]
    assert thirds_of([1, 2, 2, 2, 2, 9]) == [0, 1, 1, 1, 1, 2]
    assert thirds_of([]) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), unique=True, min_size=3, max_size=60))
def test_thirds_of_different_candidates_differ_by_one_at_most(strengths: list[int]) -> None:
    thirds = thirds_of(strengths)
    sizes = [thirds.count(third) for third in range(3)]
    assert max(sizes) - min(sizes) <= 1
    assert sorted(thirds) == [third for _strength, third in sorted(zip(strengths, thirds, strict=True))]


def test_each_options_curve_and_correlation_by_hand() -> None:
    """The three weakest choose a, c, c; the three in the middle b, b, c; the strongest b."""
    chosen = [["a"], ["c"], ["c"], ["b"], ["b"], ["c"], ["b"], ["b"], ["b"]]
    rests = [0, 0, 0, 3, 3, 3, 6, 6, 6]
    first, second, third = option_figures(CHOICES, chosen, rests, [0, 0, 0, 1, 1, 1, 2, 2, 2])
    assert (first.option, first.chosen, first.is_right) == ("a", 1, False)
    assert first.by_third == (1 / 3, 0, 0)
    assert (second.option, second.chosen, second.is_right) == ("b", 5, True)
    assert second.by_third == (0, 2 / 3, 1)
    # Covariance 9·24 - 5·27 = 81, variances 9·5 - 25 = 20 and 9·135 - 27² = 486.
    assert second.correlation == pytest.approx(81 / (20 * 486) ** 0.5)
    # The option c is partly right: marks for part of an answer make it right enough to be no distractor.
    assert (third.chosen, third.is_right, third.by_third) == (3, True, (2 / 3, 1 / 3, 0))


def test_an_option_that_nobody_or_everybody_chose_has_no_correlation() -> None:
    figures = option_figures(CHOICES, [["b"], ["b"], ["b"]], [1, 2, 3], [0, 1, 2])
    assert [one.correlation for one in figures] == [None, None, None]


def test_a_blank_answer_chooses_nothing_and_still_counts_in_its_third() -> None:
    figures = option_figures(CHOICES, [[], ["b"]], [1, 2], [2, 2])
    assert figures[1].by_third == (None, None, 0.5)


@pytest.mark.parametrize(
    ("type_name", "response", "options", "chosen"),
    [
        ("single_choice", {"option": "b"}, ["a", "b", "c"], ["b"]),
        ("multiple_response", {"options": ["a", "d"]}, ["a", "b", "c", "d"], ["a", "d"]),
        ("true_false", {"answer": False}, ["true", "false"], ["false"]),
        ("true_false", None, ["true", "false"], []),
        ("number", {"text": "24"}, [], []),
        ("short_text", {"text": "AMHP"}, [], []),
    ],
)
def test_what_can_be_chosen_and_was_is_what_the_type_says(
    type_name: str, response: Any, options: list[str], chosen: list[str]
) -> None:
    asked = question_types.asked(type_name, DEFINITIONS[type_name])
    assert [choice.id for choice in asked.choices()] == options
    assert asked.chosen(response) == chosen


def test_the_right_one_of_two_is_known() -> None:
    choices = question_types.asked("true_false", DEFINITIONS["true_false"]).choices()
    assert [choice.is_right for choice in choices] == [False, True]


def test_typed_questions_have_no_option_figures() -> None:
    assert option_figures([], [[]], [1], [0]) == []


def test_blanks_before_the_last_answer_were_left_and_after_it_not_reached() -> None:
    assert blank_places([True, False, True, False, False]) == ([1], [3, 4])
    assert blank_places([True, True]) == ([], [])
    assert blank_places([False, False]) == ([], [0, 1])


def test_time_belongs_to_the_question_saved_and_adds_up() -> None:
    def second(number: int) -> Any:
        return NOON + timedelta(seconds=number)

    events = [(second(0), None), (second(30), 1), (second(35), None), (second(50), 2), (second(60), 1)]
    assert seconds_on_questions(events) == {1: 40.0, 2: 15.0}


def test_a_clock_set_back_gives_no_time_below_nought() -> None:
    assert seconds_on_questions([(NOON, None), (NOON - timedelta(seconds=3), 1)]) == {1: 0.0}


def test_the_median_time() -> None:
    assert median_seconds([30.0, 10.0, 20.5]) == 20.5
    assert median_seconds([1.0, 2.0]) == 1.5
    assert median_seconds([]) is None


def test_answers_that_came_at_one_moment_tell_no_time_of_any_of_them() -> None:
    later = NOON + timedelta(seconds=60)
    events = [(NOON, None), (later, 1), (later, 2), (later + timedelta(seconds=5), 3)]
    assert seconds_on_questions(events) == {3: 5.0}
