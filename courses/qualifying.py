"""What finishing a course leads to: the qualifications it awards, and that course and qualification never say different days.

Which course leads to which qualification is on the course page, in codes, and is frozen into each release. A certificate has one last
day, so a course lasts as long as what it leads to, and a rule that has changed since the release came out counts, not the release.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cpd_records.currency.values import Lasting
from cpd_records.models import LedgerEntry
from cpd_records.qualifications.awarding import COURSE, award_qualification
from cpd_records.qualifications.lasting import last_days, lasting_on, qualifications_of

if TYPE_CHECKING:
    from courses.models import Enrolment


def known_qualifications(codes: Collection[str] | None, *, on: date) -> dict[str, Lasting]:
    """Return the qualifications a course can lead to, by code; only those of ``codes`` where given. No query for none of them."""
    return {} if codes is not None and not codes else lasting_on(on, codes)


def as_released(codes: Sequence[str], *, on: date) -> dict[str, list[dict[str, str]]]:
    """Return the part of a release's particulars that says what it leads to, as it is called on the day; empty for nothing."""
    known = known_qualifications(codes, on=on)
    named = [{"code": code, "title": known[code].title if code in known else code} for code in codes]
    return {"leads_to": named} if named else {}


def last_day_of(enrolment: Enrolment, *, day: date, otherwise: date | None) -> date | None:
    """Return the last day a completion on ``day`` is valid: that of what it awards, the first to end; ``otherwise`` without any."""
    codes = enrolment.release.leads_to
    if not codes:
        return otherwise
    found = last_days(enrolment.officer, codes, awarded_on=day)
    return min((last for last in found.values() if last is not None), default=None) if found else otherwise


def award_what_it_leads_to(enrolment: Enrolment, completion: LedgerEntry, *, day: date) -> list[LedgerEntry]:
    """Award the qualifications of the release, in the transaction of the completion, whose entry each award names.

    The length stands in the completion and is counted there, so an award by course has none.
    """
    release = enrolment.release
    found = qualifications_of(release.leads_to)
    details: dict[str, Any] = {
        "completion": completion.pk,
        "course": enrolment.course.code,
        "release": release.number,
        "release_digest": release.digest,
    }
    return [
        award_qualification(
            enrolment.officer, found[code], day=day, by=None, basis=COURSE, title=release.title, details=details
        )
        for code in release.leads_to
    ]
