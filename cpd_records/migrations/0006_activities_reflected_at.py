from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cpd_records", "0005_activities_reflection_files_steps"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="reflected_at",
            field=models.DateTimeField(null=True),
        ),
    ]
