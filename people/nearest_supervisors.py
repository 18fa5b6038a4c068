"""Who supervises a unit from nearest by: its own supervisors, or those of the next unit above that has any."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from people import access
from people.models import Posting, RoleHeld
from people.unit_tree import parents_of_units


def nearest_supervisors(*, on: date) -> dict[int, frozenset[int]]:
    """Return keys of the supervisors nearest to each unit of the day's tree, those a team is lent to included. Three queries."""
    own: dict[int, set[int]] = defaultdict(set)
    held = RoleHeld.objects.in_force(on).filter(
        role__code=access.SUPERVISOR, unit__isnull=False, officer__is_active=True
    )
    for unit, officer in held.values_list("unit_id", "officer_id"):
        own[unit].add(officer)
    for unit, delegate in (
        access.lent_in_force(on).filter(delegate__is_active=True).values_list("unit_id", "delegate_id")
    ):
        own[unit].add(delegate)
    parents = parents_of_units(on)
    found: dict[int, frozenset[int]] = {}
    for unit in parents.keys() | own.keys():
        at: int | None = unit
        seen: set[int] = set()
        while at is not None and at not in own and at not in seen:
            seen.add(at)
            at = parents.get(at)
        found[unit] = frozenset(own[at]) if at is not None and at in own else frozenset()
    return found


def units_posted_to(officers: list[int], *, on: date) -> dict[int, int]:
    """Return the unit each of the people is posted to on the day."""
    rows = Posting.objects.in_force(on).filter(officer__in=officers)
    return dict(rows.values_list("officer_id", "unit_id"))
