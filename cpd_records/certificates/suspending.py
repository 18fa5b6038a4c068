"""Suspending a certificate while something is looked into, and lifting that. Nothing of it touches what was awarded.

One administrator suspends, at once: it protects whoever relies on it, and is lifted again. Lifting takes two people (``proposals``), as
whatever says that something may be relied on. Neither is ever the holder. Each is an entry of the ledger and a row that nobody changes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from cpd_records.certificates.decisions import (
    append_decision,
    checked_reason,
    locked,
    refuse_unless_decider,
    signed_by_two,
)
from cpd_records.certificates.issues import reached_with
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.standing import revocation_of, suspension_of
from cpd_records.models import Certificate, CertificateSuspension, CertificateSuspensionEnd, EntryKind
from people import work
from people.dates import long_date
from people.mail import tell
from people.models import User

TELL_HOLDER = "certificates.tell_suspended"
SAY_WHY = "Say why, in a sentence. The reason stays in the record, and the officer reads it."


def suspend_certificate(certificate: Certificate, *, by: User, reason: str, at: datetime) -> CertificateSuspension:
    """Suspend a certificate from ``at`` (aware) until it is lifted or withdrawn; the holder is told. Never one's own.

    Every issue of the same fact is suspended with it: of an older one we would otherwise say that it was true when issued.
    ``reason`` is for the record and the holder; strangers are told since when, and nothing of why. What it certifies goes on counting:
    whoever should not act on it meanwhile is restricted.
    """
    refuse_unless_decider(certificate, by=by, to_do="suspend a certificate")
    kept = checked_reason(reason, missing=SAY_WHY)
    with transaction.atomic():
        current = locked(certificate)
        refuse_unheld(current)
        earlier = suspension_of(current)
        if earlier is not None:
            since = long_date(timezone.localdate(earlier.suspended_at))
            raise CertificateRefused(f"This certificate is suspended since {since} already.")
        reached = [one for one in reached_with(current) if suspension_of(one) is None]
        suspension = {one.pk: _write(one, by=by, reason=kept, at=at) for one in reached}[current.pk]
        work.ask(TELL_HOLDER, str(suspension.pk))
    return suspension


def keep_suspended(newer: Certificate, suspension: CertificateSuspension, *, at: datetime) -> CertificateSuspension:
    """Suspend what replaces a suspended certificate without anybody having asked for it, as the older one is: nothing was looked into yet.

    In the transaction that writes ``newer``, with the officer locked. The reason and who decided stay; the entry names the suspension it
    goes on from, and the holder, who was told of that one, is not told again.
    """
    goes_on: dict[str, Any] = {"goes_on_from": suspension.entry_id}
    return _write(newer, by=suspension.suspended_by, reason=suspension.reason, at=at, more=goes_on)


def refuse_lifting(certificate: Certificate, *, by: User, reason: str) -> tuple[CertificateSuspension, str]:
    """Return what may be proposed to be lifted, and the reason as it is kept; else raise ``CertificateRefused``."""
    refuse_unless_decider(certificate, by=by, to_do="propose to lift a suspension")
    refuse_unheld(certificate)
    suspension = suspension_of(certificate)
    if suspension is None:
        raise CertificateRefused("This certificate is not suspended, so there is nothing to lift.")
    return suspension, checked_reason(reason, missing=SAY_WHY)


def lift_suspension(
    certificate: Certificate, *, by: User, approved_by: User, reason: str, at: datetime
) -> CertificateSuspensionEnd:
    """Lift a suspension: the certificate stands again as it would without. ``by`` proposed it, ``approved_by`` approved it."""
    with transaction.atomic():
        current = locked(certificate)
        _suspension, kept = refuse_lifting(current, by=by, reason=reason)
        refuse_unless_decider(current, by=approved_by, to_do="approve that a suspension is lifted")
        names = signed_by_two(current.officer, by=by, approved_by=approved_by)
        rows = {
            one.pk: _write_end(one, standing, by=by, approved_by=approved_by, names=names, reason=kept, at=at)
            for one in reached_with(current)
            if (standing := suspension_of(one)) is not None
        }
        return rows[current.pk]


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
    tell(
        suspension.certificate.officer,
        "A certificate of yours is suspended",
        said,
        "/my/record/",
        name=f"suspension-{suspension.pk}",
    )


def _write(
    certificate: Certificate, *, by: User, reason: str, at: datetime, more: dict[str, Any] | None = None
) -> CertificateSuspension:
    said = {"reason": reason, **(more or {}), "by": by.public_id, "by_name": by.get_short_name()}
    entry = append_decision(certificate, EntryKind.CERTIFICATE_SUSPENDED, said, at=at)
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
    said = {"suspension": suspension.entry_id, "reason": reason, **names}
    entry = append_decision(certificate, EntryKind.SUSPENSION_LIFTED, said, at=at)
    return CertificateSuspensionEnd.objects.create(
        suspension=suspension, reason=reason, lifted_by=by, approved_by=approved_by, lifted_at=at, entry=entry
    )
