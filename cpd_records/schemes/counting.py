"""What of somebody's learning counts towards one target, and one reason for each entry that does not count, or not wholly. Pure.

Entries count in the order of their days, so what came first fills a maximum. Maxima of one measure lie inside one another or apart
(``reading_rules`` sees to it), so no other order would count more: each entry takes the room it finds in every maximum that it is in.
What the record does not say is neither counted towards a category nor held against the officer by a maximum or an exclusion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cpd_records.schemes.learning import UNKNOWN_WORDS, Category, Learning
from cpd_records.schemes.rules import Maximum, Measure, Rules, Target, units, units_of
from cpd_records.schemes.words import amount_in_words, category_in_words, joined


@dataclass(frozen=True)
class Part:
    """What one entry brings to a target: ``worth`` and ``counted`` in units of the measure, and why less than its worth counts.

    ``is_meant`` is False where the target simply means other learning.
    """

    learning: Learning
    worth: int
    counted: int
    reason: str = ""
    is_meant: bool = True


def in_order(learning: Iterable[Learning]) -> list[Learning]:
    """Return each entry once, by day; entries of one day by their id, so that the order they came in makes no difference."""
    return sorted({it.id: it for it in learning}.values(), key=lambda it: (it.day, it.id.bytes))


def count(rules: Rules, target: Target, learning: Iterable[Learning]) -> list[Part]:
    """Return a part for each entry of a period, in the order they count."""
    maxima = [part for part in rules.maxima if part.measure == target.measure]
    room = [units(rules, part.measure, part.most) for part in maxima]
    parts: list[Part] = []
    for it in in_order(learning):
        refused = _refused(rules, target, it)
        if refused is not None:
            parts.append(refused)
            continue
        worth = units_of(rules, target.measure, it.minutes)
        limiting = [number for number, part in enumerate(maxima) if part.of.includes(it)]
        tightest = min(limiting, key=lambda number: room[number], default=None)
        counted = worth if tightest is None else min(worth, room[tightest])
        for number in limiting:
            room[number] -= counted
        reason = _cut(rules, maxima[tightest], worth, counted) if tightest is not None and counted < worth else ""
        parts.append(Part(it, worth, counted, reason))
    return parts


def excluded(rules: Rules, it: Learning) -> str:
    """Return why an entry never counts, or ''."""
    if it.withdrawn:
        return f"A correction took it back: {it.withdrawn}"
    return next((f"{part.title}: this never counts." for part in rules.never if part.of.includes(it)), "")


def _refused(rules: Rules, target: Target, it: Learning) -> Part | None:
    reason = excluded(rules, it)
    if reason:
        return Part(it, 0, 0, reason)
    if target.of.includes(it) is False:
        return Part(it, 0, 0, f"This target means {category_in_words(target.of)}.", is_meant=False)
    if target.of.includes(it) is None:
        return Part(it, 0, 0, f"The record does not say {_open_questions(target.of, it)}.")
    if target.measure != Measure.ENTRIES and not it.minutes:
        return Part(it, 0, 0, "No length is recorded, so there is nothing to count.")
    return None


def _open_questions(category: Category, it: Learning) -> str:
    return joined([UNKNOWN_WORDS.get(name, name) for name in category.open_questions(it)])


def _cut(rules: Rules, maximum: Maximum, worth: int, counted: int) -> str:
    most = amount_in_words(maximum.measure, units(rules, maximum.measure, maximum.most))
    if not counted:
        return f"{maximum.title} counts for at most {most}, which earlier entries have filled."
    part = amount_in_words(maximum.measure, counted)
    return f"Only {part} of it counts: {maximum.title[0].lower()}{maximum.title[1:]} counts for at most {most}."
