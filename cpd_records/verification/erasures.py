"""Whether erasures are as the ledger recorded them: each names an entry that says which entries went, of what class, by whose authority.

An erasure's row could be written by whoever has the database; the entry that records it stands in the tree. So an opening destroyed
without a record in the tree is harm, and so is a row that says something else than its record.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from cpd_records.models import Erasure, ReadablePart
from cpd_records.verification import formats
from cpd_records.verification.formats import Malformed
from cpd_records.verification.rows import Row

KIND = "erasure"
RECORDS_KEPT = 64


class RecordedErasures:
    """Holds erasures against their records; the last records read are kept, because each records many."""

    def __init__(self) -> None:
        self._record = lru_cache(RECORDS_KEPT)(_read)

    def harm_of(self, row: Row) -> str | None:
        """Return what is wrong with the erasure of an entry, in words, or None where its record says the same."""
        record = self._record(row.recorded_in)
        if record is None:
            return "an erasure names it, and no entry of the ledger records that erasure"
        if str(row.erasure) not in record.get("entries", []):
            return f"an erasure names it, and {row.recorded_in}, which should record it, does not"
        for column, value in _columns(row).items():
            if record.get(column) != value:
                return f"its erasure says {column} is {value!r}, and the entry that records it {record.get(column)!r}"
        return None

    def not_carried_out(self, record: UUID, payload: Mapping[str, Any]) -> Iterator[tuple[UUID, str]]:
        """Yield each entry that an erasure's record names and no row of an erasure does: the row is gone, or was never written."""
        named = payload.get("entries", [])
        if not isinstance(named, list):
            yield record, "what records an erasure names no entries"
            return
        try:
            rows = {str(entry) for entry in Erasure.objects.filter(recorded_in=record).values_list("entry", flat=True)}
        except ValueError as error:
            yield record, f"an erasure recorded in it cannot be read: {error}"
            return
        for entry in named:
            if entry not in rows:
                try:
                    yield UUID(entry), f"{record} records that it was erased, and no erasure names it"
                except (ValueError, TypeError, AttributeError):
                    yield record, f"what records an erasure names {entry!r}, which is no entry"


def _read(entry_id: Any) -> Mapping[str, Any] | None:
    """Return what an entry says of erasures, or None where it is gone, says something else, or nothing that can be read."""
    if entry_id is None:
        return None
    try:
        text = ReadablePart.objects.filter(entry=entry_id).values_list("payload", flat=True).first()
        payload = formats.read_payload(text) if isinstance(text, str) else {}
    except (Malformed, ValueError):
        return None
    return payload if payload.get("kind") == KIND and isinstance(payload.get("entries"), list) else None


def _columns(row: Row) -> dict[str, str | None]:
    """Return each column as its record should have it."""
    return {
        "officer": str(row.erased_officer) if row.erased_officer else None,
        "class": row.retention_class,
        "authority": row.authority,
        "at": formats.time_as_written(row.erased_at) if row.erased_at else None,
    }
