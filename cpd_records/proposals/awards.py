"""Proposals about awards, imported records and exemptions: corrected, ended, or declared never true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from cpd_records.importing import corrections as corrections_of_imports
from cpd_records.importing.corrections import Said, StandingImport
from cpd_records.models import Exemption, Qualification, RecordProposal
from cpd_records.proposals.proposing import Subject, entry_of, propose, refusals
from cpd_records.qualifications.corrections import (
    checked_correction,
    checked_reason,
    checked_void,
    checked_withdrawal,
)
from cpd_records.qualifications.refusals import checked_words
from cpd_records.qualifications.rulings import checked_end, checked_exemption
from cpd_records.qualifications.standing_awards import StandingAward
from people import clock
from people.dates import long_date
from people.models import User

Kind = RecordProposal.Kind


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
    return propose(Kind.CORRECT_AWARD, officer, _award(standing), wanted, by=by, at=at, reason=reason)


def propose_withdrawal(
    officer: User, award: UUID, *, by: User, at: datetime, reason: str, last_day: date
) -> RecordProposal:
    """Propose that an award ends by decision, holding until ``last_day`` included."""
    with refusals():
        standing = checked_withdrawal(officer, award, by=by, last_day=last_day)
        reason = checked_reason(reason)
    wanted = {"last_day": last_day.isoformat()}
    return propose(Kind.WITHDRAW_AWARD, officer, _award(standing), wanted, by=by, at=at, reason=reason)


def propose_void(officer: User, award: UUID, *, by: User, at: datetime, reason: str) -> RecordProposal:
    """Propose to declare that an award was never true."""
    with refusals():
        standing = checked_void(officer, award, by=by)
        reason = checked_reason(reason)
    return propose(Kind.VOID_AWARD, officer, _award(standing), {}, by=by, at=at, reason=reason)


def propose_correction_of_import(
    officer: User, record: UUID, *, by: User, at: datetime, reason: str, wanted: Said
) -> RecordProposal:
    """Propose to restate an imported record whole, whatever it is of; an award that was imported is one of ``propose_correction``."""
    with refusals():
        standing, cleaned = corrections_of_imports.checked_correction(officer, record, by=by, wanted=wanted)
        reason = checked_reason(reason)
    kept = corrections_of_imports.kept(cleaned)
    return propose(Kind.CORRECT_IMPORTED, officer, _import(standing), kept, by=by, at=at, reason=reason)


def propose_void_of_import(officer: User, record: UUID, *, by: User, at: datetime, reason: str) -> RecordProposal:
    """Propose to withdraw an imported record: to declare that it was never true."""
    with refusals():
        standing = corrections_of_imports.checked_void(officer, record, by=by)
        reason = checked_reason(reason)
    return propose(Kind.VOID_IMPORTED, officer, _import(standing), {}, by=by, at=at, reason=reason)


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
    subject = Subject(f"exempt:{qualification.code}", qualification.title, {"qualification": qualification.code})
    wanted = {"valid_from": first.isoformat(), "until": _day(until)}
    return propose(Kind.EXEMPT, officer, subject, wanted, by=by, at=at, reason=reason)


def propose_end_of_exemption(
    exemption: Exemption, *, by: User, at: datetime, reason: str, last_day: date
) -> RecordProposal:
    """Propose that an exemption holds until ``last_day`` included."""
    with refusals():
        checked_end(exemption, by=by, last_day=last_day, today=clock.today())
        reason = checked_words(reason, field="reason", what="The reason", missing="Say why it ends, in a sentence.")
    what = f"{exemption.qualification.title}, exempted from {long_date(exemption.valid_from)}"
    subject = Subject(f"exempt:{exemption.qualification.code}", what, {"exemption": exemption.pk})
    wanted = {"last_day": last_day.isoformat()}
    return propose(Kind.END_EXEMPTION, exemption.officer, subject, wanted, by=by, at=at, reason=reason)


def _award(award: StandingAward) -> Subject:
    title = award.said.get("qualification") or award.said.get("title") or award.code
    return entry_of("award", award.entry, title, award.day, award.last)


def _import(record: StandingImport) -> Subject:
    it = entry_of("imported", record.entry, record.it.title, record.it.day, record.last)
    return replace(it, named={"record": str(record.entry)})


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
