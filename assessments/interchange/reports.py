"""What an import came to, as the command's JSON and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assessments.interchange.importing import Arrival, Plan, as_number
from assessments.question_types.exchange import Answer, Asking


def as_json(plan: Plan) -> dict[str, Any]:
    """Return the report: format, counts, what was skipped and why, and every question with its responses."""
    return {
        "format": plan.format,
        "read": plan.read,
        "imported": len(plan.arrivals),
        "skipped": [{"line": one.line, "name": one.name, "reason": one.reason} for one in plan.skipped],
        "questions": [question_as_json(arrival) for arrival in plan.arrivals],
    }


def question_as_json(arrival: Arrival) -> dict[str, Any]:
    item = arrival.draft.item
    return {
        "name": item.name,
        "type": arrival.draft.type,
        "text": item.text,
        "max_mark": as_number(item.max_mark),
        "responses": [
            {
                "text": response_text(item.asking, answer),
                "fraction": as_number(answer.fraction),
                "feedback": answer.feedback,
            }
            for answer in item.answers
        ],
    }


def shares_of(arrival: Arrival) -> list[tuple[str, str, str]]:
    """Return each answer with its share of the mark in per cent, two decimals at most, and its feedback."""
    item = arrival.draft.item
    return [
        (
            response_text(item.asking, answer),
            f"{float(answer.fraction * 100):.2f}".rstrip("0").rstrip("."),
            answer.feedback,
        )
        for answer in item.answers
    ]


def response_text(asking: Asking, answer: Answer) -> str:
    """Return an answer on one line: a pair as ``first -> second``, one of a gap with the gap's name before it."""
    if asking is Asking.PAIRS:
        return f"{answer.text} -> {answer.match}".strip()
    return f"{answer.gap}: {answer.text}" if answer.gap else answer.text


def in_lines(plan: Plan, *, is_dry: bool) -> Iterator[str]:
    """Yield the report for people: what is skipped, what breaks a house rule, and the counts."""
    for one in plan.skipped:
        yield f"{_place(one.line)}‘{one.name}’ is skipped: {one.reason}"
    for arrival in plan.arrivals:
        item = arrival.draft.item
        for warning in arrival.draft.warnings:
            yield f"{_place(item.line)}‘{item.name}’, before it can go to review: {warning}"
    verb = "would be imported" if is_dry else "imported"
    yield f"{plan.format}: {plan.read} read, {len(plan.arrivals)} {verb}, {len(plan.skipped)} skipped."
    place = f"topic {plan.place.words}"
    yield (
        f"Nothing was written: this was a dry run. They would be drafts in {place}."
        if is_dry
        else f"They are drafts in {place}."
    )


def _place(line: int) -> str:
    return f"Line {line}: " if line else ""
