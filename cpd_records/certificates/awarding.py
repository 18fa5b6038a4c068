"""Awarding a certificate, a training record or a CPD statement: entry and row, in one transaction. The file follows within seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cpd_records.certificate_codes import new_code
from cpd_records.certificates.listing import LONGEST_LIST, Table, count_of, digest_of_list, list_text
from cpd_records.certificates.particulars import Listing, Particulars, particulars_for, printable
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.standing import revocation_of, suspension_of
from cpd_records.certificates.telling import TELL_REPLACED
from cpd_records.certificates.templates import form_called, form_of_qualifications
from cpd_records.certificates.words import day_in_words, period_in_words
from cpd_records.ledger.entries import append_entry
from cpd_records.models import (
    QUALIFICATION_SUBJECT,
    STATEMENT_SUBJECT,
    TRAINING_RECORD,
    Certificate,
    EntryKind,
    LedgerEntry,
    TrainingRecordList,
)
from people import work
from people.force import force
from people.models import User

ISSUE_WORK = "issue_certificate"
# So many training records and statements of one officer are awarded within a day.
MOST_LISTS_A_DAY, A_DAY = 20, timedelta(days=1)


TOO_LONG = "That is more than one signed file can list. Have a CPD statement issued for fewer days instead."
SUSPENDED_SINCE = "This certificate is suspended since {since}. It can be issued again once that is lifted."


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
    is_grant: bool = False,
    template: str = "",
) -> Certificate:
    """Award a certificate and ask for its file. An older one of the same officer and subject is superseded.

    ``subject`` is a code that never changes (a course's), ``release_label`` is printed as it is ('Release 3 of 4 September 2026'),
    ``minutes`` are whole minutes of learning (0 is not printed), ``is_grant`` makes it a letter of something granted, ``valid_until`` is
    the last valid day or None, ``template`` the code of the template it is made with, empty for the product's own form.
    Raises ``CertificateRefused``.
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
        return _write(
            holder,
            subject,
            latest_of(holder, subject),
            at=at,
            is_asked=False,
            completion_entry=completion_entry,
            title=title,
            release=release_label,
            minutes=minutes,
            awarded_on=awarded_on,
            valid_until=valid_until,
            assessed=assessed,
            is_grant=is_grant,
            form=form_called(template),
        )


def award_qualification_certificate(
    officer: User,
    *,
    award: UUID,
    code: str,
    title: str,
    awarded_on: date,
    valid_until: date | None,
    at: datetime,
    is_asked: bool,
) -> Certificate:
    """Award the certificate of a qualification, of the award with the entry ``award``; one that says something else is superseded.

    Awarded again with nothing changed, the name included, it is the same one. ``is_asked`` says that its holder has just asked for it:
    else they are told that an older one was replaced. While one of the same award is suspended, asking for another is refused.
    """
    with transaction.atomic():
        holder = User.objects.select_for_update().get(pk=officer.pk)
        latest = latest_of(holder, f"{QUALIFICATION_SUBJECT}{code}")
        said = None if latest is None or revocation_of(latest) is not None else particulars_of(latest)
        now = (str(award), printable(holder.name), printable(title), awarded_on, valid_until)
        before = said and (said.award, said.name, said.title, said.awarded_on, said.valid_until)
        if latest is not None and before == now:
            return latest
        if latest is not None and said is not None and is_asked and said.award == str(award):
            _refuse_suspended(latest)
        return _write(
            holder,
            f"{QUALIFICATION_SUBJECT}{code}",
            latest,
            at=at,
            is_asked=is_asked,
            completion_entry=None,
            title=title,
            release=f"Qualification {code}",
            minutes=0,
            awarded_on=awarded_on,
            valid_until=valid_until,
            assessed=False,
            award=str(award),
            form=form_of_qualifications(),
        )


def award_training_record(
    officer: User, tables: Sequence[Table], *, on: date, at: datetime, is_asked: bool = False
) -> Certificate:
    """Award the training record as recorded on ``on``, and ask for its file; one of an earlier day or state is superseded.

    Asked again on the day with nothing changed, it is the same one. Refused where nothing is recorded. Unless the holder has just asked
    for it (``is_asked``), they are told that an older one was replaced.
    """
    entries = count_of(tables)
    if not entries:
        raise CertificateRefused(
            "Nothing is recorded about you yet, so there is nothing to certify. Finish a course, then ask again."
        )
    return _award_list(officer, TRAINING_RECORD, "Training record", tables, entries, on=on, at=at, is_asked=is_asked)


def award_statement(
    officer: User, tables: Sequence[Table], *, entries: int, period: tuple[date, date], on: date, at: datetime
) -> Certificate:
    """Award the CPD statement of a period as recorded on ``on``, as a training record is; a later one of the same days supersedes it.

    ``entries`` is how many entries of the record it lists; the other rows are totals.
    """
    words = period_in_words(period)
    if not entries:
        raise CertificateRefused(
            f"Nothing is recorded about you from {words}, so there is nothing to certify. Choose other days."
        )
    subject = f"{STATEMENT_SUBJECT}{period[0].isoformat()}:{period[1].isoformat()}"
    title = f"CPD statement, {words}"
    return _award_list(officer, subject, title, tables, entries, on=on, at=at, is_asked=True, period=period)


def _award_list(
    officer: User,
    subject: str,
    title: str,
    tables: Sequence[Table],
    entries: int,
    *,
    on: date,
    at: datetime,
    is_asked: bool,
    period: tuple[date, date] | None = None,
) -> Certificate:
    """Award what certifies a list, which waits in its row for the file; the entry holds its digest.

    So many a day at most where its holder asks.
    """
    with transaction.atomic():
        holder = User.objects.select_for_update().get(pk=officer.pk)
        text = list_text(tables, name=holder.name, service_number=holder.service_number, on=on, period=period)
        if len(text.encode()) > LONGEST_LIST:
            raise CertificateRefused(TOO_LONG)
        listing = Listing(entries, digest_of_list(text), period)
        latest = latest_of(holder, subject)
        said = None if latest is None or revocation_of(latest) is not None else particulars_of(latest)
        if latest is not None and said is not None and said.listing == listing:
            return latest
        if is_asked:
            _refuse_too_many(holder, at=at)
        certificate = _write(
            holder,
            subject,
            latest,
            at=at,
            is_asked=is_asked,
            completion_entry=None,
            title=title,
            release=f"As recorded on {day_in_words(on)}",
            minutes=0,
            awarded_on=on,
            valid_until=None,
            assessed=False,
            listing=listing,
        )
        TrainingRecordList.objects.create(certificate=certificate, content=text)
        return certificate


def _refuse_suspended(certificate: Certificate) -> None:
    """Refuse another issue of what is suspended: it would stand beside the question that is being looked into."""
    suspension = suspension_of(certificate)
    if suspension is not None:
        since = day_in_words(timezone.localdate(suspension.suspended_at))
        raise CertificateRefused(SUSPENDED_SINCE.format(since=since))


def _refuse_too_many(holder: User, *, at: datetime) -> None:
    """Refuse another list where so many were awarded within a day: each is an entry for ever, and a file to draw and sign."""
    lists = Q(subject=TRAINING_RECORD) | Q(subject__startswith=STATEMENT_SUBJECT)
    within = Certificate.objects.filter(lists, officer=holder, created_at__gt=at - A_DAY, created_at__lte=at)
    if within.count() >= MOST_LISTS_A_DAY:
        raise CertificateRefused(
            f"{MOST_LISTS_A_DAY} training records and CPD statements were made within a day, which is the most. "
            "Take one of those, under Signed documents on My record, or ask again tomorrow."
        )


def latest_of(officer: User, subject: str) -> Certificate | None:
    """Return the officer's certificate of a subject that no other replaced."""
    rows = Certificate.objects.filter(officer=officer, subject=subject, superseded_by__isnull=True)
    return rows.with_standing().order_by("created_at").last()


def _write(
    holder: User,
    subject: str,
    older: Certificate | None,
    *,
    at: datetime,
    is_asked: bool,
    completion_entry: LedgerEntry | None,
    **said: Any,
) -> Certificate:
    """Write a certificate of these particulars, as the force and its holder are named today; see ``_write_row``."""
    particulars = particulars_for(
        code=_unused_code(),
        name=holder.name,
        service_number=holder.service_number,
        force=force(),
        site_address=settings.SITE_ADDRESS,
        **said,
    )
    return _write_row(
        holder,
        subject,
        older,
        particulars,
        title=said["title"],
        completion_entry=completion_entry,
        at=at,
        is_asked=is_asked,
    )


def write_again(older: Certificate, said: Particulars, *, title: str, at: datetime, is_asked: bool) -> Certificate:
    """Write a certificate of the same fact that says ``said``, with a code of its own; it supersedes ``older``.

    Inside the caller's transaction, with the holder locked; who may ask for it is decided there.
    """
    return _write_row(
        older.officer,
        older.subject,
        older,
        replace(said, code=_unused_code()),
        title=title,
        completion_entry=older.completion_entry if older.came_by_itself else None,
        at=at,
        is_asked=is_asked,
    )


def _write_row(
    holder: User,
    subject: str,
    older: Certificate | None,
    particulars: Particulars,
    *,
    title: str,
    completion_entry: LedgerEntry | None,
    at: datetime,
    is_asked: bool,
) -> Certificate:
    """Write entry, row and the work of making the file; inside the caller's transaction, with the holder locked.

    Where an older one is superseded by what its holder did not just ask for, they are told.
    """
    entry = append_entry(
        kind=EntryKind.CERTIFICATE,
        officer=holder.public_id,
        day=particulars.awarded_on,
        subject=particulars.code,
        valid_until=particulars.valid_until,
        payload=particulars.payload(),
    )
    certificate = Certificate.objects.create(
        officer=holder,
        code=particulars.code,
        subject=subject,
        title=title,
        awarded_on=particulars.awarded_on,
        valid_until=particulars.valid_until,
        entry=entry,
        completion_entry=completion_entry or entry,
        created_at=at,
        supersedes=older,
    )
    work.ask(ISSUE_WORK, str(certificate.pk))
    if older is not None and not is_asked:
        work.ask(TELL_REPLACED, str(certificate.pk))
    return certificate


def particulars_of(certificate: Certificate) -> Particulars | None:
    """Return what the certificate's entry says; None where it was erased."""
    try:
        return Particulars.read(certificate.entry.readable.payload)
    except ObjectDoesNotExist:
        return None


def _unused_code() -> str:
    while True:
        code = new_code()
        if not Certificate.objects.filter(code=code).exists():
            return code
