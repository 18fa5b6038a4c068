"""What the ledger's tests do again and again: write entries, seal, examine."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.sealing import SealReport, seal_now
from cpd_records.models import Erasure, LedgerEntry
from cpd_records.verification.examination import Examination, examine
from cpd_records.verification.triggers import missing_triggers

OFFICER = uuid.UUID("6f1c9f0a-2b7e-4c53-9d1e-0a4b8c2d7e11")
DAY = date(2026, 9, 1)
MOMENT = datetime(2026, 9, 1, 14, 30, tzinfo=UTC)
EVIDENCE = ["ledgerentry", "readablepart", "sealedplace", "checkpoint", "erasure"]
CERTIFICATES = ["certificate", "certificaterevocation", "certificatesuspension", "certificatesuspensionend"]


def write_entry(**given: Any) -> LedgerEntry:
    """Write an entry in a transaction of its own; what is not given is ordinary."""
    ordinary: dict[str, Any] = {
        "kind": "completion",
        "officer": OFFICER,
        "day": DAY,
        "payload": {"title": "Stop and search"},
    }
    with transaction.atomic():
        return append_entry(**{**ordinary, **given})


def write_sealed(count: int = 1, **given: Any) -> list[LedgerEntry]:
    entries = [write_entry(**given) for _number in range(count)]
    seal_now()
    return entries


def name_erased(entry: LedgerEntry, **given: Any) -> Erasure:
    """Write the row of an erasure and the entry that records it, and erase nothing; ``given`` makes the row differ from its record."""
    said: dict[str, Any] = {"class": "x", "authority": "y", "at": MOMENT, "entries": [entry.pk]}
    record = write_entry(kind="erasure", payload=said)
    row = {"officer": OFFICER, "retention_class": "x", "authority": "y", "at": MOMENT, "recorded_in": record}
    return Erasure.objects.create(entry=entry, **{**row, **given})


def seal() -> SealReport:
    return seal_now()


def examined(*, against: str | None = None) -> Examination:
    return examine([str(key) for key in verifier_keys()], against=against, missing_triggers=missing_triggers())


def kinds(examination: Examination, entry: LedgerEntry | None = None) -> set[str]:
    """Return the kinds of harm found, those about ``entry`` where one is given."""
    return {problem.kind for problem in examination.problems if entry is None or problem.entry == entry.pk}


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
