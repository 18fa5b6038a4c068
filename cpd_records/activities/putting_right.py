"""Verified CPD put right by the force: corrected, or declared never true, without its officer having asked.

Each takes two people, an author and whoever approved it (``proposals``), and neither is the officer. What the officer asks for goes by
``correcting``; a request of theirs that waits is answered with what was decided here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cpd_records.activities.correcting import decline_overtaken
from cpd_records.activities.days import refuse_full_day
from cpd_records.activities.recording import recorded_answers
from cpd_records.activities.rows import lock_days_of, note
from cpd_records.activity_rules import (
    Summary,
    checked_day,
    checked_kind,
    checked_minutes,
    checked_title,
)
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.standing import standing_entries
from cpd_records.ledger.two_people import TwoPeopleNeeded, signed
from cpd_records.models import Activity, ActivityKind, ActivityStep, EntryKind, LedgerEntry
from cpd_records.qualifications.corrections import checked_reason
from cpd_records.qualifications.refusals import NotYours, QualificationRefused, refuse_unless_administrator
from people import access
from people.models import User

NO_SUCH_ACTIVITY = "There is no such verified activity on this officer's record, or it counts no longer."
OWN_ACTIVITY = "You cannot correct CPD of your own. Ask for a correction on its page, or let another administrator."


@dataclass(frozen=True, slots=True)
class Told:
    """What the record says of an activity and a correction by two restates; what the officer learned stays their own words."""

    title: str
    kind: str
    day: date
    minutes: int

    @property
    def kind_words(self) -> str:
        return str(ActivityKind(self.kind).label) if self.kind in ActivityKind.values else self.kind


@dataclass(frozen=True, slots=True)
class StandingActivity:
    """One activity on the record. ``entry`` is its own, ``last`` its last correction's or the same; ``verified_by`` a name."""

    entry: UUID
    last: UUID
    it: Told
    verified_by: str


def activities_on_record(officer: User, *, on: date | None = None, size: int | None = None) -> list[StandingActivity]:
    """Return the verified activities of the officer that count, the latest first. One query, cut as ``standing_entries`` cuts."""
    found = []
    for root, row, said in standing_entries(officer, EntryKind.CPD_ACTIVITY, on=on, size=size):
        if row.minutes:
            first = json.loads(root.payload)
            words = {**first, **said}
            it = Told(str(words.get("title", "")), str(words.get("activity_kind", "")), row.day, row.minutes)
            found.append(StandingActivity(root.entry_id, row.entry_id, it, str(first.get("verified_by_name", ""))))
    return sorted(found, key=lambda one: one.it.day, reverse=True)


def checked_correction(
    officer: User, entry: UUID, *, by: User, at: datetime, wanted: Told
) -> tuple[StandingActivity, Told]:
    """Return the activity as it stands, and what it would say; else raise ``QualificationRefused`` or ``ActivityRefused``."""
    standing = checked_void(officer, entry, by=by)
    cleaned = Told(
        checked_title(wanted.title),
        checked_kind(wanted.kind),
        checked_day(wanted.day, at=at),
        checked_minutes(wanted.minutes, is_long_day=True),
    )
    if cleaned == standing.it:
        raise QualificationRefused("Nothing was changed, so nothing was recorded.")
    activity = Activity.objects.get(entry=standing.entry)
    summary = Summary(cleaned.title, cleaned.kind, cleaned.day, cleaned.minutes, activity.learned)
    refuse_full_day(officer, summary, except_for=activity)
    return standing, cleaned


def checked_void(officer: User, entry: UUID, *, by: User) -> StandingActivity:
    """Return the activity as it stands where ``by`` may put it right; else raise ``QualificationRefused``."""
    refuse_unless_administrator(by, to_do="correct verified CPD")
    if access.is_own(by, officer):
        raise NotYours(OWN_ACTIVITY)
    found = next((one for one in activities_on_record(officer) if one.entry == entry), None)
    if found is None:
        raise QualificationRefused(NO_SUCH_ACTIVITY)
    return found


@transaction.atomic
def correct_activity(
    officer: User, entry: UUID, *, by: User, approved_by: User, at: datetime, reason: str, wanted: Told
) -> LedgerEntry:
    """Restate title, kind, day and length of a verified activity."""
    lock_days_of(officer)
    standing, cleaned = checked_correction(officer, entry, by=by, at=at, wanted=wanted)
    return _append(officer, standing, cleaned, by=by, approved_by=approved_by, at=at, reason=reason)


@transaction.atomic
def void_activity(officer: User, entry: UUID, *, by: User, approved_by: User, at: datetime, reason: str) -> LedgerEntry:
    """Declare that a verified activity was never true: it stays in the ledger, and counts for nothing."""
    lock_days_of(officer)
    standing = checked_void(officer, entry, by=by)
    return _append(officer, standing, None, by=by, approved_by=approved_by, at=at, reason=reason)


def _append(
    officer: User,
    standing: StandingActivity,
    wanted: Told | None,
    *,
    by: User,
    approved_by: User,
    at: datetime,
    reason: str,
) -> LedgerEntry:
    refuse_unless_administrator(approved_by, to_do="approve a correction of verified CPD")
    why = checked_reason(reason)
    try:
        names = signed(officer, by=by, approved_by=approved_by)
    except TwoPeopleNeeded as refused:
        raise NotYours(str(refused)) from refused
    rows = Activity.objects.select_for_update(of=("self",)).select_related("officer")
    activity = rows.get(entry=standing.entry)
    _restate(activity, wanted, at=at)
    entry = append_entry(
        kind=EntryKind.CORRECTION,
        officer=officer.public_id,
        day=activity.day,
        minutes=activity.minutes,
        subject=str(activity.pk),
        corrects=standing.last,
        payload={
            **recorded_answers(activity),
            "reason": why,
            **names,
            **({} if wanted else {"void": True}),
        },
    )
    activity.corrected_entry = entry
    activity.save(update_fields=["title", "kind", "day", "minutes", "begins", "ends", "corrected_entry", "changed_at"])
    note(activity, ActivityStep.Kind.CORRECTED, by=approved_by, at=at, reason=why)
    decline_overtaken(activity, by=approved_by, at=at)
    return entry


def _restate(activity: Activity, wanted: Told | None, *, at: datetime) -> None:
    """Let the row say what the record will say; 0 minutes means that it does not count."""
    before = (activity.day, activity.minutes)
    if wanted is None:
        activity.minutes = 0
    else:
        activity.title, activity.kind = wanted.title, wanted.kind
        activity.day, activity.minutes = wanted.day, wanted.minutes
    if (activity.day, activity.minutes) != before:
        activity.begins = activity.ends = None
    activity.changed_at = at


def said_in(wanted: Mapping[str, Any]) -> Told:
    """Return what a proposal keeps of it, days as text."""
    return Told(wanted["title"], wanted["kind"], date.fromisoformat(wanted["day"]), wanted["minutes"])


def kept(it: Told) -> dict[str, Any]:
    """Return it as a proposal keeps it, days as text."""
    return {"title": it.title, "kind": it.kind, "day": it.day.isoformat(), "minutes": it.minutes}
