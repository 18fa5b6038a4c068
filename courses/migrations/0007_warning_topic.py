from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0006_attempts_since'),
    ]

    operations = [
        migrations.AddField(
            model_name='coursepage',
            name='warning_topic',
            field=models.CharField(blank=True, default='', max_length=120, verbose_name='topic'),
            preserve_default=False,
        ),
    ]
