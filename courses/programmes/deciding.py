"""What every decision about a recruit shares: the lock, who may, the ledger entry, and the rows it adds and ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from courses.enrolments import EnrolmentRefused, enrol_as_assigned
from courses.models import Course, Recruit, RecruitState
from courses.programmes.recruits import standing_on
from courses.programmes.refusals import MovedMeanwhile, NotYours, RecruitRefused
from courses.programmes.states import BESIDE, ENDS, WORDS, IllegalMove, Kind, Standing
from courses.programmes.values import DECIDERS, Decider, Phase
from cpd_records.ledger.entries import append_entry
from cpd_records.models import EntryKind, LedgerEntry
from people import access
from people.dated_rows import PeriodsOverlap, add_row, end_row
from people.dates import long_date
from people.models import User, display_name

OWN = "You cannot decide about your own training. Somebody else has to."


def locked_standing(
    recruit: Recruit, *, by: User, at: datetime, on: date, seen: int | None, may_be_ahead: bool = True
) -> tuple[Recruit, Standing]:
    """Return the recruit, locked, and where they stand on ``on``; refuse what nobody may decide, and days that cannot be."""
    locked = (
        Recruit.objects.select_for_update(of=("self",))
        .select_related("officer", "release__programme")
        .get(pk=recruit.pk)
    )
    if access.is_own(by, locked.officer):
        raise NotYours(OWN)
    last = locked.states.order_by("-pk").select_related("recorded_by").first()  # type: ignore[attr-defined]
    if seen is not None and last is not None and last.pk != seen:
        who = display_name(last.recorded_by) if last.recorded_by else "The product"
        when = timezone.localtime(last.recorded_at)
        raise MovedMeanwhile(
            f"{who} recorded something about this recruit at {when:%H:%M} on {long_date(when.date())}. "
            "Look at it, then decide again; nothing of yours was recorded."
        )
    today = timezone.localdate(at)
    if on < locked.began_on:
        raise RecruitRefused(f"They began on {long_date(locked.began_on)}. Choose that day or a later one.", "on")
    if on > today and not may_be_ahead:
        raise RecruitRefused(f"{long_date(on)} is still to come. Record it when the day has come.", "on")
    if on > today + timedelta(days=366):
        raise RecruitRefused("That is more than a year ahead. Check the day.", "on")
    return locked, standing_on(locked, on)


def enter_phase(
    recruit: Recruit,
    phase: Phase,
    *,
    by: User,
    at: datetime,
    on: date,
    reason: str,
    entry: LedgerEntry | None,
    evidence: str = "",
) -> RecruitState:
    """Enter a phase from ``on`` and enrol on its courses as far as they can be begun. The one before has been ended."""
    row = add_state(recruit, Kind.PHASE, by=by, on=on, reason=reason, phase=phase.slug, evidence=evidence, entry=entry)
    for course in Course.objects.filter(code__in=phase.courses).select_related("current_release"):
        _assign(recruit.officer, course, by=by, at=at)
    return row


def _assign(officer: User, course: Course, *, by: User, at: datetime) -> None:
    """Enrol on a course of the phase. One that cannot be begun yet stays among what the phase needs, with the reason on its page."""
    if officer.enrolments.filter(course=course, completion__isnull=False).exists():  # type: ignore[attr-defined]
        return
    try:
        enrol_as_assigned(officer, course, by=by, at=at)
    except EnrolmentRefused:
        return


def write_decision(
    recruit: Recruit, decision: str, *, by: User, on: date, reason: str, evidence: str, **said: Any
) -> LedgerEntry:
    """Write the decision into the ledger."""
    release = recruit.release
    payload = {
        "title": f"{release.programme.title}: {_TITLES[decision]}",
        "decision": decision,
        "programme": release.programme.code,
        "release": release.number,
        "release_digest": release.digest,
        "recruit": str(recruit.pk),
        "reason": reason,
        "by": by.public_id,
        "by_name": by.get_short_name(),
        "evidence": evidence,
        **said,
    }
    return append_entry(
        kind=EntryKind.DECISION,
        officer=recruit.officer.public_id,
        day=on,
        subject=release.programme.code,
        payload={name: value for name, value in payload.items() if value not in (None, "")},
    )


_TITLES = {
    "phase_done": "a phase is done",
    "back_coursed": "moved to a later intake",
    "record_kept": "a record is kept",
    "portfolio_signed_off": "the portfolio is signed off",
    "portfolio_sign_off_ended": "the sign-off of the portfolio no longer stands",
    "tutor_paired": "paired with a tutor",
    "tutor_pairing_ended": "a pairing with a tutor ends sooner",
    **{kind.value: WORDS[kind].lower() for kind in (*BESIDE, *ENDS, Kind.PATROL)},
    **{f"{kind.value}_ended": f"{WORDS[kind].lower()}: ended" for kind in BESIDE},
}


def add_state(
    recruit: Recruit, kind: Kind, *, by: User, on: date, reason: str, until: date | None = None, **fields: Any
) -> RecruitState:
    """Add a row of a kind; refuse where one is recorded for part of that time, such as one that is to begin later."""
    try:
        return add_row(
            RecruitState,
            subject={"recruit": recruit, "kind": kind.value},
            by=by,
            valid_from=on,
            valid_until=until,
            reason=reason,
            **fields,
        )
    except PeriodsOverlap as overlap:
        raise RecruitRefused(
            f"{WORDS[kind]}: one is recorded for part of that time already. End that one first, or choose other days.",
            "on",
        ) from overlap


def end_state(recruit: Recruit, kind: Kind, *, by: User, last: date, reason: str) -> list[RecruitState]:
    """End every row of a kind that reaches beyond ``last``; one that was to begin later never began."""
    standing = recruit.states.known().filter(kind=kind, is_void=False)  # type: ignore[attr-defined]
    beyond = standing.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=last))
    return [end_row(row, by=by, last_day=last, reason=reason) for row in beyond]


def lawful(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except IllegalMove as refusal:
        raise RecruitRefused(str(refusal)) from refusal


def refuse_unless_decider(phase: Phase, recruit: Recruit, *, by: User, at: datetime) -> None:
    may = (
        access.has_role(by, access.TRAINING_ADMIN)
        if phase.decided_by is Decider.ADMINISTRATOR
        else access.supervises(by, recruit.officer, on=timezone.localdate(at))
    )
    if not may:
        raise NotYours(f"‘{phase.title}’ is decided by {DECIDERS[phase.decided_by]}.")


def refuse_unless_may_move(recruit: Recruit, *, by: User, at: datetime) -> None:
    if access.has_role(by, access.TRAINING_ADMIN) or access.supervises(by, recruit.officer, on=timezone.localdate(at)):
        return
    raise NotYours("Only a training administrator or somebody who supervises this recruit today can decide this.")


def refuse_unless_kept_by(by: User, what: str) -> None:
    if not access.has_role(by, access.TRAINING_ADMIN):
        raise NotYours(f"{what}: only a training administrator records that.")
