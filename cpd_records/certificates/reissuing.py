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

from cpd_records.certificates.awarding import CertificateRefused, particulars_of, write_again
from cpd_records.certificates.issues import newest_issue
from cpd_records.certificates.particulars import Particulars, printable
from cpd_records.certificates.standing import revocation_of, successor_of, suspension_of
from cpd_records.models import Certificate
from people import access
from people.dates import long_date
from people.models import User

OWN_ONLY = "Only its holder has a certificate issued again under another name. Ask them."
A_LIST = "It is a list as recorded on a day. Ask for a new one: it bears your present name."
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
        return write_again(latest, now, title=latest.title, at=at)


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
        return f"This certificate is suspended since {since}. It can be issued again once that is lifted."
    if successor_of(certificate) is not None:
        return "A newer certificate replaced this one. Have that one issued again."
    return ""
