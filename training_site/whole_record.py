"""Everything on an officer's record, to take along: as a PDF to hand on, and as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from courses.certificates_held import HeldCertificate, certificates_of
from courses.my_record import TimelineEntry, whole_timeline
from cpd_records.currency import QualificationVerdict
from cpd_records.plain_pdf import drawn
from cpd_records.schemes.record import Unverified, unverified_of
from people.durations import hours
from people.force import force
from people.models import User
from people.postings import posting_of, unit_name
from people.tables.writing import Cell, as_csv
from training_site import my_currency
from training_site.words import day_as

TEMPLATE = "training_site/whole_record.html"
COLUMNS = ("Part", "Day", "What", "Detail", "Minutes", "Recorded at (UTC)", "Entry")


@dataclass(frozen=True)
class WholeRecord:
    """All of it at a moment: ``timeline`` the oldest first, ``erased`` how many entries went, ``unverified`` what only the officer sees."""

    officer: User
    at: datetime
    timeline: tuple[TimelineEntry, ...]
    erased: int
    roles: list[my_currency.MayI]
    required: list[QualificationVerdict]
    certificates: list[HeldCertificate]
    unverified: list[Unverified]


def whole_record_of(officer: User, *, at: datetime) -> WholeRecord:
    """Read it. The number of queries is the same however much there is."""
    on = timezone.localdate(at)
    answer = my_currency.answer_for(officer, on=on)
    timeline, erased = whole_timeline(officer, last_days=my_currency.last_days_by_entry(answer))
    return WholeRecord(
        officer=officer,
        at=at,
        timeline=timeline,
        erased=erased,
        roles=my_currency.may_i(answer),
        required=my_currency.required_of(answer),
        certificates=certificates_of(officer, on=on),
        unverified=unverified_of(officer),
    )


def as_pdf(record: WholeRecord) -> bytes:
    """Return the record as a tagged PDF."""
    return drawn(as_html(record))


def as_html(record: WholeRecord) -> str:
    """Return the page that is drawn."""
    posting = posting_of(record.officer)
    return render_to_string(
        TEMPLATE,
        {
            "it": record,
            "force": force(),
            "unit": unit_name(posting.unit) if posting else "",
            "moment": day_as(timezone.localtime(record.at), "j F Y, H:i"),
            "entries": [
                {
                    "day": entry.day,
                    "title": entry.title,
                    "detail": entry.detail,
                    "length": hours(entry.minutes) if entry.minutes else "",
                }
                for entry in record.timeline
            ],
            "required": [{"title": one.title, "word": _word(one), "reason": _reason(one)} for one in record.required],
        },
    )


def as_table(record: WholeRecord) -> bytes:
    """Return the record as a CSV file. No cell can be taken for a formula by a spreadsheet."""
    return as_csv(COLUMNS, _rows(record))


def _rows(record: WholeRecord) -> Iterator[tuple[Cell, ...]]:
    today = timezone.localdate(record.at)
    for entry in record.timeline:
        yield "Recorded", entry.day, entry.title, entry.detail, entry.minutes, entry.recorded_at, entry.id
    for role in record.roles:
        yield "May I do it today?", today, role.title, f"{role.word}. {role.reason}".strip(), None, None, None
    for one in record.required:
        yield "Required today", today, one.title, f"{_word(one)}. {_reason(one)}".strip(), None, None, one.award
    for certificate in record.certificates:
        yield "Certificate", None, certificate.title, certificate.words, None, None, None
    for activity in record.unverified:
        yield "CPD not on the record", activity.day, activity.title, activity.standing, activity.minutes, None, None


def _word(one: QualificationVerdict) -> str:
    return one.verdict.value.replace("_", " ").capitalize()


def _reason(one: QualificationVerdict) -> str:
    return one.reasons[0] if one.reasons else ""
