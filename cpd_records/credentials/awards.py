"""From a certificate's row to what its credential is made from, and to the credential that its holder passes on."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from cpd_records.certificates.awarding import particulars_of
from cpd_records.certificates.issues import newest_issue
from cpd_records.certificates.particulars import Particulars
from cpd_records.credentials.badges import Award, achievement, credential_for, written
from cpd_records.ledger.proofs import NotSealed, opening_of, sealed_index
from cpd_records.models import Certificate, Checkpoint
from people.prepared import prepared


class NoSuchAchievement(LookupError):
    """No certificate of the subject was issued whose words are still held."""


def credential_of(certificate: Certificate, *, shows_name: bool) -> str:
    """Return the signed credential of a certificate as the text of a file.

    Raises ``NotSealed`` until its entry is under a checkpoint, ``NothingToOpen`` once what it said was erased.
    """
    opening = opening_of(certificate.entry)
    index = next((index for (index,) in sealed_index(entry=certificate.entry_id)), None)
    checkpoint = None if index is None else next(iter(checkpoints_over(index=index)), None)
    if index is None or checkpoint is None:
        raise NotSealed(
            "This certificate is not sealed yet: it is as soon as the ledger signs, usually within seconds."
        )
    return written(
        credential_for(award_of(certificate, opening, index=index, at=checkpoint.time), shows_name=shows_name)
    )


def award_of(certificate: Certificate, opening: Mapping[str, str], *, index: int, at: datetime) -> Award:
    """Return what the credential is made from: opening and index of the entry, and the time (aware) of its first checkpoint."""
    return Award(
        certificate=certificate.pk,
        it=Particulars.read(opening["payload"]),
        subject=certificate.subject,
        index=index,
        at=at,
        salt=base64.b64decode(opening["salt"]),
    )


def achievement_of(subject: str) -> dict[str, Any]:
    """Return what the certificates of a subject are awarded for, as the latest of them says it; raise ``NoSuchAchievement``."""
    held = Certificate.objects.issued().filter(subject=subject, entry__readable__isnull=False)
    # An older one issued again, such as under a new name, says nothing newer; the latest put right says what is right.
    held = held.exclude(supersedes__completion_entry=F("completion_entry"))
    latest = held.order_by("-created_at").first() if subject else None
    it = None if latest is None else particulars_of(newest_issue(latest))
    if it is None:
        raise NoSuchAchievement
    return achievement(it, subject)


@prepared
def checkpoints_over(index: int) -> QuerySet[Checkpoint]:
    """The first checkpoint that covers a place in the tree."""
    return Checkpoint.objects.filter(size__gt=index).order_by("size", "time")[:1]
