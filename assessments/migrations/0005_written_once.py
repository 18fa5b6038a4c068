"""What a result rests on is written once: triggers on SQLite and PostgreSQL alike refuse to change it.

Rows may still be deleted, for lawful erasure. On SQLite Django alters a table by making it anew, which drops its triggers: a later
migration that alters one of these tables must come before a further migration that makes them again.
"""

from django.db import migrations

# Table, the columns that never change (empty: none may), and what to say.
WRITTEN_ONCE = [
    ("assessments_attemptstep", (), "A step of an attempt is never changed."),
    ("assessments_versionstep", (), "A step of a question version is never changed."),
    ("assessments_assessmentversion", (), "An assessment version is never changed: save a new one."),
    (
        "assessments_questionversion",
        ("question_id", "number", "type", "definition", "outcome", "topic", "difficulty", "must_pass", "digest"),
        "A question version is never changed: save a new one.",
    ),
    (
        "assessments_attempt",
        ("assessment_version_id", "officer_id", "context_ref", "number", "seed", "started_at"),
        "What an attempt was started with is never changed.",
    ),
    (
        "assessments_attemptitem",
        ("attempt_id", "position", "question_version_id", "option_order"),
        "The draw of an attempt is never changed.",
    ),
]


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    if is_postgresql:
        schema_editor.execute(
            "CREATE FUNCTION assessments_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
    for table, columns, sentence in WRITTEN_ONCE:
        when = f"WHEN ({' OR '.join(differs.format(column) for column in columns)}) " if columns else ""
        head = f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} FOR EACH ROW {when}"
        schema_editor.execute(
            f"{head} EXECUTE FUNCTION assessments_refuse('{sentence}')"
            if is_postgresql
            else f"{head} BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
            params=None,
        )


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, _columns, _sentence in WRITTEN_ONCE:
        schema_editor.execute(f"DROP TRIGGER {table}_written_once" + (f" ON {table}" if is_postgresql else ""))
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION assessments_refuse()")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_turns")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
