"""The competencies of the Competency and Values Framework of 2024 and the principles of the Code of Ethics of 2024, as data a force may edit."""

from django.db import migrations

# The two that officers link most often stand first.
COMPETENCIES = [
    ("analyse", "We analyse critically"),
    ("ownership", "We take ownership"),
    ("emotionally_aware", "We are emotionally aware"),
    ("collaborate", "We collaborate"),
    ("support", "We support and inspire"),
    ("innovative", "We are innovative and open-minded"),
]
PRINCIPLES = [
    ("courage", "Courage"),
    ("respect_and_empathy", "Respect and empathy"),
    ("public_service", "Public service"),
]


def add(apps, schema_editor):
    for name, rows in (("Competency", COMPETENCIES), ("EthicalPrinciple", PRINCIPLES)):
        model = apps.get_model("cpd_records", name)
        for order, (code, title) in enumerate(rows, start=1):
            model.objects.get_or_create(code=code, defaults={"title": title, "order": order})


def remove(apps, schema_editor):
    for name, rows in (("Competency", COMPETENCIES), ("EthicalPrinciple", PRINCIPLES)):
        apps.get_model("cpd_records", name).objects.filter(code__in=[code for code, _ in rows]).delete()


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0013_activities_verified_by_two")]
    operations = [migrations.RunPython(add, remove)]
