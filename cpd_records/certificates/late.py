"""Certificates whose file is not made in its time: whose, since when, and why in words that say what is to be done.

The holder's page says only that it takes longer. Why is kept on the row of waiting work, as the error it last ended with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from cpd_records.certificates.awarding import ISSUE_WORK
from cpd_records.models import Certificate
from people import access
from people.models import User, WaitingWork

# A file is made within ten seconds on an idle machine; after this long something is in its way.
LATE_AFTER = timedelta(minutes=5)
READERS = (access.TRAINING_ADMIN, access.SYSTEM_ADMIN)
NOT_FOR_YOU = (
    "Training administrators and system administrators look after certificates that wait. You hold neither role."
)
UNSEALED = (
    "Its entry waits for a place in the ledger: the sealer is not running or refuses. "
    "Auditors and system administrators read which under Ledger."
)
NOT_YET = "It has not been tried yet: the background work is behind or not running."
UNKNOWN = "Making it failed. The service’s log says how; it is tried again by itself."
# What the error says of itself when it is kept, and what that means to whoever can do something about it.
REASONS: Mapping[str, str] = {
    "CannotBeDrawn(": (
        "No installed font can draw a letter of what is printed. Install the font the log names; it is made by itself then."
    ),
    "ListDiffers(": (
        "The list it certifies is not the one its ledger entry names, so nothing is issued. "
        "Keep the database as it is, and tell whoever answers for the ledger."
    ),
    "FileTooLarge(": (
        "Its file is larger than any that can be checked, so it is not issued. Is the force's logo very large? "
        "Choose a smaller one; it is made by itself then."
    ),
    "OSError(28,": "The disk for files is full. Make room; it is made by itself then.",
    "OSError(30,": "The disk for files takes no writing. Make it writable; it is made by itself then.",
    "PermissionError(": (
        "The service may not write where files are kept. Give it the permission; it is made by itself then."
    ),
    "NothingToOpen(": "What it would say was erased.",
    "TilesBroken(": "The ledger’s tiles are damaged, so its proof cannot be made. Run ledger_rebuild.",
    "ImproperlyConfigured(": "A key or setting is missing or wrong. The log names it.",
}


@dataclass(frozen=True, slots=True)
class Late:
    """A certificate that waits, why, and how often making it was tried."""

    certificate: Certificate
    why: str
    tries: int


def late_certificates(*, at: datetime) -> QuerySet[Certificate]:
    """Return those whose file should have been made by ``at`` and is not, the longest waiting first; erased ones are waited for no more."""
    rows = Certificate.objects.filter(issued_at__isnull=True, created_at__lt=at - LATE_AFTER).exclude(title="")
    return rows.select_related("officer", "entry__place").order_by("created_at", "pk")


def late_for(user: User, *, at: datetime) -> QuerySet[Certificate]:
    """Return the late certificates for those who look after them; nobody else sees any."""
    return late_certificates(at=at) if access.has_any_role(user, *READERS) else Certificate.objects.none()


def in_words(certificates: Iterable[Certificate]) -> list[Late]:
    """Return why each waits, in the order given. One query; their entries' places are fetched with them."""
    found = list(certificates)
    waiting = {
        row.key: row for row in WaitingWork.objects.filter(kind=ISSUE_WORK, key__in=[str(one.pk) for one in found])
    }
    return [_told(one, waiting.get(str(one.pk))) for one in found]


def why_waiting(certificates: Iterable[UUID]) -> dict[UUID, str]:
    """Return why the files of these are not made, by id; those that are made are left out."""
    rows = Certificate.objects.filter(pk__in=list(certificates), issued_at__isnull=True).select_related("entry__place")
    return {late.certificate.pk: late.why for late in in_words(rows)}


def trouble(*, at: datetime) -> str:
    """Return in one sentence that certificates are late, without whose; empty where none is."""
    count = late_certificates(at=at).count()
    if not count:
        return ""
    return f"{count} {'certificate waits' if count == 1 else 'certificates wait'} for longer than five minutes: see /certificates/late/"


def _told(certificate: Certificate, work: WaitingWork | None) -> Late:
    tries = work.tries if work is not None else 0
    if getattr(certificate.entry, "place", None) is None:
        return Late(certificate, UNSEALED, tries)
    said = work.last_error if work is not None else ""
    if not said:
        return Late(certificate, NOT_YET, tries)
    return Late(
        certificate, next((words for start, words in REASONS.items() if said.startswith(start)), UNKNOWN), tries
    )
