"""The tree of units on a day: what stands above what, read by one compiled statement."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

import people.any_of  # noqa: F401  # the lookup
from people.models import UnitPlace
from people.prepared import prepared

# Of up to so many units the plan of a compiled statement, made for about ten, is right.
FEW = 120


def parents_of_units(on: date, known_at: datetime | None = None) -> dict[int, int | None]:
    """Return every unit of the day with the one right above it, None at the top; as recorded by a time, None is now."""
    if known_at is not None:
        return dict(UnitPlace.objects.in_force(on, known_at).values_list("unit_id", "parent_id"))
    return dict(_places(on=on))


def parents_among(units: set[int], *, on: date, known_at: datetime | None = None) -> dict[int, int | None]:
    """Return each of some units with the one right above it on the day, None at the top; as recorded by a time, None is now."""
    if known_at is not None:
        rows = UnitPlace.objects.in_force(on, known_at).filter(unit__any_of=sorted(units))
        return dict(rows.values_list("unit_id", "parent_id"))
    ask = _places_of if len(units) <= FEW else _places_of.queryset
    return dict(ask(units=sorted(units), on=on))


def units_below(unit_ids: set[int], *, on: date) -> set[int]:
    """Return the units and everything that stands below them in the tree of that day."""
    children: dict[int, list[int]] = {}
    for unit_id, parent_id in _places(on=on):
        if parent_id is not None:
            children.setdefault(parent_id, []).append(unit_id)
    found, waiting = set(unit_ids), list(unit_ids)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


@prepared
def _places_of(units: Any, on: date) -> QuerySet[UnitPlace, Any]:
    return UnitPlace.objects.in_force(on).filter(unit__any_of=units).values_list("unit_id", "parent_id")


@prepared
def _places(on: date) -> QuerySet[UnitPlace, Any]:
    return UnitPlace.objects.in_force(on).values_list("unit_id", "parent_id")
