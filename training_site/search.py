"""Wagtail's search in the database, made to bear what people type.

On SQLite a single quotation mark is an error of syntax; PostgreSQL takes no NUL. Neither is a letter to any index.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from modelsearch.backends import database
from modelsearch.query import And, Boost, Not, Or, Phrase, PlainText

# A typographic quotation mark says nothing to an index and is no sign to the reader of a query.
SAID_BY_NOBODY = {ord('"'): "\u201d", 0: "\u201d"}


def bearable(query: Any) -> Any:
    """Return the query with words that every database can read."""
    if isinstance(query, str):
        return query.translate(SAID_BY_NOBODY)
    changed = copy(query)
    if isinstance(query, PlainText | Phrase):
        changed.query_string = bearable(query.query_string)
    elif isinstance(query, And | Or):
        changed.subqueries = [bearable(one) for one in query.subqueries]
    elif isinstance(query, Not | Boost):
        changed.subquery = bearable(query.subquery)
    return changed


class _Bearing:
    def search(self, query: Any, *args: Any, **more: Any) -> Any:
        return super().search(bearable(query), *args, **more)  # type: ignore[misc]

    def autocomplete(self, query: Any, *args: Any, **more: Any) -> Any:
        return super().autocomplete(bearable(query), *args, **more)  # type: ignore[misc]


def SearchBackend(params: dict[str, Any]) -> Any:
    """Return the search of the database there is; the name is the one Wagtail looks for."""
    found = type(database.SearchBackend(params))
    return type(found.__name__, (_Bearing, found), {})(params)
