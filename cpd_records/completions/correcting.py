"""Putting a completion right: corrected, such as its day, or declared never true. The certificate and what it awarded follow at once.

Each takes two people, an author and whoever approved it (``proposals``), and neither is the officer. A certificate that says another day
than the record is superseded; that of a completion that was never true is withdrawn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from cpd_records.certificates.awarding import particulars_of, write_again
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.standing import revocation_of, successor_of, suspension_of
from cpd_records.completions.standing import (
    StandingCompletion,
    certificate_of,
    completions_of,
    void_completion_of,
)
from cpd_records.currency.days import months_after
from cpd_records.importing.record_lines import OLDEST_YEARS
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.two_people import TwoPeopleNeeded, signed
from cpd_records.models import Certificate, EntryKind, LedgerEntry
from cpd_records.qualifications.awarding import refuse_impossible
from cpd_records.qualifications.corrections import (
    awards_by,
    checked_reason,
    checked_restatement,
    restate_awards_of,
    void_awards_of,
)
from cpd_records.qualifications.lasting import longest_of
from cpd_records.qualifications.refusals import NotYours, QualificationRefused, refuse_unless_administrator
from people import access, clock
from people.dates import long_date
from people.models import User

NO_SUCH_COMPLETION = "There is no such completed course on this officer's record, or it was declared never true before."
OWN_COMPLETION = "You cannot correct a completed course of your own. Another administrator can."
SUSPENDED = "Its certificate is suspended. Have the suspension lifted, or the certificate withdrawn, before the day is corrected."


def checked_correction(
    officer: User, completion: UUID, *, by: User, day: date, minutes: int | None
) -> StandingCompletion:
    """Return the completion as it stands where it may be restated like this; else raise ``QualificationRefused``."""
    standing = checked_void(officer, completion, by=by)
    refuse_impossible(day=day, minutes=minutes, valid_until=None)
    if day.year < clock.today().year - OLDEST_YEARS:
        raise QualificationRefused(f"{long_date(day)} is more than {OLDEST_YEARS} years ago. Check the year.", "day")
    if (day, minutes) == (standing.day, standing.minutes):
        raise QualificationRefused("Nothing was changed, so nothing was recorded.")
    certificate = certificate_of(completion)
    if certificate is not None and suspension_of(certificate) is not None:
        raise QualificationRefused(SUSPENDED)
    checked_restatement(officer, completion, day=day)
    return standing


def checked_void(officer: User, completion: UUID, *, by: User) -> StandingCompletion:
    """Return the completion as it stands where ``by`` may put it right; else raise ``QualificationRefused``."""
    refuse_unless_administrator(by, to_do="correct a completed course")
    if access.is_own(by, officer):
        raise NotYours(OWN_COMPLETION)
    found = next((one for one in completions_of(officer) if one.entry == completion), None)
    if found is None:
        raise QualificationRefused(NO_SUCH_COMPLETION)
    return found


def last_day_at(officer: User, completion: StandingCompletion, *, day: date) -> date | None:
    """Return the last day a completion would have on another day: that of what it awarded, the first to end, else by its release."""
    awards = awards_by(officer, completion.entry)
    if not awards:
        months = completion.said.get("validity_months")
        return months_after(day, months) if isinstance(months, int) else None
    longest = [longest_of(officer, award.code, awarded_on=day, without=award.entry) for award in awards]
    ends = [award.valid_until for award in awards] + [one.last_day for one in longest if one is not None]
    return min((end for end in ends if end is not None), default=None)


@transaction.atomic
def correct_completion(
    officer: User,
    completion: UUID,
    *,
    by: User,
    approved_by: User,
    at: datetime,
    reason: str,
    day: date,
    minutes: int | None,
) -> LedgerEntry:
    """Restate on which day a course was completed, and its length; its last day follows, with what it awarded and its certificate."""
    User.objects.select_for_update().get(pk=officer.pk)
    standing = checked_correction(officer, completion, by=by, day=day, minutes=minutes)
    refuse_unless_administrator(approved_by, to_do="approve a correction of a completed course")
    said = checked_reason(reason)
    until = last_day_at(officer, standing, day=day)
    entry = append_entry(
        kind=EntryKind.CORRECTION,
        officer=officer.public_id,
        day=day,
        subject=standing.course,
        minutes=minutes,
        valid_until=until,
        corrects=standing.last,
        payload={
            "title": standing.title,
            "reason": said,
            **_signed(officer, by=by, approved_by=approved_by),
        },
    )
    restate_awards_of(officer, completion, by=by, approved_by=approved_by, reason=said, day=day)
    certificate = certificate_of(completion)
    said_on_it = particulars_of(certificate) if certificate is not None else None
    # One that a later completion's replaced says its own days: of the earlier one nobody is shown a certificate any more.
    if certificate is not None and said_on_it is not None and _is_current(certificate):
        now = replace(said_on_it, awarded_on=day, valid_until=until, minutes=minutes or 0)
        write_again(certificate, now, title=certificate.title, at=at, is_asked=False)
    return entry


@transaction.atomic
def void_completion(
    officer: User, completion: UUID, *, by: User, approved_by: User, at: datetime, reason: str
) -> LedgerEntry:
    """Declare that a course was never completed, such as where somebody else sat its test.

    Its certificate is withdrawn and what it awarded counts for nothing. It stays in the ledger.
    """
    User.objects.select_for_update().get(pk=officer.pk)
    standing = checked_void(officer, completion, by=by)
    refuse_unless_administrator(approved_by, to_do="approve a correction of a completed course")
    said = checked_reason(reason)
    names = _signed(officer, by=by, approved_by=approved_by)
    entry = void_completion_of(officer, standing.entry, names=names, reason=said)
    if entry is None:
        raise QualificationRefused(NO_SUCH_COMPLETION)
    certificate = certificate_of(completion)
    if certificate is not None and revocation_of(certificate) is None:
        revoke_certificate(certificate, by=by, approved_by=approved_by, reason=said, at=at, holder_is_told=True)
    else:
        void_awards_of(officer, completion, by=by, approved_by=approved_by, reason=said)
    return entry


def _is_current(certificate: Certificate) -> bool:
    return revocation_of(certificate) is None and successor_of(certificate) is None


def _signed(officer: User, *, by: User, approved_by: User) -> dict[str, object]:
    try:
        return signed(officer, by=by, approved_by=approved_by)
    except TwoPeopleNeeded as refused:
        raise NotYours(str(refused)) from refused
