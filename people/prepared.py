"""The statements of every page, compiled to SQL once for each connection and run again with new values.

Building a queryset and turning it into SQL costs several times what running it does. A function decorated here is called once with
placeholders for its arguments, and from then on its SQL is sent as it is; PostgreSQL keeps the plan as well. It does what the queryset
would: ``tests/people/test_prepared.py`` and the tests of each user hold them against one another. Nothing that was read is kept.

For hot statements only. Arguments are single values (int, str, UUID, date, datetime), or short lists of them for the lookup ``any_of``
(the plan kept is that of about ten). They decide nothing inside the function: no ``if`` and no ``in`` over an argument. Only a value that
is written into a column may be None.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import update_wrapper
from inspect import signature
from typing import Any, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Rows = Callable[..., QuerySet[Any, Any]]


@dataclass(frozen=True)
class _Place:
    """Stands in compiled parameters where the value called ``name`` goes, into ``column`` where it is written."""

    name: str
    column: Field[Any, Any] | None = None

    def bound(self, values: Mapping[str, Any], db: BaseDatabaseWrapper) -> Any:
        value = values[self.name]
        return _bound(value, db) if self.column is None else self.column.get_db_prep_save(value, db)


class _Statement:
    """SQL and the order of its parameters, for one connection."""

    def __init__(self, sql: str, parameters: Iterable[Any]) -> None:
        self.sql, self.parameters = sql, tuple(parameters)

    def run(self, db: BaseDatabaseWrapper, values: Mapping[str, Any]) -> CursorWrapper:
        """Run and return the cursor, which the caller closes."""
        cursor = _cursor(db)
        cursor.execute(
            self.sql, [given.bound(values, db) if isinstance(given, _Place) else given for given in self.parameters]
        )
        return cursor


class _Selection(_Statement):
    """A SELECT, and how its columns become values or instances."""

    def __init__(self, queryset: QuerySet[Any, Any], db: BaseDatabaseWrapper) -> None:
        compiler = queryset.query.get_compiler(connection=db)
        super().__init__(*compiler.as_sql())
        self.locks = queryset.query.select_for_update and db.features.has_select_for_update
        converters = compiler.get_converters([column[0] for column in compiler.select])
        self.converters = [(place, tuple(several), expression) for place, (several, expression) in converters.items()]
        self.made = tuple if queryset.query.has_select_fields else _instances(compiler, db.alias)

    def rows(self, db: BaseDatabaseWrapper, values: Mapping[str, Any]) -> list[Any]:
        if self.locks and db.get_autocommit():
            raise TransactionManagementError("A row is only locked inside a transaction.")
        with self.run(db, values) as cursor:
            found = cursor.fetchall()
        return [self.made(self._converted(row, db)) for row in found]

    def _converted(self, row: tuple[Any, ...], db: BaseDatabaseWrapper) -> Any:
        if not self.converters:
            return row
        values = list(row)
        for place, converters, expression in self.converters:
            for convert in converters:
                values[place] = convert(values[place], expression, db)
        return values


class Prepared:
    """A function that returns a queryset, compiled. Calling it by keyword gives the rows: tuples of a ``values_list``, else instances."""

    def __init__(self, queryset: Rows) -> None:
        update_wrapper(self, queryset)
        self.queryset = queryset
        self._selections: WeakKeyDictionary[BaseDatabaseWrapper, _Selection] = WeakKeyDictionary()
        self._updates: WeakKeyDictionary[BaseDatabaseWrapper, dict[tuple[str, ...], _Statement]] = WeakKeyDictionary()

    def __call__(self, **values: Any) -> list[Any]:
        db = connections[DEFAULT_DB_ALIAS]
        selection = self._selections.get(db)
        if selection is None:
            selection = self._selections[db] = _Selection(self._built(), db)
        return selection.rows(db, values)

    def update(self, changes: Mapping[str, Any], /, **values: Any) -> int:
        """Change columns of the rows, by field name, and return how many rows there were."""
        db = connections[DEFAULT_DB_ALIAS]
        updates = self._updates.setdefault(db, {})
        columns = tuple(changes)
        if columns not in updates:
            updates[columns] = _update(self._built(), columns, db)
        written = {f"new {name}": value for name, value in changes.items()}
        with updates[columns].run(db, {**values, **written}) as cursor:
            return cursor.rowcount

    def _built(self) -> QuerySet[Any, Any]:
        return self.queryset(**_places(self.queryset))


class PreparedInsert:
    """A function that returns an instance to insert, compiled. Calling it by keyword inserts the row; nothing comes back."""

    def __init__(self, instance: Callable[..., Model]) -> None:
        update_wrapper(self, instance)
        self.instance = instance
        self._statements: WeakKeyDictionary[BaseDatabaseWrapper, _Statement] = WeakKeyDictionary()

    def __call__(self, **values: Any) -> None:
        db = connections[DEFAULT_DB_ALIAS]
        statement = self._statements.get(db)
        if statement is None:
            statement = self._statements[db] = _insert(self.instance(**_places(self.instance)), db)
        statement.run(db, values).close()


def prepared(queryset: Rows) -> Prepared:
    """Compile the queryset a function returns."""
    return Prepared(queryset)


def prepared_insert(instance: Callable[..., Model]) -> PreparedInsert:
    """Compile the insertion of the instance a function returns."""
    return PreparedInsert(instance)


def _places(function: Callable[..., Any]) -> dict[str, Value]:
    return {name: Value(_Place(name)) for name in signature(function).parameters}


def _update(queryset: QuerySet[Any, Any], columns: tuple[str, ...], db: BaseDatabaseWrapper) -> _Statement:
    query = cast(UpdateQuery, queryset.query.chain(UpdateQuery))
    fields = queryset.model._meta.get_field
    query.add_update_values({name: Value(_Place(f"new {name}", cast(Any, fields(name)))) for name in columns})
    return _Statement(*query.get_compiler(connection=db).as_sql())


def _insert(instance: Model, db: BaseDatabaseWrapper) -> _Statement:
    fields = [
        field
        for field in instance._meta.local_concrete_fields
        if not field.primary_key or field.value_from_object(instance)
    ]
    for field in fields:
        given = field.value_from_object(instance)
        if isinstance(given, Value) and isinstance(given.value, _Place):
            setattr(instance, field.attname, Value(_Place(given.value.name, field)))
    query = InsertQuery(type(instance))
    query.insert_values(fields, [instance])
    ((sql, parameters),) = query.get_compiler(connection=db).as_sql()
    return _Statement(sql, parameters)


def _instances(compiler: SQLCompiler, alias: str) -> Callable[[Any], Any]:
    """Return what makes an instance of a row, with what ``select_related`` joined to it."""
    kinds = cast(dict[str, Any], compiler.klass_info)
    first, last = kinds["select_fields"][0], kinds["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]  # type: ignore[attr-defined]
    populators = get_related_populators(kinds, compiler.select, alias)  # type: ignore[call-arg]  # stubs of a later Django

    def instance(row: Any) -> Any:
        made = kinds["model"].from_db(alias, names, row[first:last])
        for populator in populators:
            populator.populate(row, made)
        return made

    return instance


def _bound(value: Any, db: BaseDatabaseWrapper) -> Any:
    """Return a value to compare with as the database takes it."""
    if isinstance(value, list):
        bound = [_bound(one, db) for one in value]
        return bound if db.vendor == "postgresql" else json.dumps(bound)
    if isinstance(value, UUID):
        return value if db.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return db.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return db.ops.adapt_datefield_value(value)
    if isinstance(value, int):
        # Always as the widest, or each magnitude of a number would be a statement of its own on PostgreSQL.
        return db.ops.adapt_integerfield_value(value, "BigIntegerField")
    return value


def _cursor(db: BaseDatabaseWrapper) -> CursorWrapper:
    """Return Django's cursor, on PostgreSQL over one that binds there and so keeps plans.

    While queries are logged they are bound here, because the log says them with their values.
    """
    cursor = db.cursor()
    if db.vendor == "postgresql" and not db.queries_logged:
        cursor.cursor = ServerBindingCursor(db.connection)  # type: ignore[call-arg]  # a psycopg cursor, unknown to the stubs
    return cursor
