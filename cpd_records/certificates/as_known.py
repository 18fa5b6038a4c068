"""Somebody's certificates, and how each stood on a day, as known at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cpd_records.certificates.standing import Standing, standing_of
from cpd_records.currency.facts import footing_at
from cpd_records.models import Certificate
from people.models import User


@dataclass(frozen=True, slots=True)
class CertificatesKnown:
    """Certificates with how each stood, and what the answer rests on: the tree's ``size``, and whether a later checkpoint may add."""

    held: tuple[tuple[Certificate, Standing], ...]
    size: int
    provisional: bool


def certificates_as_known(officer: User, *, on: date, known_at: datetime | None = None) -> CertificatesKnown:
    """Return the officer's certificates with how each stood on a day as known at a time (aware; None is now), the latest first.

    Cut as every question about the record is: what is not in the tree of the last checkpoint by then was not known.
    """
    footing = footing_at(known_at)
    rows = Certificate.objects.filter(officer=officer, awarded_on__lte=on).with_standing().select_related("supersedes")
    if footing.cut.size is not None:
        rows = rows.filter(entry__place__index__lt=footing.cut.size)
    held = tuple(
        (row, standing_of(row, on=on, size=footing.cut.size)) for row in rows.order_by("-awarded_on", "-created_at")
    )
    return CertificatesKnown(held, footing.size, footing.is_provisional)
