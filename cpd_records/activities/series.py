"""Days of one series handed in together, and verified together where they say the same. Each stays an activity of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from cpd_records.activities.drafts import mark_but_day, summary_mark
from cpd_records.activities.saving import Seen
from cpd_records.activities.submitting import Details, submit_activity, write_details
from cpd_records.activities.verifying import CHANGED_SINCE, verify_activity
from cpd_records.activity_rules import ActivityRefused, NotAnswered
from cpd_records.models import Activity, ActivitySource, ActivityState
from cpd_records.models.activities import IN_HAND, ActivityQuerySet
from cpd_records.schemes.words import joined
from people.dates import long_date
from people.models import User


def other_days_in_hand(activity: Activity) -> list[Activity]:
    """Return the other days of the officer's series that may still be handed in, by day; none where it is no series."""
    rows = _other_days(activity)
    return list(rows.filter(state__in=IN_HAND).order_by("day", "pk")) if rows is not None else []


def alike_days(activity: Activity) -> list[Activity]:
    """Return the other days of its series that wait for the same verifier and say the same, by day."""
    rows = _other_days(activity)
    if rows is None or activity.state != ActivityState.SUBMITTED:
        return []
    waiting = rows.filter(state=ActivityState.SUBMITTED, verifier=activity.verifier_id).order_by("day", "pk")
    return [other for other in waiting if mark_but_day(other) == mark_but_day(activity)]


@transaction.atomic
def submit_days(
    activity: Activity,
    *,
    by: User,
    verifier: User,
    at: datetime,
    asked: Callable[[date], Collection[str]],
    details: Details | None = None,
) -> list[Activity]:
    """Hand in an activity and the other days of its series, all or none; ``details`` are written on each of the others too.

    ``asked`` gives what the officer's scheme asks for on a day. Every day is looked at: ``NotAnswered`` says what is missing on which.
    """
    days, handed_in = [activity, *other_days_in_hand(activity)], []
    lacking: dict[str, dict[date, str]] = {}
    for each in days:
        if details is not None and each is not activity:
            write_details(each, by=by, at=at, seen=Seen(at=each.changed_at), details=details)
        try:
            handed_in.append(submit_activity(each, by=by, verifier=verifier, at=at, asked=asked(each.day)))
        except NotAnswered as refusal:
            for name, sentence in refusal.missing.items():
                lacking.setdefault(name, {})[each.day] = sentence
    if lacking:
        raise NotAnswered({name: _of_days(found, len(days)) for name, found in lacking.items()})
    return handed_in


def _of_days(found: Mapping[date, str], days: int) -> str:
    """Return what is missing on some days as one sentence that names them; where it is missing on all, without."""
    sentence = next(iter(found.values()))
    if len(found) == days:
        return sentence
    return f"On {joined([long_date(day) for day in sorted(found)])}: {sentence[0].lower()}{sentence[1:]}"


@transaction.atomic
def verify_days(
    activity: Activity, *, also: Collection[UUID], by: User, at: datetime, seen: str = ""
) -> list[Activity]:
    """Verify an activity and the other days of its series named in ``also``, all or none: one entry in the ledger for each.

    ``seen`` is the mark of what was read. A day that says something else by now is refused, for nobody read it.
    """
    alike = {other.pk: other for other in alike_days(activity)}
    if activity.state == ActivityState.SUBMITTED and not set(also) <= alike.keys():
        raise ActivityRefused(CHANGED_SINCE)
    first = verify_activity(activity, by=by, at=at, seen=seen)
    others = [other for key, other in alike.items() if key in set(also)]
    return [first, *(verify_activity(other, by=by, at=at, seen=summary_mark(other)) for other in others)]


def _other_days(activity: Activity) -> ActivityQuerySet | None:
    if activity.series is None or activity.source == ActivitySource.BRIEFING:
        return None
    own = Activity.objects.of(activity.officer)
    return own.filter(series=activity.series).exclude(pk=activity.pk)
