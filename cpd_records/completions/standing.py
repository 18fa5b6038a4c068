"""Completed courses as their last corrections have them, the certificate of each, and the entry that says one was never true."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cpd_records.certificates.issues import newest_issue
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.standing import standing_entries
from cpd_records.models import Certificate, EntryKind, LedgerEntry, ReadablePart
from people.models import User


@dataclass(frozen=True, slots=True)
class StandingCompletion:
    """One completion. ``entry`` is its own, ``last`` its last correction's or the same; ``course`` a code; ``said`` its payload."""

    entry: UUID
    last: UUID
    course: str
    title: str
    day: date
    minutes: int | None
    valid_until: date | None
    said: Mapping[str, Any]


def completions_of(officer: User, *, on: date | None = None, size: int | None = None) -> list[StandingCompletion]:
    """Return the completions of the officer that stand, the latest first. One query.

    ``on`` leaves out what was completed on a later day; ``size`` is that of the tree that entries are cut by, None for all that is
    committed.
    """
    found = []
    for root, row, last in standing_entries(officer, EntryKind.COMPLETION, on=on, size=size):
        payload = json.loads(root.payload)
        title = str({**payload, **last}.get("title") or root.subject)
        found.append(
            StandingCompletion(
                root.entry_id, row.entry_id, root.subject, title, row.day, row.minutes, row.valid_until, payload
            )
        )
    return sorted(found, key=lambda one: one.day, reverse=True)


@dataclass(frozen=True, slots=True)
class Restated:
    """What the last correction of a completion says."""

    day: date
    minutes: int | None
    valid_until: date | None


def corrected_completions(entries: Collection[UUID]) -> dict[UUID, Restated | None]:
    """Return those of the completions that were corrected, by their entries, as they stand; None was declared never true.

    One query where nothing was corrected, and one more for each correction of a correction.
    """
    found: dict[UUID, Restated | None] = {}
    roots = {entry: entry for entry in entries}
    while roots:
        rows = ReadablePart.objects.filter(corrects__in=list(roots)).order_by("recorded_at", "entry_id")
        following = {}
        for row in rows.only("corrects", "day", "minutes", "valid_until", "payload"):
            if row.corrects is None:
                continue
            root = roots[row.corrects]
            is_void = json.loads(row.payload).get("void") is True
            found[root] = None if is_void else Restated(row.day, row.minutes, row.valid_until)
            following[row.entry_id] = root
        roots = following
    return found


def certificate_of(completion: UUID) -> Certificate | None:
    """Return the certificate that certifies a completion, by the completion's entry: the issue that no other of it replaced."""
    first = Certificate.objects.filter(completion_entry=completion).order_by("created_at", "pk").first()
    return None if first is None else newest_issue(first)


def void_completion_of(officer: User, fact: UUID, *, names: Mapping[str, Any], reason: str) -> LedgerEntry | None:
    """Write that the completion with the entry ``fact`` was never true, in the caller's transaction, with the officer locked.

    Who may is said by the caller; ``names`` are those of the two people behind it. None where no completion of that entry stands: it
    was declared so before, or erased, or the entry is of something else.
    """
    completion = next((one for one in completions_of(officer) if one.entry == fact), None)
    if completion is None:
        return None
    return append_entry(
        kind=EntryKind.CORRECTION,
        officer=officer.public_id,
        day=completion.day,
        subject=completion.course,
        minutes=completion.minutes,
        valid_until=completion.valid_until,
        corrects=completion.last,
        payload={"title": completion.title, "reason": reason, **names, "void": True},
    )
