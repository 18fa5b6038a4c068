"""Lending a team for the days of a leave: the delegate acts as the supervisor does, until the last day and no longer."""

from __future__ import annotations

from datetime import date, timedelta

from people import access
from people.dated_rows import add_row, end_row
from people.models import Delegation, RoleHeld, Unit, User
from people.unit_tree import units_below

LONGEST_DAYS = 92


class DelegationRefused(Exception):
    """A team cannot be lent so; the message says why and what to do."""


def delegate_unit(
    officer: User, delegate: User, unit: Unit, *, by: User, valid_from: date, valid_until: date, reason: str = ""
) -> Delegation:
    """Record that ``delegate`` acts for ``officer`` as supervisor of ``unit`` (and of what is below it) from day to day, both included.

    The officer does it themselves, or a training or system administrator for them. The unit of a role they hold on every one of the days
    can be lent, or one below it in the tree of both days, such as one shift of a directorate; not one lent to them. It ends with its last
    day, or with that role. At most 92 days. Raises ``DelegationRefused``, or ``PeriodsOverlap`` where it is lent to that person already.
    """
    if not access.is_own(by, officer) and not access.has_any_role(by, access.TRAINING_ADMIN, access.SYSTEM_ADMIN):
        raise DelegationRefused("Only the supervisor, or an administrator for them, can lend a team.")
    if access.is_own(officer, delegate):
        raise DelegationRefused("You already supervise this team. Choose somebody else.")
    if not delegate.is_active:
        raise DelegationRefused("That person has left or may not sign in. Choose somebody else.")
    if access.has_role(delegate, access.AUDITOR, on=valid_from):
        raise DelegationRefused("That person is an auditor here, who reads and never acts. Choose somebody else.")
    if valid_until < valid_from:
        raise DelegationRefused("The end is before the beginning. Check both days.")
    if valid_until - valid_from >= timedelta(days=LONGEST_DAYS):
        raise DelegationRefused(
            f"A team is lent for {LONGEST_DAYS} days at most. For longer, a system administrator grants the role itself."
        )
    held = held_above(officer, unit, first=valid_from, last=valid_until)
    if held is None:
        raise DelegationRefused(
            "Only a unit whose supervisor somebody is on all of these days can be lent, or one below it. Choose another unit or other days."
        )
    return add_row(
        Delegation,
        subject={"officer": officer, "delegate": delegate, "unit": unit},
        by=by,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason,
        held_unit_id=None if held == unit.pk else held,
    )


def end_delegation(delegation: Delegation, *, by: User, last_day: date) -> Delegation:
    """Record that it ends earlier; before its first day it never was. The supervisor, the delegate or an administrator may."""
    mine = access.is_own(by, delegation.officer) or access.is_own(by, delegation.delegate)
    if not mine and not access.has_any_role(by, access.TRAINING_ADMIN, access.SYSTEM_ADMIN):
        raise DelegationRefused("Only those it is between, or an administrator, can end it.")
    if delegation.valid_until is not None and last_day >= delegation.valid_until:
        raise DelegationRefused("It ends by then already.")
    return end_row(delegation, by=by, last_day=last_day, reason="Ended early")


def held_above(officer: User, unit: Unit, *, first: date, last: date) -> int | None:
    """Return the key of the unit by which the officer may lend this one: itself, or one above it in the tree, held on both days."""
    on_first, on_last = _units_held(officer, on=first), _units_held(officer, on=last)
    for held in sorted(on_first & on_last, key=lambda key: (key != unit.pk, key)):
        if all(unit.pk in units_below({held}, on=day) for day in (first, last)):
            return held
    return None


def _units_held(officer: User, *, on: date) -> set[int]:
    """Return the units whose supervisor the officer is on the day in their own right; what is lent to them is not theirs to lend."""
    held = RoleHeld.objects.in_force(on).filter(officer=officer, role__code=access.SUPERVISOR, unit__isnull=False)
    return {unit for unit in held.values_list("unit_id", flat=True) if unit is not None}
