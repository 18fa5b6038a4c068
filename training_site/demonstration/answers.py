"""Answers the demonstration people give: posted as a browser would post them, right or with a named mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from assessments import question_types
from assessments.question_types import Response
from assessments.question_types.rational import to_fraction, to_text

FIELD = "answer"
Fields = dict[str, list[str]]


def right_answer(type_name: str, definition: Mapping[str, Any]) -> Response | None:
    """Return the response somebody gives who knows."""
    return _posted(type_name, definition, fields_of(type_name, definition, is_right=True))


def wrong_answer(type_name: str, definition: Mapping[str, Any]) -> Response | None:
    """Return the response somebody gives who holds the mistake behind the first distractor."""
    return _posted(type_name, definition, fields_of(type_name, definition, is_right=False))


def fields_of(type_name: str, definition: Mapping[str, Any], *, is_right: bool, name: str = FIELD) -> Fields:
    """Return the fields a browser posts for a right or a wrong answer; none for a type nobody in the demonstration answers."""
    answers = {
        "single_choice": _chosen,
        "multiple_response": _chosen,
        "hotspot": _chosen,
        "true_false": _truth,
        "number": _number,
        "short_text": _words,
        "matching": _matches,
        "ordering": _order,
        "gap_fill": _gaps,
        "situational_judgement": _judgement,
        "scenario": _case,
        "written": _written,
    }
    give = answers.get(type_name)
    return {} if give is None else give(definition, is_right, name)


def _chosen(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    options = definition.get("options") or definition["areas"]
    wanted = [option["id"] for option in options if (to_fraction(option["fraction"]) > 0) is is_right]
    return {name: wanted[: int(definition.get("choose", 1))]}


def _truth(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    return {name: ["true" if definition["answer"] is is_right else "false"]}


def _number(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    near = definition.get("near") or []
    beyond = to_fraction(definition["answer"]) + to_fraction(definition.get("tolerance", 0)) + 1
    wrong = str(near[0]["value"]) if near else to_text(beyond)
    return {name: [str(definition["answer"]) if is_right else wrong]}


def _words(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    best = max(definition["accept"], key=lambda accepted: to_fraction(accepted["fraction"]))
    return {name: [best["text"] if is_right else "not sure"]}


def _matches(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    pairs = definition["pairs"]
    matches = [pair["match"] for pair in pairs]
    if not is_right:
        matches = matches[1:] + matches[:1]
    return {f"{name}.{pair['id']}": [match] for pair, match in zip(pairs, matches, strict=True)}


def _order(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    ids = [item["id"] for item in definition["items"]]
    return _places(ids if is_right else ids[::-1], name)


def _gaps(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    fields: Fields = {}
    for gap in definition["gaps"]:
        field = f"{name}.{gap['id']}"
        if gap["kind"] == "number":
            fields |= _number(gap, is_right, field)
        elif gap["kind"] == "chosen":
            fields |= _chosen(gap, is_right, field)
        else:
            fields |= _words(gap, is_right, field)
    return fields


def _judgement(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    responses = definition["responses"]
    if definition["mode"] == "rank":
        ids = [one["id"] for one in sorted(responses, key=lambda one: to_fraction(one["key"]))]
        return _places(ids if is_right else ids[::-1], name)
    top = len(definition["scale"])
    fields = {}
    for one in responses:
        key = round(to_fraction(one["key"]))
        fields[f"{name}.{one['id']}"] = [str(key if is_right else top + 1 - key)]
    return fields


def _case(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    fields: Fields = {}
    for part in definition["parts"]:
        fields |= fields_of(part["type"], part["definition"], is_right=is_right, name=f"{name}.{part['id']}")
    return fields


def _written(definition: Mapping[str, Any], is_right: bool, name: str) -> Fields:
    return {name: ["I would say what I saw, what followed, and ask." if is_right else "I am not sure."]}


def _places(ids: list[str], name: str) -> Fields:
    return {f"{name}.{identity}": [str(place)] for place, identity in enumerate(ids, start=1)}


def _posted(type_name: str, definition: Mapping[str, Any], fields: Fields) -> Response | None:
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    return question_types.asked(type_name, definition).parse(data, FIELD)
