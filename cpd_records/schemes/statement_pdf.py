"""Drawing a statement of an officer's period: a tagged PDF (PDF/UA-1) with every entry, the totals and the reasons."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from cpd_records.schemes.overview import Overview, kind_in_words
from cpd_records.schemes.words import day_in_words
from people.durations import hours
from people.force import force

TEMPLATE = "cpd_records/statement.html"
STYLES = Path(settings.BASE_DIR) / "templates" / "cpd_records" / "statement.css"


def render_statement(overview: Overview, *, asked_at: datetime, as_recorded_at: datetime) -> bytes:
    """Return the PDF. ``asked_at`` is when the officer asked for it, ``as_recorded_at`` the moment the record was read (both aware)."""
    html = HTML(
        string=statement_html(overview, asked_at=asked_at, as_recorded_at=as_recorded_at), url_fetcher=_nothing()
    )
    pdf: bytes = html.write_pdf(stylesheets=[_styles()], font_config=_fonts(), pdf_variant="pdf/ua-1")
    return pdf


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


class _Nothing(URLFetcher):
    """Fetches nothing: a statement is words and figures."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=set(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        raise ValueError("A statement fetches nothing.")


@cache
def _nothing() -> URLFetcher:
    return _Nothing()


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _styles() -> CSS:
    return CSS(string=STYLES.read_text(encoding="utf-8"), font_config=_fonts())
