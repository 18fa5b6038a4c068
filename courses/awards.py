"""What a completion awards, and how long it lasts: course and qualification never say different days.

A certificate has one last day, so a course lasts as long as what it leads to, and a rule that has changed since the release came out
counts, not the release.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from courses.models import Enrolment
from cpd_records.models import LedgerEntry
from cpd_records.qualifications.awarding import COURSE, award_qualification
from cpd_records.qualifications.lasting import last_days, qualifications_of


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
