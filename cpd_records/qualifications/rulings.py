"""What is decided about one officer and one qualification: exception, exemption, restriction. Nobody decides about themselves.

An exemption takes two people, who stand in its entry; a restriction is at once and by one, for it protects.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.two_people import TwoPeopleNeeded, signed
from cpd_records.models import (
    CurrencyException,
    EntryKind,
    Exemption,
    Qualification,
    QualificationRule,
    Restriction,
)
from cpd_records.models.qualifications import PersonalRuling
from cpd_records.qualifications.refusals import (
    ADMINISTRATORS,
    NotYours,
    QualificationRefused,
    checked_words,
    refuse_backwards,
    refuse_unless_administrator,
)
from cpd_records.qualifications.rules import rule_on
from people import access
from people.dated_rows import PeriodsOverlap, add_row, correct_row, end_row, overlapping
from people.dates import long_date
from people.models import Rank, RankHeld, User

CONDITIONS_LENGTH = 500
NO_CONDITIONS = "Say under which conditions, or that there are none."
Ruling = TypeVar("Ruling", bound=PersonalRuling)


def grant_exception(
    officer: User,
    qualification: Qualification,
    *,
    by: User,
    at: datetime,
    until: date,
    reason: str,
    conditions: str,
    valid_from: date | None = None,
) -> CurrencyException:
    """Let an officer go on without the qualification, for a time and under conditions, after a risk assessment.

    Only where the rule allows it, for no longer than it allows, by somebody who supervises the officer today and holds the rank it
    asks for, acting or not. It begins today or later, and cannot run beside another. Raises ``QualificationRefused``.
    """
    today = timezone.localdate(at)
    first = valid_from or today
    if access.is_own(by, officer):
        raise NotYours("You cannot grant yourself an exception. Ask your supervisor.")
    rule = rule_on(qualification, first)
    if rule is None or not rule.exception_allowed:
        raise QualificationRefused(f"No exception is possible for {qualification.short_title}.")
    if not access.supervises(by, officer, on=today):
        raise NotYours("Only somebody who supervises this officer today can grant an exception.")
    rank = highest_rank(by, on=today)
    if rule.exception_rank is not None and not has_rank(rank, rule.exception_rank):
        held = f"You hold the rank of {rank.title.lower()}." if rank else "No rank of yours is on record."
        raise NotYours(
            f"An exception for {qualification.short_title} is granted by the rank of "
            f"{rule.exception_rank.title.lower()} or above. {held}"
        )
    if first < today:
        raise QualificationRefused(
            "An exception begins today or later: it cannot be granted for days gone by.", "valid_from"
        )
    refuse_backwards(first, until, field="until")
    latest = _latest(rule, first)
    if until > latest:
        raise QualificationRefused(
            f"An exception for {qualification.short_title} lasts {rule.exception_days} days at most: "
            f"until {long_date(latest)}.",
            "until",
        )
    reason = checked_words(
        reason, field="reason", what="The reason", missing="Say why the risk is acceptable, in a sentence."
    )
    conditions = checked_words(
        conditions, field="conditions", what="The conditions", most=CONDITIONS_LENGTH, missing=NO_CONDITIONS
    )
    return _rule(
        CurrencyException,
        officer,
        qualification,
        by=by,
        first=first,
        last=until,
        reason=reason,
        conditions=conditions,
        approver_rank=rank,
    )


def checked_exemption(
    officer: User, qualification: Qualification, *, by: User, reason: str, first: date, until: date | None
) -> str:
    """Return the reason as it is kept where ``by`` may propose the exemption; else raise ``QualificationRefused``."""
    if access.is_own(by, officer):
        raise NotYours("You cannot exempt yourself. Another administrator can.")
    refuse_unless_administrator(by, to_do="exempt somebody")
    refuse_backwards(first, until, field="until")
    if overlapping(Exemption, {"officer": officer, "qualification": qualification}, first, until).exists():
        raise QualificationRefused(_one_already(qualification))
    return checked_words(
        reason, field="reason", what="The reason", missing="Say why it need not be held, in a sentence."
    )


@transaction.atomic
def grant_exemption(
    officer: User,
    qualification: Qualification,
    *,
    by: User,
    approved_by: User,
    at: datetime,
    reason: str,
    valid_from: date | None = None,
    until: date | None = None,
) -> Exemption:
    """Record that an officer need not hold a qualification: proposed and approved by two administrators, never one's own.

    It is a row with two times and, in the same transaction, an entry of the ledger that names both.
    """
    first = valid_from or timezone.localdate(at)
    _lock(officer)
    reason = checked_exemption(officer, qualification, by=by, reason=reason, first=first, until=until)
    refuse_unless_administrator(approved_by, to_do="approve an exemption")
    entry = append_entry(
        kind=EntryKind.EXEMPTION,
        officer=officer.public_id,
        day=first,
        subject=qualification.code,
        valid_until=until,
        payload={"title": qualification.title, "reason": reason, **_signed(officer, by=by, approved_by=approved_by)},
    )
    return _rule(Exemption, officer, qualification, by=by, first=first, last=until, reason=reason, entry=entry)


def checked_end(exemption: Exemption, *, by: User, last_day: date, today: date) -> None:
    """Raise ``QualificationRefused`` unless ``by`` may propose that the exemption ends on that day."""
    if access.is_own(by, exemption.officer):
        raise NotYours("You cannot end a ruling about yourself. Your supervisor or an administrator can.")
    refuse_unless_administrator(by, to_do="end an exemption")
    _refuse_ended(exemption, last_day, today)
    if Exemption.objects.filter(supersedes=exemption).exists():
        raise QualificationRefused("This exemption was changed since. Look at what stands now.")


@transaction.atomic
def end_exemption(
    exemption: Exemption, *, by: User, approved_by: User, at: datetime, reason: str, last_day: date
) -> Exemption:
    """Record that an exemption holds until ``last_day`` included; before its first day it never held. By two, as it was granted."""
    officer, qualification = exemption.officer, exemption.qualification
    _lock(officer)
    checked_end(exemption, by=by, last_day=last_day, today=timezone.localdate(at))
    refuse_unless_administrator(approved_by, to_do="approve the end of an exemption")
    reason = checked_words(reason, field="reason", what="The reason", missing="Say why it ends, in a sentence.")
    never = last_day < exemption.valid_from
    entry = append_entry(
        kind=EntryKind.CORRECTION if exemption.entry_id else EntryKind.EXEMPTION,
        officer=officer.public_id,
        day=exemption.valid_from,
        subject=qualification.code,
        valid_until=exemption.valid_until if never else last_day,
        corrects=exemption.entry_id,
        payload={
            "title": qualification.title,
            "reason": reason,
            **_signed(officer, by=by, approved_by=approved_by),
            **({"void": True} if never else {"ended": True}),
        },
    )
    if never:
        return correct_row(exemption, by=by, reason=reason, is_void=True, entry_id=entry.pk)
    return correct_row(exemption, by=by, reason=reason, valid_until=last_day, entry_id=entry.pk)


def restrict(
    officer: User,
    qualification: Qualification,
    *,
    by: User,
    at: datetime,
    reason: str,
    valid_from: date | None = None,
    until: date | None = None,
) -> Restriction:
    """Record that an officer may not act on a qualification, whatever is held: by somebody who supervises them, or an administrator.

    ``reason`` is read by the officer and the supervisor: what applies, never a diagnosis.
    """
    if access.is_own(by, officer):
        raise NotYours("You cannot restrict yourself. Ask your supervisor.")
    today = timezone.localdate(at)
    if not (access.supervises(by, officer, on=today) or access.has_any_role(by, *ADMINISTRATORS)):
        raise NotYours("Only somebody who supervises this officer today, or an administrator, can restrict them.")
    first = valid_from or today
    refuse_backwards(first, until, field="until")
    reason = checked_words(
        reason, field="reason", what="The reason", missing="Say what applies, without any diagnosis."
    )
    return _rule(Restriction, officer, qualification, by=by, first=first, last=until, reason=reason)


def end_ruling(ruling: Ruling, *, by: User, at: datetime, last_day: date | None = None, reason: str = "") -> Ruling:
    """Record that an exception or a restriction ends earlier than it said: today, yesterday so that it no longer holds today, or later.

    Somebody who could have made it ends it, never the officer. What has not begun then never was. An exemption takes two people to
    end: ``end_exemption``.
    """
    today = timezone.localdate(at)
    last = last_day or today
    if access.is_own(by, ruling.officer):
        raise NotYours("You cannot end a ruling about yourself. Your supervisor or an administrator can.")
    if isinstance(ruling, Exemption):
        raise NotYours("An exemption is ended by two people: propose its end, and another administrator approves it.")
    if not (access.has_any_role(by, *ADMINISTRATORS) or access.supervises(by, ruling.officer, on=today)):
        raise NotYours("Only somebody who could have decided this can end it.")
    _refuse_ended(ruling, last, today)
    return end_row(ruling, by=by, last_day=last, reason=checked_words(reason, field="reason", what="The reason"))


def _refuse_ended(ruling: PersonalRuling, last: date, today: date) -> None:
    if last < today - timedelta(days=1):
        raise QualificationRefused("It held on the days gone by. It can end yesterday at the earliest.", "last_day")
    if ruling.valid_until is not None and last >= ruling.valid_until:
        raise QualificationRefused(f"It ends on {long_date(ruling.valid_until)} already.", "last_day")


def _signed(officer: User, *, by: User, approved_by: User) -> dict[str, Any]:
    try:
        return signed(officer, by=by, approved_by=approved_by)
    except TwoPeopleNeeded as refused:
        raise NotYours(str(refused)) from refused


def _lock(officer: User) -> None:
    User.objects.select_for_update().get(pk=officer.pk)


def _one_already(qualification: Qualification) -> str:
    return f"There is one for {qualification.short_title} in that time already. End it first, or choose other days."


def has_rank(held: Rank | None, asked: Rank | None) -> bool:
    """Return whether somebody of this rank may grant what is granted by the rank asked or above; None asks for none, or is none."""
    return asked is None or (held is not None and held.order >= asked.order)


def latest_exception(qualification: Qualification, *, on: date) -> date | None:
    """Return the last day an exception that begins on the day may have, None where the rule allows none."""
    rule = rule_on(qualification, on)
    return _latest(rule, on) if rule is not None and rule.exception_allowed else None


def _latest(rule: QualificationRule, first: date) -> date:
    return first + timedelta(days=rule.exception_days - 1)


def highest_rank(officer: User, *, on: date) -> Rank | None:
    """Return the highest rank held on the day, acting ranks included."""
    rows = RankHeld.objects.in_force(on).filter(officer=officer).select_related("rank")
    return max((row.rank for row in rows), key=lambda rank: rank.order, default=None)


@transaction.atomic
def _rule(
    kind: type[Ruling],
    officer: User,
    qualification: Qualification,
    *,
    by: User,
    first: date,
    last: date | None,
    reason: str,
    **fields: Any,
) -> Ruling:
    _lock(officer)
    try:
        return add_row(
            kind,
            subject={"officer": officer, "qualification": qualification},
            by=by,
            valid_from=first,
            valid_until=last,
            reason=reason,
            **fields,
        )
    except PeriodsOverlap as overlap:
        raise QualificationRefused(_one_already(qualification)) from overlap
