"""CPD activities: logged as a private draft, handed in to a supervisor, verified into the ledger or returned with a reason.

Only the summary (title, kind, day, minutes, what was learned) ever leaves the officer's hands; the reflection stays private
unless shared, and is in no ledger entry. Nobody verifies their own activity.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Sum

from cpd_records.activity_rules import (
    A_DAY,
    NOT_THEIRS,
    OWN,
    ActivityRefused,
    AlreadyLogged,
    ChangedMeanwhile,
    LongDay,
    NotYourActivity,
    OwnActivity,
    Summary,
    checked_competencies,
    checked_reason,
    checked_reflection,
    checked_summary,
    in_words,
    long_date,
)
from cpd_records.activity_totals import YearTotals, totals_of_year
from cpd_records.evidence_files import forget_files
from cpd_records.ledger.entries import append_entry
from cpd_records.models import Activity, ActivityState, ActivityStep, EntryKind
from cpd_records.verifiers import find_verifier, is_verifier, may_verify, verifiers_for
from people import access
from people.models import User, display_name

__all__ = [
    "ActivityRefused",
    "AlreadyLogged",
    "ChangedMeanwhile",
    "LongDay",
    "NotYourActivity",
    "OwnActivity",
    "Summary",
    "YearTotals",
    "change_activity",
    "discard_activity",
    "find_verifier",
    "log_activity",
    "log_over_two_days",
    "may_verify",
    "recorded_answers",
    "return_activity",
    "share_reflection",
    "submit_activity",
    "summary_mark",
    "totals_of_year",
    "unshare_reflection",
    "verifiers_for",
    "verify_activity",
    "withdraw_activity",
    "write_reflection",
]


def log_activity(
    officer: User,
    *,
    title: str,
    kind: str,
    day: date,
    minutes: int,
    learned: str,
    client_token: UUID | None,
    at: datetime,
    is_long_day: bool = False,
) -> Activity:
    """Log a draft that only the officer sees. The same ``client_token`` again, with the same answers, is the same draft.

    ``minutes`` are whole, 1 to 1440; more than 720 needs ``is_long_day``. Raises ``ActivityRefused`` (naming the field),
    ``LongDay``, ``AlreadyLogged``.
    """
    summary = checked_summary(
        title=title, kind=kind, day=day, minutes=minutes, learned=learned, at=at, is_long_day=is_long_day
    )
    with transaction.atomic():
        _lock_days_of(officer)
        earlier = Activity.objects.of(officer).filter(client_token=client_token).first() if client_token else None
        if earlier is not None:
            if summary_of(earlier) != summary:
                raise AlreadyLogged(earlier)
            return earlier
        _refuse_full_day(officer, summary)
        activity = Activity.objects.create(
            officer=officer, **vars(summary), client_token=client_token, created_at=at, changed_at=at
        )
        _note(activity, ActivityStep.Kind.LOGGED, by=officer, at=at)
    return activity


@transaction.atomic
def log_over_two_days(
    officer: User, *, minutes: int, minutes_next_day: int, client_token: UUID, day: date, **answers: Any
) -> tuple[Activity, Activity]:
    """Log something that ran past midnight as two drafts, or neither; ``answers`` as for ``log_activity``."""
    first = log_activity(officer, day=day, minutes=minutes, client_token=client_token, **answers)
    next_day = day + timedelta(days=1)
    next_token = uuid5(client_token, next_day.isoformat())
    return first, log_activity(officer, day=next_day, minutes=minutes_next_day, client_token=next_token, **answers)


def change_activity(
    activity: Activity,
    *,
    by: User,
    at: datetime,
    seen_changed_at: datetime,
    title: str,
    kind: str,
    day: date,
    minutes: int,
    learned: str,
    is_long_day: bool = False,
) -> Activity:
    """Change the five answers of a draft or returned activity, if it still is what the officer saw (``seen_changed_at``)."""
    summary = checked_summary(
        title=title, kind=kind, day=day, minutes=minutes, learned=learned, at=at, is_long_day=is_long_day
    )
    with transaction.atomic():
        _lock_days_of(activity.officer)
        current = _locked(activity, by=by)
        _refuse_out_of_hand(current)
        if summary_of(current) == summary:
            return current
        if current.changed_at != seen_changed_at:
            raise ChangedMeanwhile(current, current.changed_at)
        _refuse_full_day(by, summary, except_for=current)
        for name, value in vars(summary).items():
            setattr(current, name, value)
        current.changed_at = at
        current.save(update_fields=[*vars(summary), "changed_at"])
        _note(current, ActivityStep.Kind.CHANGED, by=by, at=at)
    return current


@transaction.atomic
def write_reflection(
    activity: Activity,
    *,
    by: User,
    at: datetime,
    seen_reflected_at: datetime | None,
    reflection: str,
    helps: str,
    competencies: Iterable[str],
) -> Activity:
    """Write the officer's own page: what they will do differently, whom it helps, codes of competencies. All may be empty.

    It stays the officer's to change for ever, except where a verifier has verified it with the reflection shared.
    """
    written = {
        "reflection": checked_reflection(reflection),
        "helps": checked_reflection(helps, field="helps"),
        "competencies": checked_competencies(competencies),
    }
    current = _locked(activity, by=by)
    if all(getattr(current, name) == value for name, value in written.items()):
        return current
    if current.state == ActivityState.VERIFIED and current.reflection_shared:
        raise ActivityRefused(
            "This was verified with the reflection you shared, so the reflection stays as it was read."
        )
    if current.reflected_at is not None and current.reflected_at != seen_reflected_at:
        raise ChangedMeanwhile(current, current.reflected_at)
    for name, value in written.items():
        setattr(current, name, value)
    current.reflected_at = at
    current.save(update_fields=[*written, "reflected_at"])
    _note(current, ActivityStep.Kind.REFLECTED, by=by, at=at)
    return current


@transaction.atomic
def submit_activity(activity: Activity, *, by: User, verifier: User, at: datetime) -> Activity:
    """Hand the summary in to ``verifier``: one who supervises the officer, or a named other person with a supervisor's role."""
    current = _locked(activity, by=by)
    if access.is_own(verifier, current.officer):
        raise OwnActivity(OWN, "verifier")
    if not is_verifier(verifier, current.officer):
        raise ActivityRefused(
            f"{display_name(verifier)} holds no supervisor's role. Choose another verifier.", "verifier"
        )
    if current.state == ActivityState.SUBMITTED and current.verifier_id == verifier.pk:
        return current
    _refuse_out_of_hand(current)
    current.state = ActivityState.SUBMITTED
    current.verifier = verifier
    current.changed_at = at
    current.save(update_fields=["state", "verifier", "changed_at"])
    _note(current, ActivityStep.Kind.SUBMITTED, by=by, at=at, to=verifier)
    return current


@transaction.atomic
def withdraw_activity(activity: Activity, *, by: User, at: datetime) -> Activity:
    """Take back what waits for verification; it is a private draft again."""
    current = _locked(activity, by=by)
    if current.state == ActivityState.DRAFT:
        return current
    if current.state != ActivityState.SUBMITTED:
        raise ActivityRefused("This is not waiting for anybody, so there is nothing to take back.")
    current.state = ActivityState.DRAFT
    current.changed_at = at
    current.save(update_fields=["state", "changed_at"])
    _note(current, ActivityStep.Kind.WITHDRAWN, by=by, at=at)
    return current


@transaction.atomic
def verify_activity(activity: Activity, *, by: User, at: datetime, seen: str = "") -> Activity:
    """Verify a submitted activity and record its summary in the ledger, in one transaction. Verifying twice is verifying once.

    ``seen`` is the ``summary_mark`` of what the verifier read; a summary changed since is refused.
    """
    current = _locked_for_verifier(activity, by=by)
    if current.state == ActivityState.VERIFIED:
        return current
    _refuse_not_waiting(current)
    if seen and seen != summary_mark(current):
        raise ActivityRefused("The officer changed this since you opened it. Read it again before you verify it.")
    current.entry = append_entry(
        kind=EntryKind.CPD_ACTIVITY,
        officer=current.officer.public_id,
        day=current.day,
        minutes=current.minutes,
        subject=str(current.pk),
        payload={
            **recorded_answers(current),
            "verified_by": str(by.public_id),
            "verified_by_name": display_name(by),
        },
    )
    current.state = ActivityState.VERIFIED
    current.verifier = by
    current.changed_at = at
    current.save(update_fields=["entry", "state", "verifier", "changed_at"])
    _note(current, ActivityStep.Kind.VERIFIED, by=by, at=at)
    return current


@transaction.atomic
def return_activity(activity: Activity, *, by: User, reason: str, at: datetime) -> Activity:
    """Give a submitted activity back to the officer with a reason; they may change it and submit it again."""
    reason = checked_reason(reason)
    current = _locked_for_verifier(activity, by=by)
    _refuse_not_waiting(current)
    current.state = ActivityState.RETURNED
    current.changed_at = at
    current.save(update_fields=["state", "changed_at"])
    _note(current, ActivityStep.Kind.RETURNED, by=by, at=at, reason=reason)
    return current


@transaction.atomic
def share_reflection(activity: Activity, *, by: User, at: datetime) -> Activity:
    """Let the verifier and the officer's supervisors read the reflection with the summary."""
    current = _locked(activity, by=by)
    if current.reflection_shared:
        return current
    if not current.has_reflection and not current.files.exists():
        raise ActivityRefused("There is no reflection to share yet. Write one first.")
    current.reflection_shared = True
    current.save(update_fields=["reflection_shared"])
    _note(current, ActivityStep.Kind.SHARED, by=by, at=at)
    return current


@transaction.atomic
def unshare_reflection(activity: Activity, *, by: User, at: datetime) -> Activity:
    """Make the reflection private again, as long as nobody has verified the activity with it."""
    current = _locked(activity, by=by)
    if not current.reflection_shared:
        return current
    if current.state == ActivityState.VERIFIED:
        raise ActivityRefused("This was verified with the reflection you shared, so it stays shared.")
    current.reflection_shared = False
    current.save(update_fields=["reflection_shared"])
    _note(current, ActivityStep.Kind.UNSHARED, by=by, at=at)
    return current


@transaction.atomic
def discard_activity(activity: Activity, *, by: User) -> None:
    """Delete a private draft with everything written in it and attached to it."""
    current = _locked(activity, by=by)
    if current.state != ActivityState.DRAFT:
        raise ActivityRefused("Only a private draft can be deleted. Take this one back first.")
    forget_files(current)
    current.delete()


def summary_of(activity: Activity) -> Summary:
    return Summary(activity.title, activity.kind, activity.day, activity.minutes, activity.learned)


def summary_mark(activity: Activity) -> str:
    """Return a short mark of the summary as it reads now, for a form that must not act on another one."""
    answers = [activity.title, activity.kind, activity.day.isoformat(), activity.minutes, activity.learned]
    return hashlib.sha256(json.dumps(answers).encode()).hexdigest()[:32]


def recorded_answers(activity: Activity) -> dict[str, Any]:
    """Return what the ledger records of an activity, so that schemes count from the ledger alone; what nobody said is left out.

    ``has_reflection`` says only that there is one: what it says is in no entry.
    """
    said = {
        "structured": activity.is_structured,
        "participatory": activity.is_participatory,
        "core": activity.is_core,
        "on_duty": activity.on_duty,
    }
    return {
        "title": activity.title,
        "activity_kind": activity.kind,
        "learned": activity.learned,
        "has_reflection": activity.has_reflection,
        **{name: value for name, value in said.items() if value is not None},
    }


def _lock_days_of(officer: User) -> None:
    """Let one writer at a time add to an officer's days, so that no two together make a day of 25 hours."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=officer.pk)


def _locked(activity: Activity, *, by: User) -> Activity:
    """Return the row as it is now, locked; only for the officer who logged it."""
    current = Activity.objects.select_for_update(of=("self",)).select_related("officer", "verifier").get(pk=activity.pk)
    if not access.is_own(by, current.officer):
        raise NotYourActivity(NOT_THEIRS)
    return current


def _locked_for_verifier(activity: Activity, *, by: User) -> Activity:
    current = Activity.objects.select_for_update(of=("self",)).select_related("officer", "verifier").get(pk=activity.pk)
    if access.is_own(by, current.officer):
        raise OwnActivity(OWN)
    if not may_verify(by, current):
        raise NotYourActivity("This activity was not handed in to you, and you do not supervise the officer.")
    return current


def _refuse_out_of_hand(activity: Activity) -> None:
    if activity.state == ActivityState.SUBMITTED:
        name = display_name(activity.verifier) if activity.verifier else ""
        raise ActivityRefused(f"This is waiting for {name}. Take it back first, then change it.")
    if activity.state == ActivityState.VERIFIED:
        raise ActivityRefused(
            "This is verified and on your record. A correction is made by your training administrator."
        )


def _refuse_not_waiting(activity: Activity) -> None:
    if activity.state == ActivityState.VERIFIED:
        raise ActivityRefused("This is verified already, and stays on the record.")
    if activity.state != ActivityState.SUBMITTED:
        raise ActivityRefused("The officer has this in hand again, so it is not waiting for you.")


def _refuse_full_day(officer: User, summary: Summary, *, except_for: Activity | None = None) -> None:
    others = Activity.objects.of(officer).filter(day=summary.day)
    if except_for is not None:
        others = others.exclude(pk=except_for.pk)
    logged = others.aggregate(total=Sum("minutes"))["total"] or 0
    if logged + summary.minutes > A_DAY:
        raise ActivityRefused(
            f"You have already logged {in_words(logged)} on {long_date(summary.day)}. "
            f"With this it would be {in_words(logged + summary.minutes)}, and a day has 24.",
            "length",
        )


def _note(
    activity: Activity, kind: ActivityStep.Kind, *, by: User, at: datetime, to: User | None = None, reason: str = ""
) -> None:
    ActivityStep.objects.create(activity=activity, kind=kind, by=by, to=to, at=at, reason=reason)
