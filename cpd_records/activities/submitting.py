"""Handing an activity in: what the officer's scheme asks for, to whom, and taking it back.

What is answered here is part of what the verifier reads, except competencies and files: those stay with the reflection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cpd_records.activities.rows import locked, note, refuse_out_of_hand
from cpd_records.activities.saving import Seen, is_newest, remember_save
from cpd_records.activities.verifiers import is_verifier
from cpd_records.activity_rules import (
    LEARNED_LENGTH,
    OWN,
    ActivityRefused,
    NotAnswered,
    OwnActivity,
    checked_competencies,
    checked_principles,
    checked_text,
    cleaned_text,
)
from cpd_records.ledger.kept_under_hold import keep_before_change
from cpd_records.models import Activity, ActivityState, ActivityStep, DraftSave
from cpd_records.models.activities import OBJECTIVE_LENGTH, REASON_LENGTH
from people import access
from people.models import Role, User, display_name

# What a scheme may ask for, by the name of the activity's field, and how it is asked for where it is missing.
ASKED = {
    "is_structured": "Say whether it was structured.",
    "is_participatory": "Say whether others took part.",
    "is_core": "Say whether it was core or your own choice.",
    "on_duty": "Say whether it was on duty or in your own time.",
    "applied": "Say how you applied it, or will apply it.",
    "reflection": "Write a reflection. Only you can read it unless you share it.",
    "competencies": "Choose a competency.",
    "principles": "Choose an ethical principle.",
    "pdr_objective": "Name the PDR objective it serves.",
    "role": "Choose the role it is for.",
    "no_evidence_reason": "Add evidence, or say why there is none.",
}


@dataclass(frozen=True)
class Details:
    """What is asked at submission; None, '' and () mean that nobody said. ``role`` is a duty the officer holds or may hold."""

    is_structured: bool | None = None
    is_participatory: bool | None = None
    is_core: bool | None = None
    on_duty: bool | None = None
    applied: str = ""
    competencies: Iterable[str] = ()
    principles: Iterable[str] = ()
    pdr_objective: str = ""
    role: Role | None = None
    no_evidence_reason: str = ""


def checked_details(details: Details, *, kept: Activity) -> dict[str, object]:
    """Return the answers as they are kept, by field, or refuse the first that cannot be."""
    return {
        "is_structured": details.is_structured,
        "is_participatory": details.is_participatory,
        "is_core": details.is_core,
        "on_duty": details.on_duty,
        "applied": checked_text(details.applied, field="applied", what="Your text", most=LEARNED_LENGTH),
        "competencies": checked_competencies(details.competencies, kept=kept.competencies),
        "principles": checked_principles(details.principles, kept=kept.principles),
        "pdr_objective": _line(details.pdr_objective, "pdr_objective", "The objective", OBJECTIVE_LENGTH),
        "role": details.role,
        "no_evidence_reason": _line(details.no_evidence_reason, "no_evidence_reason", "The reason", REASON_LENGTH),
    }


@transaction.atomic
def write_details(activity: Activity, *, by: User, at: datetime, seen: Seen, details: Details) -> Activity:
    """Write what is asked at submission, as long as the activity is in the officer's hands. Everything may be left open."""
    current = locked(activity, by=by)
    refuse_out_of_hand(current)
    written = checked_details(details, kept=current)
    is_changed = any(getattr(current, name) != value for name, value in written.items())
    part = DraftSave.Part.DETAILS
    if not is_newest(current, part, seen, changed_at=current.changed_at, is_changed=is_changed):
        return current
    if is_changed:
        keep_before_change(current, at=at)
        for name, value in written.items():
            setattr(current, name, value)
        current.changed_at = at
        current.save(update_fields=[*written, "changed_at"])
    is_first = remember_save(current, part, seen)
    if is_changed and (is_first or not seen.by_itself):
        note(current, ActivityStep.Kind.CHANGED, by=by, at=at)
    return current


def missing_answers(activity: Activity, asked: Collection[str]) -> dict[str, str]:
    """Return what is asked for and not answered, each field with its sentence, in the order of the page."""
    return {name: sentence for name, sentence in ASKED.items() if name in asked and not _is_answered(activity, name)}


@transaction.atomic
def submit_activity(
    activity: Activity, *, by: User, verifier: User, at: datetime, asked: Collection[str] = ()
) -> Activity:
    """Hand the summary in to ``verifier``: one who supervises the officer, or a named other person with the knowledge.

    ``asked`` are the fields that the officer's scheme asks for; ``NotAnswered`` names those that are missing.
    """
    current = locked(activity, by=by)
    if access.is_own(verifier, current.officer):
        raise OwnActivity(OWN, "verifier")
    if not is_verifier(verifier, current.officer):
        raise ActivityRefused(f"{display_name(verifier)} may not verify CPD. Choose another verifier.", "verifier")
    if current.state == ActivityState.SUBMITTED and current.verifier_id == verifier.pk:
        return current
    refuse_out_of_hand(current)
    missing = missing_answers(current, asked)
    if missing:
        raise NotAnswered(missing)
    current.state = ActivityState.SUBMITTED
    current.verifier = verifier
    current.changed_at = at
    current.save(update_fields=["state", "verifier", "changed_at"])
    note(current, ActivityStep.Kind.SUBMITTED, by=by, at=at, to=verifier)
    return current


@transaction.atomic
def withdraw_activity(activity: Activity, *, by: User, at: datetime) -> Activity:
    """Take back what waits for verification; it is a private draft again."""
    current = locked(activity, by=by)
    if current.state == ActivityState.DRAFT:
        return current
    if current.state == ActivityState.PROPOSED:
        raise ActivityRefused("A second reviewer is reading this, so it cannot be taken back until they decide.")
    if current.state != ActivityState.SUBMITTED:
        raise ActivityRefused("This is not waiting for anybody, so there is nothing to take back.")
    current.state = ActivityState.DRAFT
    current.changed_at = at
    current.save(update_fields=["state", "changed_at"])
    note(current, ActivityStep.Kind.WITHDRAWN, by=by, at=at)
    return current


def _is_answered(activity: Activity, name: str) -> bool:
    if name == "no_evidence_reason":
        return bool(activity.no_evidence_reason) or activity.files.exists()
    if name == "reflection":
        return activity.is_reflected_on
    return getattr(activity, name) not in (None, "", [])


def _line(text: str, field: str, what: str, most: int) -> str:
    return checked_text(" ".join(cleaned_text(text).split()), field=field, what=what, most=most)
