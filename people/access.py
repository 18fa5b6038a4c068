"""Who may: the one door. Answers on values, from the roles and postings in force on a day; no view asks anywhere else.

Nobody acts on their own work, superusers included: rules that verify, mark, approve or quality-assure ask ``is_own`` first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from people import clock
from people.models import Delegation, Posting, RoleHeld, User
from people.prepared import prepared
from people.unit_tree import parents_of_units, units_below

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

TRAINER = "trainer"
SUBJECT_REVIEWER = "subject-reviewer"
APPROVER = "approver"
ASSESSOR = "assessor"
IQA = "iqa"
SUPERVISOR = "supervisor"
TRAINING_ADMIN = "training-admin"
AUDITOR = "auditor"
DISCLOSURE_OFFICER = "disclosure-officer"
EQUALITY_ANALYST = "equality-analyst"
SYSTEM_ADMIN = "system-admin"

# Roles that bring somebody to the Wagtail admin.
ADMIN_ROLES = frozenset({TRAINER, SUBJECT_REVIEWER, APPROVER, SYSTEM_ADMIN})


@dataclass(frozen=True)
class HeldRole:
    """A role in force: its code, the course family it is held for ('' is every family), the unit's id where held for one."""

    code: str
    family: str = ""
    unit_id: int | None = None


def is_person(user: AbstractBaseUser | AnonymousUser | None) -> TypeGuard[User]:
    """Return whether ``user`` is a signed-in person who may use the product."""
    return isinstance(user, User) and user.is_active


def roles(user: AbstractBaseUser | AnonymousUser, *, on: date | None = None) -> frozenset[HeldRole]:
    """Return the roles in force on a day (today by default); today's are read once for each user object."""
    if not is_person(user):
        return frozenset()
    day = on or clock.today()
    kept: dict[date, frozenset[HeldRole]] = user.__dict__.setdefault("_roles_by_day", {})
    if day not in kept:
        kept[day] = frozenset(HeldRole(*row) for row in roles_in_force(on=day, officer=user.pk))
    return kept[day]


def lent_in_force(on: date) -> QuerySet[Delegation]:
    """Return the delegations of a day whose lender holds the role by which the unit is lent on it too."""
    lender = RoleHeld.objects.in_force(on).filter(
        officer=OuterRef("officer"),
        role__code=SUPERVISOR,
        unit_id=Coalesce(OuterRef("held_unit_id"), OuterRef("unit_id")),
    )
    return Delegation.objects.in_force(on).filter(Exists(lender))


@prepared
def roles_in_force(on: date, officer: int) -> QuerySet[RoleHeld, Any]:
    """Code, family and unit of each role an officer holds on a day; every page asks.

    A team lent for a leave is a supervisor's role for those days, as long as whoever lent it holds it too.
    """
    own = RoleHeld.objects.in_force(on).filter(officer=officer).values_list("role__code", "family", "unit_id")
    lent = lent_in_force(on).filter(delegate=officer)
    return own.union(lent.values_list(Value(SUPERVISOR, CharField()), Value("", CharField()), "unit_id"), all=True)


def forget_roles(user: User) -> None:
    """Drop the roles kept on a user object, and the units that follow from them, because they were changed."""
    user.__dict__.pop("_roles_by_day", None)
    user.__dict__.pop("_units_by_day", None)


def has_role(user: AbstractBaseUser | AnonymousUser, code: str, *, family: str = "", on: date | None = None) -> bool:
    """Return whether the role is held; with ``family``, for that family or for all of them."""
    return any(held.code == code and (not family or held.family in ("", family)) for held in roles(user, on=on))


def has_any_role(user: AbstractBaseUser | AnonymousUser, *codes: str) -> bool:
    return any(held.code in codes for held in roles(user))


def may_open_admin(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether a role in force today brings this person to the admin."""
    return any(held.code in ADMIN_ROLES for held in roles(user))


def logs_cpd(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether this person has CPD of their own here: auditors and inspectors read, and log none."""
    return is_person(user) and not has_role(user, AUDITOR)


def is_own(actor: User, owner: User) -> bool:
    """Return whether the work in question is the actor's own."""
    return actor.pk == owner.pk


def supervised_units(user: AbstractBaseUser | AnonymousUser, *, on: date | None = None) -> set[int]:
    """Return ids of the units whose people this person supervises on the day; read once for each user object, as roles are."""
    day = on or clock.today()
    own = {held.unit_id for held in roles(user, on=day) if held.code == SUPERVISOR and held.unit_id is not None}
    if not own:
        return set()
    kept: dict[date, set[int]] = user.__dict__.setdefault("_units_by_day", {})
    if day not in kept:
        kept[day] = units_below(own, on=day)
    return set(kept[day])


def officers_supervised_by(user: User, *, on: date | None = None) -> QuerySet[User]:
    """Return the people posted on the day to units this person supervises; never the person."""
    day = on or clock.today()
    units = supervised_units(user, on=day)
    if not units:
        return User.objects.none()
    posted = Posting.objects.in_force(day).filter(unit__in=units).values("officer")
    return User.objects.filter(pk__in=posted, is_active=True).exclude(pk=user.pk)


def supervises(actor: User, officer: User, *, on: date | None = None) -> bool:
    """Return whether ``actor`` supervises ``officer`` on the day; nobody supervises themselves."""
    if is_own(actor, officer):
        return False
    day = on or clock.today()
    units = supervised_units(actor, on=day)
    return bool(units) and Posting.objects.in_force(day).filter(officer=officer, unit__in=units).exists()


def supervisors_of(officer: User, *, on: date | None = None) -> QuerySet[User]:
    """Return those who supervise the officer on the day, through the unit tree; to whom a team is lent, included."""
    day = on or clock.today()
    parents = parents_of_units(day)
    units: set[int] = set()
    waiting = list(Posting.objects.in_force(day).filter(officer=officer).values_list("unit_id", flat=True))
    while waiting:
        unit_id = waiting.pop()
        if unit_id is not None and unit_id not in units:
            units.add(unit_id)
            parent = parents.get(unit_id)
            if parent is not None:
                waiting.append(parent)
    holders = RoleHeld.objects.in_force(day).filter(role__code=SUPERVISOR, unit__in=units).values("officer")
    delegates = lent_in_force(day).filter(unit__in=units).values("delegate")
    found = User.objects.filter(Q(pk__in=holders) | Q(pk__in=delegates), is_active=True)
    return found.exclude(pk=officer.pk).order_by("name")
