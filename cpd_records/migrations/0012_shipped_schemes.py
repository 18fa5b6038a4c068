"""Schemes as starting data, in force for nobody: there is no national rule on hours. A force edits them in the admin.

``docs/cpd-schemes.md`` says where each comes from. They are dated from long ago, so that a period before today can be looked at.
"""

from datetime import UTC, date, datetime, timedelta

from django.db import migrations
from django.utils import timezone

LONG_AGO = date(2000, 1, 1)

LOCAL = {
    "period": {"years": 1, "starts_on": "2026-04-01"},
    "targets": [
        {"title": "In all", "measure": "minutes", "amount": 1800, "of": {}, "carry_most": 360, "carry_periods": 1},
        {"title": "Structured", "measure": "minutes", "amount": 720, "of": {"structured": True}, "carry_most": 0, "carry_periods": 0},
        {"title": "With others", "measure": "minutes", "amount": 600, "of": {"participatory": True}, "carry_most": 0, "carry_periods": 0},
    ],
    "maxima": [{"title": "Role-mandatory training", "measure": "minutes", "most": 900, "of": {"mandatory": True}}],
    "never": [{"title": "Self-declared without a reflection", "of": {"source": "self", "reflective": False}}],
    "points_per_hour": 0,
    "pro_rata": {"by": "months", "part_time": True, "joiners": True, "absence": True},
    "declaration": None,
    "asks": ["applied", "no_evidence_reason", "on_duty"],
    "gap_months": 0,
}

COLLEGE = {
    "period": {"years": 1, "starts_on": "2026-04-01"},
    "targets": [],
    "maxima": [],
    "never": [],
    "points_per_hour": 0,
    "pro_rata": None,
    "declaration": None,
    "asks": ["applied"],
    "gap_months": 0,
}

LIKE_NMC = {
    **COLLEGE,
    "period": {"years": 3, "starts_on": "2026-04-01"},
    "targets": [
        {"title": "In all", "measure": "minutes", "amount": 2100, "of": {}, "carry_most": 0, "carry_periods": 0},
        {"title": "Participatory", "measure": "minutes", "amount": 1200, "of": {"participatory": True}, "carry_most": 0, "carry_periods": 0},
        {"title": "Reflective accounts", "measure": "entries", "amount": 5, "of": {"reflective": True}, "carry_most": 0, "carry_periods": 0},
    ],
    "declaration": {
        "words": "I have learned what this period asked for, my record of it is true, and I have talked it over with the person who confirms it.",
        "days_before_end": 60,
        "days_after_end": 0,
        "confirmed": True,
    },
    "asks": ["applied", "principles"],
}

LIKE_HCPC = {**COLLEGE, "period": {"years": 2, "starts_on": "2026-04-01"}, "asks": ["applied"], "gap_months": 3}

LIKE_SRA = {
    **COLLEGE,
    "period": {"years": 1, "starts_on": "2026-11-01"},
    "declaration": {
        "words": "I have reflected on my practice and on what it asks of me in law and ethics, and have met the learning needs I found.",
        "days_before_end": 30,
        "days_after_end": 0,
        "confirmed": False,
    },
    "asks": ["applied"],
}

# (code, title, source, whether it is a local default, rules)
SCHEMES = (
    (
        "college-model",
        "College model",
        "College of Policing, Continuing Professional Development: a cycle of planning, action and reflection, without a set number of hours or points.",
        False,
        COLLEGE,
    ),
    (
        "local-development-target",
        "Local development target",
        "Illustrative. No national rule sets hours for police CPD.",
        True,
        LOCAL,
    ),
    (
        "like-nmc",
        "Shaped like NMC revalidation",
        "After the revalidation of nurses: 35 hours of CPD in three years, 20 of them participatory, five reflective accounts, confirmed by another person. Practice hours are not CPD and left out.",
        True,
        LIKE_NMC,
    ),
    (
        "like-hcpc",
        "Shaped like the HCPC standards",
        "After the HCPC standards for CPD: a dated list over two years, no number, gaps of three months or more explained.",
        True,
        LIKE_HCPC,
    ),
    (
        "like-sra",
        "Shaped like SRA continuing competence",
        "After the SRA's continuing competence: no hours, a declaration each year from 1 November to 31 October.",
        True,
        LIKE_SRA,
    ),
)


def stamp(apps):
    """Return when these rows were recorded: before everything on a new database, and after the last stamp on one in use."""
    last = apps.get_model("people", "LastStamp").objects.select_for_update().filter(id=1).first()
    if last is None:
        return datetime(2000, 1, 1, tzinfo=UTC)
    last.at = last.row_at = max(timezone.now(), last.at + timedelta(microseconds=1))
    last.save()
    return last.at


def add(apps, schema_editor):
    scheme_model, rules_model = (apps.get_model("cpd_records", name) for name in ("Scheme", "SchemeRules"))
    recorded_at = stamp(apps)
    for code, title, source, is_local_default, rules in SCHEMES:
        scheme = scheme_model.objects.create(code=code, title=title, source=source, is_local_default=is_local_default)
        rules_model.objects.create(
            scheme=scheme, rules=rules, valid_from=LONG_AGO, recorded_at=recorded_at, reason="Starting data"
        )


def remove(apps, schema_editor):
    codes = [scheme[0] for scheme in SCHEMES]
    apps.get_model("cpd_records", "SchemeRules").objects.filter(scheme__code__in=codes).delete()
    apps.get_model("cpd_records", "Scheme").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0011_activities_whole"), ("people", "0006_duty_roles")]

    operations = [migrations.RunPython(add, remove)]
