"""Writing that a certificate is withdrawn: its entry and its row. Who may, and what else goes with it, is decided above."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from cpd_records.ledger.entries import append_entry
from cpd_records.models import Certificate, CertificateRevocation, EntryKind, PublicReason
from people.models import User


def write_withdrawal(
    certificate: Certificate,
    *,
    by: User,
    names: dict[str, Any],
    reason: str,
    public_reason: PublicReason,
    at: datetime,
) -> CertificateRevocation:
    """Write entry and row in the caller's transaction, with the certificate locked. ``names`` are those of the two people behind it."""
    entry = append_entry(
        kind=EntryKind.CERTIFICATE_REVOKED,
        officer=certificate.officer.public_id,
        day=timezone.localdate(at),
        subject=certificate.code,
        payload={
            "certificate": certificate.entry_id,
            "title": certificate.title,
            "reason": reason,
            "public_reason": PublicReason(public_reason).value,
            **names,
        },
    )
    return CertificateRevocation.objects.create(
        certificate=certificate,
        reason=reason,
        public_reason=public_reason,
        revoked_by=by,
        revoked_at=at,
        entry=entry,
    )
