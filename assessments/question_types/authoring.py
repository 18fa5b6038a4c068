"""What an author fills in for a question of a type, declared as data; the admin builds its form from it.

Values come back under the fields' names as typed: text, True or False for a tick, a name for a choice. Nothing is judged here: the
type puts a definition together as far as it goes, and its ``validate`` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

Values = Mapping[str, Any]
Lines = Mapping[str, Sequence[Values]]


class Entry(StrEnum):
    """How a field is typed."""

    WORDS = "words"
    LONG = "long"
    NUMBER = "number"
    WHOLE = "whole"
    TICK = "tick"
    CHOICE = "choice"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class AuthorField:
    """One thing to fill in. ``choices`` are of a choice: value and label, ``begins_with`` the one a new question has."""

    name: str
    label: str
    entry: Entry = Entry.WORDS
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    begins_with: str = ""
    longest: int | None = None


@dataclass(frozen=True)
class AuthorLines:
    """A list to fill in, a line each: options, pairs, accepted answers. ``key`` is where it stands in the definition."""

    key: str
    title: str
    word: str
    fields: tuple[AuthorField, ...]
    blank: int = 0
    most: int = 30


@dataclass(frozen=True)
class AuthorParts:
    """A list of whole questions inside one: each has fields of its own, a stem and what its type asks.

    Each comes back, and is shown, under ``key`` in the lines as ``{"type", "about", "values", "lines"}``: ``about`` has the list's own
    fields and the stem, ``values`` and ``lines`` what its type asks.
    """

    key: str
    title: str
    word: str
    fields: tuple[AuthorField, ...]
    types: tuple[str, ...]
    most: int = 8


@dataclass(frozen=True)
class AuthorForm:
    """Everything a type asks of its author beside the stem."""

    fields: tuple[AuthorField, ...] = ()
    lines: tuple[AuthorLines, ...] = ()
    parts: AuthorParts | None = None

    def __bool__(self) -> bool:
        return bool(self.fields or self.lines or self.parts)


STEM = AuthorField(
    "stem",
    "Stem",
    Entry.LONG,
    "The situation, then the question as its last sentence. **Two stars** make words bold.",
)
VERDICTS = (
    AuthorField("feedback_right", "Feedback when right", Entry.LONG),
    AuthorField("feedback_wrong", "Feedback when wrong", Entry.LONG),
)
ID = AuthorField("id", "", Entry.HIDDEN)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def verdicts_filled_in(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the fields of ``VERDICTS`` show."""
    feedback = definition.get("feedback") or {}
    return {f"feedback_{verdict}": feedback.get(verdict, "") for verdict in ("right", "wrong")}


def verdicts_put_together(values: Values) -> dict[str, str]:
    """Return ``{right, wrong}`` from the fields of ``VERDICTS``."""
    return {verdict: values.get(f"feedback_{verdict}", "") for verdict in ("right", "wrong")}


def with_ids(entries: Sequence[Values], *, taken: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Give each new entry an id, a letter or a letter with a number; those that had one keep it, so that versions can be compared."""
    used = {str(entry.get("id", "")) for entry in entries} | set(taken)
    names = (f"{letter}{number}" for number in ("", *range(2, 99)) for letter in LETTERS)
    free = (name for name in names if name not in used)
    return [{**entry, "id": entry.get("id") or next(free)} for entry in entries]


def with_quiet_ids(entries: Sequence[Values]) -> list[dict[str, Any]]:
    """Give each new entry an id made from its text: one that, read in a page's source, tells nothing of where it stands in the list."""
    used = {str(entry.get("id", "")) for entry in entries}
    named = []
    for entry in entries:
        identity = entry.get("id", "")
        while not identity:
            made = sha256(f"{entry.get('text', '')}{len(used)}".encode()).hexdigest()[:8]
            identity = "" if made in used else made
        used.add(identity)
        named.append({**entry, "id": identity})
    return named


def whole_number(typed: Any) -> Any:
    """Return a typed whole number, or what was typed where it is none, for the type to refuse."""
    text = str(typed)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else typed
