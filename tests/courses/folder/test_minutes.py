"""The minutes rule, by hand: words / 200, 1.5 a check, 3 a reflection, recordings, up to the next five."""

from __future__ import annotations

import pytest

from courses.folder.minutes import count_words, minutes_of_course, minutes_of_lesson, words_of_lesson
from courses.folder.shapes import Block, Lesson, MediaFile
from tests.courses.folder.conftest import Check

CAPTIONS = b"WEBVTT\n\n00:00:00.000 --> 00:01:00.000\nA\n\n01:02:00.000 --> 01:02:00.001\nB\n"


def lesson(*blocks: Block) -> Lesson:
    return Lesson(10, "a", "A", 5, "", (), (), blocks)


def media(name: str, content: bytes) -> dict[str, MediaFile]:
    return {name: MediaFile(name, len(content), "", lambda: content)}


@pytest.mark.parametrize(
    ("words", "checks", "reflections", "minutes"),
    [
        (1000, 0, 0, 5),  # exactly five
        (1001, 0, 0, 10),
        (800, 2, 1, 10),  # 4 + 3 + 3 = 10, not rounded on
        (801, 2, 1, 15),
        (300, 1, 1, 10),  # 1.5 + 1.5 + 3
        (900, 3, 1, 15),
        (1, 0, 0, 5),
    ],
)
def test_a_lesson_takes_what_the_rule_says(words: int, checks: int, reflections: int, minutes: int) -> None:
    blocks = [Block("text", "word " * words), *[Block("check", words=("q", "after"))] * checks]
    assert minutes_of_lesson(lesson(*blocks, *[Block("reflect", "")] * reflections), {}) == minutes


def test_recordings_count_by_their_captions_or_as_they_say() -> None:
    by_captions = Block("video", "said", words=("a.mp4", "a.vtt", ""))
    assert minutes_of_lesson(lesson(by_captions), media("a.vtt", CAPTIONS)) == 65
    said = Block("audio", "said", words=("a.mp3", "", "4"))
    assert minutes_of_lesson(lesson(said, Block("text", "word " * 201)), {}) == 10


def test_words_are_what_a_reader_reads() -> None:
    blocks = (
        Block("text", "## Two words\n- **One**, two – three.\n\n| a | b |\n| --- | --- |\n| c | d |"),
        Block("case", "[one two](https://a.example)", title="A title is not counted"),
        Block("image", "Not counted either", words=("a.png",)),
        Block("video", "Nor a transcript", words=("a.mp4", "a.vtt", "")),
    )
    assert words_of_lesson(lesson(*blocks)) == 2 + 3 + 4 + 2
    assert count_words("PC O'Neil's 24-hour – clock…") == 4


def test_a_course_is_its_lessons_tasks_tests_and_extra_minutes(check: Check) -> None:
    (course,) = check().catalogue.courses
    assert minutes_of_course(course) == 10 + 10 + 5 + 25
    extra = "extra_minutes:\n  minutes: 30\n  for: Talk it through\n"
    findings = check("TINY-101/course.md", "minutes: 50\n", f"minutes: 50\n{extra}")
    assert ["come to 80. Write 80." in problem.reason for problem in findings.refusals] == [True]
    assert check("TINY-101/course.md", "minutes: 50\n", "minutes: 80\n").refusals == ()
