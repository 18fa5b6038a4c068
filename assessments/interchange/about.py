"""What a format has no words for, in a comment that other systems pass over: one line of JSON about the question that follows.

A question that would not come back letter by letter has its ``exact`` definition here, with the fingerprint of what the format says of it:
it counts only while the fingerprint fits, so that a file somebody edits by hand is read as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from typing import Any

from assessments.question_types.exchange import Asking, Exchanged
from assessments.question_types.rational import to_fraction

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
    about: dict[str, Any] = {"is_ours": True}
    about |= {key: found[key] for key in TEXTS if isinstance(found.get(key), str)}
    for key in ("references", "tags"):
        value = found.get(key)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            about[key] = value
    if (mark_carried := fraction_in(found.get("max_mark"))) is not None:
        about["max_mark"] = mark_carried
    for key in ("settings", "exact"):
        if isinstance(found.get(key), dict):
            about[key] = found[key]
    return about


def fraction_in(value: object) -> Fraction | None:
    """Return an exact number, None for anything else."""
    try:
        return to_fraction(value)
    except ValueError:
        return None


def fingerprint_of(item: Exchanged) -> str:
    """Return what tells whether a question still says what it said: the digest of everything the format holds of it."""
    answers = [
        (
            one.text,
            str(one.fraction),
            one.feedback,
            one.match,
            str(one.tolerance),
            one.gap,
            repr(one.area),
            str(one.rating),
        )
        for one in item.answers
    ]
    told = (
        item.feedback,
        item.feedback_right,
        item.feedback_part,
        item.feedback_wrong,
        item.is_shuffled,
        str(item.max_mark),
    )
    gaps = [(gap.id, gap.asking, str(gap.weight)) for gap in item.gaps]
    said = repr((str(item.asking), item.text, answers, told, gaps, sorted(item.pictures)))
    if item.asking is Asking.RATINGS:
        said += repr([item.settings.get(name) for name in ("mode", "scale")])
    for part in item.parts:
        said += repr((fingerprint_of(part), part.settings.get("since", "")))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
