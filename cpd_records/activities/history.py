"""Sample history of CPD in bulk: the rows that logging, submitting and verifying an activity leave, for very many at once.

For invented history only, beside ``cpd_records.ledger.history``; tests hold the rows against those the verbs write.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from cpd_records.activities.recording import said_of_activity
from cpd_records.ledger.history import Fact
from cpd_records.models import Activity, ActivityState, ActivityStep, EntryKind
from people.many_rows import insert_many
from people.models import User

ACTIVITY = tuple(field.attname for field in Activity._meta.concrete_fields)
STEP = ("activity_id", "kind", "by_id", "to_id", "at", "reason")


@dataclass(frozen=True)
class PastActivity:
    """An activity and how far it came. ``entry`` and ``salt`` are those of its entry where it was verified by ``verifier``."""

    id: uuid.UUID
    officer: User
    verifier: User
    title: str
    kind: str
    day: date
    minutes: int
    learned: str
    logged_at: datetime
    submitted_at: datetime | None = None
    verified_at: datetime | None = None
    entry: uuid.UUID | None = None
    salt: bytes = b""

    @cached_property
    def row(self) -> Activity:
        """The activity as the verbs leave it, not saved."""
        is_in = self.submitted_at is not None
        state = (
            ActivityState.VERIFIED if self.verified_at else ActivityState.SUBMITTED if is_in else ActivityState.DRAFT
        )
        return Activity(
            id=self.id,
            officer_id=self.officer.pk,
            title=self.title,
            kind=self.kind,
            day=self.day,
            minutes=self.minutes,
            learned=self.learned,
            state=state.value,
            verifier_id=self.verifier.pk if is_in else None,
            created_at=self.logged_at,
            changed_at=self.verified_at or self.submitted_at or self.logged_at,
            entry_id=self.entry if self.verified_at else None,
        )

    @property
    def fact(self) -> Fact | None:
        """What the ledger says of it, None where it was not verified."""
        if self.verified_at is None or self.entry is None:
            return None
        return Fact(
            id=self.entry,
            salt=self.salt,
            recorded_at=self.verified_at,
            kind=EntryKind.CPD_ACTIVITY.value,
            officer=self.officer.public_id,
            day=self.day,
            payload=said_of_activity(self.row, by=self.verifier),
            subject=str(self.id),
            minutes=self.minutes,
        )


def insert_activities(activities: Sequence[PastActivity]) -> None:
    """Insert the activities with their steps; the entries of those verified are in the ledger already."""
    rows = (one.row for one in activities)
    insert_many(Activity, ACTIVITY, ([_plain(getattr(row, name)) for name in ACTIVITY] for row in rows))
    insert_many(ActivityStep, STEP, _steps(activities))


def _steps(activities: Iterable[PastActivity]) -> Iterable[Sequence[object]]:
    kinds = ActivityStep.Kind
    for one in activities:
        yield (one.id, kinds.LOGGED.value, one.officer.pk, None, one.logged_at, "")
        if one.submitted_at is not None:
            yield (one.id, kinds.SUBMITTED.value, one.officer.pk, one.verifier.pk, one.submitted_at, "")
        if one.verified_at is not None:
            yield (one.id, kinds.VERIFIED.value, one.verifier.pk, None, one.verified_at, "")


def _plain(value: object) -> object:
    """Return an enumeration's own value: a driver would write its name."""
    return str.__str__(value) if isinstance(value, str) else value
