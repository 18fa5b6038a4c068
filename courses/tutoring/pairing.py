"""Pairing a recruit with a tutor, and ending that.

Each is a row with two times and an entry in the ledger, under the recruit's lock. The tutor's own currency is checked before pairing, on
the first day, and what it said is kept. Nobody pairs themselves, on either side.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.models import Recruit, ShiftNote, TutorPairing
from courses.programmes.deciding import locked_standing, refuse_unless_may_move, write_decision
from courses.programmes.refusals import MovedMeanwhile, NotYours, RecruitRefused, checked_words
from courses.programmes.states import WORDS
from courses.tutoring.fitness import Fitness, fitness_of, tutor_rules
from courses.tutoring.rules import Period, most_at_once, refuse_days
from cpd_records.models import LedgerEntry
from people import access
from people.dated_rows import PeriodsOverlap, add_row, end_row
from people.dates import long_date
from people.models import User, display_name

CHECKED_LENGTH = 500
LATE_DAYS = 7


def pair_tutor(
    recruit: Recruit,
    tutor: User,
    *,
    by: User,
    at: datetime,
    on: date,
    until: date,
    reason: str,
    seen: int | None = None,
) -> TutorPairing:
    """Pair a recruit with a tutor from ``on`` to ``until``, both days counted.

    Refused where either is paired already for part of that time, where the tutor is not in date on the first day, and where somebody
    recorded a pairing since ``seen``.
    """
    reason = checked_words(reason, field="reason", missing="Say why these two, in a sentence.")
    period = Period(on, until)
    refuse_days(period, today=timezone.localdate(at))
    with transaction.atomic():
        recruit, standing = locked_standing(recruit, by=by, at=at, on=on, seen=None)
        refuse_unless_may_move(recruit, by=by, at=at)
        _refuse_unless_seen(recruit, seen)
        if standing.ended is not None and standing.ended_on is not None:
            raise RecruitRefused(
                f"{WORDS[standing.ended]} on {long_date(standing.ended_on)}: nothing follows after that."
            )
        _refuse_tutor(recruit, tutor, by=by)
        # Recruit first, then tutor, in every pairing: two at once wait for each other and never for ever.
        tutor = User.objects.select_for_update(of=("self",)).get(pk=tutor.pk)
        rules = tutor_rules()
        _refuse_overlap(recruit, tutor, period, at_once=rules.recruits_at_once)
        fitness = fitness_of(tutor, rules, on=on)
        if not fitness.carries:
            raise RecruitRefused(
                f"{display_name(tutor)} is not in date as a tutor on {long_date(on)}. {fitness.words}", "tutor"
            )
        entry = _write(
            recruit, tutor, "tutor_paired", by=by, on=on, reason=reason, until=until, checked=_checked(fitness)
        )
        try:
            return add_row(
                TutorPairing,
                subject={"recruit": recruit},
                by=by,
                valid_from=on,
                valid_until=until,
                reason=reason,
                officer=recruit.officer,
                tutor=tutor,
                checked=_checked(fitness),
                entry=entry,
            )
        except PeriodsOverlap as overlap:
            raise RecruitRefused("They are paired for part of that time already. Choose other days.", "on") from overlap


def end_pairing(pairing: TutorPairing, *, by: User, at: datetime, last_day: date, reason: str) -> TutorPairing:
    """Let a pairing end sooner, on ``last_day``; a day before its first says that it never began.

    To go on for longer, pair the two again from the day after: the tutor's currency is checked anew.
    """
    reason = checked_words(reason, field="reason", missing="Say why it ends, in a sentence.")
    with transaction.atomic():
        recruit, _standing = locked_standing(
            pairing.recruit, by=by, at=at, on=max(last_day, pairing.recruit.began_on), seen=None
        )
        refuse_unless_may_move(recruit, by=by, at=at)
        _refuse_own_pairing(pairing.tutor, by=by)
        standing = TutorPairing.objects.known().filter(pk=pairing.pk, is_void=False).first()
        if standing is None:
            raise MovedMeanwhile("Somebody changed this pairing meanwhile. Look at it, then decide again.")
        if last_day >= standing.period.last:
            raise RecruitRefused(
                f"It ends on {long_date(standing.period.last)} as it is. Choose an earlier day, or pair them again to go on.",
                "last_day",
            )
        later = ShiftNote.objects.known().filter(recruit=recruit, tutor=standing.tutor, day__gt=last_day)
        note = later.filter(day__range=(standing.valid_from, standing.valid_until)).order_by("-day").first()
        if note is not None:
            raise RecruitRefused(
                f"There is a note for the shift of {long_date(note.day)}. The last day cannot be before that.",
                "last_day",
            )
        _write(recruit, standing.tutor, "tutor_pairing_ended", by=by, on=last_day, reason=reason)
        return end_row(standing, by=by, last_day=last_day, reason=reason)


def end_pairings(recruit: Recruit, *, by: User, last: date, reason: str) -> list[TutorPairing]:
    """End every pairing of a recruit that reaches beyond ``last``, inside the transaction and the lock of the decision that ends it.

    One that was to begin later never began. A note of a later shift keeps its pairing and stays: what was seen is not lost.
    """
    beyond = TutorPairing.objects.known().filter(recruit=recruit, is_void=False, valid_until__gt=last)
    ended = []
    for row in beyond.select_related("tutor").order_by("valid_from", "pk"):
        _write(recruit, row.tutor, "tutor_pairing_ended", by=by, on=last, reason=reason)
        ended.append(end_row(row, by=by, last_day=last, reason=reason))
    return ended


def may_pair(recruit: Recruit, by: User, *, at: datetime) -> bool:
    """Return whether somebody may decide about a recruit's tutor, so that a page offers it."""
    if access.is_own(by, recruit.officer) or recruit.closed_at is not None:
        return False
    return access.has_role(by, access.TRAINING_ADMIN) or access.supervises(
        by, recruit.officer, on=timezone.localdate(at)
    )


def pairings_of(recruit: Recruit) -> list[TutorPairing]:
    """Return the pairings of a recruit as they stand, the latest first."""
    rows = recruit.pairings.known().filter(is_void=False)  # type: ignore[attr-defined]
    return list(rows.select_related("tutor", "recorded_by").order_by("-valid_from", "-pk"))


def tutored_by(tutor: User, *, on: date) -> list[TutorPairing]:
    """Return somebody's pairings as a tutor on the day, and those that ended in the week before it, for notes written late. One query."""
    known = TutorPairing.objects.known().filter(tutor=tutor, is_void=False, valid_from__lte=on)
    late = known.filter(valid_until__gte=on - timedelta(days=LATE_DAYS), recruit__closed_at__isnull=True)
    found: dict[UUID, TutorPairing] = {}
    for row in late.select_related("recruit__officer").order_by("valid_until"):
        found[row.recruit_id] = row
    return list(found.values())


def last_seen_pairing(recruit: Recruit) -> int:
    """Return what a page hands back as ``seen``: the number of the last row about the recruit's pairings, 0 before the first."""
    return recruit.pairings.order_by("-pk").values_list("pk", flat=True).first() or 0  # type: ignore[attr-defined]


def _refuse_unless_seen(recruit: Recruit, seen: int | None) -> None:
    """Of two who pair at once the second is told."""
    last = recruit.pairings.order_by("-pk").select_related("recorded_by", "tutor").first()  # type: ignore[attr-defined]
    if seen is None or last is None or last.pk == seen:
        return
    when = timezone.localtime(last.recorded_at)
    who = display_name(last.recorded_by) if last.recorded_by else "The product"
    raise MovedMeanwhile(
        f"{who} recorded something about {display_name(last.tutor)} as their tutor at {when:%H:%M} on "
        f"{long_date(when.date())}. Look at it, then decide again; nothing of yours was recorded."
    )


def _refuse_tutor(recruit: Recruit, tutor: User, *, by: User) -> None:
    if access.is_own(tutor, recruit.officer):
        raise RecruitRefused("Nobody is their own tutor. Choose somebody else.", "tutor")
    _refuse_own_pairing(tutor, by=by)
    if not tutor.is_active:
        raise RecruitRefused(f"{display_name(tutor)} may no longer sign in. Choose somebody else.", "tutor")


def _refuse_own_pairing(tutor: User, *, by: User) -> None:
    if access.is_own(by, tutor):
        raise NotYours("You cannot decide about yourself as a tutor. Somebody else has to.", "tutor")


def _refuse_overlap(recruit: Recruit, tutor: User, period: Period, *, at_once: int) -> None:
    """Refuse where the recruit has a tutor on one of the days, or the tutor as many recruits as one may have."""
    known = TutorPairing.objects.known().filter(
        is_void=False, valid_from__lte=period.last, valid_until__gte=period.first
    )
    other = known.filter(recruit=recruit).select_related("tutor").order_by("valid_from").first()
    if other is not None:
        days = other.period.words
        raise RecruitRefused(
            f"They are paired with {display_name(other.tutor)} from {days}. End that first, or choose other days.", "on"
        )
    theirs = list(known.filter(tutor=tutor).select_related("recruit__officer").order_by("valid_from"))
    if most_at_once(period, (one.period for one in theirs)) >= at_once:
        first = theirs[0]
        days = first.period.words
        most = "one recruit" if at_once == 1 else f"{at_once} recruits"
        raise RecruitRefused(
            f"{display_name(tutor)} is paired with {display_name(first.recruit.officer)} from {days}, and a tutor has {most} at a time. "
            "Choose other days or another tutor.",
            "tutor",
        )


def _write(
    recruit: Recruit, tutor: User, decision: str, *, by: User, on: date, reason: str, **said: object
) -> LedgerEntry:
    return write_decision(
        recruit,
        decision,
        by=by,
        on=on,
        reason=reason,
        evidence="",
        tutor=tutor.public_id,
        tutor_name=tutor.get_short_name(),
        **said,
    )


def _checked(fitness: Fitness) -> str:
    return fitness.words[:CHECKED_LENGTH]
