"""Whether every trigger of ours is on this database, switched on and unaltered, and no other on a table of ours.

What is expected stands beside each app in ``triggers.<database>.json``: every trigger its migrations leave, by name, with the text that
makes it. A test holds those files to the migrated schema. ``/readyz`` and ``ledger_verify`` ask.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

ALWAYS = "A"


def missing_triggers() -> list[str]:
    """Return the names of triggers that are absent, switched off or altered; empty is as it should be. One query."""
    found = found_triggers()
    return sorted(name for name, made_by in expected_triggers(connection.vendor).items() if found.get(name) != made_by)


def unknown_triggers() -> list[str]:
    """Return the names of triggers on tables of ours that nobody expects: they may change what is written, or what others refuse."""
    expected = expected_triggers(connection.vendor)
    return sorted(name for name in found_triggers() if name not in expected)


@cache
def expected_triggers(vendor: str) -> dict[str, str]:
    """Return the name of each trigger with the text that makes it (on PostgreSQL followed by its function's)."""
    expected: dict[str, str] = {}
    for file in expected_files(vendor).values():
        if file.is_file():
            expected |= json.loads(file.read_text(encoding="utf-8"))
    return expected


def expected_files(vendor: str) -> dict[str, Path]:
    """Return where each app of ours says what it expects, whether or not it has any trigger."""
    return {
        config.label: Path(config.path) / f"triggers.{vendor}.json"
        for config in apps.get_app_configs()
        if Path(config.path).parent == settings.BASE_DIR
    }


def found_triggers() -> dict[str, str]:
    """Return the triggers on tables of ours, with the text that makes each; on PostgreSQL with its state where that is not always on."""
    found = _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite()
    ours = {
        model._meta.db_table for label in expected_files("") for model in apps.get_app_config(label).get_models(True)
    }
    return {name: text for name, (table, text) in found.items() if table in ours}


def _on_sqlite() -> dict[str, tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: (table, _one_line(made_by)) for name, table, made_by in cursor.fetchall()}


def _on_postgresql() -> dict[str, tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, t.tgenabled, pg_get_triggerdef(t.oid, true), p.prosrc FROM pg_trigger t "
            "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND pg_table_is_visible(t.tgrelid)"
        )
        return {
            name: (table, _one_line(made_by + source) + ("" if state == ALWAYS else f" [{state}]"))
            for name, table, state, made_by, source in cursor.fetchall()
        }


def _one_line(text: str) -> str:
    return " ".join(text.split())
