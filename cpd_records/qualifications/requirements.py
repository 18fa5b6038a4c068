"""Who must hold a qualification: requirements join it to roles, ranks and units, for a time."""

from __future__ import annotations

from datetime import date

from cpd_records.models import Qualification, Requirement
from cpd_records.qualifications.refusals import (
    QualificationRefused,
    checked_words,
    refuse_backwards,
    refuse_unless_system_admin,
)
from people.dated_rows import PeriodsOverlap, add_row, end_row
from people.dates import long_date
from people.models import Rank, Role, Unit, User
from people.postings import unit_name


def require(
    qualification: Qualification,
    *,
    role: Role | None = None,
    rank: Rank | None = None,
    unit: Unit | None = None,
    by: User | None,
    valid_from: date,
    valid_until: date | None = None,
    stops_duty: bool = True,
    reason: str = "",
) -> Requirement:
    """Record that a qualification is asked of those with the role, the rank and a posting to the unit or below it.

    What is not given does not narrow it. ``stops_duty`` false: a lapse does not end what a role allows. Raises ``QualificationRefused``.
    """
    refuse_unless_system_admin(by)
    refuse_backwards(valid_from, valid_until)
    try:
        return add_row(
            Requirement,
            subject={"qualification": qualification, "role": role, "rank": rank, "unit": unit},
            by=by,
            valid_from=valid_from,
            valid_until=valid_until,
            reason=checked_words(reason, field="reason", what="The reason"),
            stops_duty=stops_duty,
        )
    except PeriodsOverlap as overlap:
        whom = of_whom(role, rank, unit, on=valid_from)
        raise QualificationRefused(
            f"{qualification.short_title} is required of {whom} already for part of that time. End that first."
        ) from overlap


def end_requirement(requirement: Requirement, *, by: User | None, last_day: date, reason: str = "") -> Requirement:
    """Record the last day of a requirement; before its first day it never was."""
    refuse_unless_system_admin(by)
    if requirement.valid_until is not None and last_day >= requirement.valid_until:
        raise QualificationRefused(f"It ends on {long_date(requirement.valid_until)} already.", "last_day")
    return end_row(
        requirement, by=by, last_day=last_day, reason=checked_words(reason, field="reason", what="The reason")
    )


def of_whom(role: Role | None, rank: Rank | None, unit: Unit | None, *, on: date) -> str:
    """Say whom a requirement is for: 'Taser officer', 'Sergeant in Response team C', 'everybody'."""
    who = ", ".join(part.title for part in (role, rank) if part is not None) or "everybody"
    return f"{who} in {unit_name(unit, on=on)}" if unit is not None else who
