"""Pictures of questions and files of answers are written once: triggers on SQLite and PostgreSQL alike refuse to change them."""

from django.db import migrations

WRITTEN_ONCE = {
    "assessments_questionpicture": "A picture that is kept is never changed: add another.",
    "assessments_answerfile": "A file that was handed in is never changed.",
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
    dependencies = [("assessments", "0016_question_pictures")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
