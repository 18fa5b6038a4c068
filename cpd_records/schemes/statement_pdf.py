"""Drawing a statement of an officer's period: a tagged PDF (PDF/UA-1) with every entry, the totals and the reasons."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from cpd_records.plain_pdf import drawn
from cpd_records.schemes.overview import Overview, kind_in_words
from cpd_records.schemes.words import day_in_words
from people.durations import hours
from people.force import force

TEMPLATE = "cpd_records/statement.html"


def render_statement(overview: Overview, *, asked_at: datetime, as_recorded_at: datetime) -> bytes:
    """Return the PDF. ``asked_at`` is when the officer asked for it, ``as_recorded_at`` the moment the record was read (both aware)."""
    return drawn(statement_html(overview, asked_at=asked_at, as_recorded_at=as_recorded_at))


def statement_html(overview: Overview, *, asked_at: datetime, as_recorded_at: datetime) -> str:
    """Return the page that is drawn."""
    return render_to_string(
        TEMPLATE,
        {
            "it": overview,
            "force": force(),
            "rows": [
                {
                    "day": day_in_words(entry.learning.day),
                    "title": entry.learning.title,
                    "kind": kind_in_words(entry.learning),
                    "length": hours(entry.learning.minutes),
                    "counts": entry.counts,
                    "reason": entry.reason,
                }
                for entry in overview.entries
            ],
            "total": hours(overview.minutes),
            "unverified_total": hours(overview.unverified_minutes),
            "asked_at": _moment(asked_at),
            "as_recorded_at": _moment(as_recorded_at),
        },
    )


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{day_in_words(local.date())}, {local:%H:%M}"
