import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Until the next migration has said from when each taught.
NOT_SAID = datetime.date(2000, 1, 1)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0014_notes_withdrawn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="intaketrainer", name="an_intake_has_a_trainer_once"),
        migrations.RenameField(model_name="intaketrainer", old_name="added_at", new_name="recorded_at"),
        migrations.RenameField(model_name="intaketrainer", old_name="added_by", new_name="recorded_by"),
        migrations.AlterField(
            model_name="intaketrainer", name="recorded_at", field=models.DateTimeField(db_index=True)
        ),
        migrations.AddField(
            model_name="intaketrainer",
            name="valid_from",
            field=models.DateField(default=NOT_SAID),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="intaketrainer", name="valid_until", field=models.DateField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="intaketrainer", name="reason", field=models.CharField(blank=True, max_length=300, default="")
        ),
        migrations.AlterField(
            model_name="intaketrainer", name="reason", field=models.CharField(blank=True, max_length=300)
        ),
        migrations.AddField(
            model_name="intaketrainer",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="courses.intaketrainer",
            ),
        ),
        migrations.AddField(
            model_name="intaketrainer",
            name="is_void",
            field=models.BooleanField(
                default=False, help_text="A correction that says the row it names was never true."
            ),
        ),
        migrations.AddIndex(
            model_name="intaketrainer",
            index=models.Index(fields=["intake", "valid_from"], name="trainers_of_an_intake"),
        ),
        migrations.AddIndex(
            model_name="intaketrainer",
            index=models.Index(fields=["trainer", "valid_until"], name="intakes_of_a_trainer"),
        ),
        migrations.AddConstraint(
            model_name="intaketrainer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="intaketrainer_ends_after_it_begins",
            ),
        ),
    ]
