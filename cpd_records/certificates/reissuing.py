"""Issuing a certificate again: the same fact, under the holder's present name, or with a misprint put right.

Nothing is completed or awarded anew: days, release and fact stay, and the older one is superseded. Its holder alone asks for the present
name. What was misprinted is put right by two people, as whatever changes what a record says (``proposals``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from cpd_records.certificates.awarding import SUSPENDED_SINCE, particulars_of, write_again
from cpd_records.certificates.decisions import refuse_unless_decider, signed_by_two
from cpd_records.certificates.issues import newest_issue
from cpd_records.certificates.particulars import Particulars, printable
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.standing import revocation_of, successor_of, suspension_of
from cpd_records.ledger.entries import append_entry
from cpd_records.models import Certificate, EntryKind, LedgerEntry
from people import access
from people.dates import long_date
from people.models import User

OWN_ONLY = "Only its holder has a certificate issued again under another name. Ask them."
A_LIST = "It is a list as recorded on a day. Ask for a new one: it bears your present name."
FOLLOWS_ITS_AWARD = (
    "A qualification’s certificate follows its award and its title. Put those right; its holder then asks for it again."
)
LONGEST_LINE = 255
PUT_RIGHT = "put a certificate right"
SAME_NAME = "It bears your present name and number already."


@dataclass(frozen=True, slots=True)
class OtherName:
    """A certificate that bears another ``name`` or number than its holder's; ``refusal`` says why it is not issued again, or is empty."""

    certificate: Certificate
    name: str
    refusal: str

    @property
    def words(self) -> str:
        return f"Awarded {long_date(self.certificate.awarded_on)}, to {self.name}"


def of_another_name(officer: User, rows: Iterable[Certificate] | None = None) -> list[OtherName]:
    """Return those of the officer's certificates that no other replaced and that bear another name or number, the latest first.

    ``rows`` are the officer's with their standing, where the caller has read them.
    """
    if rows is None:
        rows = Certificate.objects.filter(officer=officer).with_standing().order_by("-awarded_on", "-created_at")
    found = []
    for row in rows:
        said = particulars_of(row)
        if said is None or row.has_list or successor_of(row) is not None or revocation_of(row) is not None:
            continue
        if not _is_of(said, officer):
            found.append(OtherName(row, said.name, _refusal_of(row)))
    return found


def reissue_under_present_name(certificate: Certificate, *, by: User, at: datetime) -> Certificate:
    """Issue what the certificate certifies again under the name and number its holder has now; the older one is superseded.

    Asked twice it is the same one. Only the holder. Raises ``CertificateRefused``.
    """
    if not access.is_own(by, certificate.officer):
        raise CertificateRefused(OWN_ONLY)
    with transaction.atomic():
        holder = User.objects.select_for_update().get(pk=certificate.officer_id)
        latest = newest_issue(certificate)
        said = _checked(latest)
        if _is_of(said, holder):
            if latest.pk == certificate.pk:
                raise CertificateRefused(SAME_NAME)
            return latest
        now = replace(said, name=printable(holder.name), service_number=printable(holder.service_number))
        return write_again(latest, now, title=latest.title, at=at, is_asked=True)


@dataclass(frozen=True, slots=True)
class PutRight:
    """What a certificate should have said: what it is for, the release as it is printed, and whole minutes of learning."""

    title: str
    release: str
    minutes: int

    @classmethod
    def of(cls, said: Particulars) -> PutRight:
        return cls(said.title, said.release, said.minutes)


def refuse_putting_right(certificate: Certificate, wanted: PutRight, *, by: User) -> tuple[Particulars, PutRight]:
    """Return what the certificate says, and ``wanted`` as printed, where ``by`` may propose it; else raise ``CertificateRefused``.

    Days are the record's, and a qualification's certificate follows its award: those are put right there.
    """
    refuse_unless_decider(certificate, by=by, to_do=PUT_RIGHT)
    said = _checked(certificate)
    if said.is_qualification:
        raise CertificateRefused(FOLLOWS_ITS_AWARD)
    clean = PutRight(printable(wanted.title), printable(wanted.release), wanted.minutes)
    if not clean.title or not clean.release:
        raise CertificateRefused("A certificate says what it is for, and by which release. Write both.")
    if max(len(clean.title), len(clean.release)) > LONGEST_LINE:
        raise CertificateRefused(f"A line of a certificate has at most {LONGEST_LINE} characters. Shorten it.")
    if clean.minutes < 0:
        raise CertificateRefused("Learning time cannot be less than nothing.")
    if clean == PutRight.of(said):
        raise CertificateRefused("Nothing was changed, so there is nothing to put right.")
    return said, clean


def put_certificate_right(
    certificate: Certificate, wanted: PutRight, *, by: User, approved_by: User, reason: str, at: datetime
) -> LedgerEntry:
    """Issue a certificate again without its misprint, and return the entry that says so; the one with the misprint is superseded.

    ``by`` proposed it, ``approved_by`` approved it. The name stays as it was printed: whether to show another one is for its holder.
    """
    with transaction.atomic():
        # The officer first, as everything does that changes what their record says.
        officer = User.objects.select_for_update().get(pk=certificate.officer_id)
        said, clean = refuse_putting_right(certificate, wanted, by=by)
        refuse_unless_decider(certificate, by=approved_by, to_do=PUT_RIGHT)
        names = signed_by_two(officer, by=by, approved_by=approved_by)
        now = replace(said, title=clean.title, release=clean.release, minutes=clean.minutes)
        newer = write_again(certificate, now, title=clean.title, at=at, is_asked=False)
        return append_entry(
            kind=EntryKind.CORRECTION,
            officer=officer.public_id,
            day=said.awarded_on,
            subject=certificate.code,
            valid_until=said.valid_until,
            corrects=certificate.entry_id,
            payload={
                "title": clean.title,
                "release": clean.release,
                "learning_minutes": clean.minutes,
                "issued_again": newer.entry_id,
                "reason": reason,
                **names,
            },
        )


def _is_of(said: Particulars, holder: User) -> bool:
    return (said.name, said.service_number) == (printable(holder.name), printable(holder.service_number))


def _checked(certificate: Certificate) -> Particulars:
    """Return what the certificate says where it can be issued again; else raise ``CertificateRefused``."""
    refusal = _refusal_of(certificate)
    said = particulars_of(certificate)
    if refusal or said is None:
        raise CertificateRefused(
            refusal or "What this certificate said was lawfully erased, so it cannot be issued again."
        )
    return said


def _refusal_of(certificate: Certificate) -> str:
    """Return why a certificate is not issued again, as a sentence; empty where it can be."""
    try:
        certificate.entry.readable  # noqa: B018
    except ObjectDoesNotExist:
        return "What this certificate said was lawfully erased, so it cannot be issued again."
    if certificate.has_list:
        return A_LIST
    revocation = revocation_of(certificate)
    if revocation is not None:
        day = long_date(timezone.localdate(revocation.revoked_at))
        return f"This certificate was withdrawn on {day}, so it is not issued again."
    suspension = suspension_of(certificate)
    if suspension is not None:
        since = long_date(timezone.localdate(suspension.suspended_at))
        return SUSPENDED_SINCE.format(since=since)
    if successor_of(certificate) is not None:
        return "A newer certificate replaced this one. Have that one issued again."
    return ""
