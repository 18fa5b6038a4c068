"""The officer's own page: what they will do differently. Private unless shared, and taken back until it is verified."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cpd_records.activities.recording import record_reflection
from cpd_records.activities.rows import locked, note
from cpd_records.activities.saving import Seen, is_newest, remember_save
from cpd_records.activity_rules import ActivityRefused, checked_competencies, checked_reflection
from cpd_records.ledger.kept_under_hold import keep_before_change
from cpd_records.models import Activity, ActivityKind, ActivityState, ActivityStep, DraftSave
from people.models import User

# Questions that help to begin, by what kind of learning it was; the last two are for all of them.
PROMPTS: dict[str, tuple[str, ...]] = {
    ActivityKind.BRIEFING: ("What was new to you?", "What did you hear that does not fit what you do now?"),
    ActivityKind.READING: ("Which part would you show a colleague?", "What would you still like to know?"),
    ActivityKind.ON_THE_JOB: ("What went well, and why?", "What did somebody tell you that you had not seen?"),
    ActivityKind.OTHER: ("Why did you choose this?", "What surprised you?"),
}
FOR_ALL = ("When will you next need it?", "How will you notice that it helped?")


def prompts_for(kind: str) -> tuple[str, ...]:
    """Return questions that help somebody to reflect on this kind of learning."""
    return (*PROMPTS.get(kind, ()), *FOR_ALL)


@transaction.atomic
def write_reflection(
    activity: Activity,
    *,
    by: User,
    at: datetime,
    seen: Seen,
    reflection: str,
    helps: str,
    competencies: Iterable[str],
) -> Activity:
    """Write the officer's own page: what they will do differently, whom it helps, codes of competencies. All may be empty.

    It stays the officer's to change for ever, except where a verifier has verified it with the reflection shared. What is verified
    stays as it is: that there is a reflection now, or none any more, is an entry of its own, which schemes count.
    """
    current = locked(activity, by=by)
    was_reflected_on = current.is_reflected_on
    written = {
        "reflection": checked_reflection(reflection),
        "helps": checked_reflection(helps, field="helps"),
        "competencies": checked_competencies(competencies, kept=current.competencies),
    }
    is_changed = any(getattr(current, name) != value for name, value in written.items())
    if is_changed and current.state == ActivityState.VERIFIED and current.reflection_shared:
        raise ActivityRefused(
            "This was verified with the reflection you shared, so the reflection stays as it was read."
        )
    part = DraftSave.Part.REFLECTION
    if not is_newest(current, part, seen, changed_at=current.reflected_at, is_changed=is_changed):
        return current
    if is_changed:
        keep_before_change(current, at=at)
        for name, value in written.items():
            setattr(current, name, value)
        current.reflected_at = at
        current.save(update_fields=[*written, "reflected_at"])
        if current.state == ActivityState.VERIFIED and current.is_reflected_on != was_reflected_on:
            record_reflection(current, at=at)
    is_first = remember_save(current, part, seen)
    if is_changed and (is_first or not seen.by_itself):
        note(current, ActivityStep.Kind.REFLECTED, by=by, at=at)
    return current


@transaction.atomic
def share_reflection(activity: Activity, *, by: User, at: datetime) -> Activity:
    """Let the verifier and the officer's supervisors read the reflection with the summary."""
    current = locked(activity, by=by)
    if current.reflection_shared:
        return current
    if not current.has_reflection and not current.files.exists():
        raise ActivityRefused("There is no reflection to share yet. Write one first.")
    current.reflection_shared = True
    current.save(update_fields=["reflection_shared"])
    note(current, ActivityStep.Kind.SHARED, by=by, at=at)
    return current


@transaction.atomic
def unshare_reflection(activity: Activity, *, by: User, at: datetime) -> Activity:
    """Make the reflection private again, as long as nobody has verified the activity with it."""
    current = locked(activity, by=by)
    if not current.reflection_shared:
        return current
    if current.state == ActivityState.VERIFIED:
        raise ActivityRefused("This was verified with the reflection you shared, so it stays shared.")
    current.reflection_shared = False
    current.save(update_fields=["reflection_shared"])
    note(current, ActivityStep.Kind.UNSHARED, by=by, at=at)
    return current
