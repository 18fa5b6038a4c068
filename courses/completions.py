"""Completed courses as the record has them now: their days and lengths as last corrected, without those that were never true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from courses.models import Completion
from cpd_records.certificates.standing import revocation_of
from cpd_records.completions.standing import Restated, certificate_of, corrected_completions
from cpd_records.models import Certificate

# Of what a completion leads to, so that no text of a release is read for its title.
READ = (
    "at",
    "entry",
    "certificate__awarded_on",
    "certificate__valid_until",
    "certificate__issued_at",
    "enrolment__officer",
    "enrolment__course__code",
    "enrolment__course__slug",
    "enrolment__release__title",
    "enrolment__release__minutes",
    "enrolment__release__number",
    "attempt__outcome",
)


@dataclass(frozen=True, slots=True)
class Finish:
    """A completion that stands: ``day``, ``minutes`` and ``valid_until`` are what the record says now, ``certificate`` certifies it."""

    completion: Completion
    day: date
    minutes: int
    valid_until: date | None
    certificate: Certificate


def finishes(rows: QuerySet[Completion]) -> list[Finish]:
    """Return those of the completions that stand, by the day they were completed. Two queries, and two for each that was corrected."""
    found = list(
        rows.filter(certificate__revocation__isnull=True)
        .select_related("certificate", "enrolment__course", "enrolment__release", "attempt")
        .only(*READ)
        .order_by("at")
    )
    corrected = corrected_completions([row.entry_id for row in found])
    return sorted(_standing(found, corrected), key=lambda one: one.day)


def certificate_now(completion: Completion) -> Certificate:
    """Return the certificate of a completion, the one of its last correction where that made another."""
    return certificate_of(completion.entry_id) or completion.certificate


def is_withdrawn(completion: Completion) -> bool:
    """Return whether a completion was declared never true, or its certificate withdrawn."""
    corrected = corrected_completions([completion.entry_id])
    if completion.entry_id in corrected:
        return corrected[completion.entry_id] is None
    return revocation_of(completion.certificate) is not None


def _standing(rows: list[Completion], corrected: Mapping[UUID, Restated | None]) -> Iterator[Finish]:
    for row in rows:
        certificate = row.certificate
        if row.entry_id not in corrected:
            yield Finish(
                row, certificate.awarded_on, row.enrolment.release.minutes, certificate.valid_until, certificate
            )
            continue
        now = corrected[row.entry_id]
        if now is not None:
            yield Finish(row, now.day, now.minutes or 0, now.valid_until, certificate_now(row))
