"""What a format has no words for, in a comment that other systems pass over: one line of JSON about the question that follows.

It never repeats what the format says, so that a file somebody edits by hand is read as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.question_types.rational import to_fraction, to_text

MARK = "about-the-question:"
# What surrounds a question, and of which kind it is.
TEXTS = ("code", "outcome", "topic", "difficulty", "must_pass", "note", "module", "use", "type")


def write_about(about: Mapping[str, Any]) -> str:
    """Return the comment, without two hyphens in a row, which XML keeps for its end."""
    text = json.dumps(
        {key: value for key, value in about.items() if value not in ("", None, [], {})}, ensure_ascii=False
    )
    return f"{MARK} {text.replace('--', '-' + chr(92) + 'u002d')}"


def read_about(comment: str) -> dict[str, Any]:
    """Return what one of our comments says; empty for any other comment. What has not the kind it should have is left out."""
    _before, mark, after = comment.partition(MARK)
    if not mark or len(after) > 200_000:
        return {}
    try:
        found = json.loads(after)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    about: dict[str, Any] = {key: found[key] for key in TEXTS if isinstance(found.get(key), str)}
    for key in ("references", "tags", "ids"):
        value = found.get(key)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            about[key] = value
    if isinstance(found.get("fractions"), list):
        about["fractions"] = fractions_in(found["fractions"])
    if (mark_carried := fraction_in(found.get("max_mark"))) is not None:
        about["max_mark"] = mark_carried
    if isinstance(found.get("settings"), dict):
        about["settings"] = found["settings"]
    return about


def fraction_in(value: object) -> Fraction | None:
    """Return an exact number, None for anything else."""
    try:
        return to_fraction(value)
    except ValueError:
        return None


def fractions_in(values: list[Any]) -> list[Fraction | None]:
    return [fraction_in(value) for value in values]


def exact_texts(values: list[Fraction]) -> list[str]:
    return [to_text(value) for value in values]
