"""One steady view of the database for everything that is verified, in one session or in several."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def steady_view(snapshot: str | None = None) -> Iterator[None]:
    """Let every query see the same state and hold no writer up; inside a transaction its own view is used.

    On PostgreSQL ``snapshot`` is the view that another session exported, which this one shares.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            if snapshot is not None:
                cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
            # Entries are read along their index. Left to itself the planner may read whole tables for each range, or sort the ledger.
            cursor.execute("SET LOCAL cursor_tuple_fraction = 0.001")
            yield
    else:
        # Django would begin immediately, as a writer; a deferred transaction of SQLite only reads.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
