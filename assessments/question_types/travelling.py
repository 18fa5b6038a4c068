"""What the types share on a question's way in and out: options and answers, what is told, what is written out though it need not be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessments.question_types import rational
from assessments.question_types.exchange import Answer, Exchanged, NotExchanged

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
WRITTEN_OUT = "written_out"


def default_ids(count: int) -> list[str]:
    """Return the ids that answers have where nobody gave them any: letters, then numbered ones."""
    return [_LETTERS[number] if number < len(_LETTERS) else f"o{number + 1}" for number in range(count)]


def ids_of(answers: Sequence[Answer]) -> list[str]:
    """Return the ids answers came with, or fresh ones where any is missing, twice there or of another form."""
    ids = [answer.id for answer in answers]
    if len(set(ids)) == len(ids) and all(_ID.fullmatch(identity) for identity in ids):
        return ids
    return default_ids(len(answers))


def options_from(item: Exchanged) -> list[dict[str, Any]]:
    """Return answers as options of a definition."""
    return [
        {
            "id": identity,
            "text": answer.text,
            "fraction": rational.to_text(answer.fraction),
            "feedback": answer.feedback,
        }
        for identity, answer in zip(ids_of(item.answers), item.answers, strict=True)
    ]


def answers_from(options: Sequence[Mapping[str, Any]]) -> tuple[Answer, ...]:
    """Return options, or accepted answers, of a definition as answers."""
    return tuple(
        Answer(
            text=option["text"],
            fraction=rational.to_fraction(option["fraction"]),
            feedback=option["feedback"],
            id=option.get("id", ""),
        )
        for option in options
    )


def around_from(item: Exchanged, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a definition has beside its type's own: the explanation, and ``defaults`` that were written out in the original."""
    around: dict[str, Any] = {"explanation": item.feedback} if item.feedback else {}
    written = item.settings.get(WRITTEN_OUT)
    for key in written if isinstance(written, list) else ():
        if key in defaults:
            around[key] = defaults[key]
    return around


def settings_of(definition: Mapping[str, Any], defaults: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return settings that travel: ``more``, and which defaults the definition writes out."""
    written = [key for key, value in defaults.items() if key in definition and definition[key] == value]
    return {**more, **({WRITTEN_OUT: written} if written else {})}


def first_right(answers: Sequence[Answer]) -> int:
    """Return the position of the first answer that earns full marks; raise ``NotExchanged`` where none does."""
    for number, answer in enumerate(answers):
        if answer.fraction == Fraction(1):
            return number
    raise NotExchanged("No answer earns full marks.")
