"""Correcting what is verified: the officer asks with a reason, one verifier agrees, a second one grants it, and a new entry names the old.

The first is the author of the entry, the second approved it; neither is the officer. Where nobody else verifies this officer's CPD, the
first names who reads it second, as one who proposes a rejection does.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from cpd_records.activities.days import refuse_full_day
from cpd_records.activities.recording import recorded_answers
from cpd_records.activities.rows import lock_days_of, locked, note
from cpd_records.activities.telling import tell_of
from cpd_records.activities.verifiers import SECOND, is_verifier, may_verify, verifiers_for
from cpd_records.activity_rules import (
    OWN_CORRECTION,
    ActivityRefused,
    NotYourActivity,
    OwnActivity,
    Summary,
    checked_day,
    checked_kind,
    checked_learned,
    checked_minutes,
    checked_reason,
    checked_title,
)
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.two_people import signed
from cpd_records.models import Activity, ActivityState, ActivityStep, CorrectionRequest, EntryKind
from cpd_records.models.verifying import may_be_named
from people import access
from people.models import User, display_name

WHY = "Say what is wrong and why. Whoever decides reads this, and it stands on your record."
NOTHING = "This says what your record says already. Change what is wrong, or leave it."
OVERTAKEN = "Two administrators put this right before it was decided. Ask again if what stands now is still wrong."
State = CorrectionRequest.State


@transaction.atomic
def ask_for_correction(
    activity: Activity,
    *,
    by: User,
    at: datetime,
    title: str,
    kind: str,
    day: date,
    minutes: int,
    learned: str,
    reason: str,
    is_long_day: bool = False,
) -> CorrectionRequest:
    """Ask for what the record should say instead. ``minutes`` 0 asks that the activity no longer counts. One request at a time."""
    words = checked_reason(reason, missing=WHY)
    wanted = Summary(
        checked_title(title),
        checked_kind(kind),
        checked_day(day, at=at),
        checked_minutes(minutes, is_long_day=is_long_day) if minutes else 0,
        checked_learned(learned),
    )
    current = locked(activity, by=by)
    if current.state != ActivityState.VERIFIED:
        raise ActivityRefused("Only what is verified is corrected. Change this one yourself.")
    waiting = current.corrections.filter(state__in=CorrectionRequest.WAITING).first()
    if waiting is not None:
        if _wanted(waiting) == wanted and waiting.reason == words:
            return waiting
        raise ActivityRefused("A correction of this is waiting already. Take it back first.")
    if current.minutes == 0:
        raise ActivityRefused("This no longer counts, so there is nothing to correct. Log it anew if it did happen.")
    if _kept(current) == wanted:
        raise ActivityRefused(NOTHING)
    request = CorrectionRequest.objects.create(
        activity=current,
        asked_by=by,
        asked_at=at,
        reason=words,
        title=wanted.title,
        kind=wanted.kind,
        day=wanted.day,
        minutes=wanted.minutes,
        learned=wanted.learned,
    )
    note(current, ActivityStep.Kind.ASKED, by=by, at=at, reason=words)
    return request


@transaction.atomic
def take_correction_back(request: CorrectionRequest, *, by: User, at: datetime) -> CorrectionRequest:
    """Ask no more; the record stays as it is."""
    current = _locked(request)
    if not access.is_own(by, current.asked_by):
        raise NotYourActivity("Only the officer who asked for a correction can take it back.")
    if current.state == State.TAKEN_BACK:
        return current
    _refuse_decided(current)
    return _decided(current, State.TAKEN_BACK, at=at)


@transaction.atomic
def agree_to_correction(
    request: CorrectionRequest, *, by: User, at: datetime, decision: str = "", second: User | None = None
) -> CorrectionRequest:
    """Agree that the record should say what the officer asked for; ``second`` is told, and grants it. Agreeing twice is agreeing once.

    Without a ``second`` it is who verified the activity, else the nearest supervisor; refused where there is neither. Whoever agreed may
    name somebody else afterwards.
    """
    words = checked_reason(decision) if decision.strip() else ""
    current = _locked_for_decision(request, by=by)
    _refuse_decided(current)
    if current.state == State.AGREED:
        if current.agreed_by_id != by.pk:
            raise ActivityRefused(
                "Somebody agreed to this a moment ago, so it waits for a second person: that can be you."
            )
        if second is None or second == second_named(current):
            return current
    chosen = second or _second_person(current, first=by)
    if chosen is None:
        raise ActivityRefused("Nobody else verifies this officer’s CPD today. Name who reads it second.", "verifier")
    _refuse_second(chosen, current, first=by)
    current.state, current.agreed_by, current.agreed_at = State.AGREED, by, at
    current.save(update_fields=["state", "agreed_by", "agreed_at"])
    tell_of(note(current.activity, ActivityStep.Kind.AGREED, by=by, at=at, to=chosen, reason=words))
    return current


@transaction.atomic
def grant_correction(request: CorrectionRequest, *, by: User, at: datetime, decision: str = "") -> CorrectionRequest:
    """Correct the record as the officer asked and one verifier agreed to: a new entry names the one it corrects, and both people.

    Granting twice is granting once.
    """
    words = checked_reason(decision) if decision.strip() else ""
    lock_days_of(request.asked_by)
    current = _locked_for_decision(request, by=by)
    if current.state == State.GRANTED:
        return current
    _refuse_decided(current)
    if current.agreed_by is None:
        raise ActivityRefused("Nobody has agreed to this yet. A correction takes two people: agree first.")
    if access.is_own(by, current.agreed_by):
        raise NotYourActivity(
            "You agreed to this, so somebody else grants it. You can still leave the record as it is."
        )
    activity = Activity.objects.select_for_update(of=("self",)).select_related("officer").get(pk=current.activity_id)
    before = activity.corrected_entry_id or activity.entry_id
    wanted = _wanted(current)
    if wanted.minutes:
        refuse_full_day(activity.officer, wanted, except_for=activity)
    for name in ("title", "kind", "day", "minutes", "learned"):
        setattr(activity, name, getattr(wanted, name))
    if (activity.day, activity.minutes) != (current.activity.day, current.activity.minutes):
        activity.begins = activity.ends = None
    current.entry = append_entry(
        kind=EntryKind.CORRECTION,
        officer=activity.officer.public_id,
        day=activity.day,
        minutes=activity.minutes,
        subject=str(activity.pk),
        corrects=before,
        payload={
            **recorded_answers(activity),
            "reason": current.reason,
            **signed(activity.officer, by=current.agreed_by, approved_by=by),
            "asked_by": str(current.asked_by.public_id),
        },
    )
    activity.corrected_entry = current.entry
    activity.changed_at = at
    activity.save(
        update_fields=["title", "kind", "day", "minutes", "learned", "begins", "ends", "corrected_entry", "changed_at"]
    )
    tell_of(note(activity, ActivityStep.Kind.CORRECTED, by=by, at=at, reason=words))
    return _decided(current, State.GRANTED, at=at, by=by, decision=words)


@transaction.atomic
def decline_correction(request: CorrectionRequest, *, by: User, at: datetime, decision: str) -> CorrectionRequest:
    """Leave the record as it is, with a reason that the officer reads."""
    words = checked_reason(decision, missing="Say why it is not corrected. The officer reads this.")
    current = _locked_for_decision(request, by=by)
    _refuse_decided(current)
    tell_of(note(current.activity, ActivityStep.Kind.DECLINED, by=by, at=at, reason=words))
    return _decided(current, State.DECLINED, at=at, by=by, decision=words)


def decline_overtaken(activity: Activity, *, by: User, at: datetime) -> None:
    """Answer what the officer had asked for where two administrators put the record right meanwhile: what stands is theirs to read."""
    waiting = CorrectionRequest.objects.select_for_update().filter(
        activity=activity, state__in=CorrectionRequest.WAITING
    )
    for request in waiting:
        tell_of(note(activity, ActivityStep.Kind.DECLINED, by=by, at=at, reason=OVERTAKEN))
        _decided(request, State.DECLINED, at=at, by=by, decision=OVERTAKEN)


def _decided(
    request: CorrectionRequest, state: str, *, at: datetime, by: User | None = None, decision: str = ""
) -> CorrectionRequest:
    request.state = state
    request.decided_by = by
    request.decided_at = at
    request.decision = decision
    request.save(update_fields=["state", "decided_by", "decided_at", "decision", "entry"])
    return request


def _locked(request: CorrectionRequest) -> CorrectionRequest:
    rows = CorrectionRequest.objects.select_for_update(of=("self",))
    return rows.select_related("asked_by", "agreed_by", "activity__officer", "activity__verifier").get(pk=request.pk)


def _second_person(request: CorrectionRequest, *, first: User) -> User | None:
    """Return whom to tell that a correction waits for a second person: who verified it, else the nearest supervisor; None if nobody."""
    verifier, officer = request.activity.verifier, request.activity.officer
    if verifier is not None and verifier.pk != first.pk and may_verify(verifier, request.activity):
        return verifier
    return next((one for one in verifiers_for(officer) if one.pk != first.pk), None)


def second_named(request: CorrectionRequest) -> User | None:
    """Return who was named to grant what one person agreed to; None before that, and where nobody was named."""
    if request.agreed_at is None:
        return None
    steps = request.activity.steps.filter(kind=ActivityStep.Kind.AGREED, at=request.agreed_at)  # type: ignore[attr-defined]
    step = steps.select_related("to").order_by("pk").last()
    return step.to if step is not None else None


def seconds_for(request: CorrectionRequest, *, first: User) -> list[User]:
    """Return who may be chosen to read it second: who verified it first of all, then the officer's supervisors; never ``first``."""
    nearest, officer = _second_person(request, first=first), request.activity.officer
    others = [one for one in verifiers_for(officer) if one.pk != first.pk]
    return others if nearest is None else [nearest, *(one for one in others if one.pk != nearest.pk)]


def _refuse_second(second: User, request: CorrectionRequest, *, first: User) -> None:
    if access.is_own(second, request.asked_by) or access.is_own(second, first):
        raise ActivityRefused(SECOND, "verifier")
    if not (is_verifier(second, request.activity.officer) or may_verify(second, request.activity)):
        raise ActivityRefused(f"{display_name(second)} may not verify CPD. Choose somebody else.", "verifier")


def _is_named(by: User, request: CorrectionRequest) -> bool:
    named = second_named(request) if request.state == State.AGREED else None
    return named is not None and access.is_own(by, named) and may_be_named(by)


def _locked_for_decision(request: CorrectionRequest, *, by: User) -> CorrectionRequest:
    current = _locked(request)
    if access.is_own(by, current.asked_by):
        raise OwnActivity(OWN_CORRECTION)
    if not (may_verify(by, current.activity) or _is_named(by, current)):
        raise NotYourActivity("You neither verified this activity nor supervise the officer, so others decide.")
    return current


def _refuse_decided(request: CorrectionRequest) -> None:
    if request.state == State.TAKEN_BACK:
        raise ActivityRefused("The officer took this back, so there is nothing to decide.")
    if request.state not in CorrectionRequest.WAITING:
        raise ActivityRefused("This was decided already, and stays as it was decided.")


def _wanted(request: CorrectionRequest) -> Summary:
    return Summary(request.title, request.kind, request.day, request.minutes, request.learned)


def _kept(activity: Activity) -> Summary:
    return Summary(activity.title, activity.kind, activity.day, activity.minutes, activity.learned)
