"""What types with lists share: entries of the shape ``{id, text, …}``, and what is told of the whole, ``feedback: {right, wrong}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessments.question_types.contract import Definition, Problem
from assessments.question_types.rational import to_fraction
from assessments.question_types.words import LONGEST_STEM, check_keys, check_text, comparable

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")


def check_stem(definition: Definition, what: str = "the situation and the question") -> list[Problem]:
    """Return what is wrong with the stem."""
    return check_text(definition.get("stem"), "stem", what=what, longest=LONGEST_STEM)


def check_entries(
    value: Any,
    path: str,
    *,
    word: str,
    fewest: int,
    most: int,
    needed: Sequence[str] = (),
    allowed: Sequence[str] = (),
    texts: bool = True,
) -> list[Problem]:
    """Return what is wrong with a list of entries, each with an id of its own and a text no other has."""
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        return [Problem(path, f"Write the {_several(word)} as a list.")]
    problems = []
    if not fewest <= len(value) <= most:
        problems.append(Problem(path, f"Give {fewest} to {most} {_several(word)}; there are {len(value)}."))
    ids: set[str] = set()
    said: set[str] = set()
    always = ("id", "text") if texts else ("id",)
    for number, entry in enumerate(value):
        here = f"{path}.{number}"
        problems += check_keys(entry, here, needed=(*always, *needed), allowed=allowed)
        identity = entry.get("id")
        if not isinstance(identity, str) or not ID.fullmatch(identity):
            problems.append(Problem(f"{here}.id", f"Give the {word} an id of small letters and digits."))
        elif identity in ids:
            problems.append(Problem(f"{here}.id", f"Two {_several(word)} have the id '{identity}'."))
        else:
            ids.add(identity)
        if not texts:
            continue
        problems += check_text(entry.get("text"), f"{here}.text", what=f"the {word}")
        words = comparable(str(entry.get("text", "")))
        if words and words in said:
            problems.append(Problem(f"{here}.text", f"Two {_several(word)} say the same."))
        said.add(words)
    return problems


def check_told(feedback: Any, path: str = "feedback") -> list[Problem]:
    """Return what is wrong with ``{right, wrong}``: a wrong shape is structure, words that are missing break a house rule."""
    if feedback is None:
        feedback = {}
    if not isinstance(feedback, Mapping):
        return [Problem(path, "Write feedback for a right and for a wrong answer.")]
    problems = check_keys(feedback, path, needed=(), allowed=("right", "wrong"))
    for verdict in ("right", "wrong"):
        said = feedback.get(verdict, "")
        what = f"feedback for a {verdict} answer"
        if isinstance(said, str) and not said.strip():
            problems.append(Problem(f"{path}.{verdict}", f"Write {what}.", is_house_rule=True))
        else:
            problems += check_text(said, f"{path}.{verdict}", what=what)
    return problems


def check_fraction(value: Any, path: str, what: str, *, least: int = 0, most: int | None = 1) -> list[Problem]:
    """Return what is wrong with an exact number between ``least`` and ``most``."""
    try:
        number = to_fraction(value)
    except ValueError:
        return [Problem(path, f"Write {what} as a number such as 1, 0.5 or 1/3.")]
    if number < least or (most is not None and number > most):
        bounds = f"lies between {least} and {most}" if most is not None else f"is {least} or more"
        return [Problem(path, f"{what[0].upper()}{what[1:]} {bounds}.")]
    return []


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def told(holder: Mapping[str, Any], is_right: bool) -> tuple[str, ...]:
    """Return what the feedback of a whole, or of a gap, says; nothing where its author wrote none."""
    said = (holder.get("feedback") or {}).get("right" if is_right else "wrong", "")
    return (said,) if said else ()


def by_id(entries: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {entry["id"]: entry for entry in entries}


def share(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Return the weighted mean of ``(weight, fraction)``; weights are above 0."""
    known = list(parts)
    whole = sum((weight for weight, _fraction in known), Fraction(0))
    return sum((weight * fraction for weight, fraction in known), Fraction(0)) / whole


def in_order(ids: Iterable[str], order: Sequence[str]) -> list[str]:
    """Return the ids in an order that may be another version's: what it lacks comes last."""
    known = list(ids)
    first = [identity for identity in order if identity in known]
    return first + [identity for identity in known if identity not in first]


def _several(word: str) -> str:
    return f"{word}es" if word.endswith("ch") else f"{word}s"
