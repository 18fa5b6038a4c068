"""Questions to the ledger: what it says about somebody, on any day, as known at any time."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from cpd_records.ledger.checkpoints import last_checkpoint, may_still_grow
from cpd_records.models import EntryKind, Erasure, ReadablePart
from people import clock


@dataclass(frozen=True)
class Answer:
    """Entries by the day they happened, with what an answer must say about itself.

    ``size`` is that of the checkpoint the answer rests on: the one that cut it for a ``known_at``, else the last. ``unsealed`` counts
    entries among these that are not in the tree yet. ``provisional`` means that a later checkpoint may add to the answer.
    ``erased`` counts the officer's entries whose content was lawfully erased; 'never held' would be wrong where it is not 0.
    """

    entries: tuple[ReadablePart, ...]
    size: int
    unsealed: int
    provisional: bool
    erased: int


def entries_of(officer: UUID, *, on: date | None = None, known_at: datetime | None = None) -> Answer:
    """Return what the ledger says about a person, up to and including the day ``on``, as known at ``known_at`` (aware).

    Without ``known_at`` every committed entry counts. With it, the last checkpoint at or before it cuts the entries by its size, so
    that the same question is always answered by the same entries. Records of erasures say nothing of what somebody did: they are counted
    as ``erased``, by what they took.
    """
    rows = ReadablePart.objects.filter(officer=officer).exclude(kind=EntryKind.ERASURE)
    rows = rows.annotate(index=F("entry__place__index"))
    erasures = Erasure.objects.filter(officer=officer)
    checkpoint = last_checkpoint(by=known_at)
    size = checkpoint.size if checkpoint else 0
    if on is not None:
        rows = rows.filter(day__lte=on)
    if known_at is not None:
        rows = rows.filter(entry__place__index__lt=size)
        erasures = erasures.filter(entry__place__index__lt=size)
    entries = tuple(rows.order_by("day", "recorded_at", "entry_id"))
    return Answer(
        entries=entries,
        size=size,
        unsealed=sum(1 for entry in entries if entry.index is None),
        provisional=known_at is not None and is_provisional(known_at),
        erased=erasures.count(),
    )


def is_provisional(known_at: datetime) -> bool:
    """Return whether an answer as known at this moment may still grow: no checkpoint is as late as it, by a clock that is right."""
    return may_still_grow(known_at, last_checkpoint(), at=clock.now())
