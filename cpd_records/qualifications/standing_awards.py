"""The awards of an officer as their last corrections have them, with what the ledger says of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cpd_records.ledger.standing import standing_entries
from cpd_records.models import EntryKind, Qualification
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
    found = [
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
        for root, row, said in standing_entries(officer, EntryKind.QUALIFICATION, on=on, size=size)
    ]
    return sorted(found, key=lambda award: award.day, reverse=True)
