"""The one place where the triggers of the evidence are lifted, for tests that do what only somebody with the database could."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tests.cpd_records.ledger_acts import CERTIFICATES, EVIDENCE, run

LIFTED = (*EVIDENCE, *CERTIFICATES)


@contextmanager
def altered_evidence() -> Iterator[None]:
    """Lift every trigger and key check of the evidence and of certificates, in this test's own transaction, and put them back after.

    The block's changes are undone with the transaction, so what a test has altered is gone when it ends.
    """
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        always = {table: triggers_on(f"cpd_records_{table}") for table in LIFTED}
        for table in LIFTED:
            run(f"ALTER TABLE cpd_records_{table} DISABLE TRIGGER ALL")
        yield
        for table in LIFTED:
            run(f"ALTER TABLE cpd_records_{table} ENABLE TRIGGER ALL")
            for name in always[table]:
                run(f"ALTER TABLE cpd_records_{table} ENABLE ALWAYS TRIGGER {name}")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'cpd_records_%'")
        triggers = dict(cursor.fetchall())
    for name in triggers:
        run(f"DROP TRIGGER {name}")
    yield
    for made_by in triggers.values():
        run(made_by)


def triggers_on(table: str) -> list[str]:
    """Return the triggers of ours on a table that are always on, whatever a session says."""
    always = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A' AND tgrelid = %s::regclass"
    with connection.cursor() as cursor:
        cursor.execute(always, [table])
        return [name for (name,) in cursor.fetchall()]
