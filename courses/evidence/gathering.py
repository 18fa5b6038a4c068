"""Gathering what a pack says: every part as recorded by the same moment, read in one view of the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from assessments.evidence import AttemptKnown, attempts_known
from courses.evidence.question import EvidenceQuestion, Ground, ground_of
from courses.evidence.taught import CourseTaught, taught_to
from cpd_records.currency import CurrencyAnswer, currency_of
from cpd_records.ledger.queries import entries_of
from cpd_records.models import Activity, EntryKind, ReadablePart
from cpd_records.qualifications.rulings_told import RulingTold, rulings_about
from people.dates import long_date
from people.models import Posting, RankHeld, RoleHeld, UnitName


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody was on the day: unit, rank or role, since when, and when that was recorded."""

    what: str
    title: str
    since: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class EntryTold:
    """An entry of the ledger: the row, what it says, and its place in the tree (None: not sealed yet)."""

    part: ReadablePart
    said: Mapping[str, Any]
    index: int | None

    @property
    def title(self) -> str:
        return str(self.said.get("title") or self.part.subject)

    @property
    def kind_words(self) -> str:
        return str(EntryKind(self.part.kind).label) if self.part.kind in EntryKind.values else self.part.kind

    @property
    def reason(self) -> str:
        return str(self.said.get("reason", ""))

    @property
    def by(self) -> str:
        """Who wrote it or proposed it, as its payload names them."""
        return str(self.said.get("by_name") or self.said.get("verified_by_name") or "")

    @property
    def approved_by(self) -> str:
        return str(self.said.get("approved_by_name", ""))

    @property
    def why(self) -> str:
        """The reason, and the people behind it: 'It was another's. By M. Demo, approved by Z. Demo.'"""
        approved = f", approved by {self.approved_by}" if self.approved_by else ""
        who = f"By {self.by}{approved}." if self.by else ""
        reason = self.reason.strip()
        return " ".join(filter(None, (reason if not reason or reason[-1] in ".!?" else f"{reason}.", who)))

    @property
    def changes(self) -> str:
        """What a correction says of what it names."""
        if self.said.get("void") is True:
            return "It was never true."
        if self.said.get("withdrawn") is True or self.said.get("ended") is True:
            return f"It holds until {long_date(self.part.valid_until)}." if self.part.valid_until else ""
        return f"Corrects the entry {self.part.corrects}." if self.part.corrects else ""

    @property
    def file_name(self) -> str:
        """The name of its proof and opening: the index first, so that a folder lists them in their order."""
        return f"{self.index:012d}-{self.part.entry_id}"


@dataclass(frozen=True, slots=True)
class Reflection:
    """What an officer wrote about verified CPD and chose to share."""

    day: date
    title: str
    text: str
    helps: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a pack says. ``erased`` counts entries that were lawfully erased, ``unsealed`` those not in the tree yet."""

    question: EvidenceQuestion
    ground: Ground
    places: tuple[Place, ...]
    currency: CurrencyAnswer
    rulings: tuple[RulingTold, ...]
    taught: tuple[CourseTaught, ...]
    attempts: tuple[AttemptKnown, ...]
    entries: tuple[EntryTold, ...]
    reflections: tuple[Reflection, ...]
    erased: int
    unsealed: int


@transaction.atomic
def gather(question: EvidenceQuestion) -> Evidence:
    """Read everything the pack says about a person, a day and a time; the number of queries grows with courses and attempts."""
    officer, ground = question.officer, ground_of(question)
    answer = entries_of(officer.public_id, known_at=question.known_at)
    entries = _happened_by(answer.entries, question.on)
    rulings = rulings_about(officer, known_at=ground.recorded_by, everything=True)
    return Evidence(
        question=question,
        ground=ground,
        places=tuple(_places(question, ground)),
        currency=currency_of(officer, on=question.on, known_at=question.known_at),
        rulings=tuple(
            sorted(
                (one for one in rulings if one.first <= question.on),
                key=lambda one: (one.first, one.recorded_at, one.title),
            )
        ),
        taught=tuple(taught_to(officer, happened_by=question.happened_by, noted_by=ground.noted_by)),
        attempts=tuple(attempts_known(officer, begun_by=question.happened_by, known_at=ground.noted_by)),
        entries=tuple(EntryTold(part, json.loads(part.payload), part.index) for part in entries),  # type: ignore[attr-defined]
        reflections=tuple(_shared_reflections(question, entries)),
        erased=answer.erased,
        unsealed=len([part for part in entries if part.index is None]),  # type: ignore[attr-defined]
    )


def _happened_by(parts: tuple[ReadablePart, ...], day: date) -> tuple[ReadablePart, ...]:
    """Return the entries about what happened by the day; each with all that corrects it, and what it corrects, whatever day those say."""
    by_id = {part.entry_id: part for part in parts}
    roots: dict[UUID, UUID] = {}
    for part in parts:
        first = part
        while first.corrects in by_id:
            first = by_id[first.corrects]
        roots[part.entry_id] = first.entry_id
    told = {roots[part.entry_id] for part in parts if part.day <= day}
    return tuple(part for part in parts if roots[part.entry_id] in told)


def _places(question: EvidenceQuestion, ground: Ground) -> list[Place]:
    """Return unit, rank and roles on the day, as known."""
    on, known_at, officer = question.on, ground.recorded_by, question.officer
    found = []
    for posting in Posting.objects.in_force(on, known_at).filter(officer=officer).order_by("valid_from", "pk"):
        names = UnitName.objects.in_force(on, known_at).filter(unit=posting.unit_id, is_alias=False)
        name = names.values_list("name", flat=True).first() or ""
        found.append(Place("Unit", name, posting.valid_from, posting.recorded_at))
    ranks = RankHeld.objects.in_force(on, known_at).filter(officer=officer).select_related("rank")
    for held in ranks.order_by("is_acting", "pk"):
        found.append(
            Place("Acting rank" if held.is_acting else "Rank", held.rank.title, held.valid_from, held.recorded_at)
        )
    roles = RoleHeld.objects.in_force(on, known_at).filter(officer=officer).select_related("role")
    for holding in roles.order_by("role__title", "family", "pk"):
        found.append(Place("Role", _role(holding), holding.valid_from, holding.recorded_at))
    return found


def _shared_reflections(question: EvidenceQuestion, entries: tuple[ReadablePart, ...]) -> list[Reflection]:
    """Return reflections that the officer shared, of the CPD among the entries; one that was not shared is not even counted."""
    told = [part.entry_id for part in entries if part.kind == EntryKind.CPD_ACTIVITY]
    shared = Activity.objects.filter(officer=question.officer, reflection_shared=True, entry__in=told)
    return [
        Reflection(one.day, one.title, one.reflection, one.helps)
        for one in shared.order_by("day", "pk")
        if one.reflection or one.helps
    ]


def _role(held: RoleHeld) -> str:
    return f"{held.role.title}, {held.family}" if held.family else str(held.role.title)
