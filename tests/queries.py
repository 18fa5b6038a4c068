"""Counting queries as the budgets mean them: SELECT, INSERT, UPDATE and DELETE, session and user included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext

_COUNTED = re.compile(
    r"^[\s(]*(?:/\*.*?\*/\s*)?(?:SELECT|INSERT|UPDATE|DELETE|WITH|REPLACE)\b", re.IGNORECASE | re.DOTALL
)


@dataclass
class Queries:
    """What was asked of the database inside a block; complete once the block has ended."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.statements)

    def __str__(self) -> str:
        return f"{self.count} queries:\n" + "\n".join(f"{n}. {sql}" for n, sql in enumerate(self.statements, start=1))


@contextmanager
def counted_queries() -> Iterator[Queries]:
    """Collect the queries of a block; BEGIN, SAVEPOINT, PRAGMA and the like do not count."""
    queries = Queries()
    with CaptureQueriesContext(connection) as captured:
        yield queries
    queries.statements.extend(query["sql"] for query in captured.captured_queries if _COUNTED.match(query["sql"]))


@contextmanager
def at_most_queries(most: int) -> Iterator[Queries]:
    """Fail when the block asks more than ``most`` queries, and list them."""
    with counted_queries() as queries:
        yield queries
    assert queries.count <= most, f"At most {most} queries were allowed, not {queries}"
