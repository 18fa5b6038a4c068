"""Amounts, days and categories as schemes say them in sentences. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cpd_records.schemes.learning import Category, Source
from cpd_records.schemes.rules import Measure
from people.durations import hours

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
SOURCE_WORDS = {
    Source.COURSE: "courses on this site",
    Source.SELF: "self-declared",
    Source.SUPERVISOR: "recorded by a supervisor",
    Source.IMPORTED: "imported",
}
# A quality that holds, and one that does not.
QUALITY_WORDS = {
    "structured": ("structured", "unstructured"),
    "participatory": ("with others", "alone"),
    "core": ("core training", "individual"),
    "mandatory": ("required by a role", "not required by a role"),
    "reflective": ("with a reflection", "without a reflection"),
}


def amount_in_words(measure: Measure, units: int) -> str:
    """Return counted units as words: minutes as '4 h 30 min', entries as '2 entries', sixtieths of a point as '12.5 points'."""
    if measure == Measure.MINUTES:
        return hours(units)
    if measure == Measure.ENTRIES:
        return f"{units:,} {'entry' if units == 1 else 'entries'}"
    tenths = units * 10 // 60
    figure = f"{tenths // 10:,}" + (f".{tenths % 10}" if tenths % 10 else "")
    return f"{figure} {'point' if tenths == 10 else 'points'}"


def day_in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def category_in_words(category: Category) -> str:
    """Return which learning is meant: 'structured, with others', or 'everything'."""
    words = []
    for name, value in category.tests.items():
        if isinstance(value, Source):
            words.append(SOURCE_WORDS[value])
        elif isinstance(value, bool):
            words.append(QUALITY_WORDS[name][0 if value else 1])
        else:
            words.append(str(value).replace("_", " "))
    return ", ".join(words) or "everything"


def joined(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence: 'a, b and c'."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
