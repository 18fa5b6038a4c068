"""The last step of reading a question, whatever the format: what our own comment adds, pictures, name and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from assessments.interchange.html_words import Pictures
from assessments.interchange.texts import named
from assessments.question_types.exchange import Answer, Exchanged


def finished(item: Exchanged, *, about: Mapping[str, Any], line: int, pictures: Pictures) -> Exchanged:
    """Return the question whole. ``about`` is what comments and tags say; what the format says itself is not overruled by it."""
    around = {key: value for key, value in about.items() if key not in ("settings", "max_mark")}
    warnings = [*item.about.get("warnings", ()), *pictures.warnings]
    return replace(
        item,
        type=item.type or str(about.get("type", "")),
        name=named(item.name, item.text),
        line=line,
        max_mark=about.get("max_mark", item.max_mark),
        pictures={**item.pictures, **pictures.kept},
        settings={**about.get("settings", {}), **item.settings},
        is_shuffled=item.is_shuffled and about.get("settings", {}).get("shuffle") is not False,
        about={**item.about, **around, "warnings": tuple(warnings)},
    )


def pair_answers(pairs: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
    """Return pairs as answers that share full marks; one without a first half is a match that belongs to nothing."""
    each = Fraction(1, max(sum(bool(text) for text, _match in pairs), 1))
    return tuple(Answer(text, each if text else Fraction(0), match=match) for text, match in pairs)
