"""Whether the triggers that keep the evidence are on this database, switched on and unaltered.

What is expected is read from the SQL files that made them, so there is one list. ``/readyz``, ``ledger_verify`` and a test ask.
"""

import re
from functools import cache
from pathlib import Path

from django.db import connection

from cpd_records import migrations

CREATED_TRIGGER = re.compile(r"^CREATE TRIGGER (\w+) .*", re.DOTALL)
CREATED_FUNCTION = re.compile(r"^CREATE FUNCTION (\w+)\(\).*?\$\$(.*)\$\$", re.DOTALL)
ALWAYS = "A"


def missing_triggers() -> list[str]:
    """Return the names of triggers that are absent, switched off or altered; empty is as it should be. One query."""
    found = _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite()
    return sorted(name for name, made_by in expected_triggers(connection.vendor).items() if found.get(name) != made_by)


@cache
def expected_triggers(vendor: str) -> dict[str, str]:
    """Return the name of each trigger with the text that makes it (on PostgreSQL followed by its function's)."""
    triggers: dict[str, str] = {}
    functions: dict[str, str] = {}
    for file in sorted(Path(migrations.__file__).parent.glob(f"*_append_only.{vendor}.sql")):
        for statement in re.split(r"^--$", file.read_text(encoding="utf-8"), flags=re.MULTILINE):
            text = statement.strip()
            if function := CREATED_FUNCTION.match(text):
                functions[function[1]] = function[2]
            elif trigger := CREATED_TRIGGER.match(text):
                triggers[trigger[1]] = text
    return {name: _one_line(text + functions.get(_function_of(text), "")) for name, text in triggers.items()}


def _on_sqlite() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: _one_line(made_by) for name, made_by in cursor.fetchall()}


def _on_postgresql() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, pg_get_triggerdef(t.oid, true), p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = %s AND pg_table_is_visible(t.tgrelid)",
            [ALWAYS],
        )
        return {name: _one_line(made_by + source) for name, made_by, source in cursor.fetchall()}


def _function_of(trigger: str) -> str:
    return trigger.rpartition("EXECUTE FUNCTION ")[2].removesuffix("()")


def _one_line(text: str) -> str:
    return " ".join(text.split())
