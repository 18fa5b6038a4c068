"""An exercise, its panel and every rating are written once: triggers on SQLite and PostgreSQL alike refuse to change them."""

from django.db import migrations

WRITTEN_ONCE = {
    "assessments_standardsetting": "A standard-setting exercise is never changed: begin another.",
    "assessments_standarditem": "What a panel rates is never changed.",
    "assessments_standardjudge": "A place on a panel is never changed.",
    "assessments_standardrating": "A rating is never changed: rate again.",
    "assessments_standardcompromise": "What a judge would accept is never changed: say it again.",
    "assessments_standardstep": "A step of an exercise is never changed.",
}


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, sentence in WRITTEN_ONCE.items():
        head = f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} FOR EACH ROW"
        schema_editor.execute(
            f"{head} EXECUTE FUNCTION assessments_refuse('{sentence}')"
            if is_postgresql
            else f"{head} BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
            params=None,
        )


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table in WRITTEN_ONCE:
        schema_editor.execute(f"DROP TRIGGER {table}_written_once" + (f" ON {table}" if is_postgresql else ""))


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_standard_setting")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
