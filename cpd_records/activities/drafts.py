"""Logging CPD: five answers make a private draft, on one day or on several, which its officer may change and delete."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from cpd_records.activities.days import MOST_DAYS, refuse_full_day, refuse_more_than_passed
from cpd_records.activities.evidence import forget_files
from cpd_records.activities.planning import mark_done, reopen_if_unlogged
from cpd_records.activities.rows import lock_days_of, locked, note, refuse_out_of_hand
from cpd_records.activities.saving import Seen, is_newest, remember_save
from cpd_records.activities.starting import NOWHERE, Start
from cpd_records.activity_rules import ActivityRefused, AlreadyLogged, DaysRefused, Summary, checked_summary
from cpd_records.ledger.kept_under_hold import keep_before_change, keep_draft
from cpd_records.models import Activity, ActivityState, ActivityStep, DraftSave, UnfinishedForm
from people.models import User


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
    is_another: bool = False,
    begins: time | None = None,
    ends: time | None = None,
    start: Start = NOWHERE,
    series: UUID | None = None,
) -> Activity:
    """Log a draft that only the officer sees. The same ``client_token`` again, with the same answers, is the same draft.

    ``minutes`` are whole, 1 to 1440; more than 720 in a day needs ``is_long_day``, and what is logged already needs ``is_another``.
    ``start`` says what it was begun from. Raises ``ActivityRefused`` (naming the field), ``LongDay``, ``SameAgain``, ``AlreadyLogged``.
    """
    summary = checked_summary(
        title=title,
        kind=kind,
        day=day,
        minutes=minutes,
        learned=learned,
        at=at,
        is_long_day=is_long_day,
        begins=begins,
        ends=ends,
    )
    refuse_more_than_passed(summary)
    with transaction.atomic():
        lock_days_of(officer)
        earlier = Activity.objects.of(officer).filter(client_token=client_token).first() if client_token else None
        if earlier is not None:
            if summary_of(earlier) != summary:
                raise AlreadyLogged(earlier)
            return earlier
        refuse_full_day(officer, summary, is_another=is_another, is_long_day=is_long_day)
        activity = Activity.objects.create(
            officer=officer,
            **vars(summary),
            **start.columns,
            client_token=client_token,
            series=series,
            created_at=at,
            changed_at=at,
        )
        note(activity, ActivityStep.Kind.LOGGED, by=officer, at=at)
        if start.plan_item is not None:
            mark_done(start.plan_item, by=officer, at=at)
        if client_token is not None:
            UnfinishedForm.objects.of(officer).filter(token=client_token).delete()
    return activity


@transaction.atomic
def log_on_days(
    officer: User, *, days: Sequence[tuple[date, int]], client_token: UUID, **answers: Any
) -> tuple[Activity, ...]:
    """Log something on several days (each with its minutes) as drafts of one series, or none; ``answers`` as for ``log_activity``.

    Every day is looked at before any is refused: ``DaysRefused`` says of each what stands against it, or what is asked about it.
    """
    if not 1 <= len(days) <= MOST_DAYS:
        raise ActivityRefused(f"One to {MOST_DAYS} days can be logged at once.", "last_day")
    logged: list[Activity] = []
    refused: list[ActivityRefused] = []
    for place, (day, minutes) in enumerate(days):
        token = client_token if place == 0 else uuid5(client_token, day.isoformat())
        try:
            logged.append(
                log_activity(officer, day=day, minutes=minutes, client_token=token, series=client_token, **answers)
            )
        except AlreadyLogged:
            raise
        except ActivityRefused as refusal:
            refused.append(refusal)
    if refused:
        raise DaysRefused(refused)
    return tuple(logged)


def log_over_two_days(
    officer: User, *, minutes: int, minutes_next_day: int, client_token: UUID, day: date, **answers: Any
) -> tuple[Activity, ...]:
    """Log something that ran past midnight as two drafts, or neither; ``answers`` as for ``log_activity``."""
    days = [(day, minutes), (day + timedelta(days=1), minutes_next_day)]
    return log_on_days(officer, days=days, client_token=client_token, **answers)


def change_activity(
    activity: Activity,
    *,
    by: User,
    at: datetime,
    seen: Seen,
    title: str,
    kind: str,
    day: date,
    minutes: int,
    learned: str,
    is_long_day: bool = False,
    begins: time | None = None,
    ends: time | None = None,
) -> Activity:
    """Change the five answers of a draft or returned activity, if it still is what the officer saw."""
    summary = checked_summary(
        title=title,
        kind=kind,
        day=day,
        minutes=minutes,
        learned=learned,
        at=at,
        is_long_day=is_long_day,
        begins=begins,
        ends=ends,
    )
    refuse_more_than_passed(summary)
    with transaction.atomic():
        lock_days_of(activity.officer)
        current = locked(activity, by=by)
        refuse_out_of_hand(current)
        is_changed = summary_of(current) != summary
        part = DraftSave.Part.ANSWERS
        if not is_newest(current, part, seen, changed_at=current.changed_at, is_changed=is_changed):
            return current
        if is_changed:
            is_as_long = (current.day, current.minutes) == (summary.day, summary.minutes)
            refuse_full_day(by, summary, is_long_day=is_long_day or is_as_long, except_for=current)
            keep_before_change(current, at=at)
            for name, value in vars(summary).items():
                setattr(current, name, value)
            current.changed_at = at
            current.save(update_fields=[*vars(summary), "changed_at"])
        is_first = remember_save(current, part, seen)
        if is_changed and (is_first or not seen.by_itself):
            note(current, ActivityStep.Kind.CHANGED, by=by, at=at)
    return current


@transaction.atomic
def discard_activity(activity: Activity, *, by: User, at: datetime) -> None:
    """Delete a private draft with everything written in it and attached to it; what it was planned as is to do again.

    While a legal hold stands on its officer it is kept out of sight, and goes for good when the hold is lifted.
    """
    lock_days_of(activity.officer)
    current = locked(activity, by=by)
    if current.state != ActivityState.DRAFT:
        raise ActivityRefused("Only a private draft can be deleted. Take this one back first.")
    if not keep_draft(current, at=at):
        forget_files(current)
    planned = current.plan_item
    current.delete()
    if planned is not None:
        reopen_if_unlogged(planned, at=at)


def summary_of(activity: Activity) -> Summary:
    """Return the five answers as they are kept."""
    return Summary(
        activity.title,
        activity.kind,
        activity.day,
        activity.minutes,
        activity.learned,
        activity.begins,
        activity.ends,
    )


def summary_mark(activity: Activity) -> str:
    """Return a short mark of what a verifier reads, as it reads now, for a form that must not act on another one."""
    return _mark([activity.day.isoformat(), f"{activity.begins}-{activity.ends}", *_said(activity)])


def mark_but_day(activity: Activity) -> str:
    """Return a mark that is the same for activities that say the same of different days."""
    return _mark(_said(activity))


def _said(activity: Activity) -> list[Any]:
    return [
        activity.title,
        activity.kind,
        activity.minutes,
        activity.learned,
        [activity.is_structured, activity.is_participatory, activity.is_core, activity.on_duty],
        activity.applied,
        activity.principles,
        activity.pdr_objective,
        activity.role_id,
        activity.no_evidence_reason,
    ]


def _mark(answers: list[Any]) -> str:
    return hashlib.sha256(json.dumps(answers).encode()).hexdigest()[:32]
