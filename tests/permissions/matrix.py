"""Reading the permission matrix: ``docs/permissions.md`` is the one place where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.permissions.asking import PERSONS, STRANGER

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
WORDS = frozenset({"yes", "away", "no", "404", "sign in"})
# Columns that stand for several: the two ends of them, or, where a gate answers all alike, each row asks another one in turn.
SIGNED_IN = "Signed in"
NO_AUTHOR = "Everybody else"
AUTHORS = frozenset({"Trainer", "Trainer elsewhere", "Reviewer", "Approver", "System admin"})
NO_AUTHORS = tuple(person for person in PERSONS if person not in AUTHORS)


@dataclass(frozen=True)
class Row:
    """One address and what it answers to whom: ``cells`` are columns with their word."""

    address: str
    method: str
    what: str
    cells: tuple[tuple[str, str], ...]
    number: int

    def __str__(self) -> str:
        return f"{self.method} {self.address}: {self.what}"

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Persons to ask, with the word each should get."""
        found = []
        for column, word in self.cells:
            persons = [column]
            if column == SIGNED_IN:
                persons = ["Learner", "System admin"]
            elif column == NO_AUTHOR:
                persons = [NO_AUTHORS[self.number % len(NO_AUTHORS)]]
            found += [(person, word) for person in persons]
        return found

    @property
    def reader(self) -> str:
        """Somebody who gets an answer, preferring whoever sees most: somebody in the middle of a course, then the owner."""
        known = [person for person, word in self.asked if word == "yes"]
        if known == ["Owner", "Officer"]:
            return "Officer"
        return "Owner" if "Owner" in known else next((person for person in known if person != STRANGER), STRANGER)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


@cache
def rows() -> tuple[Row, ...]:
    """Return every row of every table of the document."""
    found: list[Row] = []
    columns: list[str] = []
    for line in DOCUMENT.read_text().splitlines():
        if not line.startswith("|"):
            columns = []
        elif not columns:
            columns = _cells(line)
        elif columns[0] == "Address" and not re.fullmatch(r"[|\s:-]+", line):
            address, method, what, *words = _cells(line)
            cells = tuple(zip(columns[3:], words, strict=True))
            found.append(Row(address.strip("`"), method, what, cells, len(found)))
    return tuple(found)
