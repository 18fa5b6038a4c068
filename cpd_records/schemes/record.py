"""What the record says of somebody's learning, for schemes to count: standing entries of the ledger, each as its last correction has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cpd_records.models import Activity, ActivityState, EntryKind, ReadablePart
from cpd_records.schemes.learning import Learning, Source
from cpd_records.schemes.words import time_in_words
from people.models import User

SOURCES = {
    EntryKind.COMPLETION.value: Source.COURSE,
    EntryKind.CPD_ACTIVITY.value: Source.SELF,
    EntryKind.IMPORTED.value: Source.IMPORTED,
}
COURSE_KIND = "course"
UNTITLED = "Without a title"


@dataclass(frozen=True)
class Unverified:
    """An activity that counts for nothing yet: where it stands in words, and its own page's id."""

    id: UUID
    title: str
    day: date
    minutes: int
    standing: str

    @property
    def length(self) -> str:
        return time_in_words(self.minutes)


def learning_of(officer: User) -> list[Learning]:
    """Return everything the ledger says the officer learned, by day. One query."""
    kinds = (*SOURCES, EntryKind.CORRECTION.value)
    rows = list(
        ReadablePart.objects.filter(officer=officer.public_id, kind__in=kinds).values_list(
            "entry_id", "kind", "corrects", "day", "minutes", "payload"
        )
    )
    corrections = {corrects: row for row in rows if (corrects := row[2]) is not None}
    found = []
    for row in rows:
        entry, kind, _corrects, day, minutes, payload = row
        if kind not in SOURCES:
            continue
        said: dict[str, Any] = json.loads(payload)
        last = row
        while last[0] in corrections:
            last = corrections[last[0]]
            said.update(json.loads(last[5]))
        if last is not row:
            day, minutes = last[3], last[4]
        found.append(_learning(entry, SOURCES[kind], day, minutes or 0, said, is_corrected=last is not row))
    return sorted(found, key=lambda it: (it.day, it.id.bytes))


def unverified_of(officer: User) -> list[Unverified]:
    """Return the officer's activities that are not on the record, by day. One query."""
    rows = Activity.objects.of(officer).filter(entry__isnull=True).order_by("day", "pk")
    return [
        Unverified(pk, title, day, minutes, str(ActivityState(state).label))
        for pk, title, day, minutes, state in rows.values_list("pk", "title", "day", "minutes", "state")
    ]


def _learning(
    entry: UUID,
    source: Source,
    day: date,
    minutes: int,
    said: Mapping[str, Any],
    *,
    is_corrected: bool,
) -> Learning:
    is_course = source == Source.COURSE
    kind = said.get("activity_kind")
    return Learning(
        id=entry,
        title=str(said.get("title") or UNTITLED),
        day=day,
        minutes=minutes,
        source=source,
        kind=COURSE_KIND if is_course else str(kind or ""),
        # A course is planned, states what is learned, and checks it.
        structured=True if is_course else _answer(said, "structured"),
        participatory=_answer(said, "participatory"),
        core=_answer(said, "core"),
        mandatory=_answer(said, "mandatory"),
        reflective=_answer(said, "has_reflection"),
        on_duty=_answer(said, "on_duty"),
        withdrawn=str(said.get("reason") or "") if is_corrected and not minutes else "",
    )


def _answer(said: Mapping[str, Any], name: str) -> bool | None:
    value = said.get(name)
    return value if isinstance(value, bool) else None
