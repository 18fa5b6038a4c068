"""Keeping the standings of today as rows: what is new since the last time is taken in, and each day rolls over.

The projection stands at a cut (the tree's size and the last stamp it has taken in) and a day, both in ``Projected``, whose row is the
lock: whoever writes standings holds it. A step moves the cut and writes its officers in one transaction, so a crash loses nothing and
repeats nothing. What concerns everybody, such as another rule, becomes waiting rows of some hundred officers each.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cpd_records.currency.facts import Cut
from cpd_records.currency.standings import Reckoning, write
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.erasure import AFTER_ERASURE
from cpd_records.ledger.sealing import AFTER_CHECKPOINT
from cpd_records.models import (
    Checkpoint,
    CurrencyException,
    EntryKind,
    Exemption,
    Projected,
    QualificationNeed,
    QualificationRule,
    ReadablePart,
    Requirement,
    Restriction,
    RoleStanding,
    Standing,
)
from people import clock, work
from people.models import Absence, Posting, RankHeld, RoleHeld, UnitPlace, User, WaitingWork

NAME = "standing"
ROLL_WORK = "roll_currency"
CHUNK_WORK = "reckon_currency_of_chunk"
OFFICERS_AT_ONCE = 500
ENTRIES_AT_ONCE = 2_000
# Rows about an officer; those of the first three begin and end to count on their days.
ASSIGNED: tuple[type[Any], ...] = (RoleHeld, RankHeld, Posting)
OF_AN_OFFICER: tuple[type[Any], ...] = (*ASSIGNED, Absence, CurrencyException, Exemption, Restriction)
OF_EVERYBODY: tuple[type[Any], ...] = (QualificationRule, QualificationNeed, Requirement)
DONE_IS_KEPT = timedelta(hours=1)


@work.background(AFTER_CHECKPOINT)
def follow_checkpoint(key: str) -> None:
    """Follow after a checkpoint, as its waiting row asks, and forget the rows of former ones."""
    follow()
    before = timezone.now() - DONE_IS_KEPT
    WaitingWork.objects.filter(kind__in=[AFTER_CHECKPOINT, CHUNK_WORK, AFTER_ERASURE], done_at__lt=before).delete()


def follow() -> int:
    """Take in all that is new up to the last checkpoint, and roll to today; return how many officers were reckoned anew."""
    count = roll_day()
    while True:
        with _locked() as projected:
            step = _next_step(projected, last_checkpoint())
            if step is None:
                break
            projected.size, projected.row_at = step.cut.size or 0, step.cut.time
            projected.save(update_fields=["size", "row_at"])
            if step.concerns_everybody:
                _ask_for_everybody()
            count += _reckon(step.officers, step.cut, _day_of(projected))
    return count


def roll_day() -> int:
    """Bring the standings to today: those that change by then, and whoever's roles, rank or posting begin or ended. Asks for tomorrow.

    After days without it, one call catches up. The day is recorded last, so a crash in between repeats it.
    """
    today = clock.today()
    work.ask(ROLL_WORK, (today + timedelta(days=1)).isoformat(), at=_midnight(today + timedelta(days=1)))
    count = 0
    while True:
        with _locked() as projected:
            day = _day_of(projected)
            if projected.row_at is None or day >= today:
                return count
            cut = Cut(projected.size, projected.row_at)
            changing = _changing(today)
            if changing:
                count += _reckon(changing, cut, today)
                continue
            if _rules_begin_or_ended(day, today, cut):
                _ask_for_everybody()
            else:
                for officers in _parts(_beginning_or_ended(day, today, cut)):
                    count += _reckon(officers, cut, today)
            projected.day = today
            projected.save(update_fields=["day"])


@work.background(ROLL_WORK)
def roll_to(key: str) -> None:
    """Roll over at midnight, as its waiting row asks."""
    roll_day()


def rebuild() -> int:
    """Reckon everybody's standings anew at the last checkpoint, and return how many officers there are."""
    with _locked() as projected:
        last = last_checkpoint()
        if last is None:
            Standing.objects.all().delete()
            RoleStanding.objects.all().delete()
            projected.size, projected.row_at, projected.day = 0, None, clock.today()
            projected.save()
            return 0
        projected.size, projected.row_at, projected.day = last.size, last.time, clock.today()
        projected.save()
        asked = _ask_for_everybody()
    for key in asked:
        work.do_work(CHUNK_WORK, key)
    return User.objects.count()


@work.background(CHUNK_WORK)
def reckon_chunk(key: str) -> None:
    """Reckon the officers between two keys, both included, wherever the projection stands by then."""
    first, last = chunk_of(key)
    with _locked() as projected:
        if projected.row_at is not None:
            officers = list(User.objects.filter(pk__range=(first, last)).values_list("pk", flat=True))
            _reckon(officers, Cut(projected.size, projected.row_at), _day_of(projected))


@work.background(AFTER_ERASURE)
def reckon_officer(key: str) -> None:
    """Reckon one officer, named by the public id: something of theirs was erased."""
    with _locked() as projected:
        if projected.row_at is not None:
            officers = list(
                User.objects.filter(public_id=uuid.UUID(key.partition("@")[0])).values_list("pk", flat=True)
            )
            _reckon(officers, Cut(projected.size, projected.row_at), _day_of(projected))


@dataclass(frozen=True)
class Followed:
    """How far the standings have followed: the tree's size, the last stamp of rows (None: not at all yet), and the day they are of."""

    size: int
    row_at: datetime | None
    day: date | None

    @property
    def cut(self) -> Cut:
        return Cut(self.size, self.row_at)


def where_followed() -> Followed:
    """Return how far the standings have followed, as of the last commit."""
    found = Projected.objects.filter(name=NAME).values_list("size", "row_at", "day").first()
    return Followed(*found) if found else Followed(0, None, None)


def moving_since(followed: Followed, today: date) -> list[int]:
    """Return whose roles, rank or posting begin or ended between the standings' day and today."""
    return _beginning_or_ended(followed.day or today, today, followed.cut)


def chunk_of(key: str) -> tuple[int, int]:
    """Return the first and the last user key of a chunk's waiting row."""
    first, _, last = key.partition("@")[0].partition("-")
    return int(first), int(last)


def chunks_waiting() -> list[tuple[int, int]]:
    """Return the chunks that were asked for and are not done yet: their standings may be behind the cut."""
    keys = WaitingWork.objects.filter(kind=CHUNK_WORK, done_at__isnull=True).values_list("key", flat=True)
    return [chunk_of(key) for key in keys]


@dataclass(frozen=True)
class _Step:
    """One move of the cut, and whom it concerns."""

    cut: Cut
    officers: Sequence[int]
    concerns_everybody: bool = False


def _next_step(projected: Projected, last: Checkpoint | None) -> _Step | None:
    """Return the next move towards the last checkpoint: first rows with two times, then entries; None where there is nothing."""
    if last is None:
        return None
    if projected.row_at is None:
        return _Step(Cut(last.size, last.time), (), concerns_everybody=True)
    if projected.row_at < last.time:
        upto = _rows_upto(projected.row_at, last.time)
        since = Q(recorded_at__gt=projected.row_at, recorded_at__lte=upto)
        if any(model.objects.filter(since).exists() for model in OF_EVERYBODY):
            return _Step(Cut(projected.size, upto), (), concerns_everybody=True)
        officers: set[int] = set(_posted_below(UnitPlace.objects.filter(since).values_list("unit_id", flat=True)))
        for model in OF_AN_OFFICER:
            officers.update(model.objects.filter(since).values_list("officer_id", flat=True))
        return _Step(Cut(projected.size, upto), sorted(officers))
    if projected.size < last.size:
        size = min(last.size, projected.size + ENTRIES_AT_ONCE)
        named = ReadablePart.objects.filter(
            entry__place__index__gte=projected.size,
            entry__place__index__lt=size,
            kind__in=[EntryKind.QUALIFICATION, EntryKind.CORRECTION],
        ).values("officer")
        return _Step(
            Cut(size, projected.row_at), sorted(User.objects.filter(public_id__in=named).values_list("pk", flat=True))
        )
    return None


def _rows_upto(since: datetime, until: datetime) -> datetime:
    """Return how far rows are taken in by one step: as many as one step bears, or all of them."""
    stamps = [
        stamp
        for model in OF_AN_OFFICER
        for stamp in model.objects.filter(recorded_at__gt=since, recorded_at__lte=until)
        .order_by("recorded_at")
        .values_list("recorded_at", flat=True)[OFFICERS_AT_ONCE - 1 : OFFICERS_AT_ONCE]
    ]
    return min(stamps, default=until)


def _posted_below(units: Iterable[int]) -> list[int]:
    """Return whoever is or was posted to one of the units or below it, in any tree there was: their requirements may change."""
    waiting = list(units)
    if not waiting or not Requirement.objects.filter(unit__isnull=False).exists():
        return []
    below: dict[int, list[int]] = {}
    for unit, parent in UnitPlace.objects.filter(parent__isnull=False).values_list("unit_id", "parent_id"):
        below.setdefault(parent, []).append(unit)
    found = set(waiting)
    while waiting:
        for unit in below.get(waiting.pop(), ()):
            if unit not in found:
                found.add(unit)
                waiting.append(unit)
    return list(Posting.objects.filter(unit__any_of=found).values_list("officer_id", flat=True))


def _changing(today: date) -> list[int]:
    """Return some officers of whom a standing changed by today and was not reckoned since."""
    found = {
        officer
        for model in (Standing, RoleStanding)
        for officer in model._default_manager.filter(changes_on__lte=today).values_list("officer_id", flat=True)[
            :OFFICERS_AT_ONCE
        ]
    }
    return sorted(found)


def _rules_begin_or_ended(day: date, today: date, cut: Cut) -> bool:
    models: tuple[type[Any], ...] = (*OF_EVERYBODY, UnitPlace)
    return any(_begin_or_ended(model, day, today, cut).exists() for model in models)


def _beginning_or_ended(day: date, today: date, cut: Cut) -> list[int]:
    found: set[int] = set()
    for model in ASSIGNED:
        found.update(_begin_or_ended(model, day, today, cut).values_list("officer_id", flat=True))
    return sorted(found)


def _begin_or_ended(model: type[Any], day: date, today: date, cut: Cut) -> Any:
    """Return rows that begin after ``day`` and by ``today``, or whose last day was ``day`` or later and before ``today``."""
    rows = model.objects.known(cut.time).filter(is_void=False)
    return rows.filter(Q(valid_from__gt=day, valid_from__lte=today) | Q(valid_until__gte=day, valid_until__lt=today))


def _ask_for_everybody() -> list[str]:
    """Write waiting rows for all officers in parts, and return their keys; call inside the transaction that moves the cut."""
    officers = list(User.objects.order_by("pk").values_list("pk", flat=True))
    token = uuid.uuid4().hex[:12]
    keys = [f"{part[0]}-{part[-1]}@{token}" for part in _parts(officers)]
    for key in keys:
        work.ask(CHUNK_WORK, key)
    return keys


def _reckon(officers: Sequence[int], cut: Cut, on: date) -> int:
    if officers:
        reckoning = Reckoning.at(on, cut)
        for part in _parts(officers):
            write(part, reckoning)
    return len(officers)


def _parts(officers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(officers), OFFICERS_AT_ONCE):
        yield officers[first : first + OFFICERS_AT_ONCE]


@contextmanager
def _locked() -> Iterator[Projected]:
    """Hold the projection's row in a transaction."""
    with transaction.atomic():
        projected, _created = Projected.objects.select_for_update().get_or_create(
            name=NAME, defaults={"day": clock.today()}
        )
        yield projected


def _day_of(projected: Projected) -> date:
    return projected.day or clock.today()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
