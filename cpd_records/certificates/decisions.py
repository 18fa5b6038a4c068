"""What all decisions about a certificate share: who may, the reason as it is kept, the locks, and the entry that says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.standing import successor_of
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.two_people import TwoPeopleNeeded, signed
from cpd_records.models import Certificate, EntryKind, LedgerEntry
from people import access
from people.models import User

LONGEST_REASON = 500
DECIDERS = (access.TRAINING_ADMIN, access.SYSTEM_ADMIN)


def refuse_unless_decider(certificate: Certificate, *, by: User, to_do: str) -> None:
    """Refuse the holder, and whoever administers neither training nor the system; ``to_do`` ends the sentence: 'suspend a certificate'."""
    if access.is_own(by, certificate.officer):
        raise CertificateRefused("You decide nothing about your own certificate. Somebody else does.")
    if not access.is_person(by) or not access.has_any_role(by, *DECIDERS):
        raise CertificateRefused(f"Only a training administrator or a system administrator can {to_do}.")


def checked_reason(reason: str, *, missing: str) -> str:
    """Return the reason as it is kept; refuse one too long and, with the sentence ``missing``, an empty one."""
    kept = reason.strip()
    if not kept:
        raise CertificateRefused(missing, "reason")
    if len(kept) > LONGEST_REASON:
        raise CertificateRefused(f"The reason is too long: use at most {LONGEST_REASON} characters.", "reason")
    return kept


def signed_by_two(officer: User, *, by: User, approved_by: User) -> dict[str, Any]:
    """Return the names of the two behind a decision as its entry says them; refuse one person twice, and the officer."""
    try:
        return signed(officer, by=by, approved_by=approved_by)
    except TwoPeopleNeeded as refused:
        raise CertificateRefused(str(refused)) from refused


def locked(certificate: Certificate) -> Certificate:
    """Return the certificate as it is now, locked with its officer until the transaction ends."""
    # The officer first, as everything does that changes what their record says: two locks taken in two orders would wait for each other.
    User.objects.select_for_update().get(pk=certificate.officer_id)
    return Certificate.objects.select_for_update(of=("self",)).select_related("officer").get(pk=certificate.pk)


def append_decision(certificate: Certificate, kind: EntryKind, said: Mapping[str, Any], *, at: datetime) -> LedgerEntry:
    """Append the entry of what was decided about a certificate at ``at`` (aware), which it says as ``decided_at``; ``said`` is what this
    kind says beside.
    """
    replaced = {} if successor_of(certificate) is None else {"is_replaced": True}
    return append_entry(
        kind=kind,
        officer=certificate.officer.public_id,
        day=timezone.localdate(at),
        subject=certificate.code,
        payload={
            "certificate": certificate.entry_id,
            "title": certificate.title,
            "decided_at": at,
            **replaced,
            **said,
        },
    )
