"""Rooms that are open already are looked after as well, until they are closed."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

KIND = "assessments.watch_room"
TOLD_AFTER = timedelta(hours=2)


def watch_open_rooms(apps, schema_editor):
    work = apps.get_model("people", "WaitingWork")
    now = timezone.now()
    rooms = apps.get_model("assessments", "Room").objects.filter(closed_at__isnull=True)
    work.objects.bulk_create(
        [work(kind=KIND, key=str(room.pk), asked_at=now, due_at=room.closes_at + TOLD_AFTER) for room in rooms],
        ignore_conflicts=True,
    )


def watch_none(apps, schema_editor):
    apps.get_model("people", "WaitingWork").objects.filter(kind=KIND).delete()


class Migration(migrations.Migration):
    dependencies = [("assessments", "0025_rooms_close_themselves"), ("people", "0001_initial")]

    operations = [migrations.RunPython(watch_open_rooms, watch_none)]
