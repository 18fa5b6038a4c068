"""A proposal stays as it was made, and is decided once: triggers on both databases. It may go with its officer's records when they do.

On SQLite Django alters a table by making it anew, which drops its triggers: a later migration that alters this table must come before a
further migration that makes them again.
"""

from django.db import migrations

TABLE = "cpd_records_recordproposal"
KEPT = (
    "id",
    "officer_id",
    "kind",
    "key",
    "about",
    "stands_on",
    "wanted",
    "reason",
    "proposed_by_id",
    "proposed_at",
)
SENTENCE = "A proposal stays as it was made, and is decided once."


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    columns = ["wanted::text" if is_postgresql and name == "wanted" else name for name in KEPT]
    kept = " OR ".join(f"({differs.format(column)})" for column in columns)
    when = f"WHEN (OLD.state <> 'proposed' OR {kept})"
    body = (
        f"EXECUTE FUNCTION cpd_records_refuse('{SENTENCE}')"
        if is_postgresql
        else f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )
    head = f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW {when}"
    schema_editor.execute(f"{head} {body}", params=None)
    if is_postgresql:
        schema_editor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_no_update", params=None)
        return
    # SQLite's INSERT OR REPLACE deletes the row before without asking a trigger on updating.
    same = f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"
    replace = f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} FOR EACH ROW {same}"
    schema_editor.execute(f"{replace} {body}", params=None)


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    on_table = f" ON {TABLE}" if is_postgresql else ""
    schema_editor.execute(f"DROP TRIGGER {TABLE}_no_update{on_table}")
    if not is_postgresql:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_replace")


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0034_changes_take_two")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
