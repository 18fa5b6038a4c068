"""Practice: rounds, answers and cards. Rounds and answers are written once, on SQLite and PostgreSQL alike."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

WRITTEN_ONCE = {
    "assessments_practiceround": "A round of practice is never changed: begin another.",
    "assessments_practiceanswer": "An answer in practice is never changed.",
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

    dependencies = [
        ('assessments', '0022_counts_confidence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PracticeRound',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('versions', models.JSONField()),
                ('size', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=255)),
                ('address', models.CharField(max_length=255)),
                ('started_at', models.DateTimeField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practice_rounds', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-started_at'],
            },
        ),
        migrations.CreateModel(
            name='PracticeAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(help_text='1, 2, … in the round.', null=True)),
                ('response', models.JSONField()),
                ('fraction', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practice_answers', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.question')),
                ('question_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.questionversion')),
                ('round', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='assessments.practiceround')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PracticeCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('box', models.PositiveSmallIntegerField()),
                ('due_on', models.DateField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practice_cards', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.question')),
            ],
            options={
                'ordering': ['due_on', 'box', 'id'],
                'indexes': [models.Index(fields=['officer', 'due_on'], name='practice_due_to_somebody')],
                'constraints': [models.UniqueConstraint(fields=('officer', 'question'), name='one_card_for_a_question')],
            },
        ),
        migrations.AddIndex(
            model_name='practiceround',
            index=models.Index(fields=['officer', '-started_at'], name='practice_rounds_of_somebody'),
        ),
        migrations.AddIndex(
            model_name='practiceanswer',
            index=models.Index(fields=['officer', 'question'], name='practice_answers_to_a_question'),
        ),
        migrations.AddConstraint(
            model_name='practiceanswer',
            constraint=models.UniqueConstraint(fields=('round', 'position'), name='practised_once_in_a_round'),
        ),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
