"""What every decision about a recruit shares: the lock, who may, the ledger entry, and the rows it adds and ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

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
from people.dated_rows import add_row, day_before, end_row
from people.models import User, display_name

OWN = "You cannot decide about your own training. Somebody else has to."


def locked_standing(
    recruit: Recruit, *, by: User, at: datetime, on: date, seen: int | None, before: bool = False
) -> tuple[Recruit, Standing]:
    """Return the recruit, locked, and where they stand on ``on`` (``before``: on the day before); refuse what nobody may decide."""
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
    if on < locked.began_on:
        raise RecruitRefused(f"They began on {long_date(locked.began_on)}. Choose that day or a later one.", "on")
    if on > timezone.localdate(at) + timedelta(days=366):
        raise RecruitRefused("That is more than a year ahead. Check the day.", "on")
    return locked, standing_on(locked, day_before(on) if before else on)


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
    """Enter a phase from ``on`` and enrol on its courses as far as they can be begun."""
    standing = recruit.states.known().filter(kind=Kind.PHASE, is_void=False, valid_until__isnull=True).first()  # type: ignore[attr-defined]
    if standing is not None:
        end_row(standing, by=by, last_day=day_before(on), reason=reason)
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
    **{kind.value: WORDS[kind].lower() for kind in (*BESIDE, *ENDS, Kind.PATROL)},
    **{f"{kind.value}_ended": f"{WORDS[kind].lower()}: ended" for kind in BESIDE},
}


def add_state(
    recruit: Recruit, kind: Kind, *, by: User, on: date, reason: str, until: date | None = None, **fields: Any
) -> RecruitState:
    return add_row(
        RecruitState,
        subject={"recruit": recruit, "kind": kind.value},
        by=by,
        valid_from=on,
        valid_until=until,
        reason=reason,
        **fields,
    )


def end_state(recruit: Recruit, kind: Kind, *, by: User, last: date, reason: str) -> RecruitState:
    """End the row of a kind that holds beyond ``last``, or did when it began."""
    row = (
        recruit.states.known()  # type: ignore[attr-defined]
        .filter(kind=kind, is_void=False)
        .order_by("-valid_from")
        .first()
    )
    if row is None:
        raise RecruitRefused(f"{WORDS[kind]}: nothing of that kind stands.")
    ended: RecruitState = end_row(row, by=by, last_day=last, reason=reason)
    return ended


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


def long_date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
