"""Importing past records: each becomes one ledger entry, once, with where it comes from and who says so.

A known qualification is awarded on the basis 'imported'; anything else is an entry of the kind 'imported'. What makes a record the same
when it comes again is its reference in the source, or else all that it says; it is kept beside the ledger (``ImportedRecord``), so that
the same list twice changes nothing, and what was erased does not come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models.functions import Lower

from cpd_records.importing.record_lines import COLUMNS, PastRecord, record_in
from cpd_records.ledger.entries import append_entry
from cpd_records.models import EntryKind, ImportedRecord, LedgerEntry, Qualification
from cpd_records.qualifications.awarding import IMPORTED, award_qualification
from people import access, clock
from people.dates import long_date
from people.importing.answers import NEW, REFUSED, UNCHANGED, Answer, LineRefused, answered
from people.importing.kinds import ImportKind, LineImport, Option, register
from people.models import User
from people.tables.columns import Column, Line


class RecordsImport:
    """A list of past records under way: which records came already, and on which line."""

    def __init__(self, *, by: User | None, on: date, source: str, asserted_by: str) -> None:
        self._by, self._on = by, on
        self._source, self._asserted_by = source, asserted_by or source
        self._qualifications = _by_every_name(Qualification.objects.all())
        self._came: dict[str, tuple[int, str]] = {}

    def pass_over(self, lines: Sequence[Line]) -> None:
        self._decide(lines)

    def check(self, lines: Sequence[Line]) -> list[Answer]:
        return [answer for answer, _record in self._decide(lines)]

    def write(self, lines: Sequence[Line]) -> list[Answer]:
        decided = self._decide(lines)
        at = clock.now()
        ImportedRecord.objects.bulk_create(
            ImportedRecord(
                source=self._key_of_source, key=record.key, content=record.content, entry=self._enter(record), at=at
            )
            for _answer, record in decided
            if record is not None
        )
        return [answer for answer, _record in decided]

    @property
    def _key_of_source(self) -> str:
        return self._source.casefold()[:120]

    def _decide(self, lines: Sequence[Line]) -> list[tuple[Answer, PastRecord | None]]:
        """Return each line's answer, with the record where it is to be written."""
        people = _people_of(lines)
        read = [self._read(line, people) for line in lines]
        keys = [record.key for record in read if isinstance(record, PastRecord)]
        before = dict(
            ImportedRecord.objects.filter(source=self._key_of_source, key__in=keys).values_list("key", "content")
        )
        return [self._decided(line, record, before) for line, record in zip(lines, read, strict=True)]

    def _read(self, line: Line, people: Mapping[str, User]) -> PastRecord | LineRefused:
        try:
            return record_in(
                line,
                people=people,
                qualifications=self._qualifications,
                asserted_by=self._asserted_by,
                on=self._on,
                by=self._by,
            )
        except LineRefused as refusal:
            return refusal

    def _decided(
        self, line: Line, record: PastRecord | LineRefused, before: Mapping[str, str]
    ) -> tuple[Answer, PastRecord | None]:
        who = line["service_number"]
        if isinstance(record, LineRefused):
            return answered(line, who, REFUSED, [str(record)]), None
        first, content = self._came.setdefault(record.key, (line.number, record.content))
        if content != record.content:
            return answered(line, who, REFUSED, [f"line {first} has the same reference and says something else"]), None
        if first != line.number:
            return answered(line, who, UNCHANGED, [f"the same as line {first}"]), None
        if record.key not in before:
            return answered(line, who, NEW, [_in_words(record), *record.words]), record
        if before[record.key] != record.content:
            why = "this reference was imported before and said something else: correct that entry instead, nothing is overwritten"
            return answered(line, who, REFUSED, [why]), None
        return answered(line, who, UNCHANGED, ["imported before"]), None

    def _enter(self, record: PastRecord) -> LedgerEntry:
        details: dict[str, Any] = {"source": self._source, "asserted_by": record.asserted_by}
        details |= {"reference": record.reference} if record.reference else {}
        details |= {"result": record.result} if record.result else {}
        if record.qualification is not None:
            return award_qualification(
                record.officer,
                record.qualification,
                day=record.day,
                by=self._by,
                basis=IMPORTED,
                title=record.title,
                minutes=record.minutes,
                valid_until=record.valid_until,
                details=details,
            )
        who: dict[str, str | UUID] = {}
        if self._by is not None:
            who = {"by": self._by.public_id, "by_name": self._by.get_short_name()}
        return append_entry(
            kind=EntryKind.IMPORTED,
            officer=record.officer.public_id,
            day=record.day,
            subject=record.code,
            minutes=record.minutes,
            valid_until=record.valid_until,
            payload={"title": record.title, **who, **details},
        )


class RecordsKind:
    """Past records, for training administrators."""

    code: ClassVar[str] = "records"
    title: ClassVar[str] = "Past records"
    thing: ClassVar[str] = "record"
    things: ClassVar[str] = "records"
    roles: ClassVar[frozenset[str]] = frozenset({access.TRAINING_ADMIN})
    columns: ClassVar[tuple[Column, ...]] = COLUMNS
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "source",
            "Where do the records come from?",
            "Source",
            "The name of the system or list. Every entry says so: 'Imported from …'.",
            is_needed=True,
        ),
        Option(
            "asserted_by",
            "Who asserts them?",
            "Asserted by",
            "Where a line does not say it. Empty means the source itself.",
        ),
    )
    lines_at_once: ClassVar[int] = 250

    def missing(self, names: frozenset[str]) -> str:
        for name in ("service_number", "day"):
            if name not in names:
                return f"There is no column '{name}'. The first line names service_number, day and qualification or title at least."
        if not names & {"qualification", "title"}:
            return "There is neither a column 'qualification' nor 'title'. One of them says what was done."
        return ""

    def begin(self, *, by: User | None, on: date, options: Mapping[str, str]) -> LineImport:
        return RecordsImport(by=by, on=on, source=options["source"], asserted_by=options.get("asserted_by", ""))


RECORDS: ImportKind = RecordsKind()
register(RECORDS)


def _people_of(lines: Iterable[Line]) -> dict[str, User]:
    numbers = {line["service_number"].lower() for line in lines}
    rows = User.objects.alias(small=Lower("service_number")).filter(small__in=numbers)
    return {user.service_number.lower(): user for user in rows}


def _by_every_name(qualifications: Iterable[Qualification]) -> dict[str, Qualification]:
    """Return them by code, and by titles that no other has."""
    rows = list(qualifications)
    names: dict[str, Qualification] = {}
    for row in rows:
        names.setdefault(row.title.lower(), row)
        names.setdefault(row.short_title.lower(), row)
    return names | {row.code.lower(): row for row in rows}


def _in_words(record: PastRecord) -> str:
    what = record.qualification.code if record.qualification is not None else record.title
    until = f", valid until {long_date(record.valid_until)}" if record.valid_until else ""
    return f"{what} on {long_date(record.day)}{until}"
