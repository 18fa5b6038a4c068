"""How somebody wishes to be reminded; without a wish, by mail on all of the force's days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cpd_records.models import ReminderWish
from people.force import force
from people.models import User


def wish_of(person: User) -> dict[str, Any]:
    """Return the wish as a form shows it."""
    days = list(force().reminder_days)
    row = ReminderWish.objects.filter(person=person).first()
    if row is None:
        return {"by_mail": True, "own_days": days, "team_days": days, "with_calendar": True}
    return {
        "by_mail": row.by_mail,
        "own_days": row.own_days,
        "team_days": row.team_days,
        "with_calendar": row.with_calendar,
    }


def set_wish(
    person: User, *, by_mail: bool, own_days: Iterable[int], team_days: Iterable[int], with_calendar: bool
) -> ReminderWish:
    """Keep how somebody wishes to be reminded. What was found before and waits is still sent."""
    row, _created = ReminderWish.objects.update_or_create(
        person=person,
        defaults={
            "by_mail": by_mail,
            "own_days": sorted(set(own_days), reverse=True),
            "team_days": sorted(set(team_days), reverse=True),
            "with_calendar": with_calendar,
        },
    )
    return row
