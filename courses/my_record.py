"""An officer's record as they read it: a timeline by year, certificates, and the proof of an entry.

What happened is read from the ledger alone. First it shows what stands now; all that was ever recorded, where an entry made afterwards to
correct another stands as an entry of its own, is one click away. Between them stand the decisions about the officer: exceptions,
exemptions, restrictions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from courses.record_standing import standing_parts
from courses.record_words import sentence, words_of
from cpd_records.currency.facts import footing_at
from cpd_records.ledger.queries import Answer, entries_of
from cpd_records.models import Certificate, EntryKind, Erasure, ReadablePart
from cpd_records.qualifications.rulings_told import RulingTold, rulings_about
from people.dates import long_date
from people.models import User

# A certificate's own entries accompany a completion; of what stands the timeline shows the completion once.
SILENT = frozenset({EntryKind.CERTIFICATE, EntryKind.CERTIFICATE_ISSUED})
ICONS: dict[str, str] = {
    EntryKind.COMPLETION.value: "tick",
    EntryKind.CPD_ACTIVITY.value: "document",
    EntryKind.CPD_REFLECTION.value: "document",
    EntryKind.CERTIFICATE_REVOKED.value: "octagon",
    EntryKind.CERTIFICATE_SUSPENDED.value: "square",
    EntryKind.SUSPENSION_LIFTED.value: "tick",
    EntryKind.CORRECTION.value: "square",
    EntryKind.IMPORTED.value: "document",
    EntryKind.QUALIFICATION.value: "tick",
    EntryKind.EXEMPTION.value: "bar",
    EntryKind.CERTIFICATE.value: "document",
    EntryKind.CERTIFICATE_ISSUED.value: "document",
}
# By the verdict a decision leads to: what it is called, and its icon.
DECISIONS = {
    "excepted": ("Exception granted", "diamond"),
    "exempt": ("Exempted", "bar"),
    "restricted": ("Restricted", "square"),
}
# By entry: the last day in date, where currency reckons with it today.
LastDays = Mapping[UUID, date]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing on the record: ``certificate`` is its certificate's address, ``corrects`` the id of what it corrects.

    ``index`` is its place in the tree, None until it is sealed; ``id`` None is a decision, which the ledger does not hold.
    """

    id: UUID | None
    day: date
    recorded_at: datetime
    icon: str
    title: str
    detail: str
    minutes: int | None
    kind: str
    certificate: str = ""
    corrects: UUID | None = None
    index: int | None = None
    is_corrected: bool = False

    @property
    def is_sealed(self) -> bool:
        return self.index is not None

    @property
    def day_words(self) -> str:
        return f"{self.day.day} {self.day:%B}"


@dataclass(frozen=True, slots=True)
class Record:
    """``years`` are those with an entry, the newest first; ``entries`` are those of ``year``, the newest first, ``count`` in all.

    ``recorded`` counts all that was ever recorded, ``standing`` what of it stands; ``answer`` says what it rests on.
    """

    entries: tuple[TimelineEntry, ...]
    count: int
    year: int
    years: tuple[int, ...]
    erased: int
    recorded: int
    standing: int
    answer: Answer

    @property
    def earlier(self) -> int | None:
        """The next year back that has something."""
        return next((year for year in self.years if year < self.year), None)

    @property
    def later(self) -> int | None:
        return next((year for year in reversed(self.years) if year > self.year), None)


def record_of(
    officer: User,
    *,
    year: int | None,
    on: date,
    last_days: LastDays | None = None,
    most: int | None = None,
    everything: bool = False,
    known_at: datetime | None = None,
    up_to: date | None = None,
) -> Record:
    """Return one year of what stands of somebody's record: the newest that has an entry where none is asked for; the newest ``most``.

    With ``everything`` all that was ever recorded. With ``known_at`` (aware) as recorded by then: entries are cut by the last checkpoint,
    decisions by its time. ``up_to`` leaves out what stands, or stood, on a later day. ``last_days`` are those of the same question.
    """
    answer = entries_of(officer.public_id, known_at=known_at)
    recorded_by = None if known_at is None else footing_at(known_at).cut.moment
    addresses, rulings = _addresses(officer), rulings_about(officer, known_at=recorded_by, everything=True)
    decisions = [one for ruling in rulings for one in _decided(ruling)]
    kept = [one for ruling in rulings if not ruling.is_void for one in _decided(ruling)]
    whole = timeline(answer.entries, certificates=addresses, last_days=last_days, everything=True) + decisions
    standing = timeline(standing_parts(answer.entries), certificates=addresses, last_days=last_days) + kept
    if up_to is not None:
        whole = [entry for entry in whole if entry.day <= up_to]
        standing = [entry for entry in standing if entry.day <= up_to]
    entries = whole if everything else standing
    years = tuple(sorted({entry.day.year for entry in entries}, reverse=True))
    shown = year or (years[0] if years else on.year)
    of_year = sorted((entry for entry in entries if entry.day.year == shown), key=_newest_first, reverse=True)
    return Record(tuple(of_year[:most]), len(of_year), shown, years, answer.erased, len(whole), len(standing), answer)


def whole_timeline(officer: User, *, last_days: LastDays | None = None) -> tuple[tuple[TimelineEntry, ...], int]:
    """Return every entry and decision ever recorded, the oldest first, and how many entries were erased."""
    answer = entries_of(officer.public_id)
    entries = timeline(answer.entries, certificates=_addresses(officer), last_days=last_days)
    decisions = [one for ruling in rulings_about(officer, everything=True) for one in _decided(ruling)]
    return tuple(sorted([*entries, *decisions], key=_newest_first)), answer.erased


def timeline(
    parts: Iterable[ReadablePart],
    *,
    certificates: dict[UUID, str],
    last_days: LastDays | None = None,
    everything: bool = False,
) -> list[TimelineEntry]:
    """Return entries in words, the newest first. ``certificates`` maps a completion's entry to an address.

    With ``everything`` those of certificates are among them.
    """
    parts = list(parts)
    by_id = {part.entry_id: part for part in parts}
    for part in parts:
        part.in_date_to = part.valid_until or (last_days or {}).get(part.entry_id)  # type: ignore[attr-defined]
    rows = [_in_words(part, by_id, certificates) for part in parts if everything or part.kind not in SILENT]
    return sorted(rows, key=_newest_first, reverse=True)


def _newest_first(row: TimelineEntry) -> tuple[date, datetime]:
    return row.day, row.recorded_at


def _decided(ruling: RulingTold) -> Iterator[TimelineEntry]:
    """Yield a decision as the timeline has it, and apart from it each row that ended it earlier; what an entry tells of is left out.

    'By Inspector C. Demo, inspector, to 31 December 2026. Why. Conditions: …'
    """
    called, icon = DECISIONS[ruling.kind]
    if ruling.entry is None:
        who = [f"By {ruling.names}" if ruling.names.by else ""]
        who.append(f"to {long_date(ruling.granted_to)}" if ruling.granted_to else "")
        conditions = f"Conditions: {ruling.conditions}" if ruling.conditions else ""
        yield TimelineEntry(
            id=None,
            day=ruling.first,
            recorded_at=ruling.recorded_at,
            icon=icon,
            title=f"{called}: {ruling.title}",
            detail=_in_sentences(", ".join(filter(None, who)), ruling.reason, conditions),
            minutes=None,
            kind=ruling.kind,
        )
    for end in ruling.ends:
        if end.entry is None:
            held = f"It held until {long_date(end.last)}" if end.last else "It never held"
            yield TimelineEntry(
                id=None,
                day=timezone.localdate(end.recorded_at),
                recorded_at=end.recorded_at,
                icon=icon,
                title=f"{ruling.word} ended: {ruling.title}",
                detail=_in_sentences(f"By {end.names}" if end.names.by else "", held, end.reason),
                minutes=None,
                kind=ruling.kind,
            )


def _in_sentences(*words: str) -> str:
    return " ".join(sentence(word[:1].upper() + word[1:]) for word in words if word)


def own_entry(officer: User, entry: UUID) -> ReadablePart | None:
    """Return an entry of the officer's own record, with its place in the tree as ``index``; None for anybody else's."""
    return next((part for part in entries_of(officer.public_id).entries if part.entry_id == entry), None)


def own_erasure(officer: User, entry: UUID) -> Erasure | None:
    """Return that an entry of the officer's own record was erased, with its place in the tree as ``index``; None for anything else."""
    rows = Erasure.objects.filter(entry=entry, officer=officer.public_id).select_related("entry")
    return rows.annotate(index=F("entry__place__index")).first()


def entry_in_words(officer: User, part: ReadablePart) -> TimelineEntry:
    """Return one entry as the timeline has it."""
    parts = {other.entry_id: other for other in entries_of(officer.public_id).entries}
    return _in_words(part, parts, _addresses(officer))


def _in_words(part: ReadablePart, by_id: dict[UUID, ReadablePart], certificates: dict[UUID, str]) -> TimelineEntry:
    payload = json.loads(part.payload)
    title, detail = words_of(part, payload, by_id)
    return TimelineEntry(
        id=part.entry_id,
        day=part.day,
        recorded_at=part.recorded_at,
        icon=ICONS.get(part.kind, "document"),
        title=title,
        detail=detail,
        minutes=part.minutes,
        kind=part.kind,
        certificate=certificates.get(part.entry_id, ""),
        corrects=part.corrects,
        index=getattr(part, "index", None),
        is_corrected=bool(getattr(part, "corrected_by", None)),
    )


def _addresses(officer: User) -> dict[UUID, str]:
    """Return the address of the certificate that came with each completion's entry, as it was issued last."""
    rows = Certificate.objects.visible_to(officer).filter(officer=officer).order_by("created_at")
    return {row.completion_entry_id: row.get_absolute_url() for row in rows}
