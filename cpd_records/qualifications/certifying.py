"""Certificates of qualifications: asked for by the officer, and put right with the award they certify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from cpd_records.certificates.awarding import award_qualification_certificate, latest_of, particulars_of
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.standing import revocation_of, suspension_of
from cpd_records.certificates.suspending import keep_suspended
from cpd_records.certificates.withdrawing import write_withdrawal
from cpd_records.models import QUALIFICATION_SUBJECT, Certificate, PublicReason
from cpd_records.qualifications.lasting import HeldAward, held_awards
from cpd_records.qualifications.standing_awards import all_awards
from people import access, clock
from people.models import User

NOT_OURS = "It was recorded elsewhere and brought over, so the certificate is theirs to give. Ask whoever awarded it."


@dataclass(frozen=True, slots=True)
class Certifiable:
    """A qualification the officer holds or held, by one award; ``refusal`` says why no certificate of it is made, or is empty."""

    held: HeldAward
    refusal: str = ""


def certifiable_of(officer: User, *, on: date) -> list[Certifiable]:
    """Return the officer's qualifications by title, each with whether a certificate of it can be asked for."""
    said = {award.entry: award.said for award in all_awards(officer)}
    held = sorted(held_awards(officer, on=on).values(), key=lambda one: (one.title, one.code))
    return [Certifiable(one, NOT_OURS if _is_asserted(said.get(one.entry, {})) else "") for one in held]


def issue_qualification_certificate(officer: User, code: str, *, by: User, at: datetime) -> Certificate:
    """Award the certificate of what the officer holds of a qualification; with nothing changed it is the same one.

    Only the officer asks. Raises ``CertificateRefused``.
    """
    if not access.is_own(by, officer):
        raise CertificateRefused(
            "Only the officer asks for a certificate of their qualification. Ask them for it, or for its code."
        )
    rows = certifiable_of(officer, on=timezone.localdate(at))
    found = next((one for one in rows if one.held.code == code), None)
    if found is None:
        raise CertificateRefused(
            "No award of this qualification is on your record, so there is nothing to certify. Choose another."
        )
    if found.refusal:
        raise CertificateRefused(f"No certificate of {found.held.title} is made here. {found.refusal}")
    return _award(officer, found.held, at=at, is_asked=True)


def follow_correction(
    officer: User, code: str, *, by: User, names: dict[str, Any], reason: str, public_reason: PublicReason
) -> None:
    """Follow a correction of an award, in its transaction, with the officer locked.

    A certificate of an award that was never true, or that now rests on somebody else's word, is withdrawn in the ``names`` of the two
    people behind the correction; one that says other days than the record is superseded. Where it is suspended, so is what supersedes it.
    """
    latest = latest_of(officer, f"{QUALIFICATION_SUBJECT}{code}")
    said = particulars_of(latest) if latest is not None and revocation_of(latest) is None else None
    if latest is None or said is None:
        return
    moment = clock.now()
    rows = certifiable_of(officer, on=timezone.localdate(moment))
    now = next((one for one in rows if one.held.code == code), None)
    is_true = any(award.entry == UUID(said.award) for award in all_awards(officer))
    if is_true and now is not None and not now.refusal:
        if (said.awarded_on, said.valid_until) != (now.held.day, now.held.valid_until):
            suspension = suspension_of(latest)
            newer = _award(officer, now.held, at=moment, is_asked=False)
            if suspension is not None:
                keep_suspended(newer, suspension, at=moment)
        return
    write_withdrawal(latest, by=by, names=names, reason=reason, public_reason=public_reason, at=moment)


def _award(officer: User, held: HeldAward, *, at: datetime, is_asked: bool) -> Certificate:
    return award_qualification_certificate(
        officer,
        award=held.entry,
        code=held.code,
        title=held.title,
        awarded_on=held.day,
        valid_until=held.valid_until,
        at=at,
        is_asked=is_asked,
    )


def _is_asserted(said: Mapping[str, Any]) -> bool:
    """Return whether an award stands on another system's word."""
    return bool(said.get("source")) or said.get("basis") == "imported"
