"""Which certificates go with records, whatever their own period: what certifies a record, and lists that print it.

A certificate says that something is held; when it is not, the certificate cannot say so any longer. A list is known by what it prints: an
entry of a kind that such lists print, recorded before the list was awarded and, of a statement, of a day within its period.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cpd_records.erasing import CERTIFICATES
from cpd_records.models import (
    QUALIFICATION_SUBJECT,
    STATEMENT_SUBJECT,
    TRAINING_RECORD,
    Certificate,
    EntryKind,
    ReadablePart,
)
from people.erasure_plans import Plan
from people.models import User

# Kinds of entry that a list prints; an award stands in a statement where it has a length.
PRINTED: dict[str, tuple[str, ...]] = {
    EntryKind.COMPLETION: (TRAINING_RECORD, STATEMENT_SUBJECT),
    EntryKind.QUALIFICATION: (TRAINING_RECORD, STATEMENT_SUBJECT),
    EntryKind.CPD_ACTIVITY: (STATEMENT_SUBJECT,),
    EntryKind.IMPORTED: (STATEMENT_SUBJECT,),
}


@dataclass(frozen=True, slots=True)
class Printed:
    """What lists of these subjects print from a moment on; of a day, None where it is not printed by one."""

    subjects: tuple[str, ...]
    since: datetime
    day: date | None

    def is_in(self, certificate: Certificate) -> bool:
        """Return whether a list that was awarded may print it."""
        said = certificate.entry.readable
        if said.recorded_at < self.since or not certificate.subject.startswith(self.subjects):
            return False
        if self.day is None or not certificate.subject.startswith(STATEMENT_SUBJECT):
            return True
        first, last = map(date.fromisoformat, certificate.subject.removeprefix(STATEMENT_SUBJECT).split(":"))
        return first <= self.day <= last


def certificates_along(plan: Plan, rows: Sequence[Any], openings: Collection[UUID], officer: User) -> list[Certificate]:
    """Return the certificates that go with records of a plan and the openings of entries that go with them."""
    if not rows or not (openings or plan.listed_in):
        return []
    printed = [*_printed_rows(plan, rows), *_printed_entries(openings)]
    held = Certificate.objects.filter(CERTIFICATES.only, officer=officer, entry__readable__isnull=False)
    if plan.table is Certificate:
        held = held.exclude(pk__in=[row.pk for row in rows])
    found = held.select_related("entry__readable").order_by("created_at", "pk")
    return [one for one in found if _certifies(one, openings) or any(it.is_in(one) for it in printed)]


def _certifies(certificate: Certificate, openings: Collection[UUID]) -> bool:
    if certificate.came_by_itself and certificate.completion_entry_id in openings:
        return True
    if not certificate.subject.startswith(QUALIFICATION_SUBJECT):
        return False
    award = json.loads(certificate.entry.readable.payload).get("award")
    return bool(award) and UUID(award) in openings


def _printed_rows(plan: Plan, rows: Sequence[Any]) -> Iterator[Printed]:
    for row in rows if plan.listed_in is not None else ():
        assert plan.listed_in is not None
        day = getattr(row, "since_on", None)
        is_day = isinstance(day, date) and not isinstance(day, datetime)
        subjects = plan.listed_in(row)
        if subjects:
            yield Printed(subjects, getattr(row, plan.made), day if is_day else None)


def _printed_entries(openings: Collection[UUID]) -> Iterator[Printed]:
    """Yield what is printed of entries; a correction as what it corrects, of its own day."""
    parts = {part.entry_id: part for part in ReadablePart.objects.filter(entry__in=openings)}
    for part in parts.values():
        root = part
        while root.corrects in parts:
            root = parts[root.corrects]
        subjects = PRINTED.get(root.kind, ())
        if root.kind == EntryKind.QUALIFICATION and not (root.minutes or part.minutes):
            subjects = (TRAINING_RECORD,)
        if subjects:
            yield Printed(subjects, part.recorded_at, part.day)
