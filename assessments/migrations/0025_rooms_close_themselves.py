"""A room that nobody closes closes itself: such a line of its log is by nobody.

On SQLite the column makes the table anew, which drops its trigger: it is made again on both ways.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "assessments_roomevent"
SENTENCE = "A line of a room''s log is never changed."


def drop_trigger(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_written_once" + (f" ON {TABLE}" if is_postgresql else ""))


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
        ("assessments", "0024_brought_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_trigger, make_trigger),
        migrations.AlterField(
            model_name="roomevent",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="roomevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__isnull", False), ("kind__in", ["resumed", "closed"]), _connector="OR"),
                name="nobody_only_lets_run_on_and_closes",
            ),
        ),
        migrations.RunPython(make_trigger, drop_trigger),
    ]
