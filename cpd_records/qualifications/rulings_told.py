"""What was decided about one officer, to be read back: every exception, exemption and restriction that stands, with who decided and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cpd_records.models import CurrencyException, Exemption, Restriction
from people.models import User

KINDS: tuple[tuple[type[Any], str], ...] = (
    (CurrencyException, "excepted"),
    (Exemption, "exempt"),
    (Restriction, "restricted"),
)


@dataclass(frozen=True, slots=True)
class RulingTold:
    """A decision about a qualification: ``kind`` is the verdict it leads to. ``conditions`` only an exception has.

    ``entry`` is the ledger's, which an exemption by two people has.
    """

    kind: str
    title: str
    first: date
    last: date | None
    recorded_at: datetime
    by: str
    reason: str
    conditions: str
    entry: UUID | None = None


def rulings_about(officer: User, *, known_at: datetime | None = None) -> list[RulingTold]:
    """Return every decision about the officer, whatever has become of it since; those that never were are left out. Three queries.

    ``known_at`` (aware) leaves out what was recorded later; None is now.
    """
    found = []
    for model, kind in KINDS:
        rows = model.objects.known(known_at).filter(officer=officer, is_void=False)
        for row in rows.select_related("qualification", "recorded_by"):
            by = row.recorded_by.get_short_name() if row.recorded_by else ""
            words = getattr(row, "conditions", "")
            title, first, last = row.qualification.title, row.valid_from, row.valid_until
            entry = getattr(row, "entry_id", None)
            found.append(RulingTold(kind, title, first, last, row.recorded_at, by, row.reason, words, entry))
    return found
