"""Two shipped rows said something else than the table they come from: method of entry needs safety training and no fitness test, and
child abuse investigation is partly sourced. Each is corrected by a row that names it, where nobody has corrected it already."""

from datetime import UTC, datetime, timedelta

from django.db import migrations
from django.utils import timezone

SHIPPED = "Shipped with the product"
REASON = "As the source of the shipped rows has it"
SOURCE = "That it builds on PIP 2 is the College's; the interval is a local default."


def stamp(apps):
    """Return when these rows were recorded: before everything on a new database, and after the last stamp on one in use."""
    last = apps.get_model("people", "LastStamp").objects.select_for_update().filter(id=1).first()
    if last is None:
        return datetime(2000, 1, 1, tzinfo=UTC)
    last.at = last.row_at = max(timezone.now(), last.at + timedelta(microseconds=1))
    last.save()
    return last.at


def correct(apps, schema_editor):
    needs = shipped(apps, "QualificationNeed").filter(qualification__code="MOE", needed__code="JRFT")
    rules = shipped(apps, "QualificationRule").filter(qualification__code="SCAI", status="illustrative")
    found = [(row, {"is_void": True}) for row in needs] + [(row, {"status": "part", "source": SOURCE}) for row in rules]
    if not found:
        return
    moment = stamp(apps)
    for row, change in found:
        kept = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname not in ("id", "supersedes_id")
        }
        said = {"recorded_at": moment, "recorded_by_id": None, "reason": REASON, "supersedes_id": row.pk}
        type(row).objects.create(**kept | said | change)


def shipped(apps, name):
    """Return the rows as they were shipped, those that nobody has corrected since."""
    rows = apps.get_model("cpd_records", name).objects.filter(reason=SHIPPED, recorded_by=None, is_void=False)
    return rows.filter(superseded_by__isnull=True)


def take_back(apps, schema_editor):
    for name in ("QualificationNeed", "QualificationRule"):
        corrections = apps.get_model("cpd_records", name).objects.filter(reason=REASON, recorded_by=None)
        corrections.filter(superseded_by__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0020_reminders"), ("people", "0010_reminder_days")]

    operations = [migrations.RunPython(correct, take_back)]
