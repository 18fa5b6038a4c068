"""What a rebuild of projections changed: the rows as they were, kept by the database itself, beside the rows as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from cpd_records.models import HashTile, OfficerStanding, RoleStanding, Standing

# By what a row of each projection is known, whatever its own number.
TILES: dict[type[Model], tuple[str, ...]] = {HashTile: ("level", "number")}
STANDINGS: dict[type[Model], tuple[str, ...]] = {
    Standing: ("officer_id", "qualification_id"),
    RoleStanding: ("officer_id", "role_id"),
    OfficerStanding: ("officer_id",),
}


@dataclass
class Changed:
    """How many rows were missing, said something else, or should not have been there. Counted when the rebuild is over."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        return self.added + self.changed + self.removed

    def __str__(self) -> str:
        if not self.total:
            return "No row of them was wrong before."
        rows = f"{self.total} row{'' if self.total == 1 else 's'} of them {'was' if self.total == 1 else 'were'}"
        return f"{rows} wrong before: {self.added} added, {self.changed} changed, {self.removed} removed."


@contextmanager
def what_changes(projections: dict[type[Model], tuple[str, ...]]) -> Iterator[Changed]:
    """Keep the projections as they are, let them be rebuilt, and count what is different then, in the database."""
    found = Changed()
    for model, known_by in projections.items():
        _run(
            f"CREATE TEMPORARY TABLE {_kept(model)} AS SELECT {_columns(model, known_by)} FROM {_table(model)}"  # noqa: S608
        )
    try:
        yield found
        for model, known_by in projections.items():
            keys = ", ".join(map(_quoted, known_by))
            added = _only_in(_table(model), _kept(model), keys)
            found.added += added
            found.changed += _only_in(_table(model), _kept(model), _columns(model, known_by)) - added
            found.removed += _only_in(_kept(model), _table(model), keys)
    finally:
        for model in projections:
            _run(f"DROP TABLE {_kept(model)}")


def _only_in(table: str, other: str, columns: str) -> int:
    """Return how many rows of a table say what none of the other does. EXCEPT takes two nothings for the same."""
    rows = _run(
        f"SELECT count(*) FROM (SELECT {columns} FROM {table} EXCEPT SELECT {columns} FROM {other}) AS found"  # noqa: S608
    )
    return int(rows[0][0])


def _columns(model: type[Model], known_by: Sequence[str]) -> str:
    """Return the columns that say something: all but the row's own number, where it is not known by that."""
    return ", ".join(
        _quoted(field.column)
        for field in model._meta.concrete_fields
        if field.column and (not field.primary_key or field.attname in known_by)
    )


def _run(statement: str) -> Sequence[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else ()


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)


def _kept(model: type[Model]) -> str:
    return _quoted(f"kept_{model._meta.model_name}")


def _quoted(name: str) -> str:
    quoted: str = connection.ops.quote_name(name)
    return quoted
