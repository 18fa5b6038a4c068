"""What somebody has lent and could lend, for the page on which they do it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from people import access, clock
from people.finding import people_named
from people.models import Delegation, RoleHeld, Unit, UnitName, User
from people.unit_tree import units_below


def units_to_lend(user: User) -> list[tuple[int, str]]:
    """Return the units somebody could lend today, as ``(key, name)``: those they supervise in their own right, then all below."""
    today = clock.today()
    rows = RoleHeld.objects.in_force(today).filter(officer=user, role__code=access.SUPERVISOR, unit__isnull=False)
    held = {unit for unit in rows.values_list("unit_id", flat=True) if unit is not None}
    if not held:
        return []
    named = _names(units_below(held, on=today), on=today)
    return sorted(named.items(), key=lambda unit: (unit[0] not in held, unit[1]))


def _names(units: Iterable[int], *, on: date) -> dict[int, str]:
    names = UnitName.objects.in_force(on).filter(unit__in=units, is_alias=False)
    return dict(names.values_list("unit_id", "name"))


def unit_of(key: int) -> Unit:
    return Unit.objects.get(pk=key)


def find_person(typed: str) -> User | None:
    """Return who may sign in and has this e-mail address or service number, or None."""
    return people_named(typed).filter(is_active=True).first()


def lent_by(user: User, *, on: date) -> list[tuple[Delegation, str]]:
    """Return what is lent on the day or later with the unit's name, the earliest first."""
    known = Delegation.objects.known().filter(officer=user, is_void=False, valid_until__gte=on)
    rows = list(known.select_related("delegate", "unit").order_by("valid_from"))
    names = _names([row.unit_id for row in rows], on=on)
    return [(row, names.get(row.unit_id, row.unit.code)) for row in rows]


def lent_row(user: User, number: int) -> Delegation | None:
    """Return one of the rows ``lent_by`` lists."""
    rows = Delegation.objects.known().filter(officer=user, is_void=False, pk=number)
    return rows.select_related("officer", "delegate", "unit").first()
