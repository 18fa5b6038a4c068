"""Specimens of a template: names short, long and in other scripts, so that whoever chooses it sees what will be handed out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from cpd_records.certificates.issuing import looks_now
from cpd_records.certificates.particulars import Form, particulars_for
from cpd_records.certificates.rendering import render_specimen
from cpd_records.models import Sort
from people.force import force

QUALIFICATION = "Public and personal safety training"
COURSE = "Foundations of the office of constable"
LONG_COURSE = (
    "Stop and search: grounds, information, record and respect, for officers, supervisors and those who review them"
)


@dataclass(frozen=True)
class Specimen:
    """One page to look at: ``key`` in its address, ``label`` on its link, whose name and what for."""

    key: str
    label: str
    name: str
    title: str
    assessed: bool = True
    sort: str = Sort.COURSE


# Nobody's names: made up to be short, long, and in other scripts.
SPECIMENS = (
    Specimen("short", "A short name", "Amara Osei", COURSE),
    Specimen(
        "long", "A name as long as names get", "Oluwaseyifunmi Adebisi-Wolstenholme-Featherstonehaugh", LONG_COURSE
    ),
    Specimen("ethiopic", "A name in Ethiopic letters", "ሰላማዊት ገብረ እግዚአብሔር", COURSE),
    Specimen("arabic", "A name written from the right", "نور الهدى عبد الرحمن", COURSE),
    Specimen("attended", "Completed without an assessment", "Amara Osei", COURSE, assessed=False),
)


OF_QUALIFICATIONS = tuple(
    replace(one, title=QUALIFICATION if one.title == COURSE else one.title, sort=Sort.QUALIFICATION)
    for one in SPECIMENS
    if one.assessed
)


def specimens_of(sort: str) -> tuple[Specimen, ...]:
    """Return what to look at of a template of a sort."""
    return OF_QUALIFICATIONS if sort == Sort.QUALIFICATION else SPECIMENS


def specimen_called(key: str, sort: str = Sort.COURSE) -> Specimen | None:
    """Return the specimen of a key."""
    return next((one for one in specimens_of(sort) if one.key == key), None)


def draw_specimen(specimen: Specimen, form: Form | None, *, at: datetime) -> bytes:
    """Return a PDF of one page, marked as a specimen; without a form, in the product's own.

    Raises ``CannotBeDrawn`` where no installed font has a letter.
    """
    day: date = timezone.localdate(at)
    is_qualification = specimen.sort == Sort.QUALIFICATION
    it = particulars_for(
        code="",
        name=specimen.name,
        service_number="000000",
        title=specimen.title,
        release="Qualification SPECIMEN" if is_qualification else "Release 1 of 1 January 2026",
        minutes=0 if is_qualification else 240,
        awarded_on=day,
        valid_until=day + timedelta(days=730),
        assessed=specimen.assessed and not is_qualification,
        force=force(),
        site_address=settings.SITE_ADDRESS,
        award="specimen" if is_qualification else "",
        form=form,
    )
    return render_specimen(it, looks_now(), at=at)
