"""What would go: counts and the first lines, class by class, and what stays because its time has not come. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from cpd_records.models import ErasureGround, ErasureRequest, LegalHold
from people.erasure_plans import (
    Plan,
    RetentionClass,
    due_rows,
    end_of_service,
    retention_classes,
    rows_of,
    serves,
)
from people.models import User

MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of record: how many would go, how many stay, and the first of those that go as (day or None, which)."""

    what: str
    count: int
    kept: int
    lines: tuple[tuple[date | None, str], ...]

    @property
    def goes(self) -> str:
        """In words: '3 go'."""
        return "1 goes" if self.count == 1 else f"{self.count:,} go"

    @property
    def more(self) -> int:
        """How many go beside those that are named."""
        return self.count - len(self.lines) if self.lines else 0


@dataclass(frozen=True, slots=True)
class ClassForeseen:
    """A retention class of which something is held: its sorts of records, those that would go first."""

    retention: RetentionClass
    sorts: tuple[Sort, ...]

    @property
    def count(self) -> int:
        return sum(sort.count for sort in self.sorts)

    @property
    def kept(self) -> int:
        return sum(sort.kept for sort in self.sorts)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would go of an officer by a day. ``left_on`` is their last day of service, None where none is known; ``is_held``: by law."""

    officer: User
    on: date
    left_on: date | None
    is_serving: bool
    is_held: bool
    classes: tuple[ClassForeseen, ...]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.classes)

    @property
    def counts(self) -> dict[str, int]:
        """How many records of each class would go, by its code; those of which none would are left out."""
        return {one.retention.code: one.count for one in self.classes if one.count}


def foresee(
    officer: User, plans: Sequence[Plan], *, ground: str, classes: Collection[str] | None = None, on: date
) -> Foreseen:
    """Return what would go on a ground by the day ``on``, of these classes or (None) of all. Two queries a plan."""
    left_on, named = last_day_of(officer), _named_entries(officer, plans)
    found = []
    for code, retention in retention_classes().items():
        if classes is not None and code not in classes:
            continue
        of_class = [plan for plan in plans if plan.retention == code]
        sorts = [_sort(plan, officer, named, ground=ground, on=on, left_on=left_on) for plan in of_class]
        there = tuple(sorted((sort for sort in sorts if sort.count or sort.kept), key=lambda sort: not sort.count))
        if there:
            found.append(ClassForeseen(retention, there))
    return Foreseen(officer, on, left_on, serves(officer), is_held(officer), tuple(found))


def last_day_of(officer: User) -> date | None:
    """Return somebody's last day of service, None while they serve; from an earlier erasure where it took the postings that said it."""
    if serves(officer):
        return None
    said = ErasureRequest.objects.filter(officer=officer, left_on__isnull=False).order_by("-asked_at")
    return end_of_service(officer) or said.values_list("left_on", flat=True).first()


def is_held(officer: User) -> bool:
    """Return whether a legal hold stands on somebody."""
    return LegalHold.objects.standing().filter(officer=officer.public_id).exists()


def held_among(officers: Iterable[User]) -> set[UUID]:
    """Return the public ids of those among them on whom a legal hold stands. One query."""
    ids = [officer.public_id for officer in officers]
    return set(LegalHold.objects.standing().filter(officer__in=ids).values_list("officer", flat=True))


def goes(plan: Plan, officer: User, *, ground: str, on: date, left_on: date | None) -> Any:
    """Return the records of a plan that go on a ground by a day."""
    return due_rows(plan, officer, on=on, left_on=left_on, ended_only=ground == ErasureGround.RETENTION)


def _named_entries(officer: User, plans: Sequence[Plan]) -> set[UUID]:
    """Return the ledger entries that records of the officer name, and that go or stay with those."""
    found: set[UUID | None] = set()
    for plan in plans:
        if plan.is_opening:
            continue
        rows = rows_of(plan, officer)
        for name in plan.entries:
            found.update(rows.values_list(name, flat=True))
        for part in plan.parts:
            for name in part.entries:
                hanging = part.table._base_manager.filter(part.only, **{f"{part.by}__in": rows.values("pk")})
                found.update(hanging.values_list(name, flat=True))
    return {entry for entry in found if entry is not None}


def _sort(plan: Plan, officer: User, named: Collection[UUID], *, ground: str, on: date, left_on: date | None) -> Sort:
    going, held = goes(plan, officer, ground=ground, on=on, left_on=left_on), rows_of(plan, officer)
    if plan.is_opening:
        going, held = going.exclude(pk__in=named), held.exclude(pk__in=named)
    count = going.count()
    lines: tuple[tuple[date | None, str], ...] = ()
    if plan.name is not None and count:
        lines = tuple((_day(getattr(row, "since_on", None)), plan.name(row)) for row in going[:MOST_LINES])
    return Sort(plan.what, count, held.count() - count, lines)


def _day(moment: date | datetime | None) -> date | None:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
