"""How long a lesson and a course take, by one rule, so that no author has to guess and no reader is misled.

A lesson: words / 200, 1.5 for each check, 3 for each reflection, and the length of recordings, rounded up to five minutes. A course:
its lessons, tasks and tests, and the extra minutes it names. Exact fractions: ten minutes are
not rounded to fifteen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction

from courses.folder.documents import plain_text
from courses.folder.lesson_blocks import RECORDINGS
from courses.folder.markdown import read_markdown
from courses.folder.media_files import minutes_of_captions
from courses.folder.shapes import Block, Course, Lesson, MediaFile

WORDS_A_MINUTE = 200
A_CHECK = Fraction(3, 2)
A_REFLECTION = Fraction(3)
STEP = 5
_WORD = re.compile(r"\S*\w\S*")
# What a reader reads: not arguments, and not the text that stands in for a picture or a recording.
_READ = ("text", "warning", "case", "law", "key", "reflect", "accordion")


def count_words(text: str) -> int:
    """Return how many words a text has: runs without spaces that hold a letter or a digit."""
    return len(_WORD.findall(text))


def words_of_lesson(lesson: Lesson) -> int:
    """Return the words a reader sees in the body: headings, paragraphs and what stands inside blocks."""
    return sum(count_words(plain_text(read_markdown(block.text)[0])) for block in lesson.blocks_of(*_READ))


def minutes_of_recording(block: Block, media: Mapping[str, MediaFile]) -> int | None:
    """Return a recording's length: as its block says, else by its captions, else None."""
    _file, captions, minutes = (*block.words, "", "", "")[:3]
    if minutes:
        return int(minutes)
    return minutes_of_captions(media[captions].content()) if captions in media else None


def minutes_of_lesson(lesson: Lesson, media: Mapping[str, MediaFile]) -> int:
    """Return the minutes a lesson takes."""
    total = Fraction(words_of_lesson(lesson), WORDS_A_MINUTE)
    total += A_CHECK * sum(1 for _ in lesson.blocks_of("check"))
    total += A_REFLECTION * sum(1 for _ in lesson.blocks_of("reflect"))
    total += sum(minutes_of_recording(block, media) or 0 for block in lesson.blocks_of(*RECORDINGS))
    return math.ceil(total / STEP) * STEP


def minutes_of_course(course: Course) -> int:
    """Return the minutes a course takes: lessons by the rule, tasks and tests as they say, and the extra."""
    media = {file.name: file for file in course.media}
    steps = sum(minutes_of_lesson(step, media) if isinstance(step, Lesson) else step.minutes for step in course.steps())
    extra = course.extra_minutes.minutes if course.extra_minutes else 0
    return steps + sum(test.minutes for test in course.tests) + extra
