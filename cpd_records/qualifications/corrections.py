"""Putting an award right: corrected, withdrawn from a day on, or declared never true. Each is an entry that names the award.

Each takes two people, an author and whoever approved it (``proposals``); what is checked when it is proposed is checked again when it
is written.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.two_people import TwoPeopleNeeded, signed
from cpd_records.models import EntryKind, LedgerEntry, PublicReason
from cpd_records.qualifications.awarding import COURSE, refuse_impossible, refuse_longer_than_its_rule
from cpd_records.qualifications.certifying import follow_correction
from cpd_records.qualifications.refusals import (
    NotYours,
    QualificationRefused,
    checked_words,
    refuse_unless_administrator,
)
from cpd_records.qualifications.standing_awards import StandingAward, all_awards
from people import access
from people.dates import long_date
from people.models import User

NO_SUCH_AWARD = "There is no such award on this officer's record, or it was declared never true before."
OWN_AWARD = "You cannot correct an award of your own. Another administrator can."
SAY_WHY = "Say why. The reason stays on the officer's record."


def checked_correction(
    officer: User, award: UUID, *, by: User, day: date, minutes: int | None, valid_until: date | None
) -> StandingAward:
    """Return the award as it stands where it may be restated like this; else raise ``QualificationRefused``."""
    refuse_impossible(day=day, minutes=minutes, valid_until=valid_until)
    standing = _standing(officer, award, by)
    if (day, minutes, valid_until) == (standing.day, standing.minutes, standing.valid_until):
        raise QualificationRefused("Nothing was changed, so nothing was recorded.")
    # A last day that stands, as a list from elsewhere gave it, may stand while something else is put right.
    if (day, valid_until) != (standing.day, standing.valid_until):
        refuse_longer_than_its_rule(officer, standing.code, day=day, valid_until=valid_until, without=award)
    return standing


def checked_withdrawal(officer: User, award: UUID, *, by: User, last_day: date) -> StandingAward:
    """Return the award as it stands where it may end on that day; else raise ``QualificationRefused``."""
    standing = _standing(officer, award, by)
    if last_day < standing.day:
        raise QualificationRefused(
            f"It was awarded on {long_date(standing.day)}. If it was never true, declare it so instead.", "last_day"
        )
    if standing.valid_until is None or last_day > standing.valid_until:
        refuse_longer_than_its_rule(
            officer, standing.code, day=standing.day, valid_until=last_day, without=award, field="last_day"
        )
    return standing


def checked_void(officer: User, award: UUID, *, by: User) -> StandingAward:
    """Return the award as it stands where ``by`` may declare it never true; else raise ``QualificationRefused``."""
    return _standing(officer, award, by)


def checked_reason(reason: str) -> str:
    return checked_words(reason, field="reason", what="The reason", missing=SAY_WHY)


@transaction.atomic
def correct_award(
    officer: User,
    award: UUID,
    *,
    by: User,
    approved_by: User,
    reason: str,
    day: date,
    minutes: int | None,
    valid_until: date | None,
) -> LedgerEntry:
    """Restate an award whole: its day, its minutes, and its own last day, no later than the rule allows, or None for what that says."""
    _lock(officer)
    standing = checked_correction(officer, award, by=by, day=day, minutes=minutes, valid_until=valid_until)
    return _correct(
        officer,
        standing,
        by=by,
        approved_by=approved_by,
        reason=reason,
        day=day,
        minutes=minutes,
        valid_until=valid_until,
    )


@transaction.atomic
def withdraw_award(
    officer: User, award: UUID, *, by: User, approved_by: User, reason: str, last_day: date
) -> LedgerEntry:
    """End an award by decision: it was true, and holds until ``last_day`` included, without grace."""
    _lock(officer)
    standing = checked_withdrawal(officer, award, by=by, last_day=last_day)
    return _correct(
        officer,
        standing,
        by=by,
        approved_by=approved_by,
        reason=reason,
        valid_until=last_day,
        more={"withdrawn": True},
    )


@transaction.atomic
def void_award(officer: User, award: UUID, *, by: User, approved_by: User, reason: str) -> LedgerEntry:
    """Declare that an award was never true, such as one given to the wrong person. It stays in the ledger, and counts for nothing."""
    _lock(officer)
    standing = checked_void(officer, award, by=by)
    return _correct(
        officer,
        standing,
        by=by,
        approved_by=approved_by,
        reason=reason,
        valid_until=standing.valid_until,
        more={"void": True},
    )


@transaction.atomic
def void_awards_of(
    officer: User,
    fact: UUID,
    *,
    by: User,
    approved_by: User,
    reason: str,
    public_reason: PublicReason = PublicReason.OTHER,
) -> list[LedgerEntry]:
    """Declare never true what a course awarded with the completion of the entry ``fact``, or the award of that entry itself.

    Call where the completion, or the certificate of the award, is taken back: who may is said there; nobody does so for themselves.
    """
    _lock(officer)
    return [
        _append(
            officer,
            award,
            by=by,
            approved_by=approved_by,
            reason=reason,
            valid_until=award.valid_until,
            more={"void": True},
            public_reason=public_reason,
        )
        for award in all_awards(officer)
        if award.entry == fact or (award.said.get("basis") == COURSE and award.said.get("completion") == str(fact))
    ]


def awards_by(officer: User, fact: UUID) -> list[StandingAward]:
    """Return what stands of the awards that a course brought with the completion of the entry ``fact``."""
    return [
        award
        for award in all_awards(officer)
        if award.said.get("basis") == COURSE and award.said.get("completion") == str(fact)
    ]


def checked_restatement(officer: User, fact: UUID, *, day: date) -> list[StandingAward]:
    """Return what the completion of the entry ``fact`` awarded where all of it may be of another day; else raise."""
    awards = awards_by(officer, fact)
    for award in awards:
        if award.valid_until is not None and award.valid_until < day:
            raise QualificationRefused(
                f"What it awarded holds until {long_date(award.valid_until)}. Put that award right first, or choose another day.",
                "day",
            )
        if not award.is_withdrawn:
            refuse_longer_than_its_rule(
                officer, award.code, day=day, valid_until=award.valid_until, without=award.entry, field="day"
            )
    return awards


@transaction.atomic
def restate_awards_of(
    officer: User, fact: UUID, *, by: User, approved_by: User, reason: str, day: date
) -> list[LedgerEntry]:
    """Restate what a course awarded with the completion of the entry ``fact`` as of another day, where the completion is corrected."""
    _lock(officer)
    return [
        _append(
            officer,
            award,
            by=by,
            approved_by=approved_by,
            reason=reason,
            valid_until=award.valid_until,
            more={"withdrawn": True} if award.is_withdrawn else None,
            day=day,
        )
        for award in checked_restatement(officer, fact, day=day)
        if award.day != day
    ]


def _lock(officer: User) -> None:
    User.objects.select_for_update().get(pk=officer.pk)


def _standing(officer: User, award: UUID, by: User) -> StandingAward:
    refuse_unless_administrator(by, to_do="correct an award")
    if access.is_own(by, officer):
        raise NotYours(OWN_AWARD)
    found = next((one for one in all_awards(officer) if one.entry == award), None)
    if found is None:
        raise QualificationRefused(NO_SUCH_AWARD)
    return found


def _correct(
    officer: User, award: StandingAward, *, by: User, approved_by: User, reason: str, **restated: Any
) -> LedgerEntry:
    refuse_unless_administrator(approved_by, to_do="approve a correction of an award")
    return _append(officer, award, by=by, approved_by=approved_by, reason=checked_reason(reason), **restated)


def _append(
    officer: User,
    award: StandingAward,
    *,
    by: User,
    approved_by: User,
    reason: str,
    valid_until: date | None,
    more: dict[str, Any] | None = None,
    public_reason: PublicReason = PublicReason.OTHER,
    **restated: Any,
) -> LedgerEntry:
    try:
        names = signed(officer, by=by, approved_by=approved_by)
    except TwoPeopleNeeded as refused:
        raise NotYours(str(refused)) from refused
    entry = append_entry(
        kind=EntryKind.CORRECTION,
        officer=officer.public_id,
        day=restated.get("day", award.day),
        subject=award.code,
        minutes=restated.get("minutes", award.minutes),
        valid_until=valid_until,
        corrects=award.last,
        payload={"title": award.said.get("title", award.code), "reason": reason, **names, **(more or {})},
    )
    follow_correction(officer, award.code, by=by, names=names, reason=reason, public_reason=public_reason)
    return entry
