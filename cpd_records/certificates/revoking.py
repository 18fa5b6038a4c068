"""Withdrawing a certificate. The row and the file stay; a ledger entry and a row of its own say by which two and why.

What it certifies was then never true, whatever the ground: the course it certifies counts as never completed, and so does what that
awarded. A certificate that only says something wrongly, a name or a day, is superseded by a right one, and nothing falls with it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cpd_records.certificates.decisions import checked_reason, locked, signed_by_two
from cpd_records.certificates.issues import fact_of
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.standing import revocation_of
from cpd_records.certificates.telling import TELL_WITHDRAWN
from cpd_records.certificates.withdrawing import write_withdrawal
from cpd_records.completions.standing import void_completion_of
from cpd_records.models import Certificate, CertificateRevocation, PublicReason
from cpd_records.qualifications.corrections import void_awards_of
from people import access, work
from people.dates import long_date
from people.models import User


def refuse_revoking(certificate: Certificate, *, by: User, reason: str) -> str:
    """Return the reason as it is kept where ``by`` may propose to withdraw the certificate; else raise ``CertificateRefused``."""
    if access.is_own(by, certificate.officer):
        raise CertificateRefused("You cannot withdraw your own certificate. Somebody else decides that.")
    kept = checked_reason(reason, missing="Say why the certificate is withdrawn. The reason stays in the record.")
    earlier = revocation_of(certificate)
    if earlier is not None:
        day = timezone.localdate(earlier.revoked_at)
        raise CertificateRefused(f"This certificate was withdrawn before, on {long_date(day)}.")
    return kept


def revoke_certificate(
    certificate: Certificate,
    *,
    by: User,
    approved_by: User,
    reason: str,
    at: datetime,
    public_reason: PublicReason = PublicReason.OTHER,
    holder_is_told: bool = False,
) -> CertificateRevocation:
    """Withdraw a certificate, never one's own, and declare never true what it certifies, in one transaction.

    Of a course that is the completion, and what the completion awarded; of a qualification the award.

    It takes two: ``by`` proposed it, ``approved_by`` approved it, and the entry names both. ``reason`` is for the record,
    ``public_reason`` is all that strangers are told. The holder is told by a mail, unless whoever calls tells them (``holder_is_told``).
    """
    with transaction.atomic():
        current = locked(certificate)
        kept = refuse_revoking(current, by=by, reason=reason)
        names = signed_by_two(current.officer, by=by, approved_by=approved_by)
        # First, so that what follows for the completion and the awards finds it withdrawn already.
        written = write_withdrawal(current, by=by, names=names, reason=kept, public_reason=public_reason, at=at)
        certified = fact_of(current)
        void_completion_of(current.officer, certified, names=names, reason=kept)
        void_awards_of(
            current.officer,
            certified,
            by=by,
            approved_by=approved_by,
            reason=kept,
            public_reason=public_reason,
        )
        if not holder_is_told:
            work.ask(TELL_WITHDRAWN, str(written.pk))
        return written
