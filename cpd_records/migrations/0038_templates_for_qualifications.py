"""A template of certificates is for courses or for qualifications, and stays so.

On SQLite the table is made anew for the column, which drops its triggers; they are taken away before and made again after.
"""

from django.db import migrations, models

TABLE = "cpd_records_certificatetemplate"
SENTENCE = "A certificate template keeps its code and name, and is retired once."
BEFORE = ("id", "code", "name", "made_at", "made_by_id")
SINCE = (*BEFORE, "sort")


def triggers(columns, *, is_postgresql):
    """Yield name and head of each trigger: on changing, deleting, and replacing or emptying."""
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    kept = " OR ".join(differs.format(column) for column in columns)
    when = f" WHEN (OLD.retired_at IS NOT NULL OR {kept})"
    yield f"{TABLE}_no_update", f"BEFORE UPDATE ON {TABLE} FOR EACH ROW{when}"
    yield f"{TABLE}_no_delete", f"BEFORE DELETE ON {TABLE} FOR EACH ROW"
    if is_postgresql:
        yield f"{TABLE}_no_truncate", f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT"
    else:
        # SQLite's INSERT OR REPLACE deletes the row before without asking the trigger on deleting.
        same = f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"
        yield f"{TABLE}_no_replace", f"BEFORE INSERT ON {TABLE} FOR EACH ROW {same}"


def make(schema_editor, columns):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    body = (
        f"EXECUTE FUNCTION cpd_records_refuse('{SENTENCE}')"
        if is_postgresql
        else f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )
    for name, head in triggers(columns, is_postgresql=is_postgresql):
        schema_editor.execute(f"CREATE TRIGGER {name} {head} {body}", params=None)
        if is_postgresql:
            schema_editor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}", params=None)


def drop(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, _head in triggers(BEFORE, is_postgresql=is_postgresql):
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {TABLE}" if is_postgresql else ""))


def make_since(apps, schema_editor):
    make(schema_editor, SINCE)


def make_before(apps, schema_editor):
    make(schema_editor, BEFORE)


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0037_erasures_last_day")]

    operations = [
        migrations.RunPython(drop, make_before),
        migrations.AddField(
            "certificatetemplate",
            "sort",
            models.CharField(
                choices=[("course", "Courses"), ("qualification", "Qualifications")], default="course", max_length=13
            ),
        ),
        migrations.RunPython(make_since, drop),
    ]
