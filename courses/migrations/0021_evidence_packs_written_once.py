"""Who asked for an evidence pack and what answered stays as it was: triggers on SQLite and PostgreSQL refuse to change or delete it.

On SQLite Django alters a table by making it anew, which drops its triggers: a later migration that alters one of these tables must come
before a further migration that makes them again.
"""

from django.db import migrations

SENTENCES = {
    "courses_evidencepack": ("id", "That somebody asked for an evidence pack is never changed."),
    "courses_evidencepackfile": ("pack_id", "What answered for an evidence pack is never changed."),
}


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, head, sentence in _triggers(is_postgresql=is_postgresql):
        body = f"EXECUTE FUNCTION courses_refuse('{sentence}')" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        schema_editor.execute(f"CREATE TRIGGER {name} {head} {body}", params=None)
        if is_postgresql:
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}", params=None)


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _head, _sentence in _triggers(is_postgresql=is_postgresql):
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgresql else ""))


def _triggers(*, is_postgresql):
    """Yield name, table, head and sentence of each trigger: on changing, deleting, and replacing or emptying."""
    for table, (key, sentence) in SENTENCES.items():
        yield f"{table}_no_update", table, f"BEFORE UPDATE ON {table} FOR EACH ROW", sentence
        yield f"{table}_no_delete", table, f"BEFORE DELETE ON {table} FOR EACH ROW", sentence
        if is_postgresql:
            yield f"{table}_no_truncate", table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", sentence
        else:
            # SQLite's INSERT OR REPLACE deletes the row before without asking the trigger on deleting.
            same = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
            yield f"{table}_no_replace", table, f"BEFORE INSERT ON {table} FOR EACH ROW {same}", sentence


class Migration(migrations.Migration):
    dependencies = [("courses", "0020_evidence_packs")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
