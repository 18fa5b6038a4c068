"""How a request for erasure ended, which never changes: triggers on both databases, as on who decided about it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLE = "cpd_records_erasureend"
SENTENCE = "How an erasure ended, and why, is never changed."


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, head in _triggers(is_postgresql=is_postgresql):
        body = (
            f"EXECUTE FUNCTION cpd_records_refuse('{SENTENCE}')"
            if is_postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        schema_editor.execute(f"CREATE TRIGGER {name} {head} {body}", params=None)
        if is_postgresql:
            schema_editor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}", params=None)


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, _head in _triggers(is_postgresql=is_postgresql):
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {TABLE}" if is_postgresql else ""))


def _triggers(*, is_postgresql):
    """Yield name and head of each trigger: on changing, deleting, and replacing or emptying."""
    yield f"{TABLE}_no_update", f"BEFORE UPDATE ON {TABLE} FOR EACH ROW"
    yield f"{TABLE}_no_delete", f"BEFORE DELETE ON {TABLE} FOR EACH ROW"
    if is_postgresql:
        yield f"{TABLE}_no_truncate", f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT"
    else:
        # SQLite's INSERT OR REPLACE deletes the row before without asking the trigger on deleting.
        same = "request_id = NEW.request_id OR followed_by_id = NEW.followed_by_id"
        one = f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE {same})"
        yield f"{TABLE}_no_replace", f"BEFORE INSERT ON {TABLE} FOR EACH ROW {one}"


class Migration(migrations.Migration):

    dependencies = [
        ('cpd_records', '0045_learning_is_put_right'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasureEnd',
            fields=[
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='end', serialize=False, to='cpd_records.erasurerequest')),
                ('how', models.CharField(choices=[('carried_out', 'Carried out'), ('taken_back', 'Taken back'), ('cancelled', 'Cancelled'), ('stopped', 'Stopped by a legal hold')], max_length=12)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('stayed', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('followed_by', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='follows', to='cpd_records.erasurerequest')),
                ('hold', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpd_records.legalhold')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('by', None), ('followed_by', None), ('hold', None), ('how', 'carried_out'), ('reason', '')), models.Q(('by__isnull', False), ('followed_by', None), ('hold', None), ('how__in', ['taken_back', 'cancelled']), models.Q(('reason', ''), _negated=True)), models.Q(('by', None), ('followed_by__isnull', False), ('hold__isnull', False), ('how', 'stopped'), ('reason', '')), _connector='OR'), name='an_erasure_ends_in_one_way'), models.CheckConstraint(condition=models.Q(('by__isnull', True), models.Q(('by', models.F('officer')), _negated=True), _connector='OR'), name='nobody_ends_their_own_erasure')],
            },
        ),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
