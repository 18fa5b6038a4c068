"""Who would supervise whom through the unit tree, so that nobody ends up supervised by those they supervise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from people import access
from people.models import Posting, RoleHeld
from people.unit_tree import parents_of_units


class Supervision:
    """Supervisors, their units and where they are posted on a day, by service number in small letters; changed as lines are read.

    Two who supervise the same unit are colleagues: neither counts as above the other.
    """

    def __init__(self, on: date) -> None:
        """Read it. Three queries."""
        self._parents = parents_of_units(on)
        self._units: dict[str, set[int]] = {}
        self._by_unit: dict[int, set[str]] = {}
        self._posted: dict[str, int] = {}
        held = RoleHeld.objects.in_force(on).filter(role__code=access.SUPERVISOR, unit__isnull=False)
        for number, unit in held.values_list("officer__service_number", "unit_id"):
            self.give(number, unit)
        posted = Posting.objects.in_force(on).filter(officer__in=held.values("officer"))
        for number, unit in posted.values_list("officer__service_number", "unit_id"):
            self.post(number, unit)

    def supervises(self, number: str) -> bool:
        return bool(self._units.get(number.lower()))

    def give(self, number: str, unit: int) -> None:
        """Remember that somebody supervises a unit and those below it."""
        self._units.setdefault(number.lower(), set()).add(unit)
        self._by_unit.setdefault(unit, set()).add(number.lower())

    def post(self, number: str, unit: int) -> None:
        """Remember where somebody works."""
        self._posted[number.lower()] = unit

    def take(self, number: str, units: set[int]) -> None:
        """Forget that somebody supervises units."""
        for unit in units:
            self._units.get(number.lower(), set()).discard(unit)
            self._by_unit.get(unit, set()).discard(number.lower())

    def place(self, number: str) -> int | None:
        return self._posted.get(number.lower())

    def loop_through(self, number: str) -> str:
        """Return the service number of somebody who stands both above and below this person; '' where nobody does."""
        start, seen, waiting = number.lower(), {number.lower()}, [number.lower()]
        while waiting:
            current = waiting.pop()
            for other in self._above(current):
                if other == start:
                    return current
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return ""

    def _above(self, number: str) -> Iterator[str]:
        unit, own, passed = self._posted.get(number), self._units.get(number, set()), set[int]()
        while unit is not None and unit not in passed:
            passed.add(unit)
            if unit not in own:
                yield from self._by_unit.get(unit, set()) - {number}
            unit = self._parents.get(unit)
