"""Suspending a certificate while something is looked into, and lifting that. Nothing of it touches what was awarded.

One administrator suspends, at once: it protects whoever relies on it, and is lifted again. Lifting takes two people (``proposals``), as
whatever says that something may be relied on. Neither is ever the holder. Each is an entry of the ledger and a row that nobody changes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from cpd_records.certificates.awarding import CertificateRefused
from cpd_records.certificates.issues import reached_with
from cpd_records.certificates.standing import revocation_of, successor_of, suspension_of
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.two_people import TwoPeopleNeeded, signed
from cpd_records.models import Certificate, CertificateSuspension, CertificateSuspensionEnd, EntryKind
from people import access, work
from people.dates import long_date
from people.mail import full_address, send
from people.models import User

LONGEST_REASON = 500
SUSPENDERS = (access.TRAINING_ADMIN, access.SYSTEM_ADMIN)
TELL_HOLDER = "certificates.tell_suspended"
SAY_WHY = "Say why, in a sentence. The reason stays in the record, and the officer reads it."


def suspend_certificate(certificate: Certificate, *, by: User, reason: str, at: datetime) -> CertificateSuspension:
    """Suspend a certificate from ``at`` (aware) until it is lifted or withdrawn; the holder is told. Never one's own.

    Every issue of the same fact is suspended with it: of an older one we would otherwise say that it was true when issued.
    ``reason`` is for the record and the holder; strangers are told since when, and nothing of why. What it certifies goes on counting:
    whoever should not act on it meanwhile is restricted.
    """
    _refuse_by(certificate, by=by, to_do="suspend a certificate")
    kept = _checked(reason)
    with transaction.atomic():
        locked = _locked(certificate)
        refuse_unheld(locked)
        earlier = suspension_of(locked)
        if earlier is not None:
            since = long_date(timezone.localdate(earlier.suspended_at))
            raise CertificateRefused(f"This certificate is suspended since {since} already.")
        reached = [one for one in reached_with(locked) if suspension_of(one) is None]
        suspension = {one.pk: _write(one, by=by, reason=kept, at=at) for one in reached}[locked.pk]
        work.ask(TELL_HOLDER, str(suspension.pk))
    return suspension


def refuse_lifting(certificate: Certificate, *, by: User, reason: str) -> tuple[CertificateSuspension, str]:
    """Return what may be proposed to be lifted, and the reason as it is kept; else raise ``CertificateRefused``."""
    _refuse_by(certificate, by=by, to_do="propose to lift a suspension")
    refuse_unheld(certificate)
    suspension = suspension_of(certificate)
    if suspension is None:
        raise CertificateRefused("This certificate is not suspended, so there is nothing to lift.")
    return suspension, _checked(reason)


def lift_suspension(
    certificate: Certificate, *, by: User, approved_by: User, reason: str, at: datetime
) -> CertificateSuspensionEnd:
    """Lift a suspension: the certificate stands again as it would without. ``by`` proposed it, ``approved_by`` approved it."""
    with transaction.atomic():
        locked = _locked(certificate)
        _suspension, kept = refuse_lifting(locked, by=by, reason=reason)
        _refuse_by(locked, by=approved_by, to_do="approve that a suspension is lifted")
        try:
            names = signed(locked.officer, by=by, approved_by=approved_by)
        except TwoPeopleNeeded as refused:
            raise CertificateRefused(str(refused)) from refused
        rows = {
            one.pk: _write_end(one, standing, by=by, approved_by=approved_by, names=names, reason=kept, at=at)
            for one in reached_with(locked)
            if (standing := suspension_of(one)) is not None
        }
        return rows[locked.pk]


def refuse_unheld(certificate: Certificate) -> None:
    """Refuse what was withdrawn, which is final, and what is no longer held."""
    earlier = revocation_of(certificate)
    if earlier is not None:
        day = long_date(timezone.localdate(earlier.revoked_at))
        raise CertificateRefused(f"This certificate was withdrawn on {day}, and stays so.")
    try:
        certificate.entry.readable  # noqa: B018
    except ObjectDoesNotExist as gone:
        raise CertificateRefused("What this certificate said was lawfully erased, so it is no longer held.") from gone


@work.background(TELL_HOLDER)
def tell_holder(key: str) -> None:
    """Tell the holder that a certificate of theirs is suspended, and where to read which and why; the mail names neither."""
    suspension = CertificateSuspension.objects.select_related("certificate__officer").get(pk=key)
    said = (
        "Until that is lifted, whoever checks its code is told not to rely on it. Your record says which one it is, why, and who decided. "
        "If you think it is wrong, tell your supervisor or a training administrator."
    )
    words = render_to_string("cpd_records/mail/told.txt", {"said": said, "address": full_address("/my/record/")})
    send(
        suspension.certificate.officer,
        subject="A certificate of yours is suspended",
        words=words,
        name=f"suspension-{suspension.pk}",
    )


def _write(certificate: Certificate, *, by: User, reason: str, at: datetime) -> CertificateSuspension:
    replaced: dict[str, Any] = {} if successor_of(certificate) is None else {"is_replaced": True}
    entry = append_entry(
        kind=EntryKind.CERTIFICATE_SUSPENDED,
        officer=certificate.officer.public_id,
        day=timezone.localdate(at),
        subject=certificate.code,
        payload={
            "certificate": certificate.entry_id,
            "title": certificate.title,
            "reason": reason,
            **replaced,
            "by": by.public_id,
            "by_name": by.get_short_name(),
        },
    )
    return CertificateSuspension.objects.create(
        certificate=certificate, reason=reason, suspended_by=by, suspended_at=at, entry=entry
    )


def _write_end(
    certificate: Certificate,
    suspension: CertificateSuspension,
    *,
    by: User,
    approved_by: User,
    names: dict[str, Any],
    reason: str,
    at: datetime,
) -> CertificateSuspensionEnd:
    replaced: dict[str, Any] = {} if successor_of(certificate) is None else {"is_replaced": True}
    entry = append_entry(
        kind=EntryKind.SUSPENSION_LIFTED,
        officer=certificate.officer.public_id,
        day=timezone.localdate(at),
        subject=certificate.code,
        payload={
            "certificate": certificate.entry_id,
            "suspension": suspension.entry_id,
            "title": certificate.title,
            "reason": reason,
            **replaced,
            **names,
        },
    )
    return CertificateSuspensionEnd.objects.create(
        suspension=suspension, reason=reason, lifted_by=by, approved_by=approved_by, lifted_at=at, entry=entry
    )


def _locked(certificate: Certificate) -> Certificate:
    # The officer first, as everything does that changes what their record says.
    User.objects.select_for_update().get(pk=certificate.officer_id)
    return Certificate.objects.select_for_update(of=("self",)).select_related("officer").get(pk=certificate.pk)


def _refuse_by(certificate: Certificate, *, by: User, to_do: str) -> None:
    if access.is_own(by, certificate.officer):
        raise CertificateRefused("You decide nothing about your own certificate. Somebody else does.")
    if not access.is_person(by) or not access.has_any_role(by, *SUSPENDERS):
        raise CertificateRefused(f"Only a training administrator or a system administrator can {to_do}.")


def _checked(reason: str) -> str:
    kept = reason.strip()
    if not kept:
        raise CertificateRefused(SAY_WHY)
    if len(kept) > LONGEST_REASON:
        raise CertificateRefused(f"The reason is too long: use at most {LONGEST_REASON} characters.")
    return kept
