"""The awards of an officer as their last corrections have them, with what the ledger says of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cpd_records.ledger.chains import last_of, successors_of
from cpd_records.models import EntryKind, Qualification, ReadablePart
from people.models import User


@dataclass(frozen=True, slots=True)
class StandingAward:
    """One award. ``entry`` is the award's own, ``last`` its last correction's or the same; ``said`` is the payload of the award."""

    entry: UUID
    last: UUID
    code: str
    day: date
    minutes: int | None
    valid_until: date | None
    is_withdrawn: bool
    said: Mapping[str, Any]


def awards_standing(officer: User, qualification: Qualification) -> list[StandingAward]:
    """Return the officer's awards of a qualification that stand, the latest first; those that were never true are left out."""
    return [award for award in all_awards(officer) if award.code == qualification.code]


def all_awards(officer: User, *, on: date | None = None, size: int | None = None) -> list[StandingAward]:
    """Return every award of the officer that stands, the latest first. One query.

    ``on`` leaves out what was reached on a later day; ``size`` is that of the tree that entries are cut by, None for all that is committed.
    """
    rows = ReadablePart.objects.filter(
        officer=officer.public_id, kind__in=[EntryKind.QUALIFICATION, EntryKind.CORRECTION]
    ).order_by("recorded_at", "entry_id")
    if size is not None:
        rows = rows.filter(entry__place__index__lt=size)
    by_id = {row.entry_id: row for row in rows}
    successors = successors_of((row.entry_id, row.corrects) for row in by_id.values() if row.corrects is not None)
    found = []
    for root in by_id.values():
        if root.kind != EntryKind.QUALIFICATION:
            continue
        row = by_id[last_of(root.entry_id, successors)]
        said = json.loads(row.payload)
        if said.get("void") is True or (on is not None and row.day > on):
            continue
        found.append(
            StandingAward(
                entry=root.entry_id,
                last=row.entry_id,
                code=row.subject or root.subject,
                day=row.day,
                minutes=row.minutes,
                valid_until=row.valid_until,
                is_withdrawn=said.get("withdrawn") is True,
                said=json.loads(root.payload),
            )
        )
    return sorted(found, key=lambda award: award.day, reverse=True)
