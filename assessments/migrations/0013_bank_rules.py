"""What Django cannot say of the bank: triggers on both databases, and on PostgreSQL the index of words.

The columns that 0012 adds made SQLite write some tables anew, which dropped their triggers: those are made again first.
"""

from django.db import migrations

# Table, the columns that never change (empty: none may), and what to say.
WRITTEN_ONCE = [
    ("assessments_assessmentversion", (), "An assessment version is never changed: save a new one."),
    ("assessments_topicchange", (), "What was done to a topic is never changed."),
]
WORDS = "array_to_tsvector(string_to_array(words, ' '))"


def make_rules(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, _columns, sentence in WRITTEN_ONCE:
        name = f"{table}_written_once"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if is_postgresql else ""))
        head = f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW"
        schema_editor.execute(
            f"{head} EXECUTE FUNCTION assessments_refuse('{sentence}')"
            if is_postgresql
            else f"{head} BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
            params=None,
        )
    if is_postgresql:
        schema_editor.execute(f"CREATE INDEX lines_by_words ON assessments_questionline USING gin ({WORDS})", params=None)


def drop_rules(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute("DROP INDEX lines_by_words")
    schema_editor.execute(
        "DROP TRIGGER assessments_topicchange_written_once" + (" ON assessments_topicchange" if is_postgresql else "")
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0012_bank_and_blueprint")]

    operations = [migrations.RunPython(make_rules, drop_rules)]
