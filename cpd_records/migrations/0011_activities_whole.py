import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cpd_records', '0010_schemes'),
        ('people', '0006_duty_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('why', models.TextField(blank=True)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('qualification', models.CharField(blank=True, max_length=20)),
                ('competency', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(choices=[('open', 'To do'), ('done', 'Done'), ('dropped', 'Left out')], default='open', max_length=8)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('client_token', models.UUIDField(blank=True, null=True)),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_items', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['officer', 'state', 'due_on'], name='cpd_records_officer_598aaf_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'dropped'])), name='plan_item_has_a_state'), models.UniqueConstraint(fields=('officer', 'client_token'), name='plan_one_item_for_a_form')],
            },
        ),
        migrations.AddField(
            model_name='activity',
            name='is_structured',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activity',
            name='is_participatory',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activity',
            name='is_core',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activity',
            name='on_duty',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activity',
            name='applied',
            field=models.TextField(blank=True, help_text='How it was, or will be, applied.'),
        ),
        migrations.AddField(
            model_name='activity',
            name='principles',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='activity',
            name='pdr_objective',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='activity',
            name='role',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.role'),
        ),
        migrations.AddField(
            model_name='activity',
            name='no_evidence_reason',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='activity',
            name='source',
            field=models.CharField(choices=[('self', 'Logged'), ('copy', 'Copied from an earlier activity'), ('template', 'Begun from a template'), ('course', 'What came of a course'), ('briefing', 'A briefing recorded for a shift')], default='self', max_length=12),
        ),
        migrations.AddField(
            model_name='activity',
            name='series',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activity',
            name='plan_item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='activities', to='cpd_records.planitem'),
        ),
        migrations.AddField(
            model_name='activity',
            name='begins',
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='activity',
            name='ends',
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(condition=models.Q(('series__isnull', False)), fields=['officer', 'series'], name='cpd_series'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('begins__isnull', True), ('ends__isnull', True)), models.Q(('begins__isnull', False), ('ends__gt', models.F('begins')), ('ends__isnull', False)), _connector='OR'), name='cpd_ends_after_it_begins'),
        ),
    ]
