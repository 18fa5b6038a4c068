"""Drawing a plain document of words and figures as a tagged PDF (PDF/UA-1), such as everything on somebody's record."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

STYLES = Path(settings.BASE_DIR) / "templates" / "cpd_records" / "plain_pdf.css"


def drawn(html: str, *more: Path) -> bytes:
    """Return a page as a PDF, styled as all plain documents are and by ``more`` files. It fetches nothing, whatever it names."""
    pdf: bytes = HTML(string=html, url_fetcher=_nothing()).write_pdf(
        stylesheets=[_styles(STYLES), *map(_styles, more)], font_config=_fonts(), pdf_variant="pdf/ua-1"
    )
    return pdf


class _Nothing(URLFetcher):
    """Fetches nothing: such a document is words and figures."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=set(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        raise ValueError("A plain document fetches nothing.")


@cache
def _nothing() -> URLFetcher:
    return _Nothing()


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _styles(file: Path) -> CSS:
    return CSS(string=file.read_text(encoding="utf-8"), font_config=_fonts())
