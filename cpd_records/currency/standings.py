"""Standings as rows: what the projection should hold for some officers, what it holds, and writing the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model

from cpd_records.currency.facts import Cut, facts_of, policy_on
from cpd_records.currency.weighing import Policy, Weighed, weigh
from cpd_records.models import Qualification, RoleStanding, Standing
from people.models import Role, User

STANDING = ("verdict", "is_required", "valid_from", "valid_until", "grace_until", "lapses_on", "changes_on")
ROLE_STANDING = ("verdict", "until", "changes_on")
# (officer, qualification or role) to the columns after these.
Rows = dict[tuple[int, int], tuple[Any, ...]]


@dataclass
class Standings:
    """The rows of some officers: ``qualifications`` by officer and qualification, ``roles`` by officer and role."""

    qualifications: Rows = field(default_factory=dict)
    roles: Rows = field(default_factory=dict)


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
        _add(found, key, weigh(facts, reckoning.policy), reckoning)
    return found


def stored(officers: Iterable[int]) -> Standings:
    """Return the standings of the officers as they are."""
    officers = list(officers)
    return Standings(
        _stored(Standing, "qualification_id", STANDING, officers),
        _stored(RoleStanding, "role_id", ROLE_STANDING, officers),
    )


def write(officers: Sequence[int], reckoning: Reckoning) -> int:
    """Make the officers' rows what they should be and return how many changed; what is right already is not touched."""
    should, are = reckoned(officers, reckoning), stored(officers)
    changed = _write(Standing, "qualification_id", STANDING, should.qualifications, are.qualifications)
    return changed + _write(RoleStanding, "role_id", ROLE_STANDING, should.roles, are.roles)


def _add(found: Standings, key: int, weighed: Weighed, reckoning: Reckoning) -> None:
    for code in weighed.shown:
        finding = weighed.found[code]
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
        found.roles[key, reckoning.roles[role.duty.code]] = (role.verdict.value, role.until, role.changes_on)


def _stored(model: type[Model], about: str, columns: Sequence[str], officers: Sequence[int]) -> Rows:
    rows = model._default_manager.filter(officer__any_of=officers).values_list("officer_id", about, *columns)
    return {(officer, subject): tuple(values) for officer, subject, *values in rows}


def _write(model: type[Model], about: str, columns: Sequence[str], should: Rows, are: Rows) -> int:
    gone = [key for key in are if key not in should]
    changed = [(*key, *values) for key, values in should.items() if are.get(key) != values]
    for officer, subject in gone:
        model._default_manager.filter(**{"officer_id": officer, about: subject}).delete()
    if changed:
        _upsert(model, ("officer_id", about, *columns), changed)
    return len(gone) + len(changed)


def _upsert(model: type[Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert the rows, or change those there are of the same officer and subject: in one statement where arrays can be passed."""
    quote = connection.ops.quote_name
    names = [quote(column) for column in columns]
    table = quote(model._meta.db_table)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names[2:])
    tail = f"ON CONFLICT ({names[0]}, {names[1]}) DO UPDATE SET {changes}"
    head = f"INSERT INTO {table} ({', '.join(names)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kinds = [model._meta.get_field(column).rel_db_type(connection) for column in columns]  # type: ignore[union-attr]
            arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
            columnwise = [list(part) for part in zip(*rows, strict=True)]
            cursor.execute(f"{head} SELECT * FROM unnest({arrays}) {tail}", columnwise)  # noqa: S608
            return
        adapted = [[value.isoformat() if isinstance(value, date) else value for value in row] for row in rows]
        cursor.executemany(f"{head} VALUES ({', '.join(['%s'] * len(names))}) {tail}", adapted)
