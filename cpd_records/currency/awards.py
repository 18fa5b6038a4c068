"""Reading awards from the ledger as their last corrections have them, cut where an answer is."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast

from cpd_records.currency.rows import WHENEVER, award_rows, of_officers, sealed_award_rows
from cpd_records.currency.values import Award
from cpd_records.ledger.chains import chain_from, successors_of
from cpd_records.models import EntryKind, ReadablePart, SealedPlace, UnsealedEntry

# By officer, by the qualification's code.
Awards = dict[UUID, dict[str, list[Award]]]


@dataclass(frozen=True, slots=True)
class Cut:
    """What counts as known: entries below ``size`` in the tree, and rows recorded by ``time``. None: all that is committed."""

    size: int | None = None
    time: datetime | None = None

    @property
    def moment(self) -> datetime:
        """By when rows were recorded, for a comparison."""
        return self.time or WHENEVER


EVERYTHING = Cut()


def awards_of(officers: Collection[UUID], cut: Cut) -> tuple[Awards, dict[UUID, int]]:
    """Return the officers' awards that stand, with the entries they rest on, and how many of these wait for the seal. One query."""
    unsealed: dict[UUID, int] = defaultdict(int)
    standing: dict[UUID, tuple[UUID, _Standing]] = {}
    corrections: list[_Correction] = []
    for entry, corrected, officer, code, day, minutes, until, index, said in _awards_and_corrections(officers, cut):
        if not said:
            standing[entry] = (officer, _Standing(code, Award(day, until, minutes, (entry,))))
            unsealed[officer] += index is None
        else:
            corrections.append(_Correction(entry, corrected, code, day, minutes, until, index, json.loads(said)))
    for root, correction in _rooted(corrections, standing):
        officer, one = standing[root]
        one.correct(correction)
        unsealed[officer] += correction.index is None
    found: Awards = defaultdict(lambda: defaultdict(list))
    for officer, one in standing.values():
        if one.is_true:
            found[officer][one.code].append(one.award)
    return found, unsealed


def awards_in_short(officers: Iterable[UUID], cut: Cut) -> tuple[Awards, dict[UUID, int]]:
    """Return the same without entries and minutes, for very many officers at once. Two queries, or three where awards were corrected."""
    officers = list(officers)
    corrections = _corrections(officers, cut)
    chained = {correction.entry for correction in corrections}
    firsts = {correction.corrects for correction in corrections} - chained
    rows = _entries(officers, EntryKind.QUALIFICATION, cut)
    found: Awards = defaultdict(lambda: defaultdict(list))
    standing: dict[UUID, tuple[UUID, _Standing]] = {}
    if corrections:
        for entry, officer, code, day, until in rows.filter(entry__any_of=firsts).values_list(
            "entry_id", "officer", "subject", "day", "valid_until"
        ):
            standing[entry] = (officer, _Standing(code, Award(day, until, None, ())))
        rows = rows.exclude(entry__any_of=list(standing))
    for root, correction in _rooted(corrections, standing):
        standing[root][1].correct(correction)
    for officer, one in standing.values():
        if one.is_true:
            found[officer][one.code].append(one.award)
    # A UUID costs more to read than the rest of the row, so officers are told apart by its text.
    named = {_as_text(officer): found[officer] for officer in officers}
    for text, code, day, until in (
        rows.annotate(text=Cast("officer", CharField())).order_by().values_list("text", "subject", "day", "valid_until")
    ):
        named[text][code].append(Award(day, until, None, ()))
    return found, {}


@dataclass(frozen=True, slots=True)
class _Correction:
    """What a correction entry says of an award: it restates it whole."""

    entry: UUID
    corrects: UUID
    code: str
    day: date
    minutes: int | None
    valid_until: date | None
    index: int | None
    said: Mapping[str, Any]


@dataclass(slots=True)
class _Standing:
    """An award as the corrections read so far have it; the last one counts."""

    code: str
    award: Award
    is_true: bool = True

    def correct(self, by: _Correction) -> None:
        self.code = by.code or self.code
        self.is_true = by.said.get("void") is not True
        entries = (*self.award.entries, by.entry) if self.award.entries else ()
        self.award = Award(by.day, by.valid_until, by.minutes, entries, by.said.get("withdrawn") is True)


def _awards_and_corrections(officers: Collection[UUID], cut: Cut) -> Iterable[tuple[Any, ...]]:
    if cut.size is None:
        return of_officers(award_rows, officers)
    return of_officers(sealed_award_rows, officers, size=cut.size)


def _corrections(officers: list[UUID], cut: Cut) -> list[_Correction]:
    """Return the officers' corrections in the order they were recorded."""
    rows = _entries(officers, EntryKind.CORRECTION, cut).annotate(index=F("entry__place__index"))
    columns = ("entry_id", "corrects", "subject", "day", "minutes", "valid_until", "index", "payload")
    return [
        _Correction(entry, corrected, code, day, minutes, until, index, json.loads(payload))
        for entry, corrected, code, day, minutes, until, index, payload in rows.order_by(
            "recorded_at", "entry_id"
        ).values_list(*columns)
    ]


def _rooted(corrections: Sequence[_Correction], firsts: Iterable[UUID]) -> Iterator[tuple[UUID, _Correction]]:
    """Yield each award of ``firsts`` with its corrections, one after the other as they name each other."""
    by_entry = {correction.entry: correction for correction in corrections}
    successors = successors_of((correction.entry, correction.corrects) for correction in corrections)
    if not successors:
        return
    for first in firsts:
        for entry in chain_from(first, successors):
            yield first, by_entry[entry]


def _entries(officers: list[UUID], kind: EntryKind, cut: Cut) -> QuerySet[ReadablePart]:
    """Return entries below the cut, which for a projection is near the end: those that are not above it, for there are few."""
    rows = ReadablePart.objects.filter(officer__any_of=officers, kind=kind)
    if cut.size is None:
        return rows
    above = SealedPlace.objects.filter(entry=OuterRef("pk"), index__gte=cut.size)
    waiting = UnsealedEntry.objects.filter(entry=OuterRef("pk"))
    return rows.exclude(Exists(above)).exclude(Exists(waiting))


def _as_text(officer: UUID) -> str:
    return str(officer) if connection.features.has_native_uuid_field else officer.hex
