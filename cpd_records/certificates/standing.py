"""What a certificate is worth on a day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from cpd_records.models import Certificate, CertificateRevocation, SealedPlace


class Standing(StrEnum):
    """The five answers, and nothing between them."""

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    NO_LONGER_HELD = "no_longer_held"


def standing_of(certificate: Certificate, *, on: date, size: int | None = None) -> Standing:
    """Return how a certificate stood on a day; ``Certificate.objects.with_standing()`` reads what is needed in one query.

    What was erased is no longer held, whatever else was true of it. A withdrawal outweighs a replacement, a replacement an end. With
    the ``size`` of a checkpoint, a withdrawal or replacement counts only where its entry is in the tree of that size: as known then.
    """
    try:
        certificate.entry.readable  # noqa: B018
    except ObjectDoesNotExist:
        return Standing.NO_LONGER_HELD
    revocation = revocation_of(certificate)
    if revocation is not None and _is_in(revocation.entry_id, size) and timezone.localdate(revocation.revoked_at) <= on:
        return Standing.REVOKED
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


def successor_of(certificate: Certificate) -> Certificate | None:
    """Return the certificate that replaced it, or None."""
    try:
        return certificate.superseded_by
    except ObjectDoesNotExist:
        return None
