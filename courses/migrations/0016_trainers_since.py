"""Trainers named before there were days taught from the day they were named, or from the intake's first where that is later.

Taken back, each trainer of an intake is one row again: what ended or was corrected is let go, because the table before had no place for it.
"""

from django.db import migrations
from django.utils import timezone


def say_since(apps, schema_editor):
    rows = apps.get_model("courses", "IntakeTrainer").objects.select_related("intake")
    for row in rows.iterator():
        row.valid_from = max(timezone.localdate(row.recorded_at), row.intake.starts_on)
        row.save(update_fields=["valid_from"])


def one_row_each(apps, schema_editor):
    rows = apps.get_model("courses", "IntakeTrainer").objects
    successors = rows.filter(supersedes__isnull=False).values_list("supersedes", flat=True)
    superseded, kept = set(successors), set()
    for row in rows.order_by("-pk"):
        place = (row.intake_id, row.trainer_id)
        if row.pk in superseded or row.is_void or place in kept:
            # A row that is named by another goes after it: the newest come first.
            row.delete()
        else:
            kept.add(place)
            rows.filter(pk=row.pk).update(supersedes=None)


class Migration(migrations.Migration):
    dependencies = [("courses", "0015_trainers_with_two_times")]

    operations = [migrations.RunPython(say_since, one_row_each)]
