"""The mark a question carries. It bears on results, so it is written once like the rest of a version.

On SQLite a column with a default makes the table anew and drops its trigger: it is made again here, over one column more.
"""

from django.db import migrations, models

TABLE = "assessments_questionversion"
SENTENCE = "A question version is never changed: save a new one."
BEFORE = ("question_id", "number", "type", "definition", "outcome", "topic", "difficulty", "must_pass", "digest")


def _make(schema_editor, columns):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    when = " OR ".join(differs.format(column) for column in columns)
    head = f"CREATE TRIGGER {TABLE}_written_once BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({when}) "
    body = f"EXECUTE FUNCTION assessments_refuse('{SENTENCE}')"
    if not is_postgresql:
        body = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    schema_editor.execute(head + body, params=None)


def drop_trigger(apps, schema_editor):
    on_table = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_written_once{on_table}", params=None)


def make_trigger(apps, schema_editor):
    _make(schema_editor, (*BEFORE, "max_mark"))


def make_trigger_before(apps, schema_editor):
    _make(schema_editor, BEFORE)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0014_topics_of_words")]

    operations = [
        migrations.RunPython(drop_trigger, make_trigger_before),
        migrations.AddField(
            model_name="questionversion",
            name="max_mark",
            field=models.DecimalField(decimal_places=7, default=1, max_digits=12),
        ),
        migrations.AddConstraint(
            model_name="questionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_mark__gte", 0)), name="a_question_carries_no_negative_mark"
            ),
        ),
        migrations.RunPython(make_trigger, drop_trigger),
    ]
