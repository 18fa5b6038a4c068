"""What stands of a record now: each entry as its last correction has it, without what was declared never true.

All that was ever recorded stays one click away (``my_record.whole_timeline``). Nothing here knows a database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any
from uuid import UUID

from cpd_records.ledger.chains import last_of, successors_of
from cpd_records.models import EntryKind, ReadablePart

# What a correction restates, and whatever else of it stands in the payload.
RESTATED = ("day", "minutes", "valid_until")


def standing_parts(parts: Iterable[ReadablePart]) -> list[ReadablePart]:
    """Return the entries that stand, restated; each bears ``corrected_by``, the payload of its last correction, or None."""
    by_id = {part.entry_id: part for part in sorted(parts, key=lambda part: (part.recorded_at, part.entry_id))}
    successors = successors_of((part.entry_id, part.corrects) for part in by_id.values() if part.corrects is not None)
    found = []
    for part in by_id.values():
        if part.kind == EntryKind.CORRECTION and part.corrects in by_id:
            continue
        restated = _restated(part, by_id, successors)
        if restated is not None:
            found.append(restated)
    return found


def _restated(
    part: ReadablePart, by_id: Mapping[UUID, ReadablePart], successors: Mapping[UUID, UUID]
) -> ReadablePart | None:
    last = by_id[last_of(part.entry_id, successors)]
    standing = copy(part)
    standing.corrected_by = None  # type: ignore[attr-defined]
    if last is part:
        return standing
    said: dict[str, Any] = json.loads(last.payload)
    if said.get("void") is True or (last.minutes == 0 and part.minutes):
        return None
    for name in RESTATED:
        setattr(standing, name, getattr(last, name))
    kept = {name: value for name, value in said.items() if name in ("title", "activity_kind", "learned", "result")}
    standing.payload = json.dumps({**json.loads(part.payload), **kept})
    standing.corrected_by = said  # type: ignore[attr-defined]
    return standing
