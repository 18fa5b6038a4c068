"""A legal hold stays as it was placed, is lifted once and never deleted; so stays who lifted it: triggers on both databases.

On SQLite Django alters a table by making it anew, which drops its triggers: a later migration that alters one of these tables must come
before a further migration that makes them again.
"""

from django.db import migrations

HOLDS, ENDS = "cpd_records_legalhold", "cpd_records_legalholdend"
HOLD_KEPT = ("id", "officer", "reason", "placed_by", "placed_at")
OF_HOLDS = "A legal hold stays as it was placed, and is lifted once."
OF_ENDS = "Who lifted a legal hold, and why, is never changed."


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(
            "CREATE FUNCTION cpd_records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
    for name, table, head, sentence in _triggers(is_postgresql=is_postgresql):
        body = (
            f"EXECUTE FUNCTION cpd_records_refuse('{sentence}')"
            if is_postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        schema_editor.execute(f"CREATE TRIGGER {name} {head} {body}", params=None)
        if is_postgresql:
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}", params=None)


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _head, _sentence in _triggers(is_postgresql=is_postgresql):
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgresql else ""))
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION cpd_records_refuse()")


def _triggers(*, is_postgresql):
    """Yield name, table, head and sentence of each trigger: on changing, deleting, and replacing or emptying."""
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    kept = " OR ".join(differs.format(column) for column in HOLD_KEPT)
    when = f" WHEN (OLD.ended_at IS NOT NULL OR {kept})"
    for table, key, sentence, only in ((HOLDS, "id", OF_HOLDS, when), (ENDS, "hold_id", OF_ENDS, "")):
        yield f"{table}_no_update", table, f"BEFORE UPDATE ON {table} FOR EACH ROW{only}", sentence
        yield f"{table}_no_delete", table, f"BEFORE DELETE ON {table} FOR EACH ROW", sentence
        if is_postgresql:
            yield f"{table}_no_truncate", table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", sentence
        else:
            # SQLite's INSERT OR REPLACE deletes the row before without asking the trigger on deleting.
            same = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
            yield f"{table}_no_replace", table, f"BEFORE INSERT ON {table} FOR EACH ROW {same}", sentence


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0027_holds_lifted")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
