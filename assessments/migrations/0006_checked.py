from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0005_written_once")]

    operations = [
        migrations.AddField(
            model_name="attemptitem",
            name="checked_at",
            field=models.DateTimeField(help_text="When the candidate saw what is right.", null=True),
        ),
        migrations.AlterField(
            model_name="attemptstep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("started", "Started"),
                    ("saved", "Answer saved"),
                    ("flagged", "Flag changed"),
                    ("checked", "Answer checked"),
                    ("moved", "Moved to another device"),
                    ("submitted", "Submitted"),
                    ("expired", "Time ran out"),
                    ("marked", "Marked"),
                    ("remarked", "Marked again"),
                    ("moderated", "Moderated"),
                    ("voided", "Voided"),
                ],
                max_length=10,
            ),
        ),
    ]
