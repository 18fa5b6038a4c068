"""Standings as rows: what the projection should hold for some officers, what it holds, and writing the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model

from cpd_records.currency.days import ONE_DAY, earliest
from cpd_records.currency.facts import Cut, facts_of, policy_on
from cpd_records.currency.groups import summary_of
from cpd_records.currency.weighing import OfficerFacts, Policy, Weighed, weigh
from cpd_records.models import OfficerStanding, Qualification, RoleStanding, Standing
from people.loaded import without_collecting
from people.models import Role, User

STANDING = ("verdict", "is_required", "valid_from", "valid_until", "grace_until", "lapses_on", "changes_on")
ROLE_STANDING = ("verdict", "until", "changes_on")
OFFICER_STANDING = ("unit_id", "group", "failing", "first", "posted", "changes_on")
# (officer, qualification or role), or (officer,), to the columns after these.
Rows = dict[tuple[int, ...], tuple[Any, ...]]


@dataclass
class Standings:
    """The rows of some officers: ``qualifications`` by officer and qualification, ``roles`` by officer and role, ``officers``."""

    qualifications: Rows = field(default_factory=dict)
    roles: Rows = field(default_factory=dict)
    officers: Rows = field(default_factory=dict)


@dataclass(frozen=True)
class Reckoning:
    """What standings are reckoned from: the day, the cut, and the rules of that day as known then. Read once for many officers."""

    on: date
    cut: Cut
    policy: Policy
    qualifications: Mapping[str, int]
    roles: Mapping[str, int]

    @classmethod
    def at(cls, on: date, cut: Cut) -> Reckoning:
        return cls(
            on,
            cut,
            policy_on(on, cut),
            dict(Qualification.objects.values_list("code", "pk")),
            dict(Role.objects.values_list("code", "pk")),
        )


def reckoned(officers: Iterable[int], reckoning: Reckoning) -> Standings:
    """Return the standings of the officers as they should be."""
    named = dict(User.objects.filter(pk__any_of=officers).values_list("pk", "public_id"))
    found = Standings()
    for key, facts in facts_of(named, on=reckoning.on, cut=reckoning.cut, in_short=True).items():
        _add(found, key, facts, weigh(facts, reckoning.policy), reckoning)
    return found


def stored(officers: Iterable[int]) -> Standings:
    """Return the standings of the officers as they are."""
    officers = list(officers)
    return Standings(*(_stored(table, officers) for table in TABLES))


def write(officers: Sequence[int], reckoning: Reckoning) -> int:
    """Make the officers' rows what they should be and return how many changed; what is right already is not touched."""
    with without_collecting():
        should, are = reckoned(officers, reckoning), stored(officers)
    return sum(_write(table, getattr(should, table.rows), getattr(are, table.rows)) for table in TABLES)


@dataclass(frozen=True)
class _Table:
    """A table of the projection: its rows in ``Standings``, the columns that say of whom and what, and the others."""

    rows: str
    model: type[Model]
    keys: tuple[str, ...]
    columns: tuple[str, ...]


TABLES = (
    _Table("qualifications", Standing, ("officer_id", "qualification_id"), STANDING),
    _Table("roles", RoleStanding, ("officer_id", "role_id"), ROLE_STANDING),
    _Table("officers", OfficerStanding, ("officer_id",), OFFICER_STANDING),
)


def _add(found: Standings, key: int, facts: OfficerFacts, weighed: Weighed, reckoning: Reckoning) -> None:
    changes: list[date | None] = []
    for code in weighed.shown:
        finding = weighed.found[code]
        changes.append(finding.changes_on)
        found.qualifications[key, reckoning.qualifications[code]] = (
            finding.verdict.value,
            code in weighed.required,
            finding.valid_from,
            finding.valid_until,
            finding.grace_until,
            finding.lapses_on,
            finding.changes_on,
        )
    for role in weighed.roles:
        changes.append(role.changes_on)
        found.roles[key, reckoning.roles[role.duty.code]] = (role.verdict.value, role.until, role.changes_on)
    unit, until = facts.posted_on(reckoning.on)
    changes.append(until + ONE_DAY if until is not None and until < date.max else None)
    summary = summary_of(
        (weighed.found[code] for code in weighed.required), ((role.duty.duty, role.verdict) for role in weighed.roles)
    )
    found.officers[key,] = (
        unit,
        int(summary.group),
        summary.failing,
        summary.first,
        summary.posted.value,
        earliest(*changes),
    )


def _stored(table: _Table, officers: Sequence[int]) -> Rows:
    rows = table.model._default_manager.filter(officer__any_of=officers).values_list(*table.keys, *table.columns)
    keys = len(table.keys)
    return {row[:keys]: row[keys:] for row in rows}


def _write(table: _Table, should: Rows, are: Rows) -> int:
    gone = [key for key in are if key not in should]
    changed = [(*key, *values) for key, values in should.items() if are.get(key) != values]
    for key in gone:
        table.model._default_manager.filter(**dict(zip(table.keys, key, strict=True))).delete()
    if changed:
        _upsert(table, changed)
    return len(gone) + len(changed)


def _upsert(table: _Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert the rows, or change those there are of the same officer and subject: in one statement where arrays can be passed."""
    quote = connection.ops.quote_name
    columns = (*table.keys, *table.columns)
    names = [quote(column) for column in columns]
    keys = len(table.keys)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names[keys:])
    tail = f"ON CONFLICT ({', '.join(names[:keys])}) DO UPDATE SET {changes}"
    head = f"INSERT INTO {quote(table.model._meta.db_table)} ({', '.join(names)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kinds = [table.model._meta.get_field(column).rel_db_type(connection) for column in columns]  # type: ignore[union-attr]
            arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
            columnwise = [list(part) for part in zip(*rows, strict=True)]
            cursor.execute(f"{head} SELECT * FROM unnest({arrays}) {tail}", columnwise)  # noqa: S608
            return
        adapted = [[value.isoformat() if isinstance(value, date) else value for value in row] for row in rows]
        cursor.executemany(f"{head} VALUES ({', '.join(['%s'] * len(names))}) {tail}", adapted)
