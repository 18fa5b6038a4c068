"""What a certificate is worth on a day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from cpd_records.models import Certificate, CertificateRevocation, CertificateSuspension, SealedPlace


class Standing(StrEnum):
    """The six answers, and nothing between them."""

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    NO_LONGER_HELD = "no_longer_held"


def standing_of(certificate: Certificate, *, on: date, size: int | None = None) -> Standing:
    """Return how a certificate stood on a day; ``Certificate.objects.with_standing()`` reads what is needed in two queries.

    What was erased is no longer held, whatever else was true of it. A withdrawal outweighs a suspension, that a replacement, and a
    replacement an end. With the ``size`` of a checkpoint, each of them counts only where its entry is in the tree of that size: as
    known then.
    """
    try:
        certificate.entry.readable  # noqa: B018
    except ObjectDoesNotExist:
        return Standing.NO_LONGER_HELD
    revocation = revocation_of(certificate)
    if revocation is not None and _is_in(revocation.entry_id, size) and timezone.localdate(revocation.revoked_at) <= on:
        return Standing.REVOKED
    if suspension_of(certificate, on=on, size=size) is not None:
        return Standing.SUSPENDED
    successor = successor_of(certificate)
    if successor is not None and _is_in(successor.entry_id, size) and timezone.localdate(successor.created_at) <= on:
        return Standing.SUPERSEDED
    if certificate.valid_until is not None and certificate.valid_until < on:
        return Standing.EXPIRED
    return Standing.VALID


def _is_in(entry: UUID, size: int | None) -> bool:
    """Return whether an entry is in the tree of that size; without one, everything written counts."""
    return size is None or SealedPlace.objects.filter(entry=entry, index__lt=size).exists()


def revocation_of(certificate: Certificate) -> CertificateRevocation | None:
    """Return the row that withdrew it, or None."""
    try:
        return certificate.revocation
    except ObjectDoesNotExist:
        return None


def suspension_of(
    certificate: Certificate, *, on: date | None = None, size: int | None = None
) -> CertificateSuspension | None:
    """Return the suspension that stands on a day (None: now), or None; with a ``size``, as known in the tree of that size."""
    for suspension in certificate.suspensions.all():
        if not _is_in(suspension.entry_id, size) or (
            on is not None and timezone.localdate(suspension.suspended_at) > on
        ):
            continue
        end = getattr(suspension, "end", None)
        is_lifted = end is not None and _is_in(end.entry_id, size)
        if end is None or not is_lifted or (on is not None and timezone.localdate(end.lifted_at) > on):
            return suspension
    return None


def successor_of(certificate: Certificate) -> Certificate | None:
    """Return the certificate that replaced it, or None."""
    try:
        return certificate.superseded_by
    except ObjectDoesNotExist:
        return None
