"""Writing that a certificate is withdrawn: its entry and its row. Who may, and what else goes with it, is decided above."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cpd_records.certificates.decisions import append_decision
from cpd_records.certificates.issues import reached_with
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
    """Write entry and row in the caller's transaction, with the officer locked. ``names`` are those of the two people behind it.

    Every issue of the same fact goes with it: of an older one we would otherwise say that it was true when issued.
    """
    said: dict[str, Any] = {"by": by, "names": names, "reason": reason, "public_reason": public_reason, "at": at}
    return {one.pk: _write(one, **said) for one in reached_with(certificate)}[certificate.pk]


def _write(
    certificate: Certificate,
    *,
    by: User,
    names: dict[str, Any],
    reason: str,
    public_reason: PublicReason,
    at: datetime,
) -> CertificateRevocation:
    said = {"reason": reason, "public_reason": PublicReason(public_reason).value, **names}
    entry = append_decision(certificate, EntryKind.CERTIFICATE_REVOKED, said, at=at)
    return CertificateRevocation.objects.create(
        certificate=certificate,
        reason=reason,
        public_reason=public_reason,
        revoked_by=by,
        revoked_at=at,
        entry=entry,
    )
