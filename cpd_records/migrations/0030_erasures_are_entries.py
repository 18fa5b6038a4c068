"""An erasure is itself an entry of the ledger, and names it: a column, and triggers in the SQL files beside this one.

On SQLite a nullable column is added without making the table anew, so the triggers of 0004 stay; taking it away makes the table anew,
so on the way back they are dropped before and made again after.
"""

import re
from importlib import import_module
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SEPARATOR = re.compile(r"^--$", re.MULTILINE)
CREATED_TRIGGER = re.compile(r"^CREATE TRIGGER (\w+) BEFORE \w+ ON (\w+)", re.MULTILINE)
CREATED_FUNCTION = re.compile(r"^CREATE FUNCTION (\w+)\(\)", re.MULTILINE)
BEFORE = import_module("cpd_records.migrations.0004_append_only")


def script(vendor):
    name = f"{Path(__file__).stem}_append_only.{vendor}.sql"
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


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
    if vendor != "postgresql":
        BEFORE.drop_triggers(apps, schema_editor)


def make_those_before(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        BEFORE.make_triggers(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0029_certificate_templates")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, make_those_before),
        migrations.AddField(
            model_name="erasure",
            name="recorded_in",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="erasures_recorded",
                to="cpd_records.ledgerentry",
            ),
        ),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
