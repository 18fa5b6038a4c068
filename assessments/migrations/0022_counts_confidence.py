"""Whether how sure candidates say to be counts in an assessment.

On SQLite the new column makes the table anew, which drops its trigger: it is made again on both ways.
"""

from django.db import migrations, models

TABLE = "assessments_assessmentversion"
SENTENCE = "An assessment version is never changed: save a new one."


def drop_trigger(apps, schema_editor):
    on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_written_once{on}")


def make_trigger(apps, schema_editor):
    head = f"CREATE TRIGGER {TABLE}_written_once BEFORE UPDATE ON {TABLE} FOR EACH ROW"
    schema_editor.execute(
        f"{head} EXECUTE FUNCTION assessments_refuse('{SENTENCE}')"
        if schema_editor.connection.vendor == "postgresql"
        else f"{head} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
        params=None,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0021_citations_in_use'),
    ]

    operations = [
        migrations.RunPython(drop_trigger, make_trigger),
        migrations.AddField(
            model_name='assessmentversion',
            name='counts_confidence',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(make_trigger, drop_trigger),
    ]
