"""Learning and rules as the tests of schemes write them, in a line each."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from cpd_records.schemes.learning import Learning, Source
from cpd_records.schemes.pro_rata import Presence
from cpd_records.schemes.progress import Named, Progress, progress_in
from cpd_records.schemes.reading_rules import read_rules
from cpd_records.schemes.rules import Rules

LONG_SERVED = Presence(joined_on=date(2010, 1, 1))


def learned(title: str, day: str, hours: float = 1, *, source: Source = Source.SELF, **qualities: Any) -> Learning:
    """Return one entry of the record; its id follows from what it says, so that a test gives the same ones each time."""
    identity = UUID(bytes=hashlib.sha256(f"{title} {day} {hours}".encode()).digest()[:16])
    return Learning(identity, title, date.fromisoformat(day), round(hours * 60), source, **qualities)


def rules(**parts: Any) -> Rules:
    """Return rules read from data; without more, a yearly period from 1 April that asks for nothing."""
    return read_rules({"period": {"years": 1, "starts_on": "2026-04-01"}, **parts})


def hours(title: str, amount: float, of: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return a target of so many hours."""
    return {"title": title, "measure": "minutes", "amount": round(amount * 60), "of": of or {}, **more}


def entries(title: str, amount: int, of: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"title": title, "measure": "entries", "amount": amount, "of": of or {}}


def progress(
    given: Rules,
    learning: list[Learning],
    on: str = "2027-03-31",
    *,
    today: str = "",
    presence: Presence = LONG_SERVED,
    since: str = "2000-01-01",
) -> Progress:
    """Return the progress on a day under rules in force since another."""
    found = progress_in(
        Named("scheme", "Scheme"),
        lambda day: given if day >= date.fromisoformat(since) else None,
        learning,
        presence,
        on=date.fromisoformat(on),
        today=date.fromisoformat(today or on),
    )
    assert found is not None
    return found


def standing(found: Progress, title: str) -> str:
    return next(target.standing for target in found.targets if target.target.title == title)


def reasons(found: Progress) -> dict[str, str]:
    """Return the one reason given for each entry, by its title."""
    return {entry.learning.title: entry.reason for entry in found.entries}
