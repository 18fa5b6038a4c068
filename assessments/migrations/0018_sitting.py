"""What a sitting needs: window, layout, sections, adjustments, the stopped clock, and rooms with their log.

On SQLite the new columns make three tables anew, which drops their triggers: they are made again on both ways.
"""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


# Table, the columns that never change before and after this migration (empty: none may), and what to say.
WRITTEN_ONCE = [
    ("assessments_assessmentversion", (), (), "An assessment version is never changed: save a new one."),
    (
        "assessments_attempt",
        ("assessment_version_id", "officer_id", "context_ref", "number", "seed", "started_at"),
        ("adjustments", "room_id"),
        "What an attempt was started with is never changed.",
    ),
    (
        "assessments_attemptitem",
        ("attempt_id", "position", "question_version_id", "option_order"),
        ("section",),
        "The draw of an attempt is never changed.",
    ),
]


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, *_rest in WRITTEN_ONCE:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_written_once" + (f" ON {table}" if is_postgresql else ""))


def make_triggers(apps, schema_editor, *, before=False):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    for table, columns, more, sentence in WRITTEN_ONCE:
        fixed = columns if before else (*columns, *more)
        when = f"WHEN ({' OR '.join(differs.format(column) for column in fixed)}) " if fixed else ""
        head = f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} FOR EACH ROW {when}"
        schema_editor.execute(
            f"{head} EXECUTE FUNCTION assessments_refuse('{sentence}')"
            if is_postgresql
            else f"{head} BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
            params=None,
        )


def make_triggers_before(apps, schema_editor):
    make_triggers(apps, schema_editor, before=True)


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0017_files_written_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_triggers, make_triggers_before),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('attempt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='contact', serialize=False, to='assessments.attempt')),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('place', models.CharField(max_length=120)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('start_code', models.CharField(max_length=12)),
                ('closed_at', models.DateTimeField(help_text='Set once, a cache of the closing event.', null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-opens_at'],
            },
        ),
        migrations.CreateModel(
            name='RoomEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', 'Room opened'), ('code', 'Start code changed'), ('joined', 'Invigilator added'), ('left', 'Invigilator taken off'), ('incident', 'Incident'), ('paused', 'Clock stopped'), ('resumed', 'Clock running again'), ('extended', 'Time added'), ('closed', 'Room closed')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=1000)),
                ('minutes', models.PositiveSmallIntegerField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoomInvigilator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['since_at'],
            },
        ),
        migrations.AddField(
            model_name='assessmentversion',
            name='closes_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='assessmentversion',
            name='is_invigilated',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='assessmentversion',
            name='layout',
            field=models.CharField(choices=[('one', 'One question at a time'), ('whole', 'All questions on one page')], default='one', max_length=5),
        ),
        migrations.AddField(
            model_name='assessmentversion',
            name='navigation',
            field=models.CharField(choices=[('free', 'Any order'), ('forward', 'Forward only')], default='free', max_length=7),
        ),
        migrations.AddField(
            model_name='assessmentversion',
            name='opens_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='adjustments',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='attempt',
            name='paused_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='reached',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='attemptitem',
            name='section',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name='attemptstep',
            name='kind',
            field=models.CharField(choices=[('started', 'Started'), ('saved', 'Answer saved'), ('flagged', 'Flag changed'), ('checked', 'Answer checked'), ('moved', 'Moved to another device'), ('passed_on', 'Went on to the next question'), ('paused', 'Clock stopped'), ('resumed', 'Clock running again'), ('extended', 'Time added'), ('submitted', 'Submitted'), ('expired', 'Time ran out'), ('marked', 'Marked'), ('remarked', 'Marked again'), ('moderated', 'Moderated'), ('voided', 'Voided')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='assessmentversion',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at__isnull', True), ('closes_at__isnull', True), ('opens_at__lt', models.F('closes_at')), _connector='OR'), name='a_window_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='assessmentversion',
            constraint=models.CheckConstraint(condition=models.Q(('layout', 'one'), ('navigation', 'free'), _connector='OR'), name='forward_only_is_one_question_at_a_time'),
        ),
        migrations.AddField(
            model_name='room',
            name='assessment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rooms', to='assessments.assessment'),
        ),
        migrations.AddField(
            model_name='room',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attempt',
            name='room',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='assessments.room'),
        ),
        migrations.AddField(
            model_name='roomevent',
            name='attempt',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='room_events', to='assessments.attempt'),
        ),
        migrations.AddField(
            model_name='roomevent',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roomevent',
            name='room',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assessments.room'),
        ),
        migrations.AddField(
            model_name='roominvigilator',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roominvigilator',
            name='invigilator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roominvigilator',
            name='room',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invigilators', to='assessments.room'),
        ),
        migrations.AddConstraint(
            model_name='room',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at__lt', models.F('closes_at'))), name='a_room_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='roominvigilator',
            constraint=models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('room', 'invigilator'), name='somebody_invigilates_a_room_once'),
        ),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
