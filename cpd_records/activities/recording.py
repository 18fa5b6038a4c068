"""What the ledger says of an activity: the summary and how it counts, never the reflection."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from cpd_records.ledger.entries import append_entry
from cpd_records.models import Activity, EntryKind, LedgerEntry
from people.models import User, display_name


def recorded_answers(activity: Activity) -> dict[str, Any]:
    """Return what the ledger records of an activity, so that schemes count from the ledger alone; what nobody said is left out.

    ``has_reflection`` says only that there is one: what it says is in no entry.
    """
    said = {
        "structured": activity.is_structured,
        "participatory": activity.is_participatory,
        "core": activity.is_core,
        "on_duty": activity.on_duty,
    }
    return {
        "title": activity.title,
        "activity_kind": activity.kind,
        "learned": activity.learned,
        "has_reflection": activity.is_reflected_on,
        **{name: value for name, value in said.items() if value is not None},
    }


def record_activity(activity: Activity, *, by: User, **more: Any) -> LedgerEntry:
    """Write the entry of an activity that ``by`` verified; ``more`` stands in the payload too."""
    return append_entry(
        kind=EntryKind.CPD_ACTIVITY,
        officer=activity.officer.public_id,
        day=activity.day,
        minutes=activity.minutes,
        subject=str(activity.pk),
        payload={**said_of_activity(activity, by=by), **more},
    )


def record_reflection(activity: Activity, *, at: datetime) -> LedgerEntry:
    """Write that a verified activity has a reflection by now, or has none any more, so that schemes count it; never what it says."""
    return append_entry(
        kind=EntryKind.CPD_REFLECTION,
        officer=activity.officer.public_id,
        day=timezone.localdate(at),
        subject=str(activity.pk),
        payload={"title": activity.title, "has_reflection": activity.is_reflected_on},
    )


def said_of_activity(activity: Activity, *, by: User) -> dict[str, Any]:
    """Return what the entry of an activity that ``by`` verified says besides its columns."""
    return {
        **recorded_answers(activity),
        "verified_by": str(by.public_id),
        "verified_by_name": display_name(by),
    }
