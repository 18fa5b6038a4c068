"""What the record says of somebody's learning, for schemes to count: standing entries of the ledger, each as its last correction has it.

An activity reflected on after it was verified counts as reflected on: what the officer adds for themselves needs no verifier.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cpd_records.models import Activity, ActivityState, EntryKind, ReadablePart
from cpd_records.schemes.learning import Learning, Source
from cpd_records.schemes.mandatory import BY_COURSE, Required
from people.durations import hours
from people.models import User

SOURCES = {
    EntryKind.COMPLETION.value: Source.COURSE,
    EntryKind.CPD_ACTIVITY.value: Source.SELF,
    EntryKind.IMPORTED.value: Source.IMPORTED,
    EntryKind.QUALIFICATION.value: Source.IMPORTED,
}
COURSE_KIND = "course"
# What stands in the entry of a briefing that a supervisor recorded for a shift: nobody declared it for themselves.
BRIEFING = "briefing"
COLUMNS = ("entry_id", "kind", "corrects", "day", "minutes", "subject", "payload")
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
        return hours(self.minutes)


def learning_of(officer: User, *, size: int | None = None) -> list[Learning]:
    """Return everything the ledger says the officer learned, by day. One query, and a few where a qualification was awarded.

    With the ``size`` of a checkpoint's tree only what stands in it: as known then.

    An award that no course brought is learning too, where it has a length: past records of training are imported as awards.
    """
    kinds = (*SOURCES, EntryKind.CORRECTION.value, EntryKind.CPD_REFLECTION.value)
    rows = ReadablePart.objects.filter(officer=officer.public_id, kind__in=kinds).order_by("recorded_at")
    if size is not None:
        rows = rows.filter(entry__place__index__lt=size)
    entries = [_entry(row) for row in rows.values_list(*COLUMNS)]
    corrections = {entry.corrects: entry for entry in entries if entry.corrects is not None}
    reflections = {entry.subject: entry.said for entry in entries if entry.kind == EntryKind.CPD_REFLECTION}
    required = Required(officer)
    for entry in entries:
        if entry.kind == EntryKind.QUALIFICATION:
            required.note_award(entry.subject, entry.day, entry.said)
    found = (_learning(entry, corrections, reflections, required) for entry in entries if _is_learning(entry))
    return sorted(found, key=lambda it: (it.day, it.id.bytes))


def unverified_of(officer: User) -> list[Unverified]:
    """Return the officer's activities that are not on the record, by day. One query."""
    rows = Activity.objects.of(officer).filter(entry__isnull=True).order_by("day", "pk")
    return [
        Unverified(pk, title, day, minutes, str(ActivityState(state).label))
        for pk, title, day, minutes, state in rows.values_list("pk", "title", "day", "minutes", "state")
    ]


def what_was_learned(entries: Collection[UUID]) -> dict[UUID, str]:
    """Return what was learned, by entry: part of the summary, and never the reflection."""
    payloads = ReadablePart.objects.filter(pk__in=entries).values_list("pk", "payload")
    return {pk: str(json.loads(payload).get("learned") or "") for pk, payload in payloads}


@dataclass(frozen=True)
class _Entry:
    """An entry of the ledger, with its payload read."""

    id: UUID
    kind: str
    corrects: UUID | None
    day: date
    minutes: int | None
    subject: str
    said: dict[str, Any]


def _entry(row: Any) -> _Entry:
    entry, kind, corrects, day, minutes, subject, payload = row
    return _Entry(entry, kind, corrects, day, minutes, subject, json.loads(payload))


def _is_learning(entry: _Entry) -> bool:
    if entry.kind == EntryKind.QUALIFICATION:
        return entry.said.get("basis") != BY_COURSE and bool(entry.minutes)
    return entry.kind in SOURCES


def _learning(
    first: _Entry,
    corrections: Mapping[UUID, _Entry],
    reflections: Mapping[str, Mapping[str, Any]],
    required: Required,
) -> Learning:
    """Return an entry as its last correction has it: what a correction does not say stays as it was.

    Whether there is a reflection is what was last said of it: a correction repeats it, so one written since verification has the word.
    """
    said, last = dict(first.said), first
    while last.id in corrections:
        last = corrections[last.id]
        said.update(last.said)
    since = reflections.get(first.subject) if first.kind == EntryKind.CPD_ACTIVITY else None
    is_course, is_award = first.kind == EntryKind.COMPLETION, first.kind == EntryKind.QUALIFICATION
    mandatory = _answer(said, "mandatory")
    if mandatory is None and is_course:
        mandatory = required.of_course(first.id, first.subject, first.day)
    if mandatory is None and is_award:
        mandatory = required.of_qualification(first.subject, first.day)
    taken_back = last is not first and (last.minutes == 0 or said.get("void") is True)
    return Learning(
        id=first.id,
        title=str(said.get("title") or UNTITLED),
        day=last.day,
        minutes=0 if taken_back else last.minutes or 0,
        source=_source(first),
        kind=COURSE_KIND if is_course else str(said.get("activity_kind") or ""),
        # A course, and what leads to a qualification, is planned, states what is learned, and checks it.
        structured=True if is_course or is_award else _answer(said, "structured"),
        participatory=_answer(said, "participatory"),
        core=_answer(said, "core"),
        mandatory=mandatory,
        reflective=_answer(said if since is None else since, "has_reflection"),
        on_duty=_answer(said, "on_duty"),
        withdrawn=str(said.get("reason") or "") if taken_back else "",
    )


def _source(entry: _Entry) -> Source:
    is_briefing = entry.kind == EntryKind.CPD_ACTIVITY and bool(entry.said.get(BRIEFING))
    return Source.SUPERVISOR if is_briefing else SOURCES[entry.kind]


def _answer(said: Mapping[str, Any], name: str) -> bool | None:
    value = said.get(name)
    return value if isinstance(value, bool) else None
