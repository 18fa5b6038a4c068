"""A question on its way in or out: one neutral shape between our types and the formats of other systems.

A format (GIFT, Moodle XML, Aiken, QTI) reads and writes shapes and knows no type; a type takes a shape and gives one and knows no
format. Fractions and marks are exact. Texts are plain words as questions keep them: ``**bold**``, paragraphs divided by an empty line,
``[[picture:name]]`` where a picture stands and ``[[gap:id]]`` where a gap does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Asking(StrEnum):
    """How a question asks; what a format has to be able to say."""

    CHOICE = "choice"
    CHOICES = "choices"
    TRUTH = "truth"
    NUMBER = "number"
    TEXT = "text"
    PAIRS = "pairs"
    ORDER = "order"
    GAPS = "gaps"
    REGIONS = "regions"
    RATINGS = "ratings"
    OPEN = "open"
    FILES = "files"
    CASE = "case"


@dataclass(frozen=True)
class Answer:
    """One answer a question knows of, with its share of full marks, which may be below 0.

    ``text`` is what is chosen or typed, or the first half of a pair, whose other half is ``match``; in ``ORDER`` answers stand in the
    right order. A pair without a text is a match that belongs to nothing. ``tolerance`` is of numbers, ``gap`` of gaps, ``area`` of regions
    (``{"shape", "coords"}``), ``rating`` of ratings.
    """

    text: str
    fraction: Fraction
    feedback: str = ""
    match: str = ""
    tolerance: Fraction | None = None
    gap: str = ""
    area: Mapping[str, Any] | None = None
    rating: Fraction | None = None
    id: str = ""


@dataclass(frozen=True)
class Gap:
    """A place to fill in a text. ``asking`` is TEXT, CHOICE or NUMBER; ``weight`` its part of the whole."""

    id: str
    asking: Asking
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Picture:
    """A picture that came with a question: its bytes, and the words that stand for it."""

    content: bytes
    alt: str = ""


@dataclass(frozen=True)
class Exchanged:
    """A question in the neutral shape.

    ``type`` is the name of our type where a file says so, '' where it does not. ``name`` is what the file calls it. ``line`` is where it
    stands in the file, 0 where that says nothing. ``settings`` are what only some kinds have (``choose``, ``scoring``, ``unit``, ``lines``,
    ``mode``, ``scale``, ``kinds``, ``guidance``, …), ``about`` what surrounds a question (outcome, topic, difficulty, tags).
    """

    asking: Asking
    text: str
    answers: tuple[Answer, ...] = ()
    type: str = ""
    name: str = ""
    line: int = 0
    max_mark: Fraction = Fraction(1)
    is_shuffled: bool = True
    feedback: str = ""
    feedback_right: str = ""
    feedback_part: str = ""
    feedback_wrong: str = ""
    gaps: tuple[Gap, ...] = ()
    parts: tuple[Exchanged, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


class NotExchanged(ValueError):
    """The question cannot be carried this way; the message is a sentence that says why."""
