"""Putting right what was imported and is no award: corrected whole, or declared never true. The record of the list stays in the ledger.

It says whose word it is and goes on saying so: a correction changes what was said, not who said it. Each takes two people, an author and
whoever approved it (``proposals``), and neither is the officer. An award that was imported is put right as every award is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from cpd_records.importing.provenance import provenance
from cpd_records.importing.record_lines import LONGEST, MOST_MINUTES, OLDEST_YEARS
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.standing import standing_entries
from cpd_records.ledger.two_people import TwoPeopleNeeded, signed
from cpd_records.models import EntryKind, LedgerEntry
from cpd_records.qualifications.corrections import checked_reason
from cpd_records.qualifications.refusals import (
    NotYours,
    QualificationRefused,
    checked_words,
    refuse_unless_administrator,
)
from people import access, clock
from people.dates import long_date
from people.models import User

NO_SUCH_RECORD = "There is no such imported record of this officer, or it was declared never true before."
OWN_RECORD = "You cannot correct a record of your own. Another administrator can."


@dataclass(frozen=True, slots=True)
class Said:
    """What an imported record says and a correction restates whole; ``result`` is that of the other system."""

    title: str
    day: date
    minutes: int | None
    valid_until: date | None
    result: str


@dataclass(frozen=True, slots=True)
class StandingImport:
    """One imported record. ``entry`` is its own, ``last`` its last correction's or the same; ``payload`` is that of the record."""

    entry: UUID
    last: UUID
    subject: str
    it: Said
    payload: Mapping[str, Any]

    @property
    def provenance(self) -> str:
        """Where it comes from and who asserts it, in words."""
        return provenance(self.payload)


def imported_records(officer: User, *, on: date | None = None, size: int | None = None) -> list[StandingImport]:
    """Return what was imported about the officer and stands, awards apart, the latest first. One query.

    ``on`` leaves out what happened on a later day; ``size`` is that of the tree that entries are cut by, None for all that is committed.
    """
    found = []
    for root, row, last in standing_entries(officer, EntryKind.IMPORTED, on=on, size=size):
        payload = json.loads(root.payload)
        said = {**payload, **last}
        it = Said(said.get("title", root.subject), row.day, row.minutes, row.valid_until, str(said.get("result") or ""))
        found.append(StandingImport(root.entry_id, row.entry_id, root.subject, it, payload))
    return sorted(found, key=lambda record: record.it.day, reverse=True)


def checked_correction(officer: User, record: UUID, *, by: User, wanted: Said) -> tuple[StandingImport, Said]:
    """Return the record as it stands, and what it would say in clean words; else raise ``QualificationRefused``."""
    standing = checked_void(officer, record, by=by)
    cleaned = Said(
        checked_words(
            wanted.title, field="title", what="The title", most=LONGEST["title"], missing="Say what it was, in words."
        ),
        wanted.day,
        wanted.minutes,
        wanted.valid_until,
        checked_words(wanted.result, field="result", what="The result", most=LONGEST["result"]),
    )
    _refuse_impossible(cleaned)
    if cleaned == standing.it:
        raise QualificationRefused("Nothing was changed, so nothing was recorded.")
    return standing, cleaned


def checked_void(officer: User, record: UUID, *, by: User) -> StandingImport:
    """Return the record as it stands where ``by`` may put it right; else raise ``QualificationRefused``."""
    refuse_unless_administrator(by, to_do="correct an imported record")
    if access.is_own(by, officer):
        raise NotYours(OWN_RECORD)
    found = next((one for one in imported_records(officer) if one.entry == record), None)
    if found is None:
        raise QualificationRefused(NO_SUCH_RECORD)
    return found


@transaction.atomic
def correct_imported(
    officer: User, record: UUID, *, by: User, approved_by: User, reason: str, wanted: Said
) -> LedgerEntry:
    """Restate an imported record whole: what it was, its day, length, last day and result."""
    User.objects.select_for_update().get(pk=officer.pk)
    standing, cleaned = checked_correction(officer, record, by=by, wanted=wanted)
    return _append(officer, standing, cleaned, by=by, approved_by=approved_by, reason=reason)


@transaction.atomic
def void_imported(officer: User, record: UUID, *, by: User, approved_by: User, reason: str) -> LedgerEntry:
    """Withdraw an imported record: it was never true, such as another person's. It stays in the ledger, and counts for nothing."""
    User.objects.select_for_update().get(pk=officer.pk)
    standing = checked_void(officer, record, by=by)
    return _append(officer, standing, standing.it, by=by, approved_by=approved_by, reason=reason, more={"void": True})


def said_in(wanted: Mapping[str, Any]) -> Said:
    """Return what a proposal keeps of it, days as text."""
    until = wanted["valid_until"]
    return Said(
        wanted["title"],
        date.fromisoformat(wanted["day"]),
        wanted["minutes"],
        date.fromisoformat(until) if until else None,
        wanted["result"],
    )


def kept(it: Said) -> dict[str, Any]:
    """Return it as a proposal keeps it, days as text."""
    until = it.valid_until.isoformat() if it.valid_until else None
    return {**asdict(it), "day": it.day.isoformat(), "valid_until": until}


def _refuse_impossible(it: Said) -> None:
    today = clock.today()
    if it.day > today:
        raise QualificationRefused(f"{long_date(it.day)} is still to come. Enter the day it happened.", "day")
    if it.day.year < today.year - OLDEST_YEARS:
        raise QualificationRefused(f"{long_date(it.day)} is more than {OLDEST_YEARS} years ago. Check the year.", "day")
    if it.valid_until is not None and it.valid_until < it.day:
        raise QualificationRefused("The last day is before the day it happened. Check both days.", "valid_until")
    if it.minutes is not None and not 0 < it.minutes <= MOST_MINUTES:
        raise QualificationRefused(f"Length is between one minute and {MOST_MINUTES // 60:,} hours.", "minutes")


def _append(
    officer: User,
    record: StandingImport,
    it: Said,
    *,
    by: User,
    approved_by: User,
    reason: str,
    more: Mapping[str, Any] | None = None,
) -> LedgerEntry:
    refuse_unless_administrator(approved_by, to_do="approve a correction of an imported record")
    said = checked_reason(reason)
    try:
        names = signed(officer, by=by, approved_by=approved_by)
    except TwoPeopleNeeded as refused:
        raise NotYours(str(refused)) from refused
    return append_entry(
        kind=EntryKind.CORRECTION,
        officer=officer.public_id,
        day=it.day,
        subject=record.subject,
        minutes=it.minutes,
        valid_until=it.valid_until,
        corrects=record.last,
        payload={"title": it.title, "result": it.result, "reason": said, **names, **(more or {})},
    )
