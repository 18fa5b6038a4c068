"""An activity's row, locked for whoever may act on it, and the steps that say what happened to it."""

from __future__ import annotations

from datetime import datetime

from cpd_records.activities.verifiers import may_read_second, may_verify
from cpd_records.activity_rules import NOT_THEIRS, OWN, ActivityRefused, NotYourActivity, OwnActivity
from cpd_records.models import Activity, ActivityState, ActivityStep
from people import access
from people.models import User, display_name


def lock_days_of(officer: User) -> None:
    """Let one writer at a time add to an officer's days, so that no two together make a day of 25 hours."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=officer.pk)


def locked(activity: Activity, *, by: User) -> Activity:
    """Return the row as it is now, locked; only for the officer who logged it."""
    current = _locked(activity)
    if not access.is_own(by, current.officer):
        raise NotYourActivity(NOT_THEIRS)
    return current


def locked_for_verifier(activity: Activity, *, by: User) -> Activity:
    """Return the row as it is now, locked; only for who may verify it, and never for the officer."""
    current = _locked(activity)
    if access.is_own(by, current.officer):
        raise OwnActivity(OWN)
    if not may_verify(by, current):
        raise NotYourActivity("This activity was not handed in to you, and you do not supervise the officer.")
    return current


def locked_for_second_reviewer(activity: Activity, *, by: User) -> Activity:
    """Return the row as it is now, locked; only for a second person: not the officer, not who proposed the rejection."""
    current = _locked(activity)
    if access.is_own(by, current.officer):
        raise OwnActivity(OWN)
    if current.rejection_by_id == by.pk:
        raise NotYourActivity(
            "You proposed to reject this, so somebody else decides. You can still return it to the officer."
        )
    if not may_read_second(by, current):
        raise NotYourActivity("You were not named to read this second, and you do not supervise the officer.")
    return current


def refuse_out_of_hand(activity: Activity) -> None:
    """Refuse a change of what waits for somebody, or stands on the record."""
    if activity.state == ActivityState.SUBMITTED:
        name = display_name(activity.verifier) if activity.verifier else ""
        raise ActivityRefused(f"This is waiting for {name}. Take it back first, then change it.")
    if activity.state == ActivityState.PROPOSED:
        raise ActivityRefused("A second reviewer is reading this, so it cannot be changed until they decide.")
    if activity.state == ActivityState.REJECTED:
        raise ActivityRefused("This was rejected and stays as it was read. Copy it to log it anew.")
    if activity.state == ActivityState.VERIFIED:
        raise ActivityRefused("This is verified and on your record. Ask for a correction on its page.")


def refuse_not_waiting(activity: Activity) -> None:
    """Refuse to act on what does not wait to be verified."""
    if activity.state == ActivityState.VERIFIED:
        raise ActivityRefused("This is verified already, and stays on the record.")
    if activity.state == ActivityState.REJECTED:
        raise ActivityRefused("This was rejected already, by two people.")
    if activity.state == ActivityState.PROPOSED:
        raise ActivityRefused("A second reviewer is reading this, so it is not waiting to be verified.")
    if activity.state != ActivityState.SUBMITTED:
        raise ActivityRefused("The officer has this in hand again, so it is not waiting for you.")


def note(
    activity: Activity, kind: ActivityStep.Kind, *, by: User, at: datetime, to: User | None = None, reason: str = ""
) -> ActivityStep:
    """Write down what happened to an activity."""
    return ActivityStep.objects.create(activity=activity, kind=kind, by=by, to=to, at=at, reason=reason)


def _locked(activity: Activity) -> Activity:
    rows = Activity.objects.select_for_update(of=("self",)).select_related("officer", "verifier", "second_reviewer")
    return rows.get(pk=activity.pk)
