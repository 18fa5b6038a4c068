"""The list of a training record or a CPD statement: tables of texts, as one canonical text whose SHA-256 stands in the ledger. Pure.

The text is ``{"as_recorded_on", "name", "service_number", "tables": [{"title", "columns", "rows"}]}`` in canonical JSON (RFC 8785), of a
statement with ``"period": [first day, last day]``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cpd_records.certificates.particulars import Listing, printable
from cpd_records.ledger.canonical import canonical_bytes, plain

# Names of the attachment; in the order of their letters both stand after the credential.
LIST_NAME, STATEMENT_NAME = "training-record.json", "statement.json"
# Bytes of the text. That of a long career is some hundred thousand; whoever checks a file unpacks no more than twice as much.
LONGEST_LIST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """A part of the record: as many texts in each row as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def list_text(
    tables: Sequence[Table], *, name: str, service_number: str, on: date, period: tuple[date, date] | None = None
) -> str:
    """Return the list as canonical text; tables without rows are left out, texts are clean."""
    content: dict[str, Any] = {
        "as_recorded_on": on,
        "name": printable(name),
        "service_number": printable(service_number),
        "tables": [
            {"title": table.title, "columns": table.columns, "rows": [list(map(printable, row)) for row in table.rows]}
            for table in tables
            if table.rows
        ],
        **({"period": list(period)} if period else {}),
    }
    return canonical_bytes(plain(content)).decode()


def tables_of(text: str) -> list[Table]:
    """Return the tables that a list's text says."""
    return [
        Table(one["title"], tuple(one["columns"]), tuple(map(tuple, one["rows"]))) for one in json.loads(text)["tables"]
    ]


def name_of_list(listing: Listing) -> str:
    """Return the name under which the list is attached."""
    return STATEMENT_NAME if listing.period else LIST_NAME


def count_of(tables: Sequence[Table]) -> int:
    """Return how many entries a list has: its rows."""
    return sum(len(table.rows) for table in tables)


def digest_of_list(text: str) -> str:
    """Return the SHA-256 of a list's text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
