"""Lawful erasure: what an entry said goes, the entry and its place stay.

Payload and salt are deleted together. What remains, the commitment, is a hash over 32 random bytes nobody has any more, so it says
nothing about anybody; every root and proof stays as it was.
"""

from datetime import datetime

from django.db import transaction

from cpd_records.models import Erasure, LedgerEntry, LegalHold, ReadablePart
from people import work

# The waiting work by which projections forget what an officer's erased entry said.
AFTER_ERASURE = "forget_erased"


class ErasureRefused(Exception):
    """The readable part may not go; the message says why."""


def erase_readable_part(entry: LedgerEntry, *, retention_class: str, authority: str, at: datetime) -> Erasure:
    """Erase what one entry says, and record its retention class and on whose authority it went. ``at`` is an aware moment."""
    if not retention_class.strip() or not authority.strip():
        raise ErasureRefused("An erasure names the retention class and on whose authority it is done.")
    with transaction.atomic():
        readable = ReadablePart.objects.filter(entry=entry).first()
        if readable is None:
            raise ErasureRefused("What this entry said is already gone.")
        if LegalHold.objects.filter(officer=readable.officer, ended_at__isnull=True).exists():
            raise ErasureRefused(
                "A legal hold stands on this officer: nothing of theirs may be erased until it has ended."
            )
        erasure = Erasure.objects.create(
            entry=entry, officer=readable.officer, retention_class=retention_class, authority=authority, at=at
        )
        readable.delete()
        work.ask(AFTER_ERASURE, f"{readable.officer}@{entry.pk}")
    return erasure
