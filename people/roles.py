"""Granting and ending roles and ranks; groups follow from the roles in force by one verb."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction

from people import access
from people.dated_rows import add_row, day_before, end_row
from people.models import Rank, RankHeld, Role, RoleHeld, Unit, User

# The groups a role held for a family opens, named so that a family's permissions can be given to them.
FAMILY_GROUPS = {access.TRAINER: "Trainers", access.SUBJECT_REVIEWER: "Reviewers", access.APPROVER: "Approvers"}


class RoleNeedsScope(Exception):
    """A supervisor's role is held for a unit."""


def family_group_name(code: str, family: str) -> str:
    """Return the name of the group that a role opens for a family, such as ``Trainers: initial``."""
    return f"{FAMILY_GROUPS[code]}: {family}"


@transaction.atomic
def grant_role(
    officer: User,
    code: str,
    *,
    by: User | None,
    valid_from: date,
    valid_until: date | None = None,
    family: str = "",
    unit: Unit | None = None,
    reason: str = "",
) -> RoleHeld:
    """Record that an officer holds a role; a supervisor's is held for a unit and covers the units below it."""
    if code == access.SUPERVISOR and unit is None:
        raise RoleNeedsScope("A supervisor supervises a unit. Choose the unit.")
    row = add_row(
        RoleHeld,
        subject={"officer": officer, "role": Role.objects.get(code=code), "family": family, "unit": unit},
        by=by,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason,
    )
    refresh_groups(officer)
    return row


def end_role(held: RoleHeld, *, by: User | None, last_day: date, reason: str = "") -> RoleHeld:
    """Record the last day of a role."""
    row = end_row(held, by=by, last_day=last_day, reason=reason)
    refresh_groups(held.officer)
    return row


@transaction.atomic
def give_rank(
    officer: User, rank_code: str, *, by: User | None, valid_from: date, acting: bool = False, reason: str = ""
) -> RankHeld:
    """Record a rank, substantive or acting; the one of the same sort still held ends the day before."""
    running = RankHeld.objects.in_force(valid_from).filter(officer=officer, is_acting=acting).first()
    if running is not None:
        end_row(running, by=by, last_day=day_before(valid_from), reason=reason or "New rank")
    return add_row(
        RankHeld,
        subject={"officer": officer, "is_acting": acting},
        by=by,
        valid_from=valid_from,
        reason=reason,
        rank=Rank.objects.get(code=rank_code),
    )


def groups_due(user: User) -> set[str]:
    """Return the names of the groups this person's roles in force today open."""
    due: set[str] = set()
    for held in access.roles(user):
        if held.code not in FAMILY_GROUPS:
            continue
        if held.family:
            due.add(family_group_name(held.code, held.family))
        else:
            prefix = FAMILY_GROUPS[held.code] + ": "
            due.update(Group.objects.filter(name__startswith=prefix).values_list("name", flat=True))
    return due


def refresh_groups(user: User) -> None:
    """Make the person's groups, and the superuser mark, what their roles in force today open; nothing else sets them."""
    access.forget_roles(user)
    due = groups_due(user)
    current = set(user.groups.values_list("name", flat=True))
    if due != current:
        user.groups.set([Group.objects.get_or_create(name=name)[0] for name in sorted(due)])
    is_system_admin = access.has_role(user, access.SYSTEM_ADMIN)
    if user.is_superuser != is_system_admin:
        user.is_superuser = is_system_admin
        user.save(update_fields=["is_superuser"])
    for cached in ("_perm_cache", "_user_perm_cache", "_group_perm_cache"):
        user.__dict__.pop(cached, None)
