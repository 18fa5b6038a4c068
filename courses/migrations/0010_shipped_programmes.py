"""The two programmes a force begins with, as data: local defaults, modelled on what forces publish, to be changed by each force."""

import hashlib
import json

from django.db import migrations
from django.utils import timezone

SAFETY = ["PPST", "FALP"]

CONSTABLES = {
    "title": "Constable entry programme",
    "source": "Modelled on published two-year constable entry programmes: 23 weeks of classroom, 10 weeks with a tutor, independent patrol "
    "within the first year. Weeks and needs are local defaults.",
    "is_local_default": True,
    "phases": [
        {
            "slug": "foundation-learning",
            "title": "Foundation learning",
            "weeks": 23,
            "decided_by": "training-admin",
            "courses": ["INIT-101", "ETH-101", "SPEC-110", "MH-101"],
            "qualifications": SAFETY,
        },
        {
            "slug": "tutor-phase",
            "title": "Tutor phase",
            "weeks": 10,
            "decided_by": "supervisor",
            "qualifications": SAFETY,
            "records": [
                {"slug": "tutor-report", "title": "Tutor’s report"},
                {"slug": "patrol-portfolio", "title": "Portfolio for independent patrol"},
            ],
            "grants": "independent-patrol",
        },
        {
            "slug": "independent-patrol",
            "title": "Independent patrol",
            "weeks": 61,
            "decided_by": "supervisor",
            "courses": ["LEAD-101"],
            "qualifications": SAFETY,
            "records": [{"slug": "classroom-weeks", "title": "Five classroom weeks of the second year"}],
        },
        {
            "slug": "full-operational-competence",
            "title": "Full operational competence",
            "weeks": 8,
            "decided_by": "training-admin",
            "qualifications": SAFETY,
            "records": [
                {"slug": "competence-portfolio", "title": "Portfolio for full operational competence"},
                {"slug": "summative-assessment", "title": "Summative assessment"},
            ],
        },
        {
            "slug": "confirmation",
            "title": "Confirmation in rank",
            "weeks": 2,
            "decided_by": "training-admin",
            "qualifications": SAFETY,
        },
    ],
}

SPECIALS = {
    "title": "Special constable programme",
    "source": "Modelled on published phases of special constables: accompanied, directed, independent patrol. Weeks and needs are local "
    "defaults.",
    "is_local_default": True,
    "phases": [
        {
            "slug": "foundation-learning",
            "title": "Foundation learning",
            "weeks": 16,
            "decided_by": "training-admin",
            "courses": ["INIT-101", "ETH-101"],
            "qualifications": SAFETY,
        },
        {
            "slug": "accompanied-patrol",
            "title": "Accompanied patrol",
            "weeks": 26,
            "decided_by": "supervisor",
            "courses": ["SPEC-110"],
            "qualifications": SAFETY,
            "records": [{"slug": "accompanied-report", "title": "Report on accompanied patrol"}],
        },
        {
            "slug": "directed-patrol",
            "title": "Directed patrol",
            "weeks": 26,
            "decided_by": "supervisor",
            "courses": ["MH-101"],
            "qualifications": SAFETY,
            "records": [{"slug": "patrol-portfolio", "title": "Portfolio for independent patrol"}],
            "grants": "independent-patrol",
        },
        {
            "slug": "independent-patrol",
            "title": "Independent patrol",
            "weeks": 36,
            "decided_by": "training-admin",
            "qualifications": SAFETY,
        },
    ],
}

SHIPPED = {"PCEP": CONSTABLES, "SPECIALS": SPECIALS}

PHASE = {"courses": [], "qualifications": [], "records": [], "grants": ""}


def add(apps, schema_editor):
    programmes, releases = apps.get_model("courses", "Programme"), apps.get_model("courses", "ProgrammeRelease")
    for code, data in SHIPPED.items():
        if programmes.objects.filter(code=code).exists():
            continue
        plan = {**data, "phases": [{**PHASE, **phase} for phase in data["phases"]]}
        text = json.dumps(plan, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        programme = programmes.objects.create(code=code, title=plan["title"])
        programme.current_release = releases.objects.create(
            programme=programme,
            number=1,
            plan=plan,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            released_at=timezone.now(),
        )
        programme.save(update_fields=["current_release"])


def remove(apps, schema_editor):
    """Take them away again where nobody began on one; the database refuses otherwise."""
    programmes, releases = apps.get_model("courses", "Programme"), apps.get_model("courses", "ProgrammeRelease")
    shipped = programmes.objects.filter(code__in=SHIPPED)
    shipped.update(current_release=None)
    releases.objects.filter(programme__in=shipped).delete()
    shipped.delete()


class Migration(migrations.Migration):
    dependencies = [("courses", "0009_programmes")]
    operations = [migrations.RunPython(add, remove)]
