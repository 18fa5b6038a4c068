"""Proposing a change of somebody's record. Nothing of it counts until a second person has approved it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from cpd_records.activity_rules import ActivityRefused
from cpd_records.certificates.awarding import CertificateRefused
from cpd_records.certificates.reissuing import PutRight, refuse_putting_right
from cpd_records.certificates.revoking import refuse_revoking
from cpd_records.certificates.suspending import refuse_lifting
from cpd_records.importing import corrections as corrections_of_imports
from cpd_records.importing.corrections import Said, StandingImport
from cpd_records.models import Certificate, Exemption, PublicReason, Qualification, RecordProposal
from cpd_records.proposals.refusals import NotYourDecision, ProposalRefused
from cpd_records.proposals.telling import ask_for_a_decision
from cpd_records.qualifications.corrections import (
    checked_correction,
    checked_reason,
    checked_void,
    checked_withdrawal,
)
from cpd_records.qualifications.refusals import QualificationRefused, checked_words, refuse_unless_administrator
from cpd_records.qualifications.rulings import checked_end, checked_exemption
from cpd_records.qualifications.standing_awards import StandingAward
from people import clock
from people.dates import long_date
from people.models import User

Kind = RecordProposal.Kind
WAITING_ALREADY = (
    "A change of this waits for a second person already. It is decided or taken back before another is proposed."
)


def propose_correction(
    officer: User,
    award: UUID,
    *,
    by: User,
    at: datetime,
    reason: str,
    day: date,
    minutes: int | None,
    valid_until: date | None,
) -> RecordProposal:
    """Propose to restate an award whole: its day, minutes, and its own last day or None for what the rule says."""
    with refusals():
        standing = checked_correction(officer, award, by=by, day=day, minutes=minutes, valid_until=valid_until)
        reason = checked_reason(reason)
    wanted = {"day": day.isoformat(), "minutes": minutes, "valid_until": _day(valid_until)}
    return _propose_about_award(Kind.CORRECT_AWARD, officer, standing, wanted, by=by, at=at, reason=reason)


def propose_withdrawal(
    officer: User, award: UUID, *, by: User, at: datetime, reason: str, last_day: date
) -> RecordProposal:
    """Propose that an award ends by decision, holding until ``last_day`` included."""
    with refusals():
        standing = checked_withdrawal(officer, award, by=by, last_day=last_day)
        reason = checked_reason(reason)
    wanted = {"last_day": last_day.isoformat()}
    return _propose_about_award(Kind.WITHDRAW_AWARD, officer, standing, wanted, by=by, at=at, reason=reason)


def propose_void(officer: User, award: UUID, *, by: User, at: datetime, reason: str) -> RecordProposal:
    """Propose to declare that an award was never true."""
    with refusals():
        standing = checked_void(officer, award, by=by)
        reason = checked_reason(reason)
    return _propose_about_award(Kind.VOID_AWARD, officer, standing, {}, by=by, at=at, reason=reason)


def propose_correction_of_import(
    officer: User, record: UUID, *, by: User, at: datetime, reason: str, wanted: Said
) -> RecordProposal:
    """Propose to restate an imported record whole, whatever it is of; an award that was imported is one of ``propose_correction``."""
    with refusals():
        standing, cleaned = corrections_of_imports.checked_correction(officer, record, by=by, wanted=wanted)
        reason = checked_reason(reason)
    kept = corrections_of_imports.kept(cleaned)
    return _propose_about_import(Kind.CORRECT_IMPORTED, officer, standing, kept, by=by, at=at, reason=reason)


def propose_void_of_import(officer: User, record: UUID, *, by: User, at: datetime, reason: str) -> RecordProposal:
    """Propose to withdraw an imported record: to declare that it was never true."""
    with refusals():
        standing = corrections_of_imports.checked_void(officer, record, by=by)
        reason = checked_reason(reason)
    return _propose_about_import(Kind.VOID_IMPORTED, officer, standing, {}, by=by, at=at, reason=reason)


def propose_exemption(
    officer: User,
    qualification: Qualification,
    *,
    by: User,
    at: datetime,
    reason: str,
    valid_from: date | None = None,
    until: date | None = None,
) -> RecordProposal:
    """Propose that an officer need not hold a qualification, from a day (today where none is said) until another or for good."""
    first = valid_from or clock.today()
    with refusals():
        reason = checked_exemption(officer, qualification, by=by, reason=reason, first=first, until=until)
    return propose(
        Kind.EXEMPT,
        officer,
        key=f"exempt:{qualification.code}",
        about=qualification.title,
        wanted={"qualification": qualification.code, "valid_from": first.isoformat(), "until": _day(until)},
        by=by,
        at=at,
        reason=reason,
    )


def propose_end_of_exemption(
    exemption: Exemption, *, by: User, at: datetime, reason: str, last_day: date
) -> RecordProposal:
    """Propose that an exemption holds until ``last_day`` included."""
    with refusals():
        checked_end(exemption, by=by, last_day=last_day, today=clock.today())
        reason = checked_words(reason, field="reason", what="The reason", missing="Say why it ends, in a sentence.")
    return propose(
        Kind.END_EXEMPTION,
        exemption.officer,
        key=f"exempt:{exemption.qualification.code}",
        about=f"{exemption.qualification.title}, exempted from {long_date(exemption.valid_from)}",
        wanted={"exemption": exemption.pk, "last_day": last_day.isoformat()},
        by=by,
        at=at,
        reason=reason,
    )


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
    return propose_withdrawal_that_follows(certificate, by=by, at=at, reason=reason, public_reason=public_reason)


def propose_withdrawal_that_follows(
    certificate: Certificate, *, by: User, at: datetime, reason: str, public_reason: PublicReason
) -> RecordProposal:
    """Propose to withdraw a certificate because what it rested on fell, in the name of who decided that alone; who may is said there."""
    try:
        reason = refuse_revoking(certificate, by=by, reason=reason)
    except CertificateRefused as refused:
        raise ProposalRefused(
            str(refused), "reason" if "reason" in str(refused) or "Say why" in str(refused) else ""
        ) from refused
    return propose(
        Kind.WITHDRAW_CERTIFICATE,
        certificate.officer,
        key=f"certificate:{certificate.pk}",
        about=f"{certificate.title}, {certificate.display_code}",
        wanted={"certificate": str(certificate.pk), "public_reason": PublicReason(public_reason).value},
        by=by,
        at=at,
        reason=reason,
    )


def propose_lifting(certificate: Certificate, *, by: User, at: datetime, reason: str) -> RecordProposal:
    """Propose to lift the suspension of a certificate: it would stand again as it did before."""
    try:
        suspension, kept = refuse_lifting(certificate, by=by, reason=reason)
    except CertificateRefused as refused:
        raise ProposalRefused(str(refused), "reason" if "reason" in str(refused).lower() else "") from refused
    return propose(
        Kind.LIFT_SUSPENSION,
        certificate.officer,
        key=f"certificate:{certificate.pk}",
        about=f"{certificate.title}, {certificate.display_code}",
        wanted={"certificate": str(certificate.pk), "suspension": suspension.pk},
        by=by,
        at=at,
        reason=kept,
    )


def propose_putting_right(
    certificate: Certificate, wanted: PutRight, *, by: User, at: datetime, reason: str
) -> RecordProposal:
    """Propose that a certificate is issued again without a misprint: what it is for, its release, its learning time."""
    try:
        _said, clean = refuse_putting_right(certificate, wanted, by=by)
    except CertificateRefused as refused:
        raise ProposalRefused(str(refused)) from refused
    with refusals():
        kept = checked_reason(reason)
    return propose(
        Kind.REISSUE_CERTIFICATE,
        certificate.officer,
        key=f"certificate:{certificate.pk}",
        about=f"{certificate.title}, {certificate.display_code}",
        wanted={"certificate": str(certificate.pk), **asdict(clean)},
        by=by,
        at=at,
        reason=kept,
    )


class refusals:
    """Let a refusal of qualifications or of CPD be one of proposals, with its sentence and field."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, QualificationRefused | ActivityRefused):
            raise ProposalRefused(str(error), error.field) from error


def _propose_about_award(
    kind: RecordProposal.Kind,
    officer: User,
    award: StandingAward,
    wanted: dict[str, Any],
    *,
    by: User,
    at: datetime,
    reason: str,
) -> RecordProposal:
    title = award.said.get("qualification") or award.said.get("title") or award.code
    return propose(
        kind,
        officer,
        key=f"award:{award.entry}",
        about=f"{title} of {long_date(award.day)}",
        wanted={"award": str(award.entry), **wanted},
        stands_on=award.last,
        by=by,
        at=at,
        reason=reason,
    )


def _propose_about_import(
    kind: RecordProposal.Kind,
    officer: User,
    record: StandingImport,
    wanted: dict[str, Any],
    *,
    by: User,
    at: datetime,
    reason: str,
) -> RecordProposal:
    return propose(
        kind,
        officer,
        key=f"imported:{record.entry}",
        about=f"{record.it.title} of {long_date(record.it.day)}",
        wanted={"record": str(record.entry), **wanted},
        stands_on=record.last,
        by=by,
        at=at,
        reason=reason,
    )


def propose(
    kind: RecordProposal.Kind,
    officer: User,
    *,
    key: str,
    about: str,
    wanted: dict[str, Any],
    by: User,
    at: datetime,
    reason: str,
    stands_on: UUID | None = None,
) -> RecordProposal:
    """Write the proposal and ask for the mail about it. The same again gives the one that waits."""
    if by.pk == officer.pk:
        raise NotYourDecision("Nobody proposes a change of their own record. Ask an administrator.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=officer.pk)
        open_one = RecordProposal.objects.waiting().filter(officer=officer, key=key).first()
        if open_one is not None:
            same = (open_one.kind, open_one.wanted, open_one.reason, open_one.proposed_by_id)
            if same == (kind, wanted, reason, by.pk):
                return open_one
            raise ProposalRefused(WAITING_ALREADY)
        try:
            with transaction.atomic():
                proposal = RecordProposal.objects.create(
                    officer=officer,
                    kind=kind,
                    key=key,
                    about=about[:300],
                    stands_on=stands_on,
                    wanted=wanted,
                    reason=reason,
                    proposed_by=by,
                    proposed_at=at,
                )
        except IntegrityError as second:
            raise ProposalRefused(WAITING_ALREADY) from second
        ask_for_a_decision(proposal)
    return proposal


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
