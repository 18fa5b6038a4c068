"""Whether an entry says what its commitment covers, in its payload and in each of its columns.

Nearly every entry of every ledger is plainly right, and is found so in one look; whatever is not is examined member by member, and
that alone names harm. So the look may refuse what is right, and must never accept what is not.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from cpd_records.verification import formats
from cpd_records.verification.erasures import KIND as KIND_OF_ERASURES
from cpd_records.verification.erasures import RecordedErasures
from cpd_records.verification.findings import Findings
from cpd_records.verification.formats import Malformed
from cpd_records.verification.rows import Row, as_bytes, day_of, moment_of, text_of


def is_plainly_right(row: tuple[Any, ...]) -> bool:
    """Return whether everything an entry says is there and right, and no erasure names it or is recorded in it."""
    (_id, commitment, _index, _leaf, _unsealed, erasure, readable, officer, kind, subject, day, minutes, valid_until,
     corrects, recorded_at, text, salt, *_erasure) = row  # fmt: skip
    if erasure is not None or readable is None or kind == KIND_OF_ERASURES:
        return False
    if officer is None or day is None or recorded_at is None:
        return False
    if type(text) is not str or type(salt) is not bytes or type(commitment) is not bytes:
        return False
    if sha256(salt + text.encode()).digest() != commitment:
        return False
    said = formats.plain_payload(text)
    if said is None:
        return False
    says = said.get
    return (
        says("id") == str(readable)
        and says("officer") == str(officer)
        and says("kind") == kind
        and says("subject") == (subject or None)
        and says("day") == day_of(day)
        and says("minutes") == minutes
        and type(says("minutes")) is type(minutes)
        and says("valid_until") == day_of(valid_until)
        and says("corrects") == text_of(corrects)
        and says("recorded_at") == moment_of(recorded_at)
    )


def examine_entry(findings: Findings, row: Row, records: RecordedErasures) -> None:
    """Check what an entry says against its commitment, and that nothing of it is gone without an erasure that is recorded."""
    entry = row.entry
    if row.erasure is not None:
        harm = records.harm_of(row)
        if harm is not None:
            findings.found(entry, "erasure", harm)
    if row.readable is None:
        if row.erasure is None:
            findings.found(entry, "readable part", "what it said is gone, and no erasure names it")
        return
    if row.erasure is not None:
        findings.found(
            entry, "erasure", f"an erasure of {row.erased_at:%d %B %Y} names it, and what it said is still there"
        )
    text = row.payload if isinstance(row.payload, str) else as_bytes(row.payload).decode("utf-8", "replace")
    if formats.commitment_of(as_bytes(row.salt), text) != as_bytes(row.commitment):
        findings.found(entry, "commitment", "payload and salt do not lead to the commitment")
    try:
        payload = formats.read_payload(text)
    except Malformed as error:
        findings.found(entry, "payload", str(error))
        return
    if payload.get("kind") == KIND_OF_ERASURES:
        for erased, why in records.not_carried_out(entry, payload):
            findings.found(erased, "erasure", why)
    for column, value in _columns(row).items():
        if payload.get(column) != value or type(payload.get(column)) is not type(value):
            findings.found(
                entry, "column", f"the column says {column} is {value!r}, the payload {payload.get(column)!r}"
            )


def _columns(row: Row) -> dict[str, str | int | None]:
    """Return each column as the payload should have it; None where the payload should have nothing."""
    return {
        "id": text_of(row.readable),
        "officer": text_of(row.officer),
        "kind": row.kind,
        "subject": row.subject or None,
        "day": day_of(row.day),
        "minutes": row.minutes,
        "valid_until": day_of(row.valid_until),
        "corrects": text_of(row.corrects),
        "recorded_at": moment_of(row.recorded_at),
    }
