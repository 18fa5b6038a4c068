import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0009_decisions_written_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StandardSetting',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('candidate', models.TextField()),
                ('at', models.DateTimeField()),
                ('assessment_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standards', to='assessments.assessmentversion')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StandardJudge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exercise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='judges', to='assessments.standardsetting')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='StandardItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('question_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.questionversion')),
                ('exercise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='assessments.standardsetting')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='StandardStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('discussed', 'First round closed, discussion begun'), ('second', 'Second round begun'), ('closed', 'Second round closed'), ('applied', 'Applied'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('at', models.DateTimeField()),
                ('words', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exercise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='assessments.standardsetting')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='standard_steps', to='assessments.assessmentversion')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StandardCompromise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('least_mark', models.PositiveSmallIntegerField()),
                ('most_mark', models.PositiveSmallIntegerField()),
                ('least_fails', models.PositiveSmallIntegerField()),
                ('most_fails', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='compromises', to='assessments.standardjudge')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('least_mark__lt', models.F('most_mark')), ('most_mark__lte', 100)), name='acceptable_marks_are_a_range'), models.CheckConstraint(condition=models.Q(('least_fails__lt', models.F('most_fails')), ('most_fails__lte', 100)), name='acceptable_fails_are_a_range')],
            },
        ),
        migrations.CreateModel(
            name='StandardRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('percent', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='assessments.standarditem')),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='assessments.standardjudge')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['judge', 'round'], name='ratings_of_a_round')],
                'constraints': [models.CheckConstraint(condition=models.Q(('round__in', [1, 2])), name='there_are_two_rounds'), models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='a_rating_is_a_percentage')],
            },
        ),
        migrations.AddConstraint(
            model_name='standardjudge',
            constraint=models.UniqueConstraint(fields=('exercise', 'person'), name='a_judge_is_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='standarditem',
            constraint=models.UniqueConstraint(fields=('exercise', 'position'), name='one_rated_question_at_a_position'),
        ),
        migrations.AddConstraint(
            model_name='standarditem',
            constraint=models.UniqueConstraint(fields=('exercise', 'question_version'), name='a_question_is_rated_once_an_exercise'),
        ),
        migrations.AddConstraint(
            model_name='standardstep',
            constraint=models.UniqueConstraint(fields=('exercise', 'kind'), name='an_exercise_takes_each_step_once'),
        ),
        migrations.AddConstraint(
            model_name='standardstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'applied'), ('version__isnull', False)), models.Q(models.Q(('kind', 'applied'), _negated=True), ('version__isnull', True)), _connector='OR'), name='what_is_applied_names_its_version'),
        ),
    ]
