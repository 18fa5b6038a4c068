"""What is decided about a recruit: phases, back-coursing, plans of action, pauses, probation, and how it ends.

Each decision is a row with two times and an entry in the ledger, in one transaction, under the recruit's lock. Nobody decides about
themselves. Whoever decides says what they saw last (``seen``), so that of two at once the second is told instead of obeyed.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from courses.models import Intake, RecordKept, Recruit, RecruitState
from courses.programmes.deciding import (
    add_state,
    end_state,
    enter_phase,
    lawful,
    locked_standing,
    refuse_unless_decider,
    refuse_unless_kept_by,
    refuse_unless_may_move,
    write_decision,
)
from courses.programmes.needs import needs_of, unmet
from courses.programmes.refusals import RecruitRefused, checked_words
from courses.programmes.releasing import plan_of
from courses.programmes.states import (
    BESIDE,
    ENDS,
    WORDS,
    Kind,
    Standing,
    next_phase,
    refuse_back_course,
    refuse_beginning,
    refuse_ending,
)
from courses.programmes.values import INDEPENDENT_PATROL
from courses.tutoring.pairing import end_pairings
from cpd_records.certificates import award_certificate
from people.dated_rows import day_before
from people.dates import long_date
from people.models import User


class Cause(StrEnum):
    """Why somebody moved to a later intake, as forces are asked to count it."""

    EXAM = "exam"
    PRACTICAL = "practical"
    ABSENCE = "absence"
    INJURY = "injury"
    FITNESS = "fitness"
    WELFARE = "welfare"
    PERFORMANCE = "performance"
    CONDUCT = "conduct"
    FORCE = "force"


CAUSES = {
    Cause.EXAM: "Failed an examination",
    Cause.PRACTICAL: "Not yet competent in a practical",
    Cause.ABSENCE: "Absence",
    Cause.INJURY: "Injury or illness",
    Cause.FITNESS: "Fitness test",
    Cause.WELFARE: "Personal or welfare reasons",
    Cause.PERFORMANCE: "Performance",
    Cause.CONDUCT: "Conduct under review",
    Cause.FORCE: "Decided by the force, such as a course put off",
}


def begin(recruit: Recruit, intake: Intake, *, by: User, at: datetime, on: date) -> RecruitState:
    """Put a new recruit into their intake and the first phase, and enrol them on its courses; inside the caller's transaction."""
    plan = plan_of(recruit.release)
    add_state(recruit, Kind.INTAKE, by=by, on=on, reason=f"Joined {intake.name}", intake=intake)
    return enter_phase(recruit, plan.phases[0], by=by, at=at, on=on, reason=f"Began with {intake.name}", entry=None)


def end_phase(
    recruit: Recruit, *, by: User, at: datetime, on: date, reason: str, evidence: str = "", seen: int | None = None
) -> RecruitState | None:
    """Decide that the recruit has done with the present phase, and enter the next from ``on``; None after the last.

    Refused while anything the phase needs is missing. Where the phase grants independent patrol, that is granted with it, with a letter.
    """
    reason = checked_words(reason, field="reason", missing="Say what the decision rests on, in a sentence.")
    evidence = checked_words(evidence, field="evidence")
    with transaction.atomic():
        recruit, standing = locked_standing(recruit, by=by, at=at, on=on, seen=seen, may_be_ahead=False)
        plan = plan_of(recruit.release)
        following = lawful(lambda: next_phase(plan, standing))
        present = plan.phase(standing.phase)
        refuse_unless_decider(present, recruit, by=by, at=at)
        if standing.since is not None and on <= standing.since:
            raise RecruitRefused(
                f"‘{present.title}’ began on {long_date(standing.since)}, so it cannot be over by {long_date(on)}.",
                "on",
            )
        missing = unmet(needs_of(recruit, present, on=on))
        if missing:
            first, more = missing[0], len(missing) - 1
            others = f" {more} more are missing." if more > 1 else " One more is missing." if more else ""
            raise RecruitRefused(f"‘{present.title}’ is not done. {first.title}: {first.reason}{others}")
        if following is None:
            raise RecruitRefused(f"‘{present.title}’ is the last phase. Confirm them in rank instead.")
        later = recruit.states.known().filter(kind=Kind.PHASE, is_void=False, valid_from__gt=on).first()  # type: ignore[attr-defined]
        if later is not None:
            raise RecruitRefused(
                f"‘{plan.phase(later.phase).title}’ is recorded from {long_date(later.valid_from)}. Decide from that day on.",
                "on",
            )
        said = {"phase": present.slug, "phase_title": present.title, "following": following.slug}
        entry = write_decision(recruit, "phase_done", by=by, on=on, reason=reason, evidence=evidence, **said)
        if present.grants == INDEPENDENT_PATROL:
            _grant_patrol(recruit, standing, by=by, at=at, on=on, reason=reason, evidence=evidence)
        end_state(recruit, Kind.PHASE, by=by, last=day_before(on), reason=reason)
        return enter_phase(recruit, following, by=by, at=at, on=on, reason=reason, evidence=evidence, entry=entry)


def back_course(
    recruit: Recruit,
    later: Intake,
    *,
    by: User,
    at: datetime,
    on: date,
    cause: str,
    reason: str,
    evidence: str = "",
    seen: int | None = None,
) -> RecruitState:
    """Move a recruit to an intake that began later, from ``on``; the phase begins anew, on that intake's first day or on ``on``.

    A pairing with a tutor ends the day before: it was made for the days of the intake they leave, and the tutor is free for somebody else.
    """
    reason = checked_words(reason, field="reason", missing="Say what happened, without any diagnosis.")
    evidence = checked_words(evidence, field="evidence")
    if cause not in CAUSES:
        raise RecruitRefused("Choose the cause from the list.", "cause")
    with transaction.atomic():
        recruit, standing = locked_standing(recruit, by=by, at=at, on=on, seen=seen)
        refuse_unless_may_move(recruit, by=by, at=at)
        present = Intake.objects.filter(pk=standing.intake).first() if standing.intake else None
        lawful(
            lambda: refuse_back_course(
                standing, present=present.starts_on if present else date.min, later=later.starts_on
            )
        )
        if later.release.programme_id != recruit.release.programme_id:
            raise RecruitRefused(f"{later.name} follows another programme. Choose an intake of theirs.", "later")
        said = {"cause": cause, "from_intake": present.name if present else "", "to_intake": later.name}
        entry = write_decision(recruit, "back_coursed", by=by, on=on, reason=reason, evidence=evidence, **said)
        end_state(recruit, Kind.INTAKE, by=by, last=day_before(on), reason=reason)
        row = add_state(
            recruit, Kind.INTAKE, by=by, on=on, reason=reason, intake=later, cause=cause, evidence=evidence, entry=entry
        )
        if standing.phase:
            phase = plan_of(recruit.release).phase(standing.phase)
            end_state(recruit, Kind.PHASE, by=by, last=day_before(on), reason=reason)
            enter_phase(recruit, phase, by=by, at=at, on=max(on, later.starts_on), reason=reason, entry=entry)
        end_pairings(recruit, by=by, last=day_before(on), reason=reason)
        return row


def record_beside(
    recruit: Recruit,
    kind: Kind,
    *,
    by: User,
    at: datetime,
    on: date,
    reason: str,
    until: date | None = None,
    evidence: str = "",
    seen: int | None = None,
) -> RecruitState:
    """Record that something stands beside the phase from ``on``: a plan of action, a longer probation, a pause, regulation 13."""
    if kind not in BESIDE:
        raise ValueError(f"'{kind}' does not stand beside a phase.")
    reason = checked_words(reason, field="reason", missing="Say why, in a sentence, without any diagnosis.")
    evidence = checked_words(evidence, field="evidence")
    if kind is Kind.EXTENDED and until is None:
        raise RecruitRefused("Say until when the probation is extended.", "until")
    if until is not None and until < on:
        raise RecruitRefused("The end is before the beginning. Check both days.", "until")
    with transaction.atomic():
        recruit, standing = locked_standing(recruit, by=by, at=at, on=on, seen=seen)
        _refuse_unless_may_record(recruit, kind, by=by, at=at)
        lawful(lambda: refuse_beginning(standing, kind, plan=plan_of(recruit.release)))
        entry = write_decision(recruit, kind.value, by=by, on=on, reason=reason, evidence=evidence, until=until)
        return add_state(recruit, kind, by=by, on=on, until=until, reason=reason, evidence=evidence, entry=entry)


def end_beside(
    recruit: Recruit, kind: Kind, *, by: User, at: datetime, on: date, reason: str, seen: int | None = None
) -> None:
    """Record that a plan is closed, a pause over, or a consideration without effect: ``on`` is the first day it no longer stands."""
    reason = checked_words(reason, field="reason", missing="Say how it ended, in a sentence.")
    with transaction.atomic():
        recruit, standing = locked_standing(recruit, by=by, at=at, on=on, seen=seen)
        _refuse_unless_may_record(recruit, kind, by=by, at=at)
        lawful(lambda: refuse_ending(standing, kind))
        write_decision(recruit, f"{kind.value}_ended", by=by, on=on, reason=reason, evidence="")
        end_state(recruit, kind, by=by, last=day_before(on), reason=reason)


def record_end(
    recruit: Recruit,
    kind: Kind,
    *,
    by: User,
    at: datetime,
    on: date,
    reason: str,
    evidence: str = "",
    seen: int | None = None,
) -> RecruitState:
    """Record how it ended: confirmed in rank, discharged under regulation 13, or left.

    The phase, what stands beside it and a pairing with a tutor end with it, on the day before.
    """
    if kind not in ENDS:
        raise ValueError(f"'{kind}' ends nothing.")
    reason = checked_words(reason, field="reason", missing="Say what the decision rests on, in a sentence.")
    evidence = checked_words(evidence, field="evidence")
    with transaction.atomic():
        recruit, standing = locked_standing(recruit, by=by, at=at, on=on, seen=seen, may_be_ahead=False)
        refuse_unless_kept_by(by, WORDS[kind])
        plan = plan_of(recruit.release)
        lawful(lambda: refuse_beginning(standing, kind, plan=plan))
        if kind is Kind.CONFIRMED:
            missing = unmet(needs_of(recruit, plan.phase(standing.phase), on=on))
            if missing:
                raise RecruitRefused(f"They cannot be confirmed yet. {missing[0].title}: {missing[0].reason}")
        entry = write_decision(
            recruit, kind.value, by=by, on=on, reason=reason, evidence=evidence, phase=standing.phase
        )
        for ending in (Kind.PHASE, Kind.INTAKE, *BESIDE):
            end_state(recruit, ending, by=by, last=day_before(on), reason=reason)
        end_pairings(recruit, by=by, last=day_before(on), reason=reason)
        row = add_state(recruit, kind, by=by, on=on, reason=reason, evidence=evidence, entry=entry)
        recruit.closed_at = at
        recruit.save(update_fields=["closed_at"])
        return row


def keep_record(recruit: Recruit, slug: str, *, by: User, at: datetime, on: date, words: str) -> RecordKept:
    """Record that something a phase asks for by hand was done on a day; once, by who may move the recruit."""
    words = checked_words(words, field="words", missing="Say in a sentence what was done, and where it is kept.")
    with transaction.atomic():
        recruit, _standing = locked_standing(recruit, by=by, at=at, on=on, seen=None)
        refuse_unless_may_move(recruit, by=by, at=at)
        if on > timezone.localdate(at):
            raise RecruitRefused(f"{long_date(on)} is still to come. Enter the day it was done.", "on")
        known = {record.slug: record.title for phase in plan_of(recruit.release).phases for record in phase.records}
        if slug not in known:
            raise RecruitRefused("Their programme asks for no such record.", "slug")
        kept, is_new = RecordKept.objects.get_or_create(
            recruit=recruit, slug=slug, defaults={"done_on": on, "words": words, "at": at, "by": by}
        )
        if is_new:
            write_decision(
                recruit, "record_kept", by=by, on=on, reason=words, evidence="", record=slug, title=known[slug]
            )
        return kept


def last_seen(recruit: Recruit) -> int:
    """Return what a page hands back as ``seen``: the number of the last row recorded about the recruit, 0 before the first."""
    return recruit.states.order_by("-pk").values_list("pk", flat=True).first() or 0  # type: ignore[attr-defined]


def _refuse_unless_may_record(recruit: Recruit, kind: Kind, *, by: User, at: datetime) -> None:
    """A plan of action is the supervisor's too; the rest is kept by administrators."""
    if kind is Kind.ACTION_PLAN:
        refuse_unless_may_move(recruit, by=by, at=at)
    else:
        refuse_unless_kept_by(by, WORDS[kind])


def _grant_patrol(
    recruit: Recruit, standing: Standing, *, by: User, at: datetime, on: date, reason: str, evidence: str
) -> None:
    """Grant independent patrol with a letter, which is a certificate like any other."""
    lawful(lambda: refuse_beginning(standing, Kind.PATROL, plan=plan_of(recruit.release)))
    entry = write_decision(recruit, Kind.PATROL.value, by=by, on=on, reason=reason, evidence=evidence)
    add_state(recruit, Kind.PATROL, by=by, on=on, reason=reason, evidence=evidence, entry=entry)
    release = recruit.release
    award_certificate(
        recruit.officer,
        subject=f"{release.programme.code}-PATROL",
        title="Independent patrol",
        release_label=f"{release.programme.title}, release {release.number}",
        minutes=0,
        awarded_on=on,
        valid_until=None,
        completion_entry=entry,
        assessed=False,
        is_grant=True,
        at=at,
    )
