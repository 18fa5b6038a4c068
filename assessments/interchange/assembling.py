"""The last step of reading a question, whatever the format: what our own comment adds, pictures, name and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from assessments.interchange.html_words import Pictures
from assessments.interchange.texts import named
from assessments.question_types.exchange import Answer, Exchanged


def finished(item: Exchanged, *, about: Mapping[str, Any], line: int, pictures: Pictures) -> Exchanged:
    """Return the question whole. ``about`` is what comments and tags say; what the format says itself is not overruled by it."""
    settings = about.get("settings", {})
    around = {key: value for key, value in about.items() if key not in ("settings", "max_mark")}
    warnings = [*item.about.get("warnings", ()), *pictures.warnings]
    return replace(
        item,
        type=item.type or str(about.get("type", "")),
        name=named(item.name, item.text),
        line=line,
        max_mark=about.get("max_mark", item.max_mark),
        pictures={**item.pictures, **pictures.kept},
        parts=_parts(item.parts, settings.get("parts")),
        settings={**{key: value for key, value in settings.items() if key != "parts"}, **item.settings},
        is_shuffled=item.is_shuffled and settings.get("shuffle") is not False,
        about={**item.about, **around, "warnings": tuple(warnings)},
    )


def _parts(parts: Sequence[Exchanged], said: object) -> tuple[Exchanged, ...]:
    """Return the questions of a case with what our comment says of each, where it speaks of as many."""
    if not isinstance(said, list) or len(said) != len(parts) or not all(isinstance(one, dict) for one in said):
        return tuple(parts)
    return tuple(_part(part, one) for part, one in zip(parts, said, strict=True))


def _part(part: Exchanged, said: Mapping[str, Any]) -> Exchanged:
    settings = said.get("settings")
    known = settings if isinstance(settings, dict) else {}
    # What has happened since stands in the file itself.
    kept = {key: value for key, value in known.items() if key != "since"}
    return replace(
        part,
        type=part.type or str(said.get("type", "")),
        name=str(said.get("name", "")) or part.name,
        settings={**kept, **part.settings},
        is_shuffled=part.is_shuffled and known.get("shuffle") is not False,
    )


def pair_answers(pairs: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
    """Return pairs as answers that share full marks; one without a first half is a match that belongs to nothing."""
    each = Fraction(1, max(sum(bool(text) for text, _match in pairs), 1))
    return tuple(Answer(text, each if text else Fraction(0), match=match) for text, match in pairs)


def in_whole_numbers(marks: Sequence[Fraction]) -> list[Fraction]:
    """Return weights in the same proportion as the marks: the smallest whole numbers."""
    below = lcm(*(mark.denominator for mark in marks))
    whole = [int(mark * below) for mark in marks]
    least = gcd(*whole) or 1
    return [Fraction(mark, least) for mark in whole]


def as_part(part: Exchanged, *, number: int, since: str) -> Exchanged:
    """Return a question as part of a case: gaps weigh what they are to each other, as their sum is the part's."""
    if part.gaps:
        weights = in_whole_numbers([gap.weight for gap in part.gaps])
        part = replace(
            part, gaps=tuple(replace(gap, weight=weight) for gap, weight in zip(part.gaps, weights, strict=True))
        )
    return replace(part, name=f"p{number}", settings={**part.settings, **({"since": since} if since else {})})
