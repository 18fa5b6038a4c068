"""What an import came to, as the command's JSON and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from assessments.interchange.importing import Arrival, Plan, as_number
from assessments.question_types.exchange import Answer, Asking, Exchanged
from assessments.question_types.rational import to_text


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
            {"text": text, "fraction": as_number(fraction), "feedback": feedback}
            for text, fraction, feedback in responses_of(item)
        ],
    }


def shares_of(arrival: Arrival) -> list[tuple[str, str, str]]:
    """Return each answer with its share of the mark in per cent, two decimals at most, and its feedback."""
    return [
        (text, f"{float(fraction * 100):.2f}".rstrip("0").rstrip("."), feedback)
        for text, fraction, feedback in responses_of(arrival.draft.item)
    ]


def responses_of(item: Exchanged) -> Iterator[tuple[str, Fraction, str]]:
    """Yield each answer on one line, its share of the whole mark and its feedback; those of a case part by part."""
    for answer in item.answers:
        yield _response_text(item, answer), answer.fraction, answer.feedback
    weights = sum((part.max_mark for part in item.parts), Fraction(0)) or Fraction(1)
    for number, part in enumerate(item.parts, start=1):
        for text, fraction, feedback in responses_of(part):
            yield f"Part {number}: {text}", fraction * part.max_mark / weights, feedback


def _response_text(item: Exchanged, answer: Answer) -> str:
    """Return an answer on one line: a pair as ``first -> second``, one with its rating likewise, one of a gap after the gap's name."""
    if item.asking is Asking.PAIRS:
        return f"{answer.text} -> {answer.match}".strip()
    if answer.rating is not None:
        return f"{answer.text} -> {_rating_text(item, answer.rating)}"
    return f"{answer.gap}: {answer.text}" if answer.gap else answer.text


def _rating_text(item: Exchanged, rating: Fraction) -> str:
    """Return a key in words: a label of the scale, or a place or a number between two labels."""
    scale = item.settings.get("scale")
    if isinstance(scale, list) and rating.denominator == 1 and 1 <= rating <= len(scale):
        return str(scale[int(rating) - 1])
    return to_text(rating)


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
