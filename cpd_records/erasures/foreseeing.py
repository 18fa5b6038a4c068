"""What would go: counts and the first lines, class by class, and what stays because its time has not come. Writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cpd_records.erasing import CERTIFICATES
from cpd_records.erasures.going_along import certificates_along
from cpd_records.erasures.openings import named_openings, openings_of
from cpd_records.erasures.reaching import Reach, goes, is_held, reach_now, still_going_on
from cpd_records.models import Certificate
from people.erasure_plans import Plan, RetentionClass, retention_classes, rows_of
from people.models import User

MOST_LINES = 10
CERTIFYING = "Certificates of what goes"
LISTING = "Training records and CPD statements that list what goes"
# Classes by which somebody who serves may do what they do: what is not held any more, nobody can show.
OF_DUTIES = ("initial-training", "accreditation")


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of record: how many would go, how many stay, and the first of those that go as (day or None, which).

    ``going_on`` of those that stay have not ended; ``why`` is said where it is not their own time that has come; ``keys`` name what goes.
    """

    what: str
    count: int
    kept: int
    lines: tuple[tuple[date | None, str], ...]
    keys: tuple[str, ...] = ()
    going_on: int = 0
    why: str = ""

    @property
    def goes(self) -> str:
        """In words: '3 go'."""
        return _go(self.count)

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
    """What would go of an officer, and whether the law holds it back."""

    reach: Reach
    is_held: bool
    classes: tuple[ClassForeseen, ...]

    @property
    def officer(self) -> User:
        return self.reach.officer

    @property
    def left_on(self) -> date | None:
        """Their last day of service, None where none is known."""
        return self.reach.left_on

    @property
    def is_serving(self) -> bool:
        return self.reach.is_serving

    @property
    def duties(self) -> tuple[str, ...]:
        """Titles of the classes by which somebody who serves may do what they do, where records of them would go."""
        return tuple(
            one.retention.title
            for one in self.classes
            if self.is_serving and one.retention.code in OF_DUTIES and one.count
        )

    @property
    def digest(self) -> str:
        """What would go, record by record, in a few letters: the same as long as nothing of it changes."""
        told = [
            self.reach.ground,
            *((one.retention.code, sort.what, sort.keys) for one in self.classes for sort in one.sorts),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def count(self) -> int:
        return sum(one.count for one in self.classes)

    @property
    def goes(self) -> str:
        """In words: '3 go'."""
        return _go(self.count)

    @property
    def counts(self) -> dict[str, int]:
        """How many records of each class would go, by its code; those of which none would are left out."""
        return {one.retention.code: one.count for one in self.classes if one.count}


def foresee(
    officer: User, plans: Sequence[Plan], *, ground: str, classes: Collection[str] | None = None, on: date
) -> Foreseen:
    """Return what would go on a ground by the day ``on``, of these classes or (None) of all, were it asked for now."""
    return foresee_within(reach_now(officer, ground=ground, on=on), plans, classes=classes)


def foresee_within(reach: Reach, plans: Sequence[Plan], *, classes: Collection[str] | None = None) -> Foreseen:
    """Return what would go of what a request reaches, of these classes or (None) of all. A few queries a plan."""
    going = goes(CERTIFICATES, reach).values_list("pk", flat=True)
    by_themselves = {str(key) for key in going}
    found = []
    for code, retention in retention_classes().items():
        if classes is not None and code not in classes:
            continue
        named = named_openings(reach.officer, code)
        along: dict[str, Certificate] = {}
        gone: list[tuple[Plan, Sequence[Any]]] = []
        sorts = [_sort(plan, reach, named, along, gone) for plan in plans if plan.retention == code]
        if CERTIFICATES.retention == code or (classes is not None and CERTIFICATES.retention in classes):
            along = {key: one for key, one in along.items() if key not in by_themselves}
        sorts += _along(along)
        there = tuple(sorted((sort for sort in sorts if sort.count or sort.kept), key=lambda sort: not sort.count))
        if there:
            found.append(ClassForeseen(retention, there))
    return Foreseen(reach, is_held(reach.officer), tuple(found))


def _sort(
    plan: Plan,
    reach: Reach,
    named: Collection[Any],
    along: dict[str, Certificate],
    gone: list[tuple[Plan, Sequence[Any]]],
) -> Sort:
    """Return how many of a plan's records go and stay.

    The certificates that go with them are put by their keys into ``along``, and the records into ``gone``: what follows finds them gone.
    """
    going, held, going_on = goes(plan, reach), rows_of(plan, reach.officer), still_going_on(plan, reach)
    if plan.is_opening:
        going, held = going.exclude(pk__in=named), held.exclude(pk__in=named)
    if plan.is_plain:
        rows, keys = [], list(going.values_list("pk", flat=True))
    else:
        rows = list(going)
        keys = [row.pk for row in rows]
        openings = openings_of(plan, keys, reach.officer, gone=gone)
        gone.append((plan, keys))
        along |= {str(one.pk): one for one in certificates_along(plan, rows, openings, reach.officer)}
    lines: tuple[tuple[date | None, str], ...] = ()
    if plan.name is not None:
        lines = tuple((_day(getattr(row, "since_on", None)), plan.name(row)) for row in rows[:MOST_LINES])
    kept = held.count() - len(keys)
    return Sort(plan.what, len(keys), kept, lines, tuple(map(str, keys)), going_on.count() if kept else 0)


def _along(certificates: dict[str, Certificate]) -> list[Sort]:
    """Return the certificates that go with records, as sorts with the reason why."""
    found = []
    for what, has_list, why in (
        (CERTIFYING, False, "They certify a record that goes, so they answer ‘no longer held’ from then on."),
        (LISTING, True, "They print a record that goes. A new one can be had at once, of what is still held."),
    ):
        rows = {key: one for key, one in certificates.items() if one.has_list is has_list}
        lines = tuple((one.awarded_on, one.title) for one in list(rows.values())[:MOST_LINES])
        found.append(Sort(what, len(rows), 0, lines, tuple(rows), why=why))
    return found


def _go(count: int) -> str:
    return "1 goes" if count == 1 else f"{count:,} go"


def _day(moment: date | datetime | None) -> date | None:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
