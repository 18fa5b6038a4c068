"""How hard a text is to read, against counts made by hand."""

from __future__ import annotations

import pytest

from courses.catalogue_review.readability import Readability, count_syllables, measure


@pytest.mark.parametrize(
    ("syllables", "words"),
    [
        (1, "the searched asked house makes rule rules whole said stopped wrote knives eyes year guard health"),
        (
            2,
            "police people table wanted needed being science create little places boxes quiet trial via giant museum:3",
        ),
        (3, "officer idea area vehicle constable evidence previous serious period radio custody behaviour racism"),
        (4, "necessary situation society material immediate:4 authorise:3"),
        (5, "individual"),
    ],
)
def test_syllables_as_a_reader_counts_them(syllables: int, words: str) -> None:
    for entry in words.split():
        word, _colon, other = entry.partition(":")
        assert (word, count_syllables(word)) == (word, int(other or syllables))


def test_a_sentence_ends_at_its_stop_and_not_inside_a_number_or_an_abbreviation() -> None:
    counts = measure('He said: "Stop." You wrote 14.05 in s. 136 of the book. Why?')
    assert (counts.sentences, counts.words) == (3, 13)


def test_a_line_without_a_stop_is_a_sentence_of_its_own() -> None:
    assert measure("What the law asks\nYou stop him\n\n").sentences == 2


def test_the_figures_of_a_sentence_worked_by_hand() -> None:
    """'The cat sat on the mat.': 6 words, 1 sentence, 6 syllables."""
    counts = measure("The cat sat on the mat.")
    assert counts == Readability(words=6, sentences=1, syllables=6)
    assert counts.ease == pytest.approx(206.835 - 1.015 * 6 - 84.6)
    assert counts.grade == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert counts.words_a_sentence == 6


def test_nothing_to_read_has_no_figure() -> None:
    counts = measure(" \n--\n")
    assert (counts.ease, counts.grade, counts.words_a_sentence) == (None, None, None)
