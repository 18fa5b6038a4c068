"""Courses that wait for a supervisor's word: which of a supervisor's people have done every step of one."""

from __future__ import annotations

from uuid import UUID

from courses.models import CompletionRule, Enrolment
from courses.progress import missing_for_completion, outline_for, steps_done
from people import access
from people.models import User


def waiting_for_confirmation(supervisor: User) -> list[Enrolment]:
    """Return the enrolments of this supervisor's people that only lack their word, the oldest first; never their own."""
    officers = access.officers_supervised_by(supervisor)
    rows = (
        Enrolment.objects.open()
        .filter(officer__in=officers, release__completion=CompletionRule.SUPERVISOR)
        .select_related("release", "course", "officer")
        .order_by("enrolled_at")
    )
    return [row for row in rows if not missing_for_completion(outline_for(row), steps_done(row))]


def enrolment_to_confirm(supervisor: User, enrolment: UUID) -> Enrolment | None:
    """Return one of them by its id, or None where this person has nothing to confirm there."""
    return next((row for row in waiting_for_confirmation(supervisor) if row.pk == enrolment), None)
