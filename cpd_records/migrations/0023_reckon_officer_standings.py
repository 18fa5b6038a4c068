"""Have everybody's standings reckoned anew at the next checkpoint, so that each officer has a line of their own."""

from django.db import migrations


def reckon_anew(apps, schema_editor):
    apps.get_model("cpd_records", "Projected").objects.filter(name="standing").update(row_at=None)


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0022_officer_standings")]
    operations = [migrations.RunPython(reckon_anew, migrations.RunPython.noop)]
