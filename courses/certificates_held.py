"""The certificates an officer holds, as their record lists them: how each stands, in words, and which replaced which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cpd_records.certificates import Standing
from cpd_records.certificates.as_known import certificates_as_known
from cpd_records.certificates.reissuing import of_another_name
from cpd_records.certificates.standing import successor_of
from cpd_records.models import Certificate
from people.dates import long_date
from people.models import User


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate in the list: title, where it is, how it stands, in words; ``badge`` is where its credential is taken, or empty.

    ``bears`` is the name on it where that is not the holder's present one and it can be issued again, else empty. ``replaces`` and
    ``replaced_by`` are the certificates before and after it in its chain, each by code and address.
    """

    id: UUID
    title: str
    address: str
    words: str
    standing: Standing
    is_ready: bool
    badge: str
    code: str
    bears: str = ""
    replaces: tuple[str, str] | None = None
    replaced_by: tuple[str, str] | None = None


def certificates_of(
    officer: User, *, on: date, known_at: datetime | None = None, replaced: bool = False
) -> list[HeldCertificate]:
    """Return the officer's certificates that were not replaced, the latest first, as known at a time; None is now.

    With ``replaced`` those that were replaced stand among them.
    """
    found = []
    held = certificates_as_known(officer, on=on, known_at=known_at).held
    others = {
        one.certificate.pk: one.name for one in of_another_name(officer, [row for row, _ in held]) if not one.refusal
    }
    for row, standing in held:
        if standing is Standing.NO_LONGER_HELD or (standing is Standing.SUPERSEDED and not replaced):
            continue
        found.append(
            HeldCertificate(
                id=row.pk,
                title=row.title,
                address=row.get_absolute_url(),
                words=_standing_words(row, standing),
                standing=standing,
                is_ready=row.is_ready,
                badge=row.badge_address if row.is_ready and standing is not Standing.NO_LONGER_HELD else "",
                code=row.display_code,
                bears="" if known_at else others.get(row.pk, ""),
                replaces=_named(row.supersedes),
                replaced_by=_named(successor_of(row)) if standing is Standing.SUPERSEDED else None,
            )
        )
    return found


def _named(certificate: Certificate | None) -> tuple[str, str] | None:
    return None if certificate is None else (certificate.display_code, certificate.get_absolute_url())


def _standing_words(row: Certificate, standing: Standing) -> str:
    if standing == Standing.REVOKED:
        return "Withdrawn"
    if standing == Standing.SUSPENDED:
        return "Suspended: whoever checks it is told not to rely on it"
    if standing == Standing.SUPERSEDED:
        return f"Awarded {long_date(row.awarded_on)}, replaced"
    if not row.is_ready:
        return "Being made"
    if row.has_list:
        return f"As recorded on {long_date(row.awarded_on)}"
    if row.valid_until is None:
        return f"Awarded {long_date(row.awarded_on)}"
    return f"{'Expired' if standing == Standing.EXPIRED else 'Valid to'} {long_date(row.valid_until)}"
