"""Inserting very many rows at once, for sample history: COPY on PostgreSQL, one prepared statement on SQLite.

Constraints and triggers hold as for any other insert. What a model would fill in by itself is the caller's to give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model

Row = Sequence[Any]


def insert_many(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows whose values stand in the order of ``names`` (columns as Django calls them, such as ``officer_id``).

    Values are those a query would return. The rows come from a generator without being held.
    """
    fields = [model._meta.get_field(name) for name in names]
    columns_of = [str(field.column) for field in fields]  # type: ignore[union-attr]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(map(connection.ops.quote_name, columns_of))
    if connection.vendor == "postgresql":
        written = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(_with_json(row, fields, written) if written else row)
        return
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608
            [
                [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]  # type: ignore[union-attr]
                for row in rows
            ],
        )


def _with_json(row: Row, fields: Sequence[Any], places: Sequence[int]) -> list[Any]:
    values = list(row)
    for place in places:
        values[place] = fields[place].get_db_prep_save(values[place], connection)
    return values
