"""The headings of portfolios, in the place of portfolios recorded by hand: a new release of each shipped programme.

The headings are modelled on published lists; how many items each needs is a local default. A programme that the force has changed is left
as it is, and recruits keep the release they began on.
"""

import copy
import hashlib
import json

from django.db import migrations
from django.utils import timezone

PATROL = [
    ("law-and-ethics", "Operating within the law, authorised practice and the Code of Ethics", 2),
    ("fairness", "Fairness", 2),
    ("managing-information", "Managing information", 2),
    ("initial-response", "Initial response", 3),
    ("road-policing", "Road policing", 1),
    ("anti-social-behaviour", "Anti-social behaviour", 1),
    ("missing-persons", "Missing persons", 1),
    ("managing-conflict", "Managing conflict", 2),
    ("victims-and-witnesses", "Supporting victims and witnesses", 2),
    ("vulnerability", "Vulnerability and safeguarding", 2),
    ("arrest-and-detention", "Arrest and detention", 2),
    ("searching-places", "Searching vehicles, premises and open spaces", 2),
    ("searching-individuals", "Searching individuals", 2),
    ("volume-investigation", "Priority and volume investigation", 2),
    ("interviewing-witnesses", "Interviewing victims and witnesses", 1),
    ("interviewing-suspects", "Interviewing suspects", 1),
    ("radio-and-pnc", "Radio and PNC", 1),
    ("property", "Property", 1),
]
COMPETENCE = [
    ("vulnerable-people", "Providing support to vulnerable people", 2),
    ("policing-communities", "Policing communities", 2),
    ("intelligence", "Information and intelligence", 2),
    ("investigations", "Conducting investigations", 2),
    ("response-policing", "Response policing", 2),
    ("reflective-piece", "Reflective piece", 1),
]
# By programme and phase: the record kept by hand that goes, the headings in its place, and who signs off the whole.
PORTFOLIOS = {
    "PCEP": {
        "tutor-phase": ("patrol-portfolio", PATROL, "supervisor"),
        "full-operational-competence": ("competence-portfolio", COMPETENCE, "training-admin"),
    },
    "SPECIALS": {"directed-patrol": ("patrol-portfolio", PATROL, "supervisor")},
}
SENTENCE = " Headings of portfolios are modelled on published lists."


def with_portfolios(code, plan):
    """Return the plan with headings, or None where it has no such records any more."""
    plan = copy.deepcopy(plan)
    wanted = dict(PORTFOLIOS[code])
    for phase in plan["phases"]:
        if phase["slug"] not in wanted:
            continue
        record, headings, signed_by = wanted.pop(phase["slug"])
        kept = [one for one in phase["records"] if one["slug"] != record]
        if len(kept) == len(phase["records"]) or "portfolio" in phase:
            return None
        phase["records"] = kept
        phase["portfolio"] = [{"slug": slug, "title": title, "needed": needed} for slug, title, needed in headings]
        phase["portfolio_signed_by"] = signed_by
    plan["source"] += SENTENCE
    return None if wanted else plan


def digest(plan):
    text = json.dumps(plan, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def add(apps, schema_editor):
    programmes, releases = apps.get_model("courses", "Programme"), apps.get_model("courses", "ProgrammeRelease")
    for programme in programmes.objects.filter(code__in=PORTFOLIOS, current_release__number=1):
        shipped = programme.current_release
        if shipped.released_by_id is not None:
            continue
        plan = with_portfolios(programme.code, shipped.plan)
        if plan is not None:
            programme.current_release = releases.objects.create(
                programme=programme, number=2, plan=plan, digest=digest(plan), released_at=timezone.now()
            )
            programme.save(update_fields=["current_release"])


def remove(apps, schema_editor):
    """Go back to the first release where nobody began on the second; the database refuses otherwise."""
    programmes, releases = apps.get_model("courses", "Programme"), apps.get_model("courses", "ProgrammeRelease")
    for code in PORTFOLIOS:
        first = releases.objects.filter(programme__code=code, number=1).first()
        second = releases.objects.filter(programme__code=code, number=2, released_by__isnull=True).first()
        if first is not None and second is not None and second.plan["source"].endswith(SENTENCE):
            programmes.objects.filter(code=code, current_release=second.pk).update(current_release=first.pk)
            # Past Django's collector, which mixes up historical models that refer to each other; the database itself refuses.
            releases.objects.filter(pk=second.pk)._raw_delete(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("courses", "0011_portfolio")]
    operations = [migrations.RunPython(add, remove)]
