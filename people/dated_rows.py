"""Writing rows with two times: one verb adds, one corrects; both under the stamp lock, so that periods never overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q

from people.models import DatedRow, User
from people.stamps import NotRecorded, stamp

Row = TypeVar("Row", bound=DatedRow)
OVERLAP = "There is already an entry for part of that period. End or correct that one first."


class PeriodsOverlap(NotRecorded):
    """Something of the same subject is already recorded for part of that period."""


class AlreadyCorrected(NotRecorded):
    """The row was corrected before; correct its successor instead."""


def overlapping(model: type[Row], subject: dict[str, Any], valid_from: date, valid_until: date | None) -> Any:
    """Return standing rows of the subject whose period shares a day with the one given."""
    rows = model._default_manager.known().filter(is_void=False, **subject)  # type: ignore[attr-defined]
    rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=valid_from))
    return rows if valid_until is None else rows.filter(valid_from__lte=valid_until)


@transaction.atomic
def add_row(
    model: type[Row],
    *,
    subject: dict[str, Any],
    by: User | None,
    valid_from: date,
    valid_until: date | None = None,
    reason: str = "",
    **fields: Any,
) -> Row:
    """Add a row for ``subject`` (the fields the model names as one at a time); raise ``PeriodsOverlap`` where periods would overlap."""
    if set(subject) != set(model.one_at_a_time):
        raise TypeError(f"{model.__name__} is one at a time by {model.one_at_a_time}, not by {tuple(subject)}.")
    rows: Any = model._default_manager
    with stamp() as recorded_at:
        if overlapping(model, subject, valid_from, valid_until).exists():
            raise PeriodsOverlap(OVERLAP)
        created: Row = rows.create(
            **subject,
            **fields,
            valid_from=valid_from,
            valid_until=valid_until,
            recorded_at=recorded_at,
            recorded_by=by,
            reason=reason,
        )
        return created


@dataclass(frozen=True)
class NewRow:
    """A row to be added: ``subject`` are the fields within which periods may not overlap, an officer among them."""

    subject: Mapping[str, Any]
    valid_from: date
    fields: Mapping[str, Any]
    valid_until: date | None = None


@transaction.atomic
def add_rows(model: type[Row], new: Sequence[NewRow], *, by: User | None, reason: str = "") -> None:
    """Add rows of several officers under one stamp: four statements, however many. Raises ``PeriodsOverlap`` as ``add_row`` does."""
    if not new:
        return
    rows: Any = model._default_manager
    with stamp() as recorded_at:
        officers = {row.subject["officer"].pk for row in new}
        standing = list(rows.known().filter(is_void=False, officer__in=officers))
        for row in new:
            made = model(
                **row.subject,
                **row.fields,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                recorded_at=recorded_at,
                recorded_by=by,
                reason=reason,
            )
            names = [model._meta.get_field(name).attname for name in row.subject]  # type: ignore[union-attr]
            if any(_overlap(made, other) and _same(made, other, names) for other in standing):
                raise PeriodsOverlap(OVERLAP)
            standing.append(made)
        rows.bulk_create([row for row in standing if row.pk is None])


def _same(one: DatedRow, other: DatedRow, names: Sequence[str]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _overlap(one: DatedRow, other: DatedRow) -> bool:
    return one.valid_from <= (other.valid_until or date.max) and other.valid_from <= (one.valid_until or date.max)


@transaction.atomic
def correct_row(row: Row, *, by: User | None, reason: str, is_void: bool = False, **changes: Any) -> Row:
    """Record a successor of ``row`` with ``changes``; the row itself stays. ``is_void`` says it was never true."""
    rows: Any = row.__class__._default_manager
    with stamp() as recorded_at:
        if rows.filter(supersedes=row).exists():
            raise AlreadyCorrected("This entry was corrected before. Open the correction and change that.")
        kept = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.name not in {"id", "recorded_at", "recorded_by", "reason", "supersedes", "is_void"}
        }
        successor: Row = rows.create(
            **{**kept, **changes},
            is_void=is_void,
            recorded_at=recorded_at,
            recorded_by=by,
            reason=reason,
            supersedes=row,
        )
        return successor


def end_row(row: Row, *, by: User | None, last_day: date, reason: str = "") -> Row:
    """Record that ``row`` held until ``last_day`` included; before its first day it never held."""
    if last_day < row.valid_from:
        return correct_row(row, by=by, reason=reason, is_void=True)
    return correct_row(row, by=by, reason=reason, valid_until=last_day)


def with_first_rows(rows: Iterable[Row], *related: str) -> list[Row]:
    """Return the rows, each with ``granted``: the first row of its chain, which says who decided it and why; itself where it is first.

    One query for each correction of the longest chain, none where nothing was corrected; ``related`` is read with the first rows.
    """
    found = list(rows)
    for row in found:
        row.granted = row  # type: ignore[attr-defined]
    while waiting := [row for row in found if row.granted.supersedes_id is not None]:  # type: ignore[attr-defined]
        model: Any = waiting[0].__class__
        wanted = {row.granted.supersedes_id for row in waiting}  # type: ignore[attr-defined]
        before = {one.pk: one for one in model._default_manager.select_related(*related).filter(pk__in=wanted)}
        for row in waiting:
            row.granted = before[row.granted.supersedes_id]  # type: ignore[attr-defined]
    return found


def day_before(day: date) -> date:
    return day - timedelta(days=1)
