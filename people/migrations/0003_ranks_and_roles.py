"""The Met's ranks and the product's roles, as data that a force may edit. Facts: ranks low to high, roles of the permission matrix."""

from django.db import migrations

RANKS = [
    ("constable", "Constable"),
    ("sergeant", "Sergeant"),
    ("inspector", "Inspector"),
    ("chief-inspector", "Chief Inspector"),
    ("superintendent", "Superintendent"),
    ("chief-superintendent", "Chief Superintendent"),
    ("commander", "Commander"),
    ("deputy-assistant-commissioner", "Deputy Assistant Commissioner"),
    ("assistant-commissioner", "Assistant Commissioner"),
    ("deputy-commissioner", "Deputy Commissioner"),
    ("commissioner", "Commissioner"),
]
ROLES = [
    ("trainer", "Trainer", True),
    ("subject-reviewer", "Subject reviewer", True),
    ("approver", "Approver", True),
    ("assessor", "Assessor", False),
    ("iqa", "Internal quality assurer", False),
    ("supervisor", "Supervisor", False),
    ("training-admin", "Training administrator", False),
    ("auditor", "Auditor", False),
    ("disclosure-officer", "Disclosure officer", False),
    ("equality-analyst", "Equality analyst", False),
    ("system-admin", "System administrator", False),
]


def add(apps, schema_editor):
    rank, role = apps.get_model("people", "Rank"), apps.get_model("people", "Role")
    for order, (code, title) in enumerate(RANKS, start=1):
        rank.objects.get_or_create(code=code, defaults={"title": title, "order": order})
    for code, title, by_family in ROLES:
        role.objects.get_or_create(code=code, defaults={"title": title, "by_family": by_family})


def remove(apps, schema_editor):
    apps.get_model("people", "Rank").objects.filter(code__in=[code for code, _ in RANKS]).delete()
    apps.get_model("people", "Role").objects.filter(code__in=[code for code, _, _ in ROLES]).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0002_force")]
    operations = [migrations.RunPython(add, remove)]
