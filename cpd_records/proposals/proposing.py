"""Proposing a change of somebody's record. Nothing of it counts until a second person has approved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from cpd_records.activity_rules import ActivityRefused
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.models import RecordProposal
from cpd_records.proposals.refusals import NotYourDecision, ProposalRefused
from cpd_records.proposals.telling import ask_for_a_decision
from cpd_records.qualifications.refusals import QualificationRefused
from people.dates import long_date
from people.models import User

WAITING_ALREADY = (
    "A change of this waits for a second person already. It is decided or taken back before another is proposed."
)


class refusals:
    """Let a refusal of qualifications, of CPD or of certificates be one of proposals, with its sentence and field."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, QualificationRefused | ActivityRefused | CertificateRefused):
            raise ProposalRefused(str(error), error.field) from error


@dataclass(frozen=True)
class Subject:
    """What a proposal is about: of those with one ``key`` one waits at a time; ``about`` is its words, ``named`` how it is found again."""

    key: str
    about: str
    named: Mapping[str, Any]
    # The entry that has the last word on it; a proposal stands on that and falls with it.
    last: UUID | None = None


def entry_of(what: str, entry: UUID, title: str, day: date, last: UUID) -> Subject:
    """Return the subject that is an entry: ``what`` it is called, and the entry that has the last word on it."""
    return Subject(f"{what}:{entry}", f"{title} of {long_date(day)}", {what: str(entry)}, last)


def propose(
    kind: RecordProposal.Kind,
    officer: User,
    subject: Subject,
    wanted: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    reason: str,
) -> RecordProposal:
    """Write the proposal and ask for the mail about it. The same again gives the one that waits."""
    if by.pk == officer.pk:
        raise NotYourDecision("Nobody proposes a change of their own record. Ask an administrator.")
    all_of_it = {**subject.named, **wanted}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=officer.pk)
        open_one = RecordProposal.objects.waiting().filter(officer=officer, key=subject.key).first()
        if open_one is not None:
            same = (open_one.kind, open_one.wanted, open_one.reason, open_one.proposed_by_id)
            if same == (kind, all_of_it, reason, by.pk):
                return open_one
            raise ProposalRefused(WAITING_ALREADY)
        try:
            with transaction.atomic():
                proposal = RecordProposal.objects.create(
                    officer=officer,
                    kind=kind,
                    key=subject.key,
                    about=subject.about[:300],
                    stands_on=subject.last,
                    wanted=all_of_it,
                    reason=reason,
                    proposed_by=by,
                    proposed_at=at,
                )
        except IntegrityError as second:
            raise ProposalRefused(WAITING_ALREADY) from second
        ask_for_a_decision(proposal)
    return proposal
