"""What a trainer reads of the whole test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessments.analysis import readings
from assessments.analysis.items import analyse
from tests.assessments.analysis.matrices import matrix

FIGURES = analyse(matrix([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "Only 0 candidates: treat as a hint."),
        (1, "Only 1 candidate: treat"),
        (18, "Only 18 candidates: treat as a hint."),
        (30, ""),
    ],
)
def test_small_numbers_carry_a_warning(count: int, words: str) -> None:
    assert readings.few_candidates(count) == words or (words and words in readings.few_candidates(count))


@pytest.mark.parametrize(
    ("alpha", "words"),
    [
        (0.9, "enough for a promotion exam"),
        (0.79, "Enough for a course test. For a promotion exam, look for 0.90."),
        (0.7, "Enough for a course test"),
        (0.69, "Low"),
        (0.0, "Low"),
        (-0.87, "Check the keys"),
        (None, "Alpha needs two questions"),
    ],
)
def test_alpha_is_read(alpha: float | None, words: str) -> None:
    assert words in readings.reading_of_alpha(alpha)


def test_the_error_is_read_in_marks() -> None:
    assert "within 0.6 marks" in readings.reading_of_error(FIGURES)
    assert readings.reading_of_error(replace(FIGURES, standard_error=None)) == "The standard error needs alpha."


@pytest.mark.parametrize(
    ("ratio", "words"), [(0.5, "50% of"), (1.37, "More error than difference"), (None, "needs alpha")]
)
def test_the_error_ratio_is_read(ratio: float | None, words: str) -> None:
    assert words in readings.reading_of_error_ratio(ratio)


@pytest.mark.parametrize(
    ("skewness", "words"), [(-0.5, "Most score high"), (0.5, "Most score low"), (0.1, "evenly"), (None, "needs three")]
)
def test_the_shape_is_read(skewness: float | None, words: str) -> None:
    assert words in readings.reading_of_shape(replace(FIGURES, skewness=skewness))


@pytest.mark.parametrize(("sd", "words"), [(0.1, "close together"), (1.0, "apart enough"), (None, "needs two")])
def test_the_spread_is_read(sd: float | None, words: str) -> None:
    assert words in readings.reading_of_spread(replace(FIGURES, sd=sd), full=3)


@pytest.mark.parametrize(
    ("consistency", "words"),
    [(0.93, "alike on nearly everybody"), (0.82, "otherwise on 18%"), (None, "needs a pass mark")],
)
def test_the_consistency_is_read(consistency: float | None, words: str) -> None:
    assert words in readings.reading_of_consistency(consistency)
