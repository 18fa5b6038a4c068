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
    around = {key: value for key, value in about.items() if key not in ("settings", "ids", "fractions", "max_mark")}
    warnings = [*item.about.get("warnings", ()), *pictures.warnings]
    return replace(
        item,
        answers=_with_exact(item.answers, about.get("ids", ()), about.get("fractions", ())),
        type=item.type or str(about.get("type", "")),
        name=named(item.name, item.text),
        line=line,
        max_mark=about.get("max_mark", item.max_mark),
        pictures={**item.pictures, **pictures.kept},
        settings={**about.get("settings", {}), **item.settings},
        is_shuffled=item.is_shuffled and about.get("settings", {}).get("shuffle") is not False,
        about={**item.about, **around, "warnings": tuple(warnings)},
    )


def _with_exact(
    answers: Sequence[Answer], ids: Sequence[str], fractions: Sequence[Fraction | None]
) -> tuple[Answer, ...]:
    """Return answers with the ids and exact shares a comment has for them, where it has one for each."""
    if len(ids) == len(answers):
        answers = [replace(answer, id=identity) for answer, identity in zip(answers, ids, strict=True)]
    if len(fractions) == len(answers):
        answers = [
            replace(answer, fraction=share)
            if share is not None and abs(share - answer.fraction) < Fraction(1, 1000)
            else answer
            for answer, share in zip(answers, fractions, strict=True)
        ]
    return tuple(answers)
