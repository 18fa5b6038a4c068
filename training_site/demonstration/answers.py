"""Answers the demonstration people give: posted as a browser would post them, right or with a named mistake."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from assessments import question_types
from assessments.question_types import Response
from assessments.question_types.rational import to_fraction, to_text

FIELD = "answer"


def right_answer(type_name: str, definition: dict[str, Any]) -> Response | None:
    """Return the response somebody gives who knows."""
    return _posted(type_name, definition, _right_values(type_name, definition))


def wrong_answer(type_name: str, definition: dict[str, Any]) -> Response | None:
    """Return the response somebody gives who holds the mistake behind the first distractor."""
    return _posted(type_name, definition, _wrong_values(type_name, definition))


def _right_values(type_name: str, definition: dict[str, Any]) -> list[str]:
    if type_name in {"single_choice", "multiple_response"}:
        return [option["id"] for option in definition["options"] if to_fraction(option["fraction"]) > 0]
    if type_name == "true_false":
        return ["true" if definition["answer"] else "false"]
    if type_name == "number":
        return [str(definition["answer"])]
    return [max(definition["accept"], key=lambda accepted: to_fraction(accepted["fraction"]))["text"]]


def _wrong_values(type_name: str, definition: dict[str, Any]) -> list[str]:
    if type_name in {"single_choice", "multiple_response"}:
        wrong = [option["id"] for option in definition["options"] if to_fraction(option["fraction"]) <= 0]
        return wrong[: int(definition.get("choose", 1))]
    if type_name == "true_false":
        return ["false" if definition["answer"] else "true"]
    if type_name == "number":
        near = definition.get("near") or []
        beyond = to_fraction(definition["answer"]) + to_fraction(definition.get("tolerance", 0)) + 1
        return [str(near[0]["value"]) if near else to_text(beyond)]
    return ["not sure"]


def _posted(type_name: str, definition: dict[str, Any], values: list[str]) -> Response | None:
    data = QueryDict(mutable=True)
    data.setlist(FIELD, values)
    return question_types.asked(type_name, definition).parse(data, FIELD)
