"""What an author fills in for a question of a type, declared as data; the admin builds its form from it.

Values come back under the fields' names as typed: text, True or False for a tick, a name for a choice. Nothing is judged here: the
type puts a definition together as far as it goes, and its ``validate`` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
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
    """One thing to fill in. ``choices`` are of a choice: value and label."""

    name: str
    label: str
    entry: Entry = Entry.WORDS
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
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
class AuthorForm:
    """Everything a type asks of its author beside the stem."""

    fields: tuple[AuthorField, ...] = ()
    lines: tuple[AuthorLines, ...] = ()
