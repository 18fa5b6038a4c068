"""What an entry of the ledger says, in words for the officer whose record it stands on: a title, and a detail in sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from cpd_records.certificate_codes import display_code
from cpd_records.importing.provenance import provenance
from cpd_records.models import EntryKind, ReadablePart
from people.dates import long_date
from people.durations import hours


def words_of(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    """Return title and detail of an entry; ``by_id`` holds those it may name."""
    title, detail = _WORDS.get(part.kind, _anything)(part, payload, by_id)
    corrected_by = getattr(part, "corrected_by", None)
    return title, f"{detail} {_put_right(corrected_by)}" if corrected_by else detail


def sentence(words: Any) -> str:
    """Return words as a sentence: with a full stop where they have no end."""
    said = str(words or "").strip()
    return said if not said or said.endswith((".", "!", "?")) else f"{said}."


def _completed(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    words = [
        hours(part.minutes or 0),
        f"Release {payload['release']}" if payload.get("release") else "",
        _recorded(part),
    ]
    return f"Completed: {payload.get('title', part.subject)}", ". ".join(filter(None, words)) + "."


def _verified(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    by = payload.get("verified_by_name")
    words = [hours(part.minutes or 0), f"Verified by {by}" if by else "Verified", "Reflection private"]
    return f"CPD verified: {payload.get('title', '')}", ". ".join(words) + "."


def _reflected(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    about = payload.get("title", "")
    if payload.get("has_reflection"):
        return f"Reflected on: {about}", "What was written is in no entry. Schemes count it as reflected on."
    return f"Reflection taken away: {about}", "Schemes count it as not reflected on."


def _revoked(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    about = payload.get("title")
    reason = str(payload.get("reason", ""))
    called = _of_which(payload, "withdrawn")
    return (
        f"{called}: {about}" if about else called,
        f"{reason} {_by_two(payload)}".strip(),
    )


def _suspended(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    return (
        f"{_of_which(payload, 'suspended')}: {payload.get('title', '')}",
        f"{sentence(payload.get('reason'))} By {payload['by_name']}.",
    )


def _lifted(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    words = f"{sentence(payload.get('reason'))} {_by_two(payload)}".strip()
    of_which = ", of the certificate that was replaced" if payload.get("is_replaced") else ""
    return f"Suspension lifted{of_which}: {payload.get('title', '')}", words


def _of_which(payload: dict[str, Any], what: str) -> str:
    """Return 'Certificate withdrawn'; of one that had been replaced by another issue of the same, 'Replaced certificate withdrawn'."""
    return f"Replaced certificate {what}" if payload.get("is_replaced") else f"Certificate {what}"


def _exempted(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    until = f"To {long_date(part.valid_until)}." if part.valid_until else ""
    return f"Exempted: {payload.get('title', part.subject)}", " ".join(
        filter(None, (until, sentence(payload.get("reason")), _by_two(payload)))
    )


def _certified(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    until = f"Valid to {long_date(part.valid_until)}. " if part.valid_until else ""
    return (
        f"Certificate awarded: {payload.get('title', '')}",
        f"{display_code(part.subject)}. {until}What is printed on it is this entry.",
    )


def _issued(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    about = by_id.get(UUID(payload["certificate"])) if payload.get("certificate") else None
    title = json.loads(about.payload).get("title", "") if about else display_code(part.subject)
    return f"Certificate signed: {title}", f"The file with the SHA-256 {payload.get('sha256', '')}."


def _qualified(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    source, said_by = payload.get("source"), payload.get("asserted_by")
    until = getattr(part, "in_date_to", part.valid_until)
    imported = f"Imported from {source}" + (f", asserted by {said_by}" if said_by else "") if source else ""
    words = [
        hours(part.minutes) if part.minutes else "",
        f"In date to {long_date(until)}" if until else "",
        imported,
        _recorded(part),
    ]
    title = payload.get("qualification") or payload.get("title") or part.subject
    return f"Qualification: {title}", ". ".join(filter(None, words)) + "."


def _corrected(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    before = by_id.get(part.corrects) if part.corrects else None
    about = json.loads(before.payload).get("title", before.subject) if before else payload.get("title", "")
    changes = _changes(part, before) if before else []
    words = [f"{'. '.join(changes)}." if changes else "", _put_right(payload)]
    called = "Never true" if payload.get("void") is True else "Corrected"
    return f"{called}: {about}", " ".join(filter(None, words))


def _imported(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    result = payload.get("result")
    words = [
        hours(part.minutes) if part.minutes else "",
        provenance(payload),
        f"Result there: {result}" if result else "",
        _recorded(part),
    ]
    return str(payload.get("title", part.subject)), ". ".join(filter(None, words)) + "."


def _anything(part: ReadablePart, payload: dict[str, Any], by_id: dict[UUID, ReadablePart]) -> tuple[str, str]:
    return str(payload.get("title") or part.subject or part.kind), _recorded(part) + "."


_WORDS = {
    EntryKind.COMPLETION.value: _completed,
    EntryKind.CPD_ACTIVITY.value: _verified,
    EntryKind.CPD_REFLECTION.value: _reflected,
    EntryKind.CERTIFICATE_REVOKED.value: _revoked,
    EntryKind.CERTIFICATE_SUSPENDED.value: _suspended,
    EntryKind.SUSPENSION_LIFTED.value: _lifted,
    EntryKind.CORRECTION.value: _corrected,
    EntryKind.IMPORTED.value: _imported,
    EntryKind.QUALIFICATION.value: _qualified,
    EntryKind.EXEMPTION.value: _exempted,
    EntryKind.CERTIFICATE.value: _certified,
    EntryKind.CERTIFICATE_ISSUED.value: _issued,
}


def _changes(part: ReadablePart, before: ReadablePart) -> list[str]:
    """Say what is different: '7 h, not 8 h'."""
    changes = []
    if part.minutes is not None and part.minutes != before.minutes:
        changes.append(f"{hours(part.minutes)}, not {hours(before.minutes or 0)}")
    if part.day != before.day:
        changes.append(f"on {long_date(part.day)}, not {long_date(before.day)}")
    if part.valid_until != before.valid_until and part.valid_until:
        changes.append(f"in date to {long_date(part.valid_until)}")
    return changes


def _put_right(payload: Mapping[str, Any]) -> str:
    """Return who put an entry right, and why: 'Corrected by Y. Demo, approved by Z. Demo. The register says so.'"""
    by, approved = payload.get("by_name"), payload.get("approved_by_name")
    who = f"Corrected by {by}{f', approved by {approved}' if approved else ''}." if by else ""
    return " ".join(filter(None, (who, sentence(payload.get("reason")))))


def _by_two(payload: Mapping[str, Any]) -> str:
    by, approved = payload.get("by_name"), payload.get("approved_by_name")
    return f"Proposed by {by}, approved by {approved}." if by and approved else ""


def _recorded(part: ReadablePart) -> str:
    day = timezone.localdate(part.recorded_at)
    return "Recorded the same day" if day == part.day else f"Recorded {long_date(day)}"
