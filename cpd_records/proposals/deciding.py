"""Deciding on a proposal: approved and written into the ledger, refused with a sentence, or taken back by who made it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from cpd_records.activity_rules import ActivityRefused
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.reissuing import PutRight, put_certificate_right
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.standing import revocation_of, successor_of, suspension_of
from cpd_records.certificates.suspending import lift_suspension
from cpd_records.importing.corrections import correct_imported, imported_records, said_in, void_imported
from cpd_records.models import Certificate, Exemption, PublicReason, Qualification, RecordProposal
from cpd_records.models.proposals import DECIDERS
from cpd_records.proposals import learning
from cpd_records.proposals.refusals import NotYourDecision, ProposalRefused, Stale
from cpd_records.proposals.telling import tell_of_decision
from cpd_records.qualifications.corrections import correct_award, void_award, withdraw_award
from cpd_records.qualifications.refusals import QualificationRefused, checked_words
from cpd_records.qualifications.rulings import end_exemption, grant_exemption
from cpd_records.qualifications.standing_awards import all_awards
from people import access
from people.models import User

Kind, State = RecordProposal.Kind, RecordProposal.State
OWN = "This is about your own record. Another administrator decides."
AUTHOR = "You proposed this, so somebody else decides. You can take it back."
NOT_AN_ADMINISTRATOR = "Only a training administrator or a system administrator decides on this."
CHANGED = (
    "What this is about was changed since it was proposed. Refuse it, and have it proposed anew where it still holds."
)
SAY_WHY = "Say why it is refused. Whoever proposed it reads this."


@transaction.atomic
def approve_proposal(proposal: RecordProposal, *, by: User, at: datetime, words: str = "") -> RecordProposal:
    """Do what is proposed, in one transaction with the approval; the entry names both people, and the officer is told.

    Approving twice is approving once. What was proposed is checked anew: ``Stale`` where the record was changed meanwhile, with
    nothing written, and ``ProposalRefused`` where it is no longer possible.
    """
    current = _locked_for(proposal, by=by)
    if current.state == State.APPROVED and current.decided_by_id == by.pk:
        return current
    _refuse_decided(current)
    said = _words(words)
    if is_stale(current):
        raise Stale(CHANGED)
    try:
        current.entry_id = _CARRIED_OUT[Kind(current.kind)](current, by, at)
    except (QualificationRefused, CertificateRefused, ActivityRefused) as refused:
        raise ProposalRefused(str(refused)) from refused
    return _decided(current, State.APPROVED, by=by, at=at, words=said)


@transaction.atomic
def refuse_proposal(proposal: RecordProposal, *, by: User, at: datetime, words: str) -> RecordProposal:
    """Leave the record as it is, with a sentence that whoever proposed it reads."""
    current = _locked_for(proposal, by=by)
    _refuse_decided(current)
    return _decided(current, State.REFUSED, by=by, at=at, words=_words(words, missing=SAY_WHY))


@transaction.atomic
def take_proposal_back(proposal: RecordProposal, *, by: User, at: datetime) -> RecordProposal:
    """Propose it no more; the record stays as it is. Only who proposed it."""
    current = _locked(proposal)
    if not access.is_own(by, current.proposed_by):
        raise NotYourDecision("Only who proposed this can take it back. You can refuse it, with a sentence.")
    if current.state == State.TAKEN_BACK:
        return current
    _refuse_decided(current)
    return _decided(current, State.TAKEN_BACK, by=by, at=at, words="")


def is_stale(proposal: RecordProposal) -> bool:
    """Return whether what a waiting proposal is about was changed since it was made."""
    wanted = proposal.wanted
    if proposal.kind in (Kind.CORRECT_AWARD, Kind.WITHDRAW_AWARD, Kind.VOID_AWARD):
        award = UUID(wanted["award"])
        last = next((one.last for one in all_awards(proposal.officer) if one.entry == award), None)
        return last != proposal.stands_on
    if proposal.kind in (Kind.CORRECT_IMPORTED, Kind.VOID_IMPORTED):
        record = UUID(wanted["record"])
        last = next((one.last for one in imported_records(proposal.officer) if one.entry == record), None)
        return last != proposal.stands_on
    if proposal.kind in (*learning.OF_COMPLETIONS, *learning.OF_ACTIVITIES):
        return learning.last_of(proposal) != proposal.stands_on
    if proposal.kind == Kind.END_EXEMPTION:
        return Exemption.objects.filter(supersedes=wanted["exemption"]).exists()
    if proposal.kind == Kind.LIFT_SUSPENSION:
        suspension = suspension_of(Certificate.objects.with_standing().get(pk=wanted["certificate"]))
        return suspension is None or suspension.pk != wanted["suspension"]
    if proposal.kind == Kind.REISSUE_CERTIFICATE:
        row = Certificate.objects.with_standing().get(pk=wanted["certificate"])
        return successor_of(row) is not None or revocation_of(row) is not None
    if proposal.kind == Kind.WITHDRAW_CERTIFICATE:
        return Certificate.objects.filter(pk=wanted["certificate"], revocation__isnull=False).exists()
    return False


def _correct(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    wanted = proposal.wanted
    return correct_award(
        proposal.officer,
        UUID(wanted["award"]),
        by=proposal.proposed_by,
        approved_by=by,
        reason=proposal.reason,
        day=date.fromisoformat(wanted["day"]),
        minutes=wanted["minutes"],
        valid_until=_day(wanted["valid_until"]),
    ).pk


def _withdraw(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    return withdraw_award(
        proposal.officer,
        UUID(proposal.wanted["award"]),
        by=proposal.proposed_by,
        approved_by=by,
        reason=proposal.reason,
        last_day=date.fromisoformat(proposal.wanted["last_day"]),
    ).pk


def _void(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    award = UUID(proposal.wanted["award"])
    return void_award(proposal.officer, award, by=proposal.proposed_by, approved_by=by, reason=proposal.reason).pk


def _correct_imported(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    return correct_imported(
        proposal.officer,
        UUID(proposal.wanted["record"]),
        by=proposal.proposed_by,
        approved_by=by,
        reason=proposal.reason,
        wanted=said_in(proposal.wanted),
    ).pk


def _void_imported(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    record = UUID(proposal.wanted["record"])
    return void_imported(proposal.officer, record, by=proposal.proposed_by, approved_by=by, reason=proposal.reason).pk


def _exempt(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    wanted = proposal.wanted
    exemption = grant_exemption(
        proposal.officer,
        Qualification.objects.get(code=wanted["qualification"]),
        by=proposal.proposed_by,
        approved_by=by,
        at=at,
        reason=proposal.reason,
        valid_from=date.fromisoformat(wanted["valid_from"]),
        until=_day(wanted["until"]),
    )
    return _entry_of(exemption)


def _end_exemption(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    exemption = Exemption.objects.select_related("officer", "qualification").get(pk=proposal.wanted["exemption"])
    ended = end_exemption(
        exemption,
        by=proposal.proposed_by,
        approved_by=by,
        at=at,
        reason=proposal.reason,
        last_day=date.fromisoformat(proposal.wanted["last_day"]),
    )
    return _entry_of(ended)


def _withdraw_certificate(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    revocation = revoke_certificate(
        Certificate.objects.get(pk=proposal.wanted["certificate"]),
        by=proposal.proposed_by,
        approved_by=by,
        reason=proposal.reason,
        at=at,
        public_reason=PublicReason(proposal.wanted["public_reason"]),
        holder_is_told=True,
    )
    return revocation.entry_id


def _put_certificate_right(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    wanted = proposal.wanted
    certificate = Certificate.objects.select_related("officer").get(pk=wanted["certificate"])
    said = PutRight(wanted["title"], wanted["release"], wanted["minutes"])
    author = proposal.proposed_by
    return put_certificate_right(certificate, said, by=author, approved_by=by, reason=proposal.reason, at=at).pk


def _lift_suspension(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    certificate = Certificate.objects.select_related("officer").get(pk=proposal.wanted["certificate"])
    author = proposal.proposed_by
    return lift_suspension(certificate, by=author, approved_by=by, reason=proposal.reason, at=at).entry_id


_CARRIED_OUT: dict[RecordProposal.Kind, Callable[[RecordProposal, User, datetime], UUID]] = {
    Kind.CORRECT_AWARD: _correct,
    Kind.WITHDRAW_AWARD: _withdraw,
    Kind.VOID_AWARD: _void,
    Kind.CORRECT_IMPORTED: _correct_imported,
    Kind.VOID_IMPORTED: _void_imported,
    **dict.fromkeys((*learning.OF_COMPLETIONS, *learning.OF_ACTIVITIES), learning.carry_out),
    Kind.EXEMPT: _exempt,
    Kind.END_EXEMPTION: _end_exemption,
    Kind.LIFT_SUSPENSION: _lift_suspension,
    Kind.REISSUE_CERTIFICATE: _put_certificate_right,
    Kind.WITHDRAW_CERTIFICATE: _withdraw_certificate,
}


def _locked(proposal: RecordProposal) -> RecordProposal:
    # The officer first, as everything does that changes what their record says.
    User.objects.select_for_update().get(pk=proposal.officer_id)
    rows = RecordProposal.objects.select_for_update(of=("self",)).select_related("officer", "proposed_by")
    return rows.get(pk=proposal.pk)


def _locked_for(proposal: RecordProposal, *, by: User) -> RecordProposal:
    current = _locked(proposal)
    if access.is_own(by, current.officer):
        raise NotYourDecision(OWN)
    if access.is_own(by, current.proposed_by):
        raise NotYourDecision(AUTHOR)
    if not access.has_any_role(by, *DECIDERS):
        raise NotYourDecision(NOT_AN_ADMINISTRATOR)
    return current


def _refuse_decided(proposal: RecordProposal) -> None:
    if proposal.state != State.PROPOSED:
        raise ProposalRefused(f"This was {proposal.get_state_display().lower()} already, and stays so.")


def _decided(proposal: RecordProposal, state: str, *, by: User, at: datetime, words: str) -> RecordProposal:
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.words = state, by, at, words
    proposal.save(update_fields=["state", "decided_by", "decided_at", "words", "entry"])
    if state != State.TAKEN_BACK:
        tell_of_decision(proposal)
    return proposal


def _words(words: str, *, missing: str = "") -> str:
    try:
        return checked_words(words, field="words", what="Your sentence", missing=missing)
    except QualificationRefused as refused:
        raise ProposalRefused(str(refused), refused.field) from refused


def _entry_of(exemption: Exemption) -> UUID:
    if exemption.entry_id is None:
        raise RuntimeError("An exemption that was approved has an entry of the ledger.")
    return exemption.entry_id


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
