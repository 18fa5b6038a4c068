"""Title and subject of a certificate whose entry was erased may be blanked: the triggers of 0008 made again, in the SQL files beside this."""

import re
from importlib import import_module
from pathlib import Path

from django.db import migrations

SEPARATOR = re.compile(r"^--$", re.MULTILINE)
BEFORE = import_module("cpd_records.migrations.0008_certificates_append_only")


def make_triggers(apps, schema_editor):
    BEFORE.drop_triggers(apps, schema_editor)
    name = f"{Path(__file__).stem}_append_only.{schema_editor.connection.vendor}.sql"
    for statement in SEPARATOR.split(Path(__file__).with_name(name).read_text(encoding="utf-8")):
        if "CREATE" in statement or "ALTER" in statement:
            schema_editor.execute(statement.strip(), params=None)


def make_those_before(apps, schema_editor):
    # The same triggers and functions by name, so what drops the one drops the other.
    BEFORE.drop_triggers(apps, schema_editor)
    BEFORE.make_triggers(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0032_erasures_written_once")]

    operations = [migrations.RunPython(make_triggers, make_those_before)]
