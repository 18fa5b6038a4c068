from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_context")]

    operations = [
        migrations.RemoveField(model_name="attempt", name="last_step"),
        migrations.AddField(
            model_name="attempt", name="turn", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="attemptitem",
            name="turn",
            field=models.PositiveIntegerField(default=0, help_text="The turn of the last save."),
        ),
    ]
