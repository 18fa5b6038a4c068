"""Which template a course's certificates are made with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0021_evidence_packs_written_once")]

    operations = [
        migrations.AddField(
            model_name="coursepage",
            name="certificate_template",
            field=models.CharField(
                blank=True,
                default="",
                help_text="What its certificates look like and say. Look at specimens first.",
                max_length=40,
            ),
            preserve_default=False,
        )
    ]
