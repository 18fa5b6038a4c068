"""Checking every table of rows with two times: what its verbs keep under a lock, asked of what is there.

A row is named by table and key alone, so that what is printed says nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db.models import F, Q

from people.models import DatedRow, LastStamp

ROWS_AT_ONCE = 2_000
# Where no time was given yet there are only rows that migrations shipped on a new database, and what one of them put right at once.
SHIPPED_AT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: in which table, of which row (its key), and a sentence."""

    table: str
    row: int
    detail: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.detail}"


def tables_with_two_times() -> list[type[DatedRow]]:
    """Return every model of rows with two times, whichever app it is in, by name."""
    found = [model for model in apps.get_models() if issubclass(model, DatedRow)]
    return sorted(found, key=lambda model: model._meta.label)


def check_records() -> Iterator[Wrong]:
    """Yield everything that is wrong with rows with two times; reads each table once, piece by piece."""
    last = LastStamp.objects.values_list("row_at", flat=True).first() or SHIPPED_AT
    for model in tables_with_two_times():
        rows: Any = model._default_manager
        yield from _overlapping(model, rows.known().filter(model.apart, is_void=False))
        yield from _badly_corrected(model, rows.filter(supersedes__isnull=False))
        for key in rows.filter(recorded_at__gt=last).order_by("pk").values_list("pk", flat=True).iterator(ROWS_AT_ONCE):
            yield Wrong(model._meta.label, key, "it bears a later time than the last one that was given")


def _overlapping(model: type[DatedRow], standing: Any) -> Iterator[Wrong]:
    """Yield each row that begins while an earlier one of the same subject still stands."""
    subject = [model._meta.get_field(name).attname for name in model.one_at_a_time]  # type: ignore[union-attr]
    rows = standing.order_by(*subject, "valid_from", "pk").values_list("pk", "valid_from", "valid_until", *subject)
    before: tuple[Any, ...] | None = None
    holder, until = 0, date.min
    for key, begins, ends, *about in rows.iterator(ROWS_AT_ONCE):
        if tuple(about) != before:
            before, holder, until = tuple(about), key, ends or date.max
            continue
        if begins <= until:
            yield Wrong(model._meta.label, key, f"it overlaps row {holder}, and one at a time is the rule")
        if (ends or date.max) > until:
            holder, until = key, ends or date.max


def _badly_corrected(model: type[DatedRow], successors: Any) -> Iterator[Wrong]:
    """Yield each correction that is about something else than what it corrects, or that was recorded before it."""
    other = Q(recorded_at__lt=F("supersedes__recorded_at"))
    for name in model.one_at_a_time:
        same = Q(**{name: F(f"supersedes__{name}")})
        if model._meta.get_field(name).null:
            same |= Q(**{f"{name}__isnull": True, f"supersedes__{name}__isnull": True})
        other |= ~same
    for key in successors.filter(other).order_by("pk").values_list("pk", flat=True).iterator(ROWS_AT_ONCE):
        yield Wrong(model._meta.label, key, "it corrects a row of another subject, or one recorded later")
