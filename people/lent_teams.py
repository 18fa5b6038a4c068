"""What somebody has lent and could lend, for the page on which they do it."""

from __future__ import annotations

from datetime import date

from people import access, clock
from people.finding import people_named
from people.models import Delegation, RoleHeld, Unit, UnitName, User


def units_held(user: User) -> list[tuple[int, str]]:
    """Return the units whose supervisor somebody is today in their own right, as ``(key, name)``."""
    today = clock.today()
    held = RoleHeld.objects.in_force(today).filter(officer=user, role__code=access.SUPERVISOR, unit__isnull=False)
    names = UnitName.objects.in_force(today).filter(unit__in=held.values("unit"), is_alias=False)
    return list(names.order_by("name").values_list("unit_id", "name"))


def unit_of(key: int) -> Unit:
    return Unit.objects.get(pk=key)


def find_person(typed: str) -> User | None:
    """Return who may sign in and has this e-mail address or service number, or None."""
    return people_named(typed).filter(is_active=True).first()


def lent_by(user: User, *, on: date) -> list[Delegation]:
    """Return what is lent on the day or later, the earliest first."""
    rows = Delegation.objects.known().filter(officer=user, is_void=False, valid_until__gte=on)
    return list(rows.select_related("delegate", "unit").order_by("valid_from"))


def lent_row(user: User, number: int) -> Delegation | None:
    """Return one of the rows ``lent_by`` lists."""
    rows = Delegation.objects.known().filter(officer=user, is_void=False, pk=number)
    return rows.select_related("officer", "delegate", "unit").first()
