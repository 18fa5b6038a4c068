"""The log of a room is written once: triggers on SQLite and PostgreSQL alike refuse to change it."""

from django.db import migrations

TABLE = "assessments_roomevent"
SENTENCE = "A line of a room's log is never changed."


def make_trigger(apps, schema_editor):
    quoted = SENTENCE.replace("'", "''")
    head = f"CREATE TRIGGER {TABLE}_written_once BEFORE UPDATE ON {TABLE} FOR EACH ROW"
    schema_editor.execute(
        f"{head} EXECUTE FUNCTION assessments_refuse('{quoted}')"
        if schema_editor.connection.vendor == "postgresql"
        else f"{head} BEGIN SELECT RAISE(ABORT, '{quoted}'); END",
        params=None,
    )


def drop_trigger(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(f"DROP TRIGGER {TABLE}_written_once" + (f" ON {TABLE}" if is_postgresql else ""))


class Migration(migrations.Migration):
    dependencies = [("assessments", "0018_sitting")]

    operations = [migrations.RunPython(make_trigger, drop_trigger)]
