"""Who works on which questions and assessments: by the family a role is held for. The system administrator sees all and writes none."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from people import access

ROOM_ROLES = (access.TRAINER, access.TRAINING_ADMIN)
ROOM_READERS = (access.IQA, access.AUDITOR)
WORKING_ROLES = (access.TRAINER, access.SUBJECT_REVIEWER, access.APPROVER)


def families_seen_by(user: AbstractBaseUser | AnonymousUser) -> set[str] | None:
    """Return the families this person writes, reviews or approves for; None is every family."""
    families = {held.family for held in access.roles(user) if held.code in WORKING_ROLES}
    return None if "" in families or access.has_role(user, access.SYSTEM_ADMIN) else families


def families_written_by(user: AbstractBaseUser | AnonymousUser) -> set[str] | None:
    """Return the families this person may write for; None is every family."""
    families = {held.family for held in access.roles(user) if held.code == access.TRAINER}
    return None if "" in families else families


def families_reviewed_by(user: AbstractBaseUser | AnonymousUser) -> set[str] | None:
    """Return the families this person reviews or approves questions of; None is every family."""
    families = {held.family for held in access.roles(user) if held.code in (access.SUBJECT_REVIEWER, access.APPROVER)}
    return None if "" in families else families


def may_write(user: AbstractBaseUser | AnonymousUser, family: str) -> bool:
    """Return whether this person may write, edit, submit and retire what belongs to a family."""
    return _holds(user, family, access.TRAINER)


def may_send_back(user: AbstractBaseUser | AnonymousUser, family: str) -> bool:
    return _holds(user, family, access.SUBJECT_REVIEWER, access.APPROVER)


def may_approve(user: AbstractBaseUser | AnonymousUser, family: str) -> bool:
    return _holds(user, family, access.APPROVER)


def may_retire(user: AbstractBaseUser | AnonymousUser, family: str) -> bool:
    return _holds(user, family, access.TRAINER, access.APPROVER)


def may_decide(user: AbstractBaseUser | AnonymousUser, family: str) -> bool:
    """Return whether this person may propose and confirm decisions on a family's questions."""
    return _holds(user, family, access.TRAINER, access.APPROVER)


def may_check_law(user: AbstractBaseUser | AnonymousUser, family: str) -> bool:
    return _holds(user, family, *WORKING_ROLES)


def families_of_rooms(user: AbstractBaseUser | AnonymousUser) -> set[str] | None:
    """Return the families whose invigilated sittings this person may look at; None is every family.

    Trainers and training administrators run them; quality assurers and auditors read how they went.
    """
    families = {held.family for held in access.roles(user) if held.code in (*ROOM_ROLES, *ROOM_READERS)}
    return None if "" in families else families


def families_run_in_rooms(user: AbstractBaseUser | AnonymousUser) -> set[str] | None:
    """Return the families for whose assessments this person may open rooms; None is every family."""
    families = {held.family for held in access.roles(user) if held.code in ROOM_ROLES}
    return None if "" in families else families


def may_open_rooms(user: AbstractBaseUser | AnonymousUser, family: str) -> bool:
    """Return whether this person may open rooms for a family's assessments and say who invigilates them."""
    return _holds(user, family, *ROOM_ROLES)


def _holds(user: AbstractBaseUser | AnonymousUser, family: str, *codes: str) -> bool:
    """What belongs to no family is for those whose role is for all of them."""
    return any(held.code in codes and held.family in ("", family) for held in access.roles(user))
