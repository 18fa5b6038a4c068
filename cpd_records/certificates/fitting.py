"""Choosing the size of a name and a title, so that they take at most two lines, are never cut, and nothing runs into what stands below.

The page is laid out with sizes that can only be too large, and measured; where there are too many lines, or the words end too low,
again one size smaller. The first sizes are guessed from widths that no face falls short of, so that nearly every page is laid out once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NAME_SIZES = (40, 30, 24, 18, 14, 10, 8)
COURSE_SIZES = (20, 16, 12, 10)
# Where there is no room even so; a title of three lines is easier to read than one as small as this.
SMALL_PRINT = 8
NAME_LEADING, COURSE_LEADING = 1.15, 1.2
# Points between the margins of the text (207 mm).
LINE_WIDTH = 587.0
MOST_LINES = 2
# Millimetres from the top of the page above which each block ends. Above the line of particulars a little stays clear.
COLUMN = "column"
LOWEST = {COLUMN: 119.5, "number": 139.0, "signed": 205.0, "countersigned": 205.0, "check": 206.0, "sort": 205.0}
# And below which those begin that are held at their foot and grow upwards.
HIGHEST = {"signed": 140.0, "countersigned": 140.0, "sort": 45.0}
_PIXELS_IN_A_POINT = 96 / 72
_PIXELS_IN_A_MILLIMETRE = 96 / 25.4
# Blocks are placed to fractions of a pixel.
_A_HAIR = 0.05
# Shares of the type's size below which no letter's width falls, in a bold face.
_NARROW, _LATIN, _WIDE_SCRIPT, _OTHER = 0.24, 0.44, 0.9, 0.2
_NARROW_LETTERS = frozenset("iIljftr.,:;'’!|()[]- \u00a0")


@dataclass(frozen=True)
class Sizes:
    """Points for the name and for the title of what was learnt."""

    name: int
    course: int


def first_sizes(name: str, title: str) -> Sizes:
    """Return the largest sizes that could fit."""
    return Sizes(
        name=next((size for size in NAME_SIZES if _could_fit(name, size, _most_lines(size))), NAME_SIZES[-1]),
        course=next((size for size in COURSE_SIZES if _could_fit(title, size, MOST_LINES)), COURSE_SIZES[-1]),
    )


def smaller_where_needed(sizes: Sizes, anchors: Mapping[str, Sequence[float]]) -> Sizes:
    """Return the same sizes where the page laid out with them fits, else one step smaller.

    ``anchors`` are its blocks in pixels: left, top, right, bottom. What fits at no size has the smallest; ``crossing`` names it.
    """
    name, course = sizes.name, sizes.course
    name_lines = _lines(anchors, "name", "below-name", name * NAME_LEADING)
    course_lines = _lines(anchors, "course", "below-course", course * COURSE_LEADING)
    if name_lines > _most_lines(name):
        name = _next(NAME_SIZES, name)
    if course_lines > MOST_LINES and course in COURSE_SIZES:
        course = _next(COURSE_SIZES, course)
    if (name, course) == (sizes.name, sizes.course) and COLUMN in crossing(anchors):
        # The larger gives way; a name that is as small as names get leaves it to the title.
        if name > course and name != NAME_SIZES[-1]:
            name = _next(NAME_SIZES, name)
        elif course != SMALL_PRINT:
            course = _next((*COURSE_SIZES, SMALL_PRINT), course)
        else:
            name = _next(NAME_SIZES, name)
    return Sizes(name, course)


def crossing(anchors: Mapping[str, Sequence[float]]) -> list[str]:
    """Return the blocks of a page that run into what stands below or above them, or off the page.

    ``COLUMN`` is the sentence with what was learnt, above the line of particulars; the others are called as in the template.
    """
    places = {COLUMN: anchors.get("closing") or anchors["below-course"], **anchors}
    found = []
    for block in LOWEST:
        if block in places:
            _left, top, _right, bottom = (side / _PIXELS_IN_A_MILLIMETRE for side in places[block])
            if bottom > LOWEST[block] + _A_HAIR or top < HIGHEST.get(block, 0.0) - _A_HAIR:
                found.append(block)
    return found


def _most_lines(size: int) -> int:
    """The largest size is for names of one line."""
    return 1 if size == NAME_SIZES[0] else MOST_LINES


def _next(sizes: Sequence[int], size: int) -> int:
    place = sizes.index(size) + 1
    return sizes[place] if place < len(sizes) else size


def _lines(anchors: Mapping[str, Sequence[float]], top: str, below: str, line_height: float) -> int:
    height = anchors[below][1] - anchors[top][1]
    return round(height / (line_height * _PIXELS_IN_A_POINT))


def _could_fit(text: str, size: int, lines: int) -> bool:
    return sum(map(_least_width, text)) * size <= LINE_WIDTH * lines


def _least_width(character: str) -> float:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0.0
    if character in _NARROW_LETTERS:
        return _NARROW
    if character <= "\u024f":
        return _LATIN
    return _WIDE_SCRIPT if unicodedata.east_asian_width(character) in "WF" else _OTHER
