"""A request for erasure keeps the officer's last day of service; that, its day and its classes never change either.

On SQLite a nullable column is added and taken away without making the table anew, so the triggers of 0032 stay; the one on changing is
made again, with all columns that are kept.
"""

from django.db import migrations, models

TABLE = "cpd_records_erasurerequest"
SENTENCE = "A request for erasure stays as it was asked, and ends once."
BEFORE = ("id", "officer_id", "ground", "reason", "asked_by_id", "asked_at")
SINCE = (*BEFORE, '"on"', "classes", "left_on")


def keep(schema_editor, columns):
    """Make the trigger on changing a request: it may end once, and nothing of these columns changes."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(f"DROP TRIGGER {TABLE}_no_update" + (f" ON {TABLE}" if is_postgresql else ""))
    differs = "(OLD.{0} IS DISTINCT FROM NEW.{0})" if is_postgresql else "(OLD.{0} IS NOT NEW.{0})"
    names = ["classes::text" if is_postgresql and name == "classes" else name for name in columns]
    changed = " OR ".join(differs.format(name) for name in names)
    body = (
        f"EXECUTE FUNCTION cpd_records_refuse('{SENTENCE}')"
        if is_postgresql
        else f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )
    head = f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW"
    schema_editor.execute(f"{head} WHEN (OLD.closed_at IS NOT NULL OR {changed}) {body}", params=None)
    if is_postgresql:
        schema_editor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_no_update", params=None)


def keep_all(apps, schema_editor):
    keep(schema_editor, SINCE)


def keep_as_before(apps, schema_editor):
    keep(schema_editor, BEFORE)


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0036_certificates_by_subject")]

    operations = [
        migrations.AddField(
            model_name="erasurerequest",
            name="left_on",
            field=models.DateField(null=True),
        ),
        migrations.RunPython(keep_all, keep_as_before),
    ]
