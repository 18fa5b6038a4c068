"""Verifying CPD: into the ledger, or back with a reason; rejected only by two people, neither of them the officer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cpd_records.activities.drafts import summary_mark
from cpd_records.activities.recording import record_activity
from cpd_records.activities.rows import (
    locked_for_second_reviewer,
    locked_for_verifier,
    note,
    refuse_not_waiting,
)
from cpd_records.activities.telling import tell_of
from cpd_records.activities.verifiers import SECOND, is_verifier
from cpd_records.activity_rules import ActivityRefused, checked_reason
from cpd_records.models import Activity, ActivityState, ActivityStep
from people import access
from people.models import User, display_name

CHANGED_SINCE = "The officer changed this since you opened it. Read it again before you verify it."
WHY_REJECTED = "Say why it should be rejected. The officer and the second reviewer read this."


@transaction.atomic
def verify_activity(activity: Activity, *, by: User, at: datetime, seen: str = "") -> Activity:
    """Verify a submitted activity and record its summary in the ledger, in one transaction. Verifying twice is verifying once.

    ``seen`` is the ``summary_mark`` of what the verifier read; a summary changed since is refused.
    """
    current = locked_for_verifier(activity, by=by)
    if current.state == ActivityState.VERIFIED:
        return current
    refuse_not_waiting(current)
    if seen and seen != summary_mark(current):
        raise ActivityRefused(CHANGED_SINCE)
    current.entry = record_activity(current, by=by)
    current.state = ActivityState.VERIFIED
    current.verifier = by
    current.changed_at = at
    current.save(update_fields=["entry", "state", "verifier", "changed_at"])
    note(current, ActivityStep.Kind.VERIFIED, by=by, at=at)
    return current


@transaction.atomic
def return_activity(activity: Activity, *, by: User, reason: str, at: datetime) -> Activity:
    """Give a submitted activity back to the officer with a reason; they may change it and submit it again.

    Where a rejection is proposed, who proposed it and the second reviewer may return it instead.
    """
    reason = checked_reason(reason)
    current = locked_for_verifier(activity, by=by)
    if current.state != ActivityState.PROPOSED:
        refuse_not_waiting(current)
    current.state = ActivityState.RETURNED
    current.rejection_by = current.second_reviewer = None
    current.changed_at = at
    current.save(update_fields=["state", "rejection_by", "second_reviewer", "changed_at"])
    tell_of(note(current, ActivityStep.Kind.RETURNED, by=by, at=at, reason=reason))
    return current


@transaction.atomic
def propose_rejection(activity: Activity, *, by: User, second: User, reason: str, at: datetime) -> Activity:
    """Propose to reject a submitted activity, with a reason; ``second`` reads it and decides. Nothing is rejected by one person alone."""
    reason = checked_reason(reason, missing=WHY_REJECTED)
    current = locked_for_verifier(activity, by=by)
    if current.state == ActivityState.PROPOSED and current.rejection_by_id == by.pk:
        return current
    refuse_not_waiting(current)
    if access.is_own(second, current.officer) or access.is_own(second, by):
        raise ActivityRefused(SECOND, "verifier")
    if not is_verifier(second, current.officer):
        raise ActivityRefused(f"{display_name(second)} may not verify CPD. Choose another second reviewer.", "verifier")
    current.state = ActivityState.PROPOSED
    current.rejection_by = by
    current.second_reviewer = second
    current.changed_at = at
    current.save(update_fields=["state", "rejection_by", "second_reviewer", "changed_at"])
    tell_of(note(current, ActivityStep.Kind.PROPOSED, by=by, at=at, to=second, reason=reason))
    return current


@transaction.atomic
def confirm_rejection(activity: Activity, *, by: User, at: datetime, seen: str = "") -> Activity:
    """Reject what somebody else proposed to reject; the officer is told. Confirming twice is confirming once."""
    current = locked_for_second_reviewer(activity, by=by)
    if current.state != ActivityState.PROPOSED:
        raise ActivityRefused("No rejection is proposed for this now.")
    if seen and seen != summary_mark(current):
        raise ActivityRefused(CHANGED_SINCE)
    current.state = ActivityState.REJECTED
    current.second_reviewer = by
    current.changed_at = at
    current.save(update_fields=["state", "second_reviewer", "changed_at"])
    tell_of(note(current, ActivityStep.Kind.REJECTED, by=by, at=at))
    return current
