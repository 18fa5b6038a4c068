"""Which texts are alike, against resemblances counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalogue_review.likeness import find_alike, resemblance, shingles

TEXTS = st.text(alphabet="ab c", max_size=40)


def test_the_share_of_runs_of_three_words_in_common() -> None:
    """abcd has abc, bcd; abce has abc, bce: one of three."""
    assert resemblance(shingles("a b c d"), shingles("a b c e")) == pytest.approx(1 / 3)


def test_case_and_punctuation_make_no_difference() -> None:
    assert shingles("May she be searched?") == shingles("may she, be searched")


def test_a_changed_name_leaves_two_items_alike_and_a_shared_subject_does_not() -> None:
    texts = {
        "q1": "A woman sits in the garden shared by four flats. May section 136 be used there tonight?",
        "q2": "A man sits in the garden shared by four flats. May section 136 be used there tonight?",
        "q3": "Two flats share the yard. The advice line answers at once. What is your next step?",
    }
    assert [(one, other) for one, other, _share in find_alike(texts, least=0.3)] == [("q1", "q2")]


def test_nothing_is_like_an_empty_text() -> None:
    assert list(find_alike({"q1": "", "q2": ""}, least=0.0)) == []


@given(TEXTS, TEXTS)
def test_resemblance_is_even_handed_and_whole_only_with_itself(one: str, other: str) -> None:
    a, b = shingles(one), shingles(other)
    assert resemblance(a, b) == resemblance(b, a)
    assert 0 <= resemblance(a, b) <= 1
    assert resemblance(a, a) == (1 if a else 0)
