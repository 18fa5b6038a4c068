"""Awarding a certificate: its ledger entry and its row, in the transaction of the completion. The file follows within seconds."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from cpd_records.certificate_codes import new_code
from cpd_records.certificates.particulars import particulars_for
from cpd_records.ledger.entries import append_entry
from cpd_records.models import Certificate, EntryKind, LedgerEntry
from people import work
from people.force import force
from people.models import User

ISSUE_WORK = "issue_certificate"


class CertificateRefused(Exception):
    """A certificate that cannot be awarded or withdrawn; the message says why and what to do."""


def award_certificate(
    officer: User,
    *,
    subject: str,
    title: str,
    release_label: str,
    minutes: int,
    awarded_on: date,
    valid_until: date | None,
    completion_entry: LedgerEntry,
    assessed: bool,
    at: datetime,
) -> Certificate:
    """Award a certificate and ask for its file. An older one of the same officer and subject is superseded.

    ``subject`` is a code that never changes (a course's), ``release_label`` is printed as it is ('Release 3 of 4 September 2026'),
    ``minutes`` are whole minutes of learning, ``valid_until`` is the last valid day or None. Raises ``CertificateRefused``.
    """
    if not title.strip() or not subject.strip():
        raise CertificateRefused("A certificate says what it is for. Give the course a title and a code first.")
    if minutes < 0:
        raise CertificateRefused("Learning time cannot be less than nothing. Correct the minutes of the course.")
    if valid_until is not None and valid_until < awarded_on:
        raise CertificateRefused("The last valid day is before the day of the award. Correct the course's validity.")
    with transaction.atomic():
        # Two completions of one officer at once would otherwise both supersede the same certificate.
        holder = User.objects.select_for_update().get(pk=officer.pk)
        older = (
            Certificate.objects.filter(officer=holder, subject=subject, superseded_by__isnull=True)
            .order_by("created_at")
            .last()
        )
        code = _unused_code()
        particulars = particulars_for(
            code=code,
            name=holder.name,
            service_number=holder.service_number,
            title=title,
            release=release_label,
            minutes=minutes,
            awarded_on=awarded_on,
            valid_until=valid_until,
            assessed=assessed,
            force=force(),
            site_address=settings.SITE_ADDRESS,
        )
        entry = append_entry(
            kind=EntryKind.CERTIFICATE,
            officer=holder.public_id,
            day=awarded_on,
            subject=code,
            valid_until=valid_until,
            payload=particulars.payload(),
        )
        certificate = Certificate.objects.create(
            officer=holder,
            code=code,
            subject=subject,
            title=title,
            awarded_on=awarded_on,
            valid_until=valid_until,
            entry=entry,
            completion_entry=completion_entry,
            created_at=at,
            supersedes=older,
        )
        work.ask(ISSUE_WORK, str(certificate.pk))
    return certificate


def _unused_code() -> str:
    while True:
        code = new_code()
        if not Certificate.objects.filter(code=code).exists():
            return code
