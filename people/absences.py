"""Recording that somebody is away for long: what stops the clock of a qualification whose rule allows it, and lowers CPD targets."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from people import access
from people.dated_rows import PeriodsOverlap, add_row, end_row
from people.models import Absence, AbsenceKind, User

MAY_RECORD = (access.TRAINING_ADMIN, access.SYSTEM_ADMIN)
OWN = "You cannot record an absence of your own. Your supervisor or an administrator can."


class AbsenceRefused(Exception):
    """An absence cannot be recorded so. The message is a sentence for the person; ``field`` is what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def record_absence(officer: User, kind: str, *, by: User, valid_from: date, valid_until: date | None = None) -> Absence:
    """Record that an officer is away from a day on, until a last day or until they are back; never by themselves.

    A supervisor of theirs today or an administrator does it. Why is said as coarsely as the rules need. Raises ``AbsenceRefused``.
    """
    _refuse_others(by, officer)
    if kind not in AbsenceKind.values:
        raise AbsenceRefused("Choose what kind of absence it is.", "kind")
    if valid_until is not None and valid_until < valid_from:
        raise AbsenceRefused("The last day away is before the first. Check both days.", "valid_until")
    User.objects.select_for_update().get(pk=officer.pk)
    try:
        return add_row(
            Absence, subject={"officer": officer}, by=by, valid_from=valid_from, valid_until=valid_until, kind=kind
        )
    except PeriodsOverlap as overlap:
        raise AbsenceRefused(
            "An absence is recorded for part of that time already. End that one first, or choose other days."
        ) from overlap


def end_absence(absence: Absence, *, by: User, last_day: date) -> Absence:
    """Record the last day away; before its first day, the absence never was. Raises ``AbsenceRefused``."""
    _refuse_others(by, absence.officer)
    if absence.valid_until is not None and last_day >= absence.valid_until:
        raise AbsenceRefused("It ends by then already. Choose an earlier day.", "last_day")
    return end_row(absence, by=by, last_day=last_day, reason="Back")


def _refuse_others(by: User, officer: User) -> None:
    if access.is_own(by, officer):
        raise AbsenceRefused(OWN)
    if not (access.has_any_role(by, *MAY_RECORD) or access.supervises(by, officer)):
        raise AbsenceRefused("Only somebody who supervises this officer today, or an administrator, records absences.")
