"""Whose certificates a parade would hold: each person on the list answered in a sentence before anything is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from courses.models import Course, MemberState, Parade, Recruit
from cpd_records.certificates.late import NOT_YET, why_waiting
from cpd_records.certificates.particulars import Particulars
from cpd_records.certificates.standing import Standing, standing_of
from cpd_records.models import TRAINING_RECORD, Certificate
from people.dates import long_date
from people.models import User

MOST_NAMED = 20
RECORDS = "Training records of recruits, as recorded on the day they are made"
NO_RECRUIT = "Was in no intake within the past year. They ask for their training record themselves, on My record."
# A parade comes within so many days of the end of a programme.
AFTER_PROGRAMME = timedelta(days=365)


class Outlook(StrEnum):
    """What becomes of somebody on the list."""

    READY = "ready"
    TO_MAKE = "to make"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Line:
    """One person and their answer. ``certificate`` is the one that would be handed out, where there is one already."""

    officer: User
    outlook: Outlook
    words: str
    certificate: Certificate | None = None


def subjects() -> dict[str, str]:
    """Return what a parade can hand out: titles of courses that have come out, by code, and training records."""
    courses = (
        Course.objects.filter(current_release__isnull=False)
        .order_by("code")
        .values_list("code", "current_release__title")
    )
    return {TRAINING_RECORD: RECORDS, **{code: f"{code}: {title}" for code, title in courses}}


def look(subject: str, officers: Sequence[User], *, on: date) -> list[Line]:
    """Answer everybody on a list, in its order; two queries, however long it is."""
    if subject == TRAINING_RECORD:
        recruits = recruits_among(officers, on=on)
        return [
            Line(officer, Outlook.TO_MAKE, "Their training record is made, and they are told.")
            if officer.pk in recruits
            else Line(officer, Outlook.LEFT_OUT, NO_RECRUIT)
            for officer in officers
        ]
    latest = latest_certificates(subject, officers)
    return [_line(officer, latest.get(officer.pk), on=on) for officer in officers]


def recruits_among(officers: Iterable[User], *, on: date) -> set[int]:
    """Return the keys of those among them who are on a programme, or ended one within the year before the day."""
    rows = Recruit.objects.filter(officer__in=[one.pk for one in officers])
    since = timezone.make_aware(datetime.combine(on - AFTER_PROGRAMME, time()))
    return set(rows.filter(Q(closed_at=None) | Q(closed_at__gte=since)).values_list("officer", flat=True))


def latest_certificates(subject: str, officers: Iterable[User]) -> dict[int, Certificate]:
    """Return each officer's certificate of a subject that no other replaced."""
    rows = Certificate.objects.filter(
        officer__in=[one.pk for one in officers], subject=subject, superseded_by__isnull=True
    )
    return {row.officer_id: row for row in rows.with_standing().order_by("created_at")}


def why_not(certificate: Certificate | None, *, on: date) -> str:
    """Return why a certificate is not handed out on a day, as a sentence; empty where it is."""
    if certificate is None:
        return "Has no certificate of it: the course is not completed."
    standing = standing_of(certificate, on=on)
    if standing is Standing.NO_LONGER_HELD:
        return "The certificate was lawfully erased."
    if standing is Standing.REVOKED:
        return "The certificate was withdrawn."
    if standing is Standing.SUSPENDED:
        return "The certificate is suspended while something is looked into."
    if standing is Standing.EXPIRED and certificate.valid_until is not None:
        return f"The certificate ended on {long_date(certificate.valid_until)}."
    return ""


def _line(officer: User, certificate: Certificate | None, *, on: date) -> Line:
    if reason := why_not(certificate, on=on):
        return Line(officer, Outlook.LEFT_OUT, reason)
    assert certificate is not None
    name = Particulars.read(certificate.entry.readable.payload).name
    other = "" if name == officer.name else f" It bears the name of its award: {name}."
    if certificate.is_ready:
        return Line(officer, Outlook.READY, f"Awarded on {long_date(certificate.awarded_on)}.{other}", certificate)
    return Line(
        officer,
        Outlook.TO_MAKE,
        f"Awarded on {long_date(certificate.awarded_on)}; its file is being made.{other}",
        certificate,
    )


def slow_members(parade: Parade) -> list[tuple[User, str]]:
    """Return who is still waited for, the first twenty in the order of the list, and why. Three queries."""
    waiting = parade.members.filter(state=MemberState.WAITING).select_related("officer").order_by("position")  # type: ignore[attr-defined]
    rows = list(waiting[:MOST_NAMED])
    why = why_waiting([row.certificate_id for row in rows if row.certificate_id])
    return [(row.officer, why.get(row.certificate_id, NOT_YET) if row.certificate_id else NOT_YET) for row in rows]
