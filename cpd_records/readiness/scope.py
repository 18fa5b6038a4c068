"""Which units and people a supervisor may ask about: the tree they supervise today, and who was posted there on the day asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cpd_records.models import OfficerStanding
from people import access, clock
from people.models import Posting, UnitName, User
from people.prepared import prepared
from people.unit_tree import parents_among, units_below

# Of more units than this, a choice offers those near by.
MOST_OFFERED = 60
# Up to so many people are reckoned and counted one by one; above, today's are read from the projection.
ONE_BY_ONE = 120


class NotYourUnit(Exception):
    """The unit is not in the tree somebody supervises."""


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit to choose: ``depth`` in the supervisor's tree from 0, ``people`` posted to it or below it on the day."""

    id: int
    code: str
    name: str
    depth: int
    people: int

    @property
    def label(self) -> str:
        return f"{'– ' * self.depth}{self.name} ({self.people:,})"


def units_of(user: User, *, on: date, with_self: bool = False, known_at: datetime | None = None) -> list[UnitChoice]:
    """Return the units somebody supervises today, each above what stands below it, with how many others were posted there on the day.

    ``with_self`` counts the supervisor too; ``known_at`` leaves out what was recorded later, None is now. Four queries, whatever the
    size of the force.
    """
    mine = access.supervised_units(user)
    if not mine:
        return []
    places = parents_among(mine, on=on, known_at=known_at)
    names = {unit: (code, name) for unit, code, name in _names(units=list(mine), on=on)}
    posted = Counter(dict(_posted(mine, on=on, without=None if with_self else user, known_at=known_at)))
    below: dict[int | None, list[int]] = {}
    for unit in mine:
        parent = places.get(unit)
        below.setdefault(parent if parent in mine else None, []).append(unit)
    found: list[UnitChoice] = []

    def visit(unit: int, depth: int) -> int:
        place = len(found)
        code, name = names.get(unit, (str(unit), str(unit)))
        found.append(UnitChoice(unit, code, name, depth, 0))
        children = sorted(below.get(unit, ()), key=lambda child: names.get(child, ("", ""))[1])
        people = posted[unit] + sum(visit(child, depth + 1) for child in children)
        found[place] = UnitChoice(unit, code, name, depth, people)
        return people

    for top in sorted(below.get(None, ()), key=lambda unit: names.get(unit, ("", ""))[1]):
        visit(top, 0)
    return found


def nearby(units: Sequence[UnitChoice], chosen: int | None) -> list[UnitChoice]:
    """Return what is offered of the units: all of them where they are few, else the top two levels, the way down to the chosen one, and
    what is right below it. They are in the order of the tree, each above what stands below it.
    """
    if len(units) <= MOST_OFFERED:
        return list(units)
    way: list[UnitChoice] = []
    way_to_chosen: list[UnitChoice] = []
    offered: dict[int, None] = {}
    for unit in units:
        del way[unit.depth :]
        way.append(unit)
        above = way[-2].id if len(way) > 1 else None
        if unit.id == chosen:
            way_to_chosen = list(way)
        if unit.depth <= 1 or (chosen is not None and above == chosen):
            offered[unit.id] = None
    offered.update(dict.fromkeys(unit.id for unit in way_to_chosen))
    return [unit for unit in units if unit.id in offered]


@prepared
def _names(units: Any, on: date) -> QuerySet[UnitName, Any]:
    rows = UnitName.objects.in_force(on).filter(unit__any_of=units, is_alias=False)
    return rows.values_list("unit_id", "unit__code", "name")


def _posted(
    units: set[int], *, on: date, without: User | None, known_at: datetime | None
) -> QuerySet[Any, tuple[int, int]]:
    """Return units and how many are posted to each, counted for many today in the projection, which is a moment behind."""
    rows: QuerySet[Any, Any] = Posting.objects.in_force(on, known_at)
    if known_at is None and on == clock.today() and are_many(units):
        rows = OfficerStanding.objects.all()
    rows = rows.filter(unit__any_of=units).exclude(officer__in=User.objects.filter(is_active=False).values("pk"))
    if without is not None:
        rows = rows.exclude(officer=without)
    return rows.order_by().values_list("unit_id").annotate(people=Count("officer"))


def units_in(user: User, unit: int | None) -> set[int]:
    """Return a unit and all below it (None: all units the user supervises). Raises ``NotYourUnit`` for one the user does not supervise."""
    mine = access.supervised_units(user)
    if unit is None:
        return mine
    if unit not in mine:
        raise NotYourUnit("That unit is not one of yours. Choose one from the list.")
    return units_below({unit}, on=clock.today()) & mine


def officers_in(user: User, unit: int | None, *, on: date) -> list[int]:
    """Return keys of those who were posted on a day to a unit or below it (None: to any the user supervises); never the user.

    Raises ``NotYourUnit`` for a unit the user does not supervise.
    """
    return officers_posted_to(units_in(user, unit), on=on, without=user)


def are_many(units: set[int]) -> bool:
    """Return whether more people are posted to the units than are asked about one by one."""
    ask = _some_of if len(units) <= MOST_OFFERED else _some_of.queryset
    return len(ask(units=list(units))) > ONE_BY_ONE


@prepared
def _some_of(units: Any) -> QuerySet[OfficerStanding, Any]:
    return OfficerStanding.objects.filter(unit__any_of=units).values_list("pk")[: ONE_BY_ONE + 1]


def officers_posted_to(
    units: set[int], *, on: date, without: User | None, known_at: datetime | None = None
) -> list[int]:
    """Return keys of those who were posted to one of the units on a day, as known at a time (None: now), without one of them."""
    rows = Posting.objects.in_force(on, known_at).filter(unit__any_of=units, officer__is_active=True)
    if without is not None:
        rows = rows.exclude(officer=without)
    return list(rows.order_by("officer_id").values_list("officer_id", flat=True))


def officer_of(user: User, public_id: UUID, *, on: date) -> User | None:
    """Return somebody ``user`` supervises today, or who was posted to a unit of theirs on the day; None for anybody else."""
    posted = Posting.objects.filter(unit__any_of=access.supervised_units(user))
    found = User.objects.filter(
        Q(pk__in=posted.in_force(on).values("officer")) | Q(pk__in=posted.in_force(clock.today()).values("officer")),
        public_id=public_id,
    )
    return found.exclude(pk=user.pk).first()
