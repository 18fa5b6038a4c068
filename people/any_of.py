"""A lookup for very many values: ``officer__any_of=keys`` passes them as one parameter, so that their number has no limit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignKey, Lookup, Value
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[Any, ...]]


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):  # type: ignore[type-arg]  # generic in the stubs only
    """The column is one of the values: an array on PostgreSQL, a JSON list on SQLite."""

    lookup_name = "any_of"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[Any] | Value) -> None:
        super().__init__(lhs, rhs if isinstance(rhs, Value) else list(rhs))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, parameters = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        field = getattr(field, "target_field", field)
        if isinstance(self.rhs, Value):
            # A place in a compiled statement, which binds its list when it runs.
            values, as_json = self.rhs.value, self.rhs.value
        else:
            values = [field.get_db_prep_value(value, connection) for value in self.rhs]
            as_json = json.dumps(values) if connection.vendor != "postgresql" else None
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s::{field.rel_db_type(connection)}[])", (*parameters, values)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*parameters, as_json)  # noqa: S608
