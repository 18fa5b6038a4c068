"""How an author writes the gaps of a text: answers of a gap one a line, each with its worth after an equals sign where it is not plain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.question_types.authoring import (
    LETTERS,
    AuthorField,
    AuthorForm,
    AuthorLines,
    Entry,
    Values,
    verdicts_filled_in,
    verdicts_put_together,
)
from assessments.question_types.words import comparable

_WORTH = re.compile(r"(.*\S)\s*=\s*([0-9./]+)")
AUTHOR_FORM = AuthorForm(
    (
        AuthorField(
            "text", "Text with gaps", Entry.LONG, "Write [[gap:g1]] where the gap called g1 stands, and so on for each."
        ),
    ),
    (
        AuthorLines(
            "gaps",
            "Gaps",
            "gap",
            (
                AuthorField("id", "Name", Entry.WORDS, "As in the text: g1 for [[gap:g1]]."),
                AuthorField(
                    "kind",
                    "Filled in by",
                    Entry.CHOICE,
                    choices=(
                        ("typed", "Typing words"),
                        ("chosen", "Choosing from a list"),
                        ("number", "Typing a number"),
                    ),
                    begins_with="typed",
                ),
                AuthorField(
                    "answers",
                    "Answers, one a line",
                    Entry.LONG,
                    "Typed: every fair spelling; ‘social worker = 0.5’ earns half. Chosen: the right one first. A number: the number.",
                ),
                AuthorField("tolerance", "Tolerance of a number (optional)", Entry.NUMBER),
                AuthorField("weight", "Weight (optional)", Entry.NUMBER, "Its part of the whole; empty is 1."),
                AuthorField("feedback_right", "Feedback when right", Entry.LONG),
                AuthorField("feedback_wrong", "Feedback when wrong", Entry.LONG),
                AuthorField("ids", "", Entry.HIDDEN),
            ),
            blank=2,
            most=15,
        ),
    ),
)


def gaps_filled_in(gaps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines that the form shows of the gaps of a definition."""
    return [
        {
            "id": gap["id"],
            "kind": gap["kind"],
            "answers": "\n".join(_lines(gap)),
            "tolerance": gap.get("tolerance", ""),
            "weight": gap.get("weight", ""),
            **verdicts_filled_in(gap),
            # What each option was called, so that one whose words stay keeps its id.
            "ids": " ".join(f"{option['id']}:{_plainly(option['text'])}" for option in gap.get("options", ())),
        }
        for gap in gaps
    ]


def gaps_put_together(lines: Sequence[Values]) -> list[dict[str, Any]]:
    """Return gaps as a definition has them, as far as they go."""
    return [_gap(line) for line in lines]


def _gap(line: Values) -> dict[str, Any]:
    kind = line.get("kind") or "typed"
    typed = [text.strip() for text in str(line.get("answers", "")).split("\n") if text.strip()]
    gap: dict[str, Any] = {"id": line.get("id", ""), "kind": kind, "feedback": verdicts_put_together(line)}
    if line.get("weight"):
        gap["weight"] = line["weight"]
    if kind == "number":
        gap["answer"] = "".join(typed)
        if line.get("tolerance"):
            gap["tolerance"] = line["tolerance"]
        return gap
    entries = [_entry(text, plain="1" if kind == "typed" or number == 0 else "0") for number, text in enumerate(typed)]
    if kind == "typed":
        return {**gap, "accept": entries}
    return {**gap, "options": _with_ids(entries, str(line.get("ids", "")))}


def _with_ids(options: list[dict[str, Any]], known: str) -> list[dict[str, Any]]:
    ids = {text: identity for identity, _colon, text in (pair.partition(":") for pair in known.split())}
    free = iter([letter for letter in LETTERS if letter not in ids.values()] + [f"z{number}" for number in range(99)])
    named = []
    for option in options:
        named.append({"id": ids.pop(_plainly(option["text"]), "") or next(free), **option})
    return named


def _plainly(text: str) -> str:
    """Return a text in one word, to be found again."""
    return comparable(text).replace(" ", "_").replace(":", "_")


def _entry(text: str, *, plain: str) -> dict[str, Any]:
    found = _WORTH.fullmatch(text)
    return {"text": found[1], "fraction": found[2]} if found else {"text": text, "fraction": plain}


def _lines(gap: Mapping[str, Any]) -> list[str]:
    if gap["kind"] == "number":
        return [str(gap["answer"])]
    lines = []
    for number, entry in enumerate(gap["accept"] if gap["kind"] == "typed" else gap["options"]):
        plain = "1" if gap["kind"] == "typed" or number == 0 else "0"
        worth = str(entry["fraction"])
        is_plain = worth == plain and _WORTH.fullmatch(entry["text"]) is None
        lines.append(entry["text"] if is_plain else f"{entry['text']} = {worth}")
    return lines
