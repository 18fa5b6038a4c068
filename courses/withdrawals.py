"""Taking a course out of the catalogue, and putting it back. Who is in it may finish; nobody new may enrol; records stay."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from courses.models import Course, CourseWithdrawal
from people import access

if TYPE_CHECKING:
    from people.models import User


class NotYourCourse(PermissionDenied):
    """Somebody of another family."""


class WithdrawalRefused(Exception):
    """The course is withdrawn already, or is not, or no reason was given."""


@transaction.atomic
def withdraw_course(course: Course, *, by: User, at: datetime, reason: str) -> CourseWithdrawal:
    """Withdraw a course, with a reason that everybody who looks for it reads."""
    _check(course, by)
    if not reason.strip():
        raise WithdrawalRefused("Write why the course is withdrawn. Everybody who looks for it will read that.")
    Course.objects.select_for_update().get(pk=course.pk)
    if course.withdrawals.filter(ended_at__isnull=True).exists():
        raise WithdrawalRefused("This course is withdrawn already.")
    return CourseWithdrawal.objects.create(course=course, reason=reason.strip(), at=at, by=by)


@transaction.atomic
def restore_course(course: Course, *, by: User, at: datetime) -> CourseWithdrawal:
    """Put a withdrawn course back: its current release may be taken again."""
    _check(course, by)
    open_one = CourseWithdrawal.objects.select_for_update().filter(course=course, ended_at__isnull=True).first()
    if open_one is None:
        raise WithdrawalRefused("This course is not withdrawn.")
    open_one.ended_at, open_one.ended_by = at, by
    open_one.save(update_fields=["ended_at", "ended_by"])
    return open_one


def may_withdraw(course: Course, user: User) -> bool:
    """Return whether somebody may withdraw the course: trainers and approvers of its family, the system administrator."""
    return (
        access.has_role(user, access.TRAINER, family=course.family)
        or access.has_role(user, access.APPROVER, family=course.family)
        or access.has_role(user, access.SYSTEM_ADMIN)
    )


def _check(course: Course, user: User) -> None:
    if not may_withdraw(course, user):
        raise NotYourCourse("Only trainers and approvers of this family can withdraw the course.")
