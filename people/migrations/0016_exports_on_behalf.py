"""Everything held on somebody who may no longer sign in is asked for by a disclosure officer, with a purpose."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0015_subject_exports")]

    operations = [
        migrations.AddField(
            model_name="subjectexport",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="subjectexport",
            name="purpose",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddConstraint(
            model_name="subjectexport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked_by__isnull", True), ("purpose", "")),
                    models.Q(
                        ("asked_by__isnull", False),
                        models.Q(("purpose", ""), _negated=True),
                        models.Q(("asked_by", models.F("officer")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="everything_of_another_has_a_purpose",
            ),
        ),
    ]
