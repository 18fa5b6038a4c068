"""All that was ever recorded about somebody's awards, exemptions, certificates, courses, CPD and imported records, as known at a time.

What stands of each, and what it was before. Read from the ledger: each thing with the entries that changed it, one after the other, and the
two people behind each change. Which certificate replaced which stands on their rows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from cpd_records.certificate_codes import display_code
from cpd_records.ledger.chains import chain_from, successors_of
from cpd_records.ledger.queries import Answer, entries_of
from cpd_records.models import Certificate, EntryKind, Qualification, ReadablePart
from people.dates import long_date
from people.durations import hours
from people.models import User

SHOWN = (
    EntryKind.QUALIFICATION,
    EntryKind.EXEMPTION,
    EntryKind.CERTIFICATE,
    EntryKind.IMPORTED,
    EntryKind.COMPLETION,
    EntryKind.CPD_ACTIVITY,
)
# What becomes of a certificate, and after which of it that does not stand.
OF_A_CERTIFICATE = (EntryKind.CERTIFICATE_SUSPENDED, EntryKind.SUSPENSION_LIFTED, EntryKind.CERTIFICATE_REVOKED)
NOT_STANDING = (EntryKind.CERTIFICATE_SUSPENDED, EntryKind.CERTIFICATE_REVOKED)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry: what it ``says``, why, by whom and approved by whom ('' where nobody is named); ``index`` None until it is sealed."""

    entry: UUID
    recorded_at: datetime
    index: int | None
    says: str
    reason: str
    by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Thing:
    """An award, an exemption, a certificate, a course, CPD or an imported record: what stands of it in a sentence, and every entry.

    A certificate has its ``code``, and those that ``replaces`` and ``replaced_by`` name; all are empty of other things.
    """

    title: str
    what: str
    stands: str
    is_standing: bool
    day: date
    first_day: date
    entries: tuple[Recorded, ...]
    code: str = ""
    replaces: str = ""
    replaced_by: str = ""

    @property
    def heading(self) -> str:
        """What tells it from another of the same title: a certificate's code, of other things the day they were recorded with first."""
        return f"{self.title}, {self.code or long_date(self.first_day)}"

    @property
    def is_changed(self) -> bool:
        return len(self.entries) > 1 or bool(self.replaced_by)


@dataclass(frozen=True, slots=True)
class EverythingRecorded:
    """``things`` the latest first, and what the answer rests on."""

    things: tuple[Thing, ...]
    answer: Answer


def everything_recorded(officer: User, *, known_at: datetime | None = None) -> EverythingRecorded:
    """Return all of it. ``known_at`` (aware) cuts entries by the last checkpoint at or before it; None is now."""
    answer = entries_of(officer.public_id, known_at=known_at)
    parts = {part.entry_id: part for part in answer.entries}
    said = {entry: json.loads(part.payload) for entry, part in parts.items()}
    in_order = sorted(parts.values(), key=lambda part: (part.recorded_at, part.entry_id))
    successors = successors_of((part.entry_id, part.corrects) for part in in_order if part.corrects is not None)
    became: dict[str, list[ReadablePart]] = defaultdict(list)
    for part in in_order:
        if part.kind in OF_A_CERTIFICATE:
            became[str(said[part.entry_id].get("certificate"))].append(part)
    titles = dict(Qualification.objects.values_list("code", "title"))
    older = {newer: before for newer, before in _replacements(officer) if newer in parts}
    newer_of = {before: newer for newer, before in older.items()}
    found = []
    for part in in_order:
        if part.kind in SHOWN:
            chain = [part, *(parts[entry] for entry in chain_from(part.entry_id, successors))]
            chain += became.get(str(part.entry_id), ())
            thing = _thing(chain, said, titles)
            if part.kind == EntryKind.CERTIFICATE:
                newer = parts.get(newer_of.get(part.entry_id, part.entry_id), part)
                before = parts.get(older.get(part.entry_id, part.entry_id), part)
                thing = _in_its_chain(thing, part, newer=newer, before=before)
            found.append(thing)
    return EverythingRecorded(tuple(sorted(found, key=lambda thing: thing.day, reverse=True)), answer)


def _thing(chain: list[ReadablePart], said: Mapping[UUID, Mapping[str, Any]], titles: Mapping[str, str]) -> Thing:
    first, last = chain[0], chain[-1]
    words = said[last.entry_id]
    is_standing = words.get("void") is not True and last.kind not in NOT_STANDING
    title = said[first.entry_id].get("qualification") or titles.get(first.subject) or said[first.entry_id].get("title")
    return Thing(
        title=str(title or first.subject),
        what=str(EntryKind(first.kind).label),
        stands=_says(last, words),
        is_standing=is_standing,
        day=last.day,
        first_day=first.day,
        entries=tuple(_recorded(part, said[part.entry_id]) for part in chain),
    )


def _replacements(officer: User) -> list[tuple[UUID, UUID]]:
    """Return the entries of the officer's certificates that replaced others, each with the entry of the one it replaced."""
    rows = Certificate.objects.filter(officer=officer, supersedes__isnull=False)
    return list(rows.values_list("entry_id", "supersedes__entry_id"))


def _in_its_chain(thing: Thing, part: ReadablePart, *, newer: ReadablePart, before: ReadablePart) -> Thing:
    """Return a certificate with which one replaced it and which it replaced; itself stands for neither.

    One that was replaced does not stand, and says so unless something graver stopped it.
    """
    code = display_code(part.subject)
    replaces = "" if before is part else display_code(before.subject)
    if newer is part:
        return replace(thing, code=code, replaces=replaces)
    stands = f"Replaced by a newer one on {long_date(timezone.localdate(newer.recorded_at))}."
    return replace(
        thing,
        code=code,
        replaces=replaces,
        replaced_by=display_code(newer.subject),
        stands=stands if thing.is_standing else thing.stands,
        is_standing=False,
    )


def _recorded(part: ReadablePart, said: Mapping[str, Any]) -> Recorded:
    return Recorded(
        entry=part.entry_id,
        recorded_at=part.recorded_at,
        index=part.index,  # type: ignore[attr-defined]  # annotated where entries are read
        says=_says(part, said),
        reason=str(said.get("reason", "")),
        by=str(said.get("by_name", "")),
        approved_by=str(said.get("approved_by_name", "")),
    )


def _says(part: ReadablePart, said: Mapping[str, Any]) -> str:
    """Return what an entry says of the thing, restated whole as corrections do."""
    if part.kind == EntryKind.CERTIFICATE_REVOKED:
        return f"Withdrawn on {long_date(part.day)}."
    if part.kind == EntryKind.CERTIFICATE_SUSPENDED:
        return f"Suspended since {long_date(part.day)}."
    if part.kind == EntryKind.SUSPENSION_LIFTED:
        return f"The suspension was lifted on {long_date(part.day)}: it stands as it did before."
    if "issued_again" in said:
        return f"A misprint was put right: the one issued in its place says ‘{said['title']}’, {said['release']}."
    if said.get("void") is True:
        return "It was never true, and counts for nothing."
    until = f", until {long_date(part.valid_until)}" if part.valid_until else ""
    if said.get("withdrawn") is True:
        return f"{long_date(part.day)}, taken back: it holds{until.removeprefix(',')}."
    if said.get("ended") is True:
        return f"From {long_date(part.day)}, ended: it holds{until.removeprefix(',')}."
    length = f", {hours(part.minutes)}" if part.minutes else ""
    result = f" Result there: {said['result']}." if said.get("result") else ""
    return f"{long_date(part.day)}{until}{length}.{result}"
