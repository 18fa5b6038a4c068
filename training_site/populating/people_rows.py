"""The people of an invented force as rows: accounts, units, and what each held, every row stamped on its day.

The rows are those of ``post_officer``, ``give_rank``, ``grant_role`` and ``end_row``: a successor ends what was begun with no end.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models, transaction

from people.many_rows import insert_many
from people.models import Absence, Posting, Rank, RankHeld, Role, RoleHeld, Unit, UnitName, UnitPlace, User
from training_site.populating.careers import Career, Held
from training_site.populating.units import PlannedUnit

STAMPED_FROM = time(6, 0, tzinfo=UTC)
USER = (
    "id",
    "password",
    "is_superuser",
    "public_id",
    "service_number",
    "email",
    "name",
    "short_name",
    "is_active",
    "joined_at",
)
DATED = (
    "id",
    "valid_from",
    "valid_until",
    "recorded_at",
    "recorded_by_id",
    "reason",
    "supersedes_id",
    "is_void",
)


class Stamps:
    """Gives each dated row of a day a moment of its own, before the day's entries; knows the last it gave."""

    def __init__(self) -> None:
        self._given: dict[date, int] = {}
        self.last: datetime | None = None

    def on(self, day: date) -> datetime:
        count = self._given[day] = self._given.get(day, -1) + 1
        moment = datetime.combine(day, STAMPED_FROM) + timedelta(microseconds=count)
        self.last = max(moment, self.last or moment)
        return moment


@dataclass(frozen=True, slots=True)
class Numbers:
    """The keys a table's next rows get: from one past the highest there is."""

    first: int

    @classmethod
    def of(cls, model: type[models.Model]) -> Numbers:
        highest = model._default_manager.aggregate(highest=models.Max("pk"))["highest"]
        return cls((highest or 0) + 1)


def service_number(number: int) -> str:
    return f"{number + 1:06}"


def plan_people(careers: Sequence[Career], *, seed: int, last_day: date) -> list[User]:
    """Return the accounts of the careers, with keys, not saved: no password, and numbers for names."""
    keys = Numbers.of(User)
    return [
        User(
            id=keys.first + career.number,
            password=UNUSABLE_PASSWORD_PREFIX + "-" * 40,
            public_id=public_id(career.number, seed=seed),
            service_number=service_number(career.number),
            email=f"officer{service_number(career.number)}@force.example",
            name=f"Officer {service_number(career.number)}",
            is_active=career.left is None or career.left >= last_day,
            joined_at=datetime.combine(career.joined, STAMPED_FROM),
        )
        for career in careers
    ]


def public_id(number: int, *, seed: int) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.sha256(f"{seed}/person/{number}".encode()).digest()[:16], version=4)


@transaction.atomic
def write_people(
    careers: Sequence[Career], people: Sequence[User], units: Sequence[PlannedUnit], *, first: date, stamps: Stamps
) -> None:
    """Insert accounts, units and what everybody held."""
    insert_many(User, USER, ([getattr(user, name) for name in USER] for user in people))
    unit_keys = _write_units(units, first=first, stamps=stamps)
    ranks = dict(Rank.objects.values_list("code", "pk"))
    roles = dict(Role.objects.values_list("code", "pk"))
    keys = [user.pk for user in people]

    posted = [(keys[career.number], held, (unit_keys[int(held.what)], ""), "Posted elsewhere")
              for career in careers for held in career.postings]  # fmt: skip
    _insert_dated(Posting, ("officer_id", "unit_id", "shoulder_number"), posted, stamps)
    ranked = [(keys[career.number], held, (ranks[str(held.what)], False), "New rank")
              for career in careers for held in career.ranks]  # fmt: skip
    _insert_dated(RankHeld, ("officer_id", "rank_id", "is_acting"), ranked, stamps)
    granted = [(keys[career.number], held, (roles[str(held.what)], "", _scope(career, held, unit_keys)), "")
               for career in careers for held in career.roles]  # fmt: skip
    _insert_dated(RoleHeld, ("officer_id", "role_id", "family", "unit_id"), granted, stamps)
    away = [(keys[career.number], held, (str(held.what),), "") for career in careers for held in career.absences]
    _insert_dated(Absence, ("officer_id", "kind"), away, stamps, known_end=True)


def _scope(career: Career, held: Held, unit_keys: Sequence[int]) -> int | None:
    return unit_keys[career.heads] if held.what == "supervisor" and career.heads is not None else None


def _write_units(units: Sequence[PlannedUnit], *, first: date, stamps: Stamps) -> list[int]:
    start = Numbers.of(Unit).first
    keys = [start + place for place in range(len(units))]
    insert_many(Unit, ("id", "code"), ((key, unit.code) for key, unit in zip(keys, units, strict=True)))
    names, places = Numbers.of(UnitName).first, Numbers.of(UnitPlace).first
    insert_many(
        UnitName,
        (*DATED, "unit_id", "name", "is_alias"),
        (
            (names + place, first, None, stamps.on(first), None, "", None, False, keys[place], unit.name, False)
            for place, unit in enumerate(units)
        ),
    )
    insert_many(
        UnitPlace,
        (*DATED, "unit_id", "parent_id"),
        (
            (places + place, first, None, stamps.on(first), None, "", None, False, keys[place],
             keys[unit.parent] if unit.parent is not None else None)
            for place, unit in enumerate(units)
        ),
    )  # fmt: skip
    return keys


def _insert_dated(
    model: type[models.Model],
    more: Sequence[str],
    rows: Iterable[tuple[int, Held, tuple[Any, ...], str]],
    stamps: Stamps,
    *,
    known_end: bool = False,
) -> None:
    """Insert a row for each thing held and, where it ended, the row that says so on the day after; ``known_end`` says it at once."""
    insert_many(model, (*DATED, *more), _dated(rows, stamps, Numbers.of(model).first, known_end))


def _dated(
    rows: Iterable[tuple[int, Held, tuple[Any, ...], str]], stamps: Stamps, key: int, known_end: bool
) -> Iterator[tuple[Any, ...]]:
    for officer, held, values, ended in rows:
        at_once = held.last if known_end else None
        yield (key, held.first, at_once, stamps.on(held.first), None, "", None, False, officer, *values)
        key += 1
        if held.last is not None and not known_end:
            day = held.last + timedelta(days=1)
            yield (key, held.first, held.last, stamps.on(day), None, ended, key - 1, False, officer, *values)
            key += 1
