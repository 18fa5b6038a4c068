"""The ledger's evidence is written once: triggers on SQLite and PostgreSQL alike, in the SQL files beside this one.

On SQLite Django alters a table by making it anew, which drops its triggers: a later migration that alters a table of evidence must
come before a further migration that makes them again. ``/readyz`` and ``ledger_verify`` say which are missing.
"""

import re
from pathlib import Path

from django.db import migrations

SEPARATOR = re.compile(r"^--$", re.MULTILINE)
CREATED_TRIGGER = re.compile(r"^CREATE TRIGGER (\w+) BEFORE \w+ ON (\w+)", re.MULTILINE)
CREATED_FUNCTION = re.compile(r"^CREATE FUNCTION (\w+)\(\)", re.MULTILINE)


def script(vendor):
    return Path(__file__).with_suffix(f".{vendor}.sql").read_text(encoding="utf-8")


def make_triggers(apps, schema_editor):
    for statement in SEPARATOR.split(script(schema_editor.connection.vendor)):
        if "CREATE" in statement or "ALTER" in statement:
            schema_editor.execute(statement.strip(), params=None)


def drop_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, table in CREATED_TRIGGER.findall(script(vendor)):
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}" if vendor == "postgresql" else f"DROP TRIGGER {name}")
    for name in CREATED_FUNCTION.findall(script(vendor)):
        schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0003_evidence_constraints")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
