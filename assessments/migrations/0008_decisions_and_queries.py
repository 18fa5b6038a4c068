"""Decisions on questions, queries of candidates, and when results are told.

On SQLite an added column makes the table of assessment versions anew, which drops its trigger: it is made again on both ways.
"""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


def make_trigger_again(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        name = "assessments_assessmentversion_written_once"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON assessments_assessmentversion FOR EACH ROW "
            "BEGIN SELECT RAISE(ABORT, 'An assessment version is never changed: save a new one.'); END",
            params=None,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0007_weak_questions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, make_trigger_again),
        migrations.CreateModel(
            name='DecisionAssessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='DecisionEffect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('score_before', models.PositiveIntegerField(null=True)),
                ('score_after', models.PositiveIntegerField(null=True)),
                ('outcome_before', models.CharField(blank=True, choices=[('passed', 'Passed'), ('failed', 'Not passed'), ('completed', 'Completed')], max_length=10)),
                ('outcome_after', models.CharField(blank=True, choices=[('passed', 'Passed'), ('failed', 'Not passed'), ('completed', 'Completed')], max_length=10)),
                ('is_changed', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='DecisionKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='DecisionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('checked', 'Law checked'), ('objected', 'Objected to after checking the law'), ('confirmed', 'Confirmed'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('at', models.DateTimeField()),
                ('reference', models.CharField(blank=True, max_length=200)),
                ('looked_on', models.DateField(null=True)),
                ('words', models.TextField(blank=True)),
                ('data', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DecisionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='QueryAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('words', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='QuestionDecision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('neutral', 'Take it out of the marking'), ('award', 'Give everybody its mark'), ('key', 'Mark it by another version’s key'), ('several', 'Accept the keys of several versions')], max_length=10)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='QuestionQuery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('words', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='assessmentversion',
            name='query_days',
            field=models.PositiveSmallIntegerField(default=10),
        ),
        migrations.AddField(
            model_name='assessmentversion',
            name='results',
            field=models.CharField(choices=[('at_once', 'At once'), ('after_window', 'From a day and time'), ('never', 'Never')], default='at_once', max_length=14),
        ),
        migrations.AddField(
            model_name='assessmentversion',
            name='results_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='assessmentversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('results', 'after_window'), ('results_from__isnull', False)), models.Q(models.Q(('results', 'after_window'), _negated=True), ('results_from__isnull', True)), _connector='OR'), name='results_have_a_moment_or_none'),
        ),
        migrations.AddConstraint(
            model_name='assessmentversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('results', 'never'), _negated=True), ('pass_percent__isnull', True), _connector='OR'), name='a_pass_mark_is_told'),
        ),
        migrations.AddField(
            model_name='decisionassessment',
            name='assessment_version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.assessmentversion'),
        ),
        migrations.AddField(
            model_name='decisioneffect',
            name='attempt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='assessments.attempt'),
        ),
        migrations.AddField(
            model_name='decisionkey',
            name='question_version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.questionversion'),
        ),
        migrations.AddField(
            model_name='decisionstep',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decisionstep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decisionversion',
            name='question_version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.questionversion'),
        ),
        migrations.AddField(
            model_name='queryanswer',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='queryanswer',
            name='officer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='questiondecision',
            name='assessments',
            field=models.ManyToManyField(related_name='+', through='assessments.DecisionAssessment', to='assessments.assessmentversion'),
        ),
        migrations.AddField(
            model_name='questiondecision',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='questiondecision',
            name='keys',
            field=models.ManyToManyField(related_name='+', through='assessments.DecisionKey', to='assessments.questionversion'),
        ),
        migrations.AddField(
            model_name='questiondecision',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='assessments.question'),
        ),
        migrations.AddField(
            model_name='questiondecision',
            name='versions',
            field=models.ManyToManyField(related_name='decisions', through='assessments.DecisionVersion', to='assessments.questionversion'),
        ),
        migrations.AddField(
            model_name='queryanswer',
            name='decision',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='assessments.questiondecision'),
        ),
        migrations.AddField(
            model_name='decisionversion',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='named', to='assessments.questiondecision'),
        ),
        migrations.AddField(
            model_name='decisionstep',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='assessments.questiondecision'),
        ),
        migrations.AddField(
            model_name='decisionkey',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='key_rows', to='assessments.questiondecision'),
        ),
        migrations.AddField(
            model_name='decisioneffect',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='assessments.questiondecision'),
        ),
        migrations.AddField(
            model_name='decisionassessment',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='limited_to', to='assessments.questiondecision'),
        ),
        migrations.AddField(
            model_name='questionquery',
            name='item',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='query', to='assessments.attemptitem'),
        ),
        migrations.AddField(
            model_name='questionquery',
            name='officer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='queryanswer',
            name='query',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='assessments.questionquery'),
        ),
        migrations.AddConstraint(
            model_name='questiondecision',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_decision_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='decisionversion',
            constraint=models.UniqueConstraint(fields=('decision', 'question_version'), name='a_decision_names_a_version_once'),
        ),
        migrations.AddConstraint(
            model_name='decisionstep',
            constraint=models.UniqueConstraint(fields=('decision', 'kind'), name='a_decision_takes_each_step_once'),
        ),
        migrations.AddConstraint(
            model_name='decisionstep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ('objected', 'confirmed', 'withdrawn'))), fields=('decision',), name='a_decision_ends_in_one_way'),
        ),
        migrations.AddConstraint(
            model_name='decisionstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['checked', 'objected']), _negated=True), models.Q(models.Q(('by', models.F('author')), _negated=True), models.Q(('reference', ''), _negated=True), ('looked_on__isnull', False)), _connector='OR'), name='the_law_is_checked_by_another_with_a_reference'),
        ),
        migrations.AddConstraint(
            model_name='decisionkey',
            constraint=models.UniqueConstraint(fields=('decision', 'question_version'), name='a_decision_takes_a_key_once'),
        ),
        migrations.AddConstraint(
            model_name='decisioneffect',
            constraint=models.UniqueConstraint(fields=('decision', 'attempt'), name='a_decision_takes_effect_once_on_an_attempt'),
        ),
        migrations.AddConstraint(
            model_name='decisionassessment',
            constraint=models.UniqueConstraint(fields=('decision', 'assessment_version'), name='a_decision_is_limited_once'),
        ),
        migrations.AddConstraint(
            model_name='questionquery',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='a_query_says_something'),
        ),
        migrations.AddConstraint(
            model_name='queryanswer',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='an_answer_says_something'),
        ),
        migrations.AddConstraint(
            model_name='queryanswer',
            constraint=models.CheckConstraint(condition=models.Q(('by', models.F('officer')), _negated=True), name='nobody_answers_their_own_query'),
        ),
        migrations.RunPython(make_trigger_again, migrations.RunPython.noop),
    ]
