"""Keep on PostgreSQL what refuses a change on whatever ``session_replication_role`` says, as the ledger's triggers are."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = (
    "courses_lawchange",
    "courses_lawcheck",
    "courses_lawmark",
)


def always_on(_apps: Any, schema_editor: Any) -> None:
    _switch(schema_editor, "ENABLE ALWAYS")


def on_by_origin(_apps: Any, schema_editor: Any) -> None:
    _switch(schema_editor, "ENABLE")


def _switch(schema_editor: Any, how: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} {how} TRIGGER {table}_written_once", params=None)


class Migration(migrations.Migration):
    dependencies = [("courses", "0024_parades")]
    operations = [migrations.RunPython(always_on, on_by_origin)]
