"""What stands of an officer's entries of a kind: each as its last correction has it, and none that was declared never true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from cpd_records.ledger.chains import last_of, successors_of
from cpd_records.models import EntryKind, ReadablePart
from people.models import User


class Standing(NamedTuple):
    """An entry, the one that has the word on it (its last correction or itself), and what that one says."""

    root: ReadablePart
    last: ReadablePart
    said: dict[str, Any]


def standing_entries(
    officer: User, kind: EntryKind, *, on: date | None = None, size: int | None = None
) -> Iterator[Standing]:
    """Yield what stands of a kind, in the order it was recorded. One query.

    ``on`` leaves out what happened on a later day; ``size`` is that of the tree that entries are cut by, None for all that is committed.
    """
    rows = ReadablePart.objects.filter(officer=officer.public_id, kind__in=[kind, EntryKind.CORRECTION])
    rows = rows.order_by("recorded_at", "entry_id")
    if size is not None:
        rows = rows.filter(entry__place__index__lt=size)
    by_id = {row.entry_id: row for row in rows}
    successors = successors_of((row.entry_id, row.corrects) for row in by_id.values() if row.corrects is not None)
    for root in by_id.values():
        if root.kind != kind:
            continue
        last = by_id[last_of(root.entry_id, successors)]
        said = json.loads(last.payload)
        if said.get("void") is not True and (on is None or last.day <= on):
            yield Standing(root, last, said)
