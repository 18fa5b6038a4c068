"""Where officers work, and the unit tree they work in."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from people import clock
from people.dated_rows import add_row, day_before, end_row
from people.models import Posting, Unit, UnitName, UnitPlace, User


@transaction.atomic
def create_unit(code: str, name: str, *, parent: Unit | None, by: User | None, valid_from: date) -> Unit:
    """Create a unit with its first name and place; an existing code is returned as it is."""
    unit, created = Unit.objects.get_or_create(code=code)
    if created:
        add_row(UnitName, subject={"unit": unit, "is_alias": False}, by=by, valid_from=valid_from, name=name)
        add_row(UnitPlace, subject={"unit": unit}, by=by, valid_from=valid_from, parent=parent)
    return unit


def unit_name(unit: Unit, *, on: date | None = None) -> str:
    """Return what the unit was called on the day, or its code."""
    row = UnitName.objects.in_force(on or clock.today()).filter(unit=unit, is_alias=False).first()
    return row.name if row else unit.code


@transaction.atomic
def post_officer(
    officer: User, unit: Unit, *, by: User | None, valid_from: date, shoulder_number: str = "", reason: str = ""
) -> Posting:
    """Post an officer to a unit from a day on; a posting still running ends the day before."""
    running = Posting.objects.in_force(valid_from).filter(officer=officer).first()
    if running is not None:
        end_row(running, by=by, last_day=day_before(valid_from), reason=reason or "Posted elsewhere")
    return add_row(
        Posting,
        subject={"officer": officer},
        by=by,
        valid_from=valid_from,
        reason=reason,
        unit=unit,
        shoulder_number=shoulder_number,
    )


def end_posting(posting: Posting, *, by: User | None, last_day: date, reason: str = "") -> Posting:
    """Record the last day of a posting."""
    return end_row(posting, by=by, last_day=last_day, reason=reason)


def posting_of(officer: User, *, on: date | None = None) -> Posting | None:
    """Return the posting in force on the day."""
    return Posting.objects.in_force(on or clock.today()).filter(officer=officer).select_related("unit").first()
