"""What was judged, sampled, read and signed off stays as it was: triggers on SQLite and PostgreSQL alike refuse to change or delete it.

A sign-off may be ended once, and nothing else of it changes. On SQLite Django alters a table by making it anew, which drops its triggers:
a later migration that alters one of these tables must come before a further migration that makes them again.
"""

from django.db import migrations

# Table, its keys beside the first (by which SQLite's INSERT OR REPLACE finds a row), and what to say.
WRITTEN_ONCE = [
    ("courses_portfolioversion", ["item_id, number"], "What was handed in is never changed: hand in the next version."),
    ("courses_portfolioclaim", ["version_id, heading"], "What was handed in is never changed: hand in the next version."),
    ("courses_portfoliojudgement", ["version_id, number"], "A judgement is never changed: judge again."),
    ("courses_portfoliosample", ["seed, starts_on, ends_on"], "A sample of judgements is never changed: draw another."),
    ("courses_portfoliosamplemember", ["sample_id, judgement_id"], "A sample of judgements is never changed: draw another."),
    ("courses_portfolioreading", ["member_id"], "What a quality assurer said is never changed."),
    ("courses_portfoliosignoff", ["entry_id", "by_id, confirmed_at"], "A sign-off is never changed: it can be ended once."),
    ("courses_shiftnotewithdrawal", ["note_id"], "The withdrawal of a note is never changed."),
]
# The one table of which something is set later, once: who ended it, when and why.
SIGN_OFFS = "courses_portfoliosignoff"
KEPT_OF_A_SIGN_OFF = (
    "id", "recruit_id", "phase", "officer_id", "by_id", "signed_on", "at", "confirmed_at", "words", "entry_id",
)  # fmt: skip


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(
            "CREATE FUNCTION courses_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
    for table, keys, sentence in WRITTEN_ONCE:
        for name, head in _heads(table, keys, is_postgresql=is_postgresql):
            body = (
                f"EXECUTE FUNCTION courses_refuse('{sentence}')"
                if is_postgresql
                else f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
            schema_editor.execute(f"CREATE TRIGGER {name} {head} {body}", params=None)
            if is_postgresql:
                # Also where a session replicates, which would pass over an ordinary trigger.
                schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}", params=None)


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys, _sentence in WRITTEN_ONCE:
        for name, _head in _heads(table, keys, is_postgresql=is_postgresql):
            schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgresql else ""))
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION courses_refuse()")


def _heads(table, keys, *, is_postgresql):
    """Return the name and the head of each trigger of a table: on changing, deleting, replacing and emptying."""
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    when = ""
    if table == SIGN_OFFS:
        kept = " OR ".join(differs.format(column) for column in KEPT_OF_A_SIGN_OFF)
        when = f" WHEN (OLD.ended_at IS NOT NULL OR {kept})"
    heads = [
        (f"{table}_no_update", f"BEFORE UPDATE ON {table} FOR EACH ROW{when}"),
        (f"{table}_no_delete", f"BEFORE DELETE ON {table} FOR EACH ROW"),
    ]
    if is_postgresql:
        return [*heads, (f"{table}_no_truncate", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT")]
    # SQLite's INSERT OR REPLACE deletes the row before without asking the trigger on deleting.
    same = " OR ".join(_same(key) for key in ["id", *keys])
    if table == SIGN_OFFS:
        same += f" OR ({_same('recruit_id, phase')} AND ended_at IS NULL AND NEW.ended_at IS NULL)"
    exists = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
    return [*heads, (f"{table}_no_replace", f"BEFORE INSERT ON {table} FOR EACH ROW {exists}")]


def _same(key):
    return "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in key.split(", ")) + ")"


class Migration(migrations.Migration):
    dependencies = [("courses", "0016_trainers_since")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
