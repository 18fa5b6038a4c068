"""What a definition of any type may have beside its type's own: explanation, pictures its words mention, how sure one is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assessments.question_types.contract import Definition, Problem, QuestionType
from assessments.question_types.words import check_keys, check_surroundings, check_text

LONGEST_ALT = 500
MOST_PICTURES = 12
PICTURE_TYPES = ("image/png", "image/jpeg")
PICTURE = re.compile(r"\[\[picture:([a-z0-9][a-z0-9_-]{0,39})\]\]")
PICTURE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def problems_around(question_type: QuestionType, definition: Definition) -> list[Problem]:
    """Return what is wrong with the explanation, the pictures and the confidence of a definition."""
    problems = check_surroundings(definition)
    confidence = definition.get("confidence", False)
    if not isinstance(confidence, bool):
        problems.append(Problem("confidence", "'confidence' is true or false."))
    elif confidence and not question_type.is_marked_by_machine(definition):
        problems.append(Problem("confidence", "Only a question that is marked by itself can ask how sure one is."))
    pictures = definition.get("pictures", {})
    if not isinstance(pictures, Mapping):
        return [
            *problems,
            Problem("pictures", "Write the pictures by name, each with digest, type, width, height and alt."),
        ]
    if len(pictures) > MOST_PICTURES:
        problems.append(
            Problem("pictures", f"A question has {MOST_PICTURES} pictures at most; this one has {len(pictures)}.")
        )
    for name, picture in pictures.items():
        problems += _check_picture(name, picture)
    known = set(pictures)
    for path, text in _texts(definition):
        for name in PICTURE.findall(text):
            if name not in known:
                problems.append(Problem(path, f"There is no picture called '{name}' in this question."))
    return problems


def problems_of_use(question_type: QuestionType, definition: Definition, use: str) -> list[Problem]:
    """Return why a question, well formed as it is, cannot be used so: ``lesson`` or ``exam``."""
    if use == "lesson" and not question_type.is_marked_by_machine(definition):
        return [Problem("type", "A check in a lesson is marked at once, so it cannot be one that a person marks.")]
    why = question_type.why_practice_only(definition) if use == "exam" else ""
    return [Problem("panel", f"{why} It cannot be used in an assessment.", is_house_rule=True)] if why else []


def _check_picture(name: Any, picture: Any) -> list[Problem]:
    path = f"pictures.{name}"
    if not isinstance(name, str) or not PICTURE_NAME.fullmatch(name):
        return [Problem("pictures", "A picture's name has small letters, digits and hyphens, such as scene-1.")]
    if not isinstance(picture, Mapping):
        return [Problem(path, "Say digest, type, width, height and alt of this picture.")]
    problems = check_keys(picture, path, needed=("digest", "type", "width", "height", "alt"), allowed=())
    if not _DIGEST.fullmatch(str(picture.get("digest", ""))):
        problems.append(Problem(f"{path}.digest", "The digest of a picture is 64 characters from 0 to 9 and a to f."))
    if picture.get("type") not in PICTURE_TYPES:
        problems.append(Problem(f"{path}.type", "A picture is image/png or image/jpeg."))
    for side in ("width", "height"):
        size = picture.get(side)
        if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= 20_000:
            problems.append(Problem(f"{path}.{side}", "Width and height are whole numbers of pixels."))
    what = "the words that stand for this picture; they do not give the answer away"
    return problems + check_text(picture.get("alt"), f"{path}.alt", what=what, longest=LONGEST_ALT)


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if path or key != "pictures":
                yield from _texts(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{path}.{number}")
