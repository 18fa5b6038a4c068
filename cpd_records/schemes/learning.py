"""What was learned, as schemes see it, and which sort of learning a rule means. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from uuid import UUID


class Source(StrEnum):
    """Where an entry of the record comes from."""

    COURSE = "course"
    SELF = "self"
    SUPERVISOR = "supervisor"
    IMPORTED = "imported"


# What a record may leave open, and how a sentence asks for it: 'The record does not say whether it was structured.'
UNKNOWN_WORDS = {
    "kind": "what kind of learning it was",
    "structured": "whether it was structured",
    "participatory": "whether others took part",
    "core": "whether it was core training",
    "mandatory": "whether a role required it",
    "reflective": "whether there is a reflection",
}


@dataclass(frozen=True)
class Learning:
    """One entry of the record. ``minutes`` is 0 where no length is recorded; None in a quality says that the record is silent on it.

    ``kind`` is a code of ``ActivityKind``, 'course' for a completed course, '' where the record is silent. ``withdrawn`` is the reason
    why a correction took it back; '' where it stands.
    """

    id: UUID
    title: str
    day: date
    minutes: int
    source: Source
    kind: str = ""
    structured: bool | None = None
    participatory: bool | None = None
    core: bool | None = None
    mandatory: bool | None = None
    reflective: bool | None = None
    on_duty: bool | None = None
    withdrawn: str = ""


@dataclass(frozen=True)
class Category:
    """Which learning is meant: every test that is set must hold; with none set, all of it is meant."""

    source: Source | None = None
    kind: str = ""
    structured: bool | None = None
    participatory: bool | None = None
    core: bool | None = None
    mandatory: bool | None = None
    reflective: bool | None = None

    @property
    def tests(self) -> dict[str, object]:
        """The tests that are set, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value not in (None, "")}

    def includes(self, it: Learning) -> bool | None:
        """Return whether the learning is meant; None where the record does not say enough to know."""
        if self.failing(it):
            return False
        return None if self.open_questions(it) else True

    def failing(self, it: Learning) -> list[str]:
        """Return the names of tests that the learning is known to fail."""
        answers = ((name, getattr(it, name), wanted) for name, wanted in self.tests.items())
        return [name for name, found, wanted in answers if found not in (None, "") and found != wanted]

    def open_questions(self, it: Learning) -> list[str]:
        """Return the names of tests on which the record is silent."""
        return [name for name in self.tests if getattr(it, name) in (None, "")]

    def is_within(self, other: Category) -> bool:
        """Return whether whatever this category includes the other includes too."""
        return other.tests.items() <= self.tests.items()

    def is_apart_from(self, other: Category) -> bool:
        """Return whether nothing can be in both."""
        mine = self.tests
        return any(name in mine and mine[name] != wanted for name, wanted in other.tests.items())


EVERYTHING = Category()
