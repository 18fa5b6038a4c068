"""A briefing recorded once for a whole shift: each one named confirms, and gets an entry of their own, or says they were not there.

The supervisor who recorded it is who verified it; so nobody is named in a briefing they recorded themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from cpd_records.activities.days import refuse_full_day
from cpd_records.activities.recording import record_activity
from cpd_records.activities.rows import lock_days_of, note
from cpd_records.activity_rules import (
    ActivityRefused,
    NotYourActivity,
    Summary,
    checked_learned,
    checked_summary,
    cleaned_text,
)
from cpd_records.models import (
    Activity,
    ActivitySource,
    ActivityState,
    ActivityStep,
    Attendance,
    Briefing,
)
from people import access
from people.dates import long_date
from people.models import Posting, Unit, UnitName, User, display_name
from people.unit_tree import units_below

MOST_NAMED = 300
NO_SUPERVISOR = "Only a supervisor records a briefing for others. Log your own CPD instead."


def people_for(supervisor: User, unit: Unit | None, *, on: date) -> list[User]:
    """Return whom the supervisor may name for a briefing on the day: those they supervise, of one unit and below where it is given."""
    people = access.officers_supervised_by(supervisor, on=on)
    if unit is not None:
        units = units_below({unit.pk}, on=on)
        people = people.filter(pk__in=Posting.objects.in_force(on).filter(unit__in=units).values("officer"))
    return list(people.order_by("name", "pk")[: MOST_NAMED + 1])


def units_of(supervisor: User, *, on: date) -> list[tuple[Unit, str]]:
    """Return the units whose people the supervisor may name, with their names, those of the supervisor's own roles first."""
    units = access.supervised_units(supervisor, on=on)
    own = {held.unit_id for held in access.roles(supervisor, on=on) if held.code == access.SUPERVISOR}
    names = dict(UnitName.objects.in_force(on).filter(unit__in=units, is_alias=False).values_list("unit_id", "name"))
    found = [(unit, str(names.get(unit.pk, unit.code))) for unit in Unit.objects.filter(pk__in=units)]
    return sorted(found, key=lambda pair: (pair[0].pk not in own, pair[1], pair[0].pk))


@transaction.atomic
def record_briefing(
    supervisor: User,
    *,
    title: str,
    kind: str,
    day: date,
    minutes: int,
    about: str,
    officers: Collection[User],
    at: datetime,
    unit: Unit | None = None,
    is_structured: bool | None = None,
    is_core: bool | None = None,
    is_long_day: bool = False,
    client_token: UUID | None = None,
) -> Briefing:
    """Record once what ``officers`` attended; each is asked to confirm. The same ``client_token`` again is the same briefing.

    Only people whom the supervisor supervises on the day can be named, and never the supervisor.
    """
    if not access.has_role(supervisor, access.SUPERVISOR):
        raise NotYourActivity(NO_SUPERVISOR)
    summary = checked_summary(
        title=title, kind=kind, day=day, minutes=minutes, learned=about, at=at, is_long_day=is_long_day
    )
    named = {officer.pk: officer for officer in officers}
    if not named:
        raise ActivityRefused("Choose who was there.", "officers")
    if len(named) > MOST_NAMED:
        raise ActivityRefused(
            f"{MOST_NAMED} people can be named at once. Record it for one unit at a time.", "officers"
        )
    known = access.officers_supervised_by(supervisor, on=day).filter(pk__in=named)
    if known.count() != len(named):
        raise ActivityRefused(
            f"Only people you supervised on {long_date(day)} can be named, and never yourself.", "officers"
        )
    User.objects.select_for_update(no_key=True).only("pk").get(pk=supervisor.pk)
    own = Briefing.objects.filter(recorded_by=supervisor)
    earlier = own.filter(client_token=client_token).first() if client_token else None
    if earlier is not None:
        return earlier
    briefing = Briefing.objects.create(
        recorded_by=supervisor,
        unit=unit,
        title=summary.title,
        kind=summary.kind,
        day=summary.day,
        minutes=summary.minutes,
        about=summary.learned,
        is_structured=is_structured,
        is_core=is_core,
        recorded_at=at,
        client_token=client_token,
    )
    Attendance.objects.bulk_create([Attendance(briefing=briefing, officer_id=pk) for pk in named])
    return briefing


@transaction.atomic
def confirm_attendance(attendance: Attendance, *, by: User, at: datetime, learned: str = "") -> Activity:
    """Confirm that one was there: a verified activity and its entry in the ledger, at once. Confirming twice is confirming once.

    ``learned`` are the officer's own words; without them the activity says what the briefing was about.
    """
    words = checked_learned(learned) if cleaned_text(learned) else ""
    lock_days_of(attendance.officer)
    current = _locked(attendance, by=by)
    if current.state == Attendance.State.CONFIRMED and current.activity is not None:
        return current.activity
    briefing = current.briefing
    _refuse_closed(briefing)
    if access.is_own(briefing.recorded_by, current.officer):
        raise NotYourActivity("You recorded this briefing yourself. Log your own CPD and choose who verifies it.")
    summary = Summary(briefing.title, briefing.kind, briefing.day, briefing.minutes, words or briefing.about)
    refuse_full_day(by, summary)
    activity = Activity(
        officer=current.officer,
        **vars(summary),
        is_structured=briefing.is_structured,
        is_participatory=True,
        is_core=briefing.is_core,
        on_duty=True,
        source=ActivitySource.BRIEFING,
        series=briefing.pk,
        state=ActivityState.VERIFIED,
        verifier=briefing.recorded_by,
        created_at=at,
        changed_at=at,
    )
    activity.entry = record_activity(activity, by=briefing.recorded_by, briefing=str(briefing.pk))
    activity.save(force_insert=True)
    note(activity, ActivityStep.Kind.LOGGED, by=by, at=at, reason="Confirmed that they were there.")
    note(activity, ActivityStep.Kind.VERIFIED, by=briefing.recorded_by, at=at)
    current.state = Attendance.State.CONFIRMED
    current.answered_at = at
    current.activity = activity
    current.save(update_fields=["state", "answered_at", "activity"])
    return activity


@transaction.atomic
def deny_attendance(attendance: Attendance, *, by: User, at: datetime) -> Attendance:
    """Say that one was not there; until the briefing is closed one may still confirm instead."""
    current = _locked(attendance, by=by)
    if current.state == Attendance.State.CONFIRMED:
        raise ActivityRefused("You confirmed this, and it is on your record. Ask for a correction on its page.")
    _refuse_closed(current.briefing)
    if current.state == Attendance.State.ASKED:
        current.state = Attendance.State.ABSENT
        current.answered_at = at
        current.save(update_fields=["state", "answered_at"])
    return current


@transaction.atomic
def close_briefing(briefing: Briefing, *, by: User, at: datetime) -> Briefing:
    """Ask nobody any more; what was confirmed stays on the record."""
    current = Briefing.objects.select_for_update(of=("self",)).select_related("recorded_by").get(pk=briefing.pk)
    if not access.is_own(by, current.recorded_by):
        raise NotYourActivity(f"Only {display_name(current.recorded_by)}, who recorded this briefing, can close it.")
    if current.closed_at is None:
        current.closed_at = at
        current.save(update_fields=["closed_at"])
    return current


def _locked(attendance: Attendance, *, by: User) -> Attendance:
    rows = Attendance.objects.select_for_update(of=("self",))
    current = rows.select_related("officer", "briefing__recorded_by", "activity").get(pk=attendance.pk)
    if not access.is_own(by, current.officer):
        raise NotYourActivity("Only whoever was named can say whether they were there.")
    return current


def _refuse_closed(briefing: Briefing) -> None:
    if briefing.closed_at is not None:
        name = display_name(briefing.recorded_by)
        raise ActivityRefused(
            f"{name} closed this briefing, so nobody is asked any more. Log it yourself if you were there."
        )
