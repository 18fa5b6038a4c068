"""Lending a team for the days of a leave: the delegate acts as the supervisor does, until the last day and no longer."""

from __future__ import annotations

from datetime import date, timedelta

from people import access
from people.dated_rows import add_row, end_row
from people.models import Delegation, RoleHeld, Unit, User

LONGEST_DAYS = 92


class DelegationRefused(Exception):
    """A team cannot be lent so; the message says why and what to do."""


def delegate_unit(
    officer: User, delegate: User, unit: Unit, *, by: User, valid_from: date, valid_until: date, reason: str = ""
) -> Delegation:
    """Record that ``delegate`` acts for ``officer`` as supervisor of ``unit`` (and of what is below it) from day to day, both included.

    The officer does it themselves, or a training or system administrator for them; only the unit of a role they hold on every one of
    the days can be lent, not one lent to them. At most 92 days. Raises ``DelegationRefused``, or ``PeriodsOverlap`` where it is lent to
    that person already.
    """
    if not access.is_own(by, officer) and not access.has_any_role(by, access.TRAINING_ADMIN, access.SYSTEM_ADMIN):
        raise DelegationRefused("Only the supervisor, or an administrator for them, can lend a team.")
    if access.is_own(officer, delegate):
        raise DelegationRefused("You already supervise this team. Choose somebody else.")
    if not delegate.is_active:
        raise DelegationRefused("That person has left or may not sign in. Choose somebody else.")
    if valid_until < valid_from:
        raise DelegationRefused("The end is before the beginning. Check both days.")
    if valid_until - valid_from >= timedelta(days=LONGEST_DAYS):
        raise DelegationRefused(
            f"A team is lent for {LONGEST_DAYS} days at most. For longer, a system administrator grants the role itself."
        )
    if not (holds_unit(officer, unit, on=valid_from) and holds_unit(officer, unit, on=valid_until)):
        raise DelegationRefused("Only a unit whose supervisor somebody is on all of these days can be lent.")
    return add_row(
        Delegation,
        subject={"officer": officer, "delegate": delegate, "unit": unit},
        by=by,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason,
    )


def end_delegation(delegation: Delegation, *, by: User, last_day: date) -> Delegation:
    """Record that it ends earlier; before its first day it never was. The supervisor, the delegate or an administrator may."""
    mine = access.is_own(by, delegation.officer) or access.is_own(by, delegation.delegate)
    if not mine and not access.has_any_role(by, access.TRAINING_ADMIN, access.SYSTEM_ADMIN):
        raise DelegationRefused("Only those it is between, or an administrator, can end it.")
    if delegation.valid_until is not None and last_day >= delegation.valid_until:
        raise DelegationRefused("It ends by then already.")
    return end_row(delegation, by=by, last_day=last_day, reason="Ended early")


def holds_unit(officer: User, unit: Unit, *, on: date) -> bool:
    """Return whether the officer holds the supervisor's role for this very unit on the day."""
    held = RoleHeld.objects.in_force(on).filter(officer=officer, role__code=access.SUPERVISOR, unit=unit)
    return held.exists()
