"""The kinds of list that can be imported. An app registers its own when it is ready; pages, commands and the background find them here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

from people import access
from people.importing.answers import Answer
from people.models import User
from people.tables.columns import Column, Line, one_line


@dataclass(frozen=True)
class Option:
    """Something to be said once for a whole list: ``title`` is the question, ``label`` heads the answer."""

    name: str
    title: str
    label: str
    hint: str = ""
    is_needed: bool = False
    longest: int = 100


class LineImport(Protocol):
    """One import under way. It remembers what earlier lines said, for what a list may not say twice."""

    def pass_over(self, lines: Sequence[Line]) -> None:
        """Remember lines that were dealt with before this import was taken up again."""

    def check(self, lines: Sequence[Line]) -> list[Answer]:
        """Say what would become of the next lines. Writes nothing."""

    def write(self, lines: Sequence[Line]) -> list[Answer]:
        """Write the next lines, inside a transaction; a line that is refused leaves nothing behind."""


class ImportKind(Protocol):
    """``code`` names it in addresses, ``title`` on pages ('People'), ``thing`` and ``things`` in sentences ('person', 'people')."""

    code: ClassVar[str]
    title: ClassVar[str]
    thing: ClassVar[str]
    things: ClassVar[str]
    roles: ClassVar[frozenset[str]]
    columns: ClassVar[tuple[Column, ...]]
    options: ClassVar[tuple[Option, ...]]
    lines_at_once: ClassVar[int]

    def missing(self, names: frozenset[str]) -> str:
        """Return a sentence that names a column the list cannot do without and does not have; '' where it has all."""

    def begin(self, *, by: User | None, on: date, options: Mapping[str, str]) -> LineImport:
        """Begin to import; ``on`` is the day of the import, ``by`` None for a command."""


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Make a kind known. Called when its app is ready."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> ImportKind:
    return _kinds[code]


def kinds_for(user: User) -> list[ImportKind]:
    """Return the kinds this person may import, by their role today."""
    return [kind for kind in _kinds.values() if access.has_any_role(user, *kind.roles)]


def checked_options(kind: ImportKind, values: Mapping[str, str]) -> dict[str, str]:
    """Return what is said for the whole list, each in one line; raise ``ValueError`` with a sentence where one is missing or too long."""
    checked = {}
    for option in kind.options:
        text = one_line(values.get(option.name, ""))
        if option.is_needed and not text:
            raise ValueError(f"{option.title} Enter it, in a few words.")
        if len(text) > option.longest:
            raise ValueError(
                f"{option.title} {option.longest} characters fit, and {len(text)} were entered. Shorten it."
            )
        checked[option.name] = text
    return checked
