"""Lawful erasure: what an entry said goes, the entry and its place stay.

Payload and salt are deleted together. What remains, the commitment, is a hash over 32 random bytes nobody has any more, so it says
nothing about anybody; every root and proof stays as it was. That it was done is an entry of its own, which names the entries, the class,
the authority and the moment, and is never erased: so an opening that went without one is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cpd_records.ledger.entries import append_entry
from cpd_records.models import EntryKind, Erasure, LedgerEntry, LegalHold, ReadablePart
from people import work

# The waiting work by which projections forget what an officer's erased entry said.
AFTER_ERASURE = "forget_erased"
# So many entries are named by one record: its payload stays a page or two long.
MOST_IN_A_RECORD = 200


class ErasureRefused(Exception):
    """The readable part may not go; the message says why."""


def erase_readable_part(entry: LedgerEntry, *, retention_class: str, authority: str, at: datetime) -> Erasure:
    """Erase what one entry says, and record its retention class and on whose authority it went. ``at`` is an aware moment."""
    with transaction.atomic():
        readable = ReadablePart.objects.filter(entry=entry).first()
        if readable is None:
            raise ErasureRefused("What this entry said is already gone.")
        (erasure,) = erase_openings(
            readable.officer, [entry.pk], retention_class=retention_class, authority=authority, at=at
        )
    return erasure


@transaction.atomic
def erase_openings(
    officer: UUID,
    entries: Iterable[UUID],
    *,
    retention_class: str,
    authority: str,
    at: datetime,
    subject: str = "",
    more: Mapping[str, str] | None = None,
) -> list[Erasure]:
    """Erase what these entries of one officer say, in the order given, and record it in the ledger; what is gone already is passed over.

    ``officer`` is the person's public UUID; ``subject`` and ``more`` go into the record (a request's id, who approved it), which names
    nobody but by public UUID. Refuses entries of somebody else, records of erasures, and everything while a legal hold stands.
    """
    if not retention_class.strip() or not authority.strip():
        raise ErasureRefused("An erasure names the retention class and on whose authority it is done.")
    wanted = list(dict.fromkeys(entries))
    found = {part.entry_id: part for part in ReadablePart.objects.filter(entry__in=wanted)}
    parts = [found[entry] for entry in wanted if entry in found]
    if any(part.officer != officer for part in parts):
        raise ErasureRefused("An entry is about somebody else. Nothing was erased.")
    if any(part.kind == EntryKind.ERASURE for part in parts):
        raise ErasureRefused("What the ledger says of an erasure is never erased. Nothing was erased.")
    if LegalHold.objects.standing().filter(officer=officer).exists():
        raise ErasureRefused("A legal hold stands on this officer: nothing of theirs may be erased until it has ended.")
    erasures: list[Erasure] = []
    for first in range(0, len(parts), MOST_IN_A_RECORD):
        some = parts[first : first + MOST_IN_A_RECORD]
        record = append_entry(
            kind=EntryKind.ERASURE,
            officer=officer,
            day=timezone.localdate(at),
            subject=subject,
            payload={
                "class": retention_class,
                "authority": authority,
                "at": at,
                "entries": [part.entry_id for part in some],
                **(more or {}),
            },
        )
        erasures += Erasure.objects.bulk_create(
            Erasure(
                entry_id=part.entry_id,
                officer=officer,
                retention_class=retention_class,
                authority=authority,
                at=at,
                recorded_in=record,
            )
            for part in some
        )
        ReadablePart.objects.filter(entry__in=[part.entry_id for part in some]).delete()
        work.ask(AFTER_ERASURE, f"{officer}@{record.pk}")
    return erasures
