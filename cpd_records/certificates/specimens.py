"""Specimens of templates and of the product's own forms: names short, long and in other scripts, to see what will be handed out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from cpd_records.certificate_codes import LENGTH as CODE_LENGTH
from cpd_records.certificates.fitting import COLUMN, Sizes
from cpd_records.certificates.issuing import looks_now
from cpd_records.certificates.listing import Table, list_text
from cpd_records.certificates.particulars import Form, Listing, Particulars, particulars_for
from cpd_records.certificates.record_rendering import render_record_specimen
from cpd_records.certificates.rendering import Sealed, lay_out, render_specimen
from cpd_records.certificates.words import day_in_words, period_in_words
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


# As wide as a name and a title can be, a number of an entry with ten digits, and how small a long name and a long title may become.
WIDEST = Specimen("widest", "", "W" * 200, "W" * 255)
MANY = 9_999_999_999
LEAST = Sizes(name=18, course=12)

OF_QUALIFICATIONS = tuple(
    replace(one, title=QUALIFICATION if one.title == COURSE else one.title, sort=Sort.QUALIFICATION)
    for one in SPECIMENS
    if one.assessed
)


@dataclass(frozen=True)
class OwnForm:
    """A document in the product's own form: ``key`` in the address of its specimen, ``label`` on its link, and what it certifies."""

    key: str
    label: str
    title: str
    sort: str = ""
    release: str = ""


OWN_FORMS = (
    OwnForm("course", "A course", COURSE, Sort.COURSE),
    OwnForm("qualification", "A qualification", QUALIFICATION, Sort.QUALIFICATION),
    OwnForm("letter", "A letter of something granted", "Independent patrol", release="Two-phase programme, release 1"),
    OwnForm("training-record", "A training record", "Training record"),
    OwnForm("statement", "A CPD statement", "CPD statement"),
)
_COURSES = Table(
    "Courses completed",
    ("Course", "Completed on", "Length"),
    ((COURSE, "5 January 2026", "4 h"), (LONG_COURSE, "2 March 2026", "6 h")),
)
_RECORDED = Table(
    "Recorded",
    ("What", "Kind", "Day", "Length", "How it is recorded"),
    (
        (LONG_COURSE, "Course", "2 March 2026", "6 h", "Course completed"),
        ("Briefing on recording grounds", "Briefing or session", "20 September 2026", "45 min", "Verified"),
    ),
)


def own_form_called(key: str) -> OwnForm | None:
    """Return the product's own form of a key."""
    return next((one for one in OWN_FORMS if one.key == key), None)


def draw_own_form(own: OwnForm, *, at: datetime) -> bytes:
    """Return a specimen of a document in the product's own form. Raises ``CannotBeDrawn``."""
    day: date = timezone.localdate(at)
    whose = SPECIMENS[1]
    if own.sort:
        return draw_specimen(replace(whose, title=own.title, sort=own.sort), None, at=at)
    facts: dict[str, Any] = {
        "code": "",
        "name": whose.name,
        "service_number": "000000",
        "minutes": 0,
        "awarded_on": day,
        "valid_until": None,
        "assessed": False,
        "force": force(),
        "site_address": settings.SITE_ADDRESS,
    }
    if own.release:
        it = particulars_for(**facts, title=own.title, release=own.release, is_grant=True)
        return render_specimen(it, looks_now(), at=at)
    period = (date(day.year, 1, 1), day) if own.key == "statement" else None
    table = _RECORDED if period else _COURSES
    title = f"{own.title}, {period_in_words(period)}" if period else own.title
    listing = Listing(len(table.rows), "", period)
    it = particulars_for(**facts, title=title, release=f"As recorded on {day_in_words(day)}", listing=listing)
    text = list_text([table], name=it.name, service_number=it.service_number, on=day, period=period)
    return render_record_specimen(it, looks_now(), text, at=at)


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
    return render_specimen(_named_on(specimen, form, at=at), looks_now(), at=at)


def crowded_by(form: Form, sort: str, *, at: datetime) -> str:
    """Return which block of the page a form leaves no room for; empty where all have it.

    It leaves room where the longest specimen is still large enough to be read across a table, and the widest name and title there can
    be run into nothing. Blocks are called as in ``fitting``.
    """
    for specimen, least in ((specimens_of(sort)[1], LEAST), (replace(WIDEST, sort=sort), Sizes(0, 0))):
        shown = replace(specimen, assessed=len(form.passed) >= len(form.completed))
        sealed = Sealed(index=MANY, at=at, proof="", opening="")
        page = lay_out(_named_on(shown, form, at=at, code="W" * CODE_LENGTH), sealed, looks_now())
        if page.crossing:
            return page.crossing[0]
        if page.sizes.name < least.name or page.sizes.course < least.course:
            return COLUMN
    return ""


def _named_on(specimen: Specimen, form: Form | None, *, at: datetime, code: str = "") -> Particulars:
    day: date = timezone.localdate(at)
    is_qualification = specimen.sort == Sort.QUALIFICATION
    return particulars_for(
        code=code,
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
