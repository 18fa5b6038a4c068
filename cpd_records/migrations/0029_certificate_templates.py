"""Templates of certificates and their versions. A version is never changed, a template only retired: triggers on both databases.

On SQLite Django alters a table by making it anew, which drops its triggers: a later migration that alters one of these tables must come
before a further migration that makes them again.
"""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TEMPLATES, VERSIONS = "cpd_records_certificatetemplate", "cpd_records_certificatetemplateversion"
KEPT = ("id", "code", "name", "made_at", "made_by_id")
OF_TEMPLATES = "A certificate template keeps its code and name, and is retired once."
OF_VERSIONS = "A version of a certificate template is never changed: certificates name it."


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, head, sentence in _triggers(is_postgresql=is_postgresql):
        body = (
            f"EXECUTE FUNCTION cpd_records_refuse('{sentence}')"
            if is_postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        schema_editor.execute(f"CREATE TRIGGER {name} {head} {body}", params=None)
        if is_postgresql:
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}", params=None)


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _head, _sentence in _triggers(is_postgresql=is_postgresql):
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgresql else ""))


def _triggers(*, is_postgresql):
    """Yield name, table, head and sentence of each trigger: on changing, deleting, and replacing or emptying."""
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    kept = " OR ".join(differs.format(column) for column in KEPT)
    when = f" WHEN (OLD.retired_at IS NOT NULL OR {kept})"
    for table, sentence, only in ((TEMPLATES, OF_TEMPLATES, when), (VERSIONS, OF_VERSIONS, "")):
        yield f"{table}_no_update", table, f"BEFORE UPDATE ON {table} FOR EACH ROW{only}", sentence
        yield f"{table}_no_delete", table, f"BEFORE DELETE ON {table} FOR EACH ROW", sentence
        if is_postgresql:
            yield f"{table}_no_truncate", table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", sentence
        else:
            # SQLite's INSERT OR REPLACE deletes the row before without asking the trigger on deleting.
            same = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
            yield f"{table}_no_replace", table, f"BEFORE INSERT ON {table} FOR EACH ROW {same}", sentence


class Migration(migrations.Migration):
    dependencies = [
        ("cpd_records", "0028_holds_written_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("retired_by__isnull", True)),
                            models.Q(("retired_at__isnull", False), ("retired_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="certificate_template_retired_wholly_or_not",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateTemplateVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)])),
                (
                    "design",
                    models.CharField(
                        choices=[
                            ("band", "Band in the force's colour"),
                            ("plain", "White, for paper that is printed already"),
                        ],
                        max_length=8,
                    ),
                ),
                ("opening", models.CharField(max_length=80)),
                ("completed", models.CharField(max_length=80)),
                ("passed", models.CharField(max_length=80)),
                ("closing", models.CharField(blank=True, max_length=160)),
                ("signatory", models.CharField(blank=True, max_length=60)),
                ("signatory_title", models.CharField(blank=True, max_length=80)),
                ("second_signatory", models.CharField(blank=True, max_length=60)),
                ("second_title", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="cpd_records.certificatetemplate",
                    ),
                ),
            ],
            options={
                "ordering": ["template", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "number"), name="one_version_of_a_certificate_template_a_number"
                    )
                ],
            },
        ),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
