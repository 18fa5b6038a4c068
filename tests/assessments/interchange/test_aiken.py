"""Aiken: a question, lettered answers, and the line that names the right one."""

from __future__ import annotations

import pytest

from assessments.interchange.arriving import draft_of
from assessments.interchange.formats import read_file
from assessments.interchange.reading import Skipped
from assessments.question_types.exchange import Exchanged

GOOD = "When do you write it up?\nA) At once\nB. At the end of the month\nANSWER: A\n"


def read(text: str) -> list[Exchanged | Skipped]:
    return list(read_file(text.encode()).found)


def test_answers_with_a_bracket_or_a_point_and_the_key() -> None:
    (item,) = read(GOOD)
    assert isinstance(item, Exchanged)
    assert (item.text, item.line) == ("When do you write it up?", 1)
    assert [(answer.text, answer.fraction) for answer in item.answers] == [
        ("At once", 1),
        ("At the end of the month", 0),
    ]
    assert draft_of(item).type == "single_choice"


def test_a_question_on_several_lines_and_a_key_in_small_letters_are_read() -> None:
    (item,) = read("She is at home.\nWhat now?\nA. Ask\nB. Leave\nanswer: b\n")
    assert isinstance(item, Exchanged)
    assert item.text == "She is at home.\nWhat now?"
    assert [answer.fraction for answer in item.answers] == [0, 1]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("What?\nA. One\nB. Two\nANSWER: C\n", 1, "no answer C"),
        ("What?\nA. One\nC. Two\nANSWER: A\n", 1, "not lettered"),
        ("What?\nA. One\nANSWER: A\n", 1, "fewer than two"),
        ("A. One\nB. Two\nANSWER: A\n", 1, "no question before"),
        ("What?\nA. One\nB. Two\nANSWER: A and B\n", 1, "does not name one letter"),
        ("What?\nA. One\nB. Two\n", 1, "No line 'ANSWER:'"),
    ],
)
def test_what_does_not_arrive_is_named_and_the_questions_around_it_arrive(text: str, line: int, words: str) -> None:
    first, broken = read(f"{GOOD}\n{text}")
    assert isinstance(first, Exchanged)
    assert isinstance(broken, Skipped)
    assert broken.line == line + 5
    assert words in broken.reason
    assert broken.reason.endswith(".")
    after = read(f"{text}\n{GOOD}")
    assert isinstance(after[0], Skipped)
    assert isinstance(after[-1], Exchanged)


def test_markup_in_aiken_is_text_without_tags() -> None:
    (item,) = read("What is <html>?\nA. <b>Bold</b>\nB. <script>alert(1)</script>\nANSWER: A\n")
    assert isinstance(item, Exchanged)
    assert item.text == "What is < html>?"
    assert "<script" not in str(draft_of(item).definition)
