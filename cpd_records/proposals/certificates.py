"""Proposals about certificates: withdrawn, their suspension lifted, issued again without a misprint."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from cpd_records.certificates.reissuing import PutRight, refuse_putting_right
from cpd_records.certificates.revoking import refuse_revoking
from cpd_records.certificates.suspending import refuse_lifting
from cpd_records.models import Certificate, PublicReason, RecordProposal
from cpd_records.proposals.proposing import Subject, propose, refusals
from cpd_records.qualifications.corrections import checked_reason
from cpd_records.qualifications.refusals import refuse_unless_administrator
from people.models import User

Kind = RecordProposal.Kind


def propose_certificate_withdrawal(
    certificate: Certificate,
    *,
    by: User,
    at: datetime,
    reason: str,
    public_reason: PublicReason = PublicReason.OTHER,
) -> RecordProposal:
    """Propose to withdraw a certificate, with what its completion awarded. Strangers are told the ``public_reason`` alone."""
    with refusals():
        refuse_unless_administrator(by, to_do="propose to withdraw a certificate")
        reason = refuse_revoking(certificate, by=by, reason=reason)
    wanted = {"public_reason": PublicReason(public_reason).value}
    kind = Kind.WITHDRAW_CERTIFICATE
    return propose(kind, certificate.officer, _certificate(certificate), wanted, by=by, at=at, reason=reason)


def propose_lifting(certificate: Certificate, *, by: User, at: datetime, reason: str) -> RecordProposal:
    """Propose to lift the suspension of a certificate: it would stand again as it did before."""
    with refusals():
        suspension, kept = refuse_lifting(certificate, by=by, reason=reason)
    wanted = {"suspension": suspension.pk}
    kind = Kind.LIFT_SUSPENSION
    return propose(kind, certificate.officer, _certificate(certificate), wanted, by=by, at=at, reason=kept)


def propose_putting_right(
    certificate: Certificate, wanted: PutRight, *, by: User, at: datetime, reason: str
) -> RecordProposal:
    """Propose that a certificate is issued again without a misprint: what it is for, its release, its learning time."""
    with refusals():
        _said, clean = refuse_putting_right(certificate, wanted, by=by)
        kept = checked_reason(reason)
    kind = Kind.REISSUE_CERTIFICATE
    return propose(kind, certificate.officer, _certificate(certificate), asdict(clean), by=by, at=at, reason=kept)


def _certificate(certificate: Certificate) -> Subject:
    what = f"{certificate.title}, {certificate.display_code}"
    return Subject(f"certificate:{certificate.pk}", what, {"certificate": str(certificate.pk)})
