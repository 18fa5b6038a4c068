"""How much CPD somebody did in a year: verified activities, drafts beside them, and courses from the ledger."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, F, TextField, Value, When

from cpd_records.ledger.chains import last_of, successors_of
from cpd_records.models import Activity, ActivityKind, ActivityState, EntryKind, ReadablePart
from cpd_records.schemes.officers import target_in_words
from cpd_records.schemes.progress import NO_TARGET
from people.force import force
from people.models import User


@dataclass(frozen=True)
class YearTotals:
    """Minutes from ``starts_on`` to ``ends_on``. ``verified`` and ``unverified`` are by kind (code of ``ActivityKind``, absent when 0).

    ``courses`` are minutes of completed courses; ``drafts`` is how many activities only the officer sees, in any year. ``target`` says
    where the officer stands with the schemes in force, or that the force sets no target.
    """

    starts_on: date
    ends_on: date
    courses: int
    verified: dict[str, int]
    unverified: dict[str, int]
    drafts: int
    target: str = NO_TARGET

    @property
    def total(self) -> int:
        """Minutes that count: courses and verified activities."""
        return self.courses + sum(self.verified.values())

    @property
    def waiting(self) -> int:
        """Minutes that are not verified yet."""
        return sum(self.unverified.values())

    @property
    def most(self) -> int:
        """Minutes of the largest row: the full length of a bar."""
        return max((minutes for _words, minutes in self.rows), default=0)

    @property
    def rows(self) -> list[tuple[str, int]]:
        """What counts, as ``(words, minutes)``: courses, then each kind that has any."""
        named = [("Courses", self.courses), *((kind.label, self.verified.get(kind.value, 0)) for kind in ActivityKind)]
        return [(str(words), minutes) for words, minutes in named if minutes]


def year_of(day: date, *, starts_in: int) -> tuple[date, date]:
    """Return the first and the last day of the CPD year, which starts in a month (1 to 12), that ``day`` falls in."""
    year = day.year if day.month >= starts_in else day.year - 1
    return date(year, starts_in, 1), date(year + 1, starts_in, 1) - timedelta(days=1)


def totals_of_year(officer: User, *, on: date) -> YearTotals:
    """Return the totals of the CPD year that ``on`` falls in. What counts is what the ledger says now.

    Three queries, and a few more where a scheme is in force.
    """
    starts_on, ends_on = year_of(on, starts_in=force().cpd_year_starts_month)
    kinds: dict[UUID, str] = {}
    unverified: Counter[str] = Counter()
    drafts = 0
    for state, kind, day, minutes, entry_id in Activity.objects.of(officer).values_list(
        "state", "kind", "day", "minutes", "entry_id"
    ):
        drafts += state == ActivityState.DRAFT
        if entry_id is not None:
            kinds[entry_id] = kind
        elif starts_on <= day <= ends_on and state != ActivityState.REJECTED:
            unverified[kind] += minutes

    courses = 0
    verified: Counter[str] = Counter()
    for root, root_kind, day, minutes in _standing_entries(officer):
        if not starts_on <= day <= ends_on:
            continue
        if root_kind == EntryKind.COMPLETION:
            courses += minutes
        else:
            verified[kinds.get(root, ActivityKind.OTHER)] += minutes
    return YearTotals(
        starts_on, ends_on, courses, dict(verified), dict(unverified), drafts, target=target_in_words(officer, on=on)
    )


def _standing_entries(officer: User) -> Iterator[tuple[UUID, str, date, int]]:
    """Yield ``(first entry, its kind, day, minutes)`` of completions and activities, as their last correction has them.

    What was declared never true is left out.
    """
    counted = (EntryKind.COMPLETION, EntryKind.CPD_ACTIVITY)
    rows = ReadablePart.objects.filter(officer=officer.public_id, kind__in=(*counted, EntryKind.CORRECTION))
    said = Case(When(kind=EntryKind.CORRECTION, then=F("payload")), default=Value("{}", TextField()))
    told = rows.annotate(said=said).order_by("recorded_at", "entry_id")
    entries = {row[0]: row for row in told.values_list("entry_id", "kind", "corrects", "day", "minutes", "said")}
    successors = successors_of((row[0], row[2]) for row in entries.values() if row[2] is not None)
    for first, kind, *_rest in entries.values():
        if kind not in counted:
            continue
        _last, _kind, _corrects, day, minutes, words = entries[last_of(first, successors)]
        if json.loads(words).get("void") is not True:
            yield first, kind, day, minutes or 0
