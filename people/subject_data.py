"""Handing somebody everything that is held about them: each app names its tables, and rows are told alike.

``Held`` names the rows of a table that are about a person. A test walks every table with a relation to a person and fails on one that is
neither held here nor named as left out, with a reason.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey, Model

from people.models import User

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of ``model`` ('app.Model') about a person: ``by`` leads from a row to the person, as a lookup does.

    ``what`` is the heading the person reads. ``leaves`` are columns that are not handed over; ``path`` and ``name`` are the columns of a
    file in private storage, ``folder`` stands before the path. ``is_long`` tables are in the data only, the document counts them.
    """

    model: str
    by: str
    what: str
    leaves: tuple[str, ...] = ()
    by_public_id: bool = False
    path: str = ""
    name: str = ""
    folder: str = ""
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file held about somebody: where it is in private storage, and what it is called."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """One table's rows about somebody, told as plain values, and the files that go with them."""

    what: str
    table: str
    rows: tuple[Told, ...]
    files: tuple[KeptFile, ...]
    is_long: bool


def parts_of(held: Iterable[Held], officer: User) -> Iterator[Part]:
    """Yield each table's rows about the person, in the order they were written; one query a table."""
    for one in held:
        rows = list(rows_held(one, officer))
        files = tuple(
            KeptFile(one.folder + path, str(getattr(row, one.name) if one.name else path.rpartition("/")[2]))
            for row in rows
            if one.path and (path := str(getattr(row, one.path)))
        )
        yield Part(one.what, one.model, tuple(told(row, one.leaves) for row in rows), files, one.is_long)


def rows_held(one: Held, officer: User) -> Iterable[Model]:
    """Return the rows; foreign keys are read with them."""
    model = apps.get_model(one.model)
    joined = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.name not in one.leaves and not field.null
    ]
    about = officer.public_id if one.by_public_id else officer.pk
    rows = model._base_manager.filter(**{one.by: about})
    return rows.select_related(*joined).order_by("pk") if joined else rows.order_by("pk")


def told(row: Model, leaves: Iterable[str] = ()) -> Told:
    """Return a row as plain values by column; whom it names is told by name, another row by its words where it has any."""
    return {
        field.name: _value(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if field.name not in leaves and field.name != "password"
    }


def _value(value: Any) -> Any:
    if isinstance(value, User):
        return value.name
    if isinstance(value, Model):
        return str(value) if type(value).__str__ is not Model.__str__ else str(value.pk)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


# By reason: the relations ('app.Model.column') by which a table names a person and is not handed to them.
LeftOut = Mapping[str, tuple[str, ...]]
