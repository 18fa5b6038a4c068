"""Proposals about what was learned: completed courses and verified CPD, corrected or declared never true. Proposed, and carried out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from cpd_records.activities import putting_right
from cpd_records.activities.putting_right import StandingActivity, Told, activities_on_record
from cpd_records.completions import correcting
from cpd_records.completions.standing import StandingCompletion, completions_of
from cpd_records.models import RecordProposal
from cpd_records.proposals.proposing import Subject, entry_of, propose, refusals
from cpd_records.qualifications.corrections import checked_reason
from people.models import User

Kind = RecordProposal.Kind
OF_COMPLETIONS = (Kind.CORRECT_COMPLETION, Kind.VOID_COMPLETION)
OF_ACTIVITIES = (Kind.CORRECT_ACTIVITY, Kind.VOID_ACTIVITY)


def propose_correction_of_completion(
    officer: User, completion: UUID, *, by: User, at: datetime, reason: str, day: date, minutes: int | None
) -> RecordProposal:
    """Propose to restate on which day a course was completed, and its length; its last day follows."""
    with refusals():
        standing = correcting.checked_correction(officer, completion, by=by, day=day, minutes=minutes)
        reason = checked_reason(reason)
    wanted = {"day": day.isoformat(), "minutes": minutes}
    return propose(Kind.CORRECT_COMPLETION, officer, _completion(standing), wanted, by=by, at=at, reason=reason)


def propose_void_of_completion(
    officer: User, completion: UUID, *, by: User, at: datetime, reason: str
) -> RecordProposal:
    """Propose to declare that a course was never completed, with its certificate and what it awarded."""
    with refusals():
        standing = correcting.checked_void(officer, completion, by=by)
        reason = checked_reason(reason)
    return propose(Kind.VOID_COMPLETION, officer, _completion(standing), {}, by=by, at=at, reason=reason)


def propose_correction_of_activity(
    officer: User, activity: UUID, *, by: User, at: datetime, reason: str, wanted: Told
) -> RecordProposal:
    """Propose to restate verified CPD: its title, kind, day and length. ``activity`` is its entry."""
    with refusals():
        standing, cleaned = putting_right.checked_correction(officer, activity, by=by, at=at, wanted=wanted)
        reason = checked_reason(reason)
    kept = putting_right.kept(cleaned)
    return propose(Kind.CORRECT_ACTIVITY, officer, _activity(standing), kept, by=by, at=at, reason=reason)


def propose_void_of_activity(officer: User, activity: UUID, *, by: User, at: datetime, reason: str) -> RecordProposal:
    """Propose to withdraw verified CPD: to declare that it was never true. ``activity`` is its entry."""
    with refusals():
        standing = putting_right.checked_void(officer, activity, by=by)
        reason = checked_reason(reason)
    return propose(Kind.VOID_ACTIVITY, officer, _activity(standing), {}, by=by, at=at, reason=reason)


def carry_out(proposal: RecordProposal, by: User, at: datetime) -> UUID:
    """Do what is proposed, in the caller's transaction, and return the entry that says so."""
    officer, wanted = proposal.officer, proposal.wanted
    said: dict[str, Any] = {"by": proposal.proposed_by, "approved_by": by, "at": at, "reason": proposal.reason}
    if proposal.kind == Kind.CORRECT_COMPLETION:
        day, minutes = date.fromisoformat(wanted["day"]), wanted["minutes"]
        completion = UUID(wanted["completion"])
        return correcting.correct_completion(officer, completion, day=day, minutes=minutes, **said).pk
    if proposal.kind == Kind.VOID_COMPLETION:
        return correcting.void_completion(officer, UUID(wanted["completion"]), **said).pk
    activity = UUID(wanted["activity"])
    if proposal.kind == Kind.CORRECT_ACTIVITY:
        return putting_right.correct_activity(officer, activity, wanted=putting_right.said_in(wanted), **said).pk
    return putting_right.void_activity(officer, activity, **said).pk


def last_of(proposal: RecordProposal) -> UUID | None:
    """Return the entry that has the word on what the proposal is about; None where it stands no longer."""
    found: StandingCompletion | StandingActivity | None
    found = completion_meant(proposal) if proposal.kind in OF_COMPLETIONS else activity_meant(proposal)
    return found.last if found else None


def completion_meant(proposal: RecordProposal) -> StandingCompletion | None:
    entry = UUID(proposal.wanted["completion"])
    return next((one for one in completions_of(proposal.officer) if one.entry == entry), None)


def activity_meant(proposal: RecordProposal) -> StandingActivity | None:
    entry = UUID(proposal.wanted["activity"])
    return next((one for one in activities_on_record(proposal.officer) if one.entry == entry), None)


def _completion(completion: StandingCompletion) -> Subject:
    return entry_of("completion", completion.entry, completion.title, completion.day, completion.last)


def _activity(activity: StandingActivity) -> Subject:
    return entry_of("activity", activity.entry, activity.it.title, activity.it.day, activity.last)
