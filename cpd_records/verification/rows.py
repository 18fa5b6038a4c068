"""Rows of the evidence as the database gives them: an entry with all that belongs to it is one tuple, not five model instances.

PostgreSQL gives identities, days and moments as the text it stores them by, because a payload says them as text too; SQLite gives them
as values. ``text_of``, ``day_of`` and ``moment_of`` take either.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from cpd_records.models import LedgerEntry
from cpd_records.verification.findings import Findings
from cpd_records.verification.formats import time_as_written

ROWS_AT_ONCE = 2_000
# Where so many cannot be read, more of them tell nothing more.
MOST_UNREADABLE = 100


class Row(NamedTuple):
    """An entry, its place, whether it waits, what it says and its erasure; what is missing is None."""

    id: Any
    commitment: Any
    index: Any
    leaf_hash: Any
    unsealed: Any
    erasure: Any
    readable: Any
    officer: Any
    kind: Any
    subject: Any
    day: Any
    minutes: Any
    valid_until: Any
    corrects: Any
    recorded_at: Any
    payload: Any
    salt: Any
    erased_officer: Any
    retention_class: Any
    authority: Any
    erased_at: Any
    recorded_in: Any

    @property
    def entry(self) -> UUID:
        return self.id if isinstance(self.id, UUID) else UUID(self.id)


# In the order of ``Row``.
COLUMNS = (
    "id",
    "commitment",
    "place__index",
    "place__leaf_hash",
    "unsealed__entry",
    "erasure__entry",
    "readable__entry",
    "readable__officer",
    "readable__kind",
    "readable__subject",
    "readable__day",
    "readable__minutes",
    "readable__valid_until",
    "readable__corrects",
    "readable__recorded_at",
    "readable__payload",
    "readable__salt",
    "erasure__officer",
    "erasure__retention_class",
    "erasure__authority",
    "erasure__at",
    "erasure__recorded_in",
)
AS_TEXT = {
    "id",
    "readable__entry",
    "readable__officer",
    "readable__day",
    "readable__valid_until",
    "readable__corrects",
    "readable__recorded_at",
}


def as_tuples(entries: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry, Any]:
    """Return a query of entries as tuples of the columns of ``Row``."""
    if connection.vendor != "postgresql":
        return entries.values_list(*COLUMNS)
    return entries.values_list(*(Cast(name, TextField()) if name in AS_TEXT else name for name in COLUMNS))


def read(findings: Findings, rows: QuerySet[Any, Any]) -> Iterator[Any]:
    """Yield rows piece by piece. SQLite stores anything anywhere: a row that its columns cannot hold is named and passed over."""
    place, unreadable = 0, 0
    while True:
        try:
            for row in rows[place:].iterator(chunk_size=ROWS_AT_ONCE):
                # Counted first: this row was read, whatever its reader does with it.
                place += 1
                yield row
            return
        except ValueError as error:
            entry, name = _entry_at(rows, place), rows.model._meta.verbose_name
            unreadable += 1
            if unreadable == MOST_UNREADABLE:
                findings.found(entry, "unreadable", f"too many rows read with the {name} cannot be read: {error}")
                return
            findings.found(entry, "unreadable", f"a row read with the {name} cannot be read: {error}")
            place += 1


def text_of(stored: Any) -> str | None:
    """Return an identity as a payload writes it."""
    return None if stored is None else str(stored)


def day_of(stored: date | str | None) -> str | None:
    """Return a day as a payload writes it; what PostgreSQL stores and no calendar has is not taken for one."""
    if stored is None:
        return None
    day = str(stored)
    return day if len(day) == 10 else f"no day: {day}"


def moment_of(stored: datetime | str | None) -> str | None:
    """Return a moment as a payload writes it; PostgreSQL leaves noughts at its end away, and the session speaks in UTC."""
    if isinstance(stored, str):
        moment = stored[:-3]
        if stored[-3:] == "+00" and stored[10] == " " and 19 <= len(moment) <= 26:
            return f"{moment[:10]}T{moment[11:]}{'.000000'[len(moment) - 19 :]}Z"
        return f"no moment: {stored}"
    return None if stored is None else time_as_written(stored)


def as_bytes(stored: Any) -> bytes:
    return stored.encode("utf-8", "replace") if isinstance(stored, str) else bytes(stored)


def _entry_at(rows: QuerySet[Any, Any], place: int) -> UUID | None:
    """Return which entry a row is about, by its place, None where even that cannot be read.

    Rows of entries are themselves; others say by ``entry_named`` which one they rest on, or are about none.
    """
    if rows.model is not LedgerEntry and "entry_named" not in rows.query.annotations:
        return None
    name = "pk" if rows.model is LedgerEntry else "entry_named"
    try:
        found: UUID | None = rows.values_list(name, flat=True)[place : place + 1].first()
    except ValueError:
        return None
    return found
