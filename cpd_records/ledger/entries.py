"""Writing an entry: the one door into the ledger.

An entry is written in the transaction of the fact it records, so that there is never one without the other. It receives its place in
the tree seconds later, from the sealer; completions therefore never queue behind one another.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction

from cpd_records.ledger.canonical import VERSION, canonical_bytes, plain
from cpd_records.ledger.commitment import commit, new_salt
from cpd_records.models import EntryKind, LedgerEntry, ReadablePart, UnsealedEntry
from people import clock, work
from people.prepared import prepared_insert

COLUMNS = frozenset(
    {"v", "kind", "id", "officer", "subject", "day", "minutes", "valid_until", "corrects", "recorded_at"}
)
LONGEST_SUBJECT = 120
# What changes what a record says, or excuses somebody: by two people, neither of them the officer.
BY_TWO = frozenset(
    {EntryKind.CORRECTION, EntryKind.CERTIFICATE_REVOKED, EntryKind.SUSPENSION_LIFTED, EntryKind.EXEMPTION}
)
MOST_MINUTES = 2**31 - 1


class EntryRefused(ValueError):
    """An entry that may not be written; the message says why and what to do."""


def append_entry(
    *,
    kind: str,
    officer: uuid.UUID,
    day: date,
    payload: Mapping[str, Any],
    minutes: int | None = None,
    subject: str = "",
    valid_until: date | None = None,
    corrects: uuid.UUID | None = None,
) -> LedgerEntry:
    """Write one entry about ``officer`` (a person's public UUID) and return it, not yet sealed.

    ``payload`` holds what the columns do not: texts, integers, booleans, lists and objects; days, times and UUIDs are written as
    text, texts in NFC. It may not name a column. A correction gives ``corrects``; it, a withdrawn certificate, a lifted suspension
    and an exemption give ``reason``, ``by`` (their author) and ``approved_by`` in the payload: two public UUIDs, and neither is the
    officer's.
    Raises ``EntryRefused`` or ``canonical.PayloadRefused``; writes three rows and asks the sealer to wake after the commit.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An entry is only written inside the transaction of the fact it records.")
    _check_columns(kind, officer, day, minutes, subject, valid_until)
    _check_names(payload)
    if kind == EntryKind.CORRECTION and corrects is None:
        raise EntryRefused("A correction names the entry that it corrects.")
    if kind in BY_TWO:
        _check_two_people(kind, officer, payload)
    if corrects is not None:
        _check_corrected(officer, corrects)

    entry_id, recorded_at = uuid.uuid4(), clock.now()
    columns: dict[str, Any] = {
        "kind": str.__str__(kind),
        "officer": officer,
        "subject": plain(subject),
        "day": day,
        "minutes": minutes,
        "valid_until": valid_until,
        "corrects": corrects,
        "recorded_at": recorded_at,
    }
    present = {name: value for name, value in columns.items() if value not in (None, "")}
    written = canonical_bytes(plain({"v": VERSION, "id": entry_id, **present, **payload}))
    salt = new_salt()

    commitment = commit(salt, written)
    insert_entry(id=entry_id, commitment=commitment)
    insert_readable_part(entry=entry_id, payload=written.decode(), salt=salt, **columns)
    insert_unsealed_entry(entry=entry_id, ticket=_ticket(recorded_at))
    transaction.on_commit(work.wake)
    return LedgerEntry.from_db(DEFAULT_DB_ALIAS, ["id", "commitment"], [entry_id, commitment])


@prepared_insert
def insert_entry(id: uuid.UUID, commitment: bytes) -> LedgerEntry:
    return LedgerEntry(id=id, commitment=commitment)


@prepared_insert
def insert_readable_part(
    entry: uuid.UUID,
    payload: str,
    salt: bytes,
    kind: str,
    officer: uuid.UUID,
    subject: str,
    day: date,
    minutes: int | None,
    valid_until: date | None,
    corrects: uuid.UUID | None,
    recorded_at: datetime,
) -> ReadablePart:
    return ReadablePart(
        entry_id=entry,
        payload=payload,
        salt=salt,
        kind=kind,
        officer=officer,
        subject=subject,
        day=day,
        minutes=minutes,
        valid_until=valid_until,
        corrects=corrects,
        recorded_at=recorded_at,
    )


@prepared_insert
def insert_unsealed_entry(entry: uuid.UUID, ticket: int) -> UnsealedEntry:
    return UnsealedEntry(entry_id=entry, ticket=ticket)


def _check_columns(
    kind: str, officer: uuid.UUID, day: date, minutes: int | None, subject: str, valid_until: date | None
) -> None:
    if kind not in EntryKind.values:
        raise EntryRefused(f"The ledger records no '{kind}': its kinds are {', '.join(EntryKind.values)}.")
    if not isinstance(officer, uuid.UUID):
        raise EntryRefused("An entry is about a person, named by their public UUID.")
    for name, value in (("day", day), ("valid_until", valid_until)):
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise EntryRefused(f"'{name}' is a day, not {value!r}.")
    if minutes is not None and (
        isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 <= minutes <= MOST_MINUTES
    ):
        raise EntryRefused(f"Minutes are a whole number from 0, not {minutes!r}.")
    if len(plain(subject)) > LONGEST_SUBJECT or any(character < " " for character in subject):
        raise EntryRefused(
            f"'{subject[:40]}' is no subject: use a code of at most {LONGEST_SUBJECT} characters in one line."
        )


def _check_names(payload: Mapping[str, Any]) -> None:
    taken = sorted(COLUMNS & payload.keys())
    if taken:
        raise EntryRefused(f"The payload names '{taken[0]}' itself: give it as an argument, where columns come from.")


def _check_two_people(kind: str, officer: uuid.UUID, payload: Mapping[str, Any]) -> None:
    """Refuse what one person alone would write, or anybody about their own record: the last word on it, whatever verb led here."""
    what = EntryKind(kind).label.lower()
    if not all(payload.get(name) for name in ("reason", "by", "approved_by")):
        raise EntryRefused(
            f"An entry '{what}' gives its reason, its author and who approved it: "
            "'reason', 'by' and 'approved_by' in the payload."
        )
    author, approver = str(payload["by"]), str(payload["approved_by"])
    if author == approver:
        raise EntryRefused(f"An entry '{what}' takes two people: who approves it is not who proposed it.")
    if str(officer) in (author, approver):
        raise EntryRefused(f"An entry '{what}' is neither proposed nor approved by the officer it is about.")


def _check_corrected(officer: uuid.UUID, corrects: uuid.UUID) -> None:
    whose = ReadablePart.objects.filter(entry_id=corrects).values_list("officer", flat=True).first()
    if whose is None:
        raise EntryRefused("The entry to be corrected is not in the ledger, or what it said was erased.")
    if whose != officer:
        raise EntryRefused("The entry to be corrected is about somebody else.")


def _ticket(recorded_at: datetime) -> int:
    return int(recorded_at.timestamp() * 1_000_000)
