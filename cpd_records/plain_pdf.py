"""Drawing a plain document of words and figures as a tagged PDF (PDF/UA-1 and PDF/A-3a), such as everything on somebody's record."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pydyf
from django.conf import settings
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from cpd_records.tagged_pdf import conform, missing_letters, write_each_once

STYLES = Path(settings.BASE_DIR) / "templates" / "cpd_records" / "plain_pdf.css"


class _MissingLetters(Exception):
    """What no installed font can draw; ``letters`` in order."""

    def __init__(self, letters: list[str]) -> None:
        super().__init__()
        self.letters = letters


def drawn(html: str, *more: Path) -> bytes:
    """Return a page as a PDF, styled as all plain documents are and by ``more`` files. It fetches nothing, whatever it names.

    A letter that no installed font has stands as its number, such as [U+10FFFD]: the document is owed, and a box would not say which.
    """
    try:
        return _drawn(html, more)
    except _MissingLetters as missing:
        numbers = {ord(letter): f"[U+{ord(letter):04X}]" for letter in missing.letters}
        return _drawn(html.translate(numbers), more)


def _drawn(html: str, more: tuple[Path, ...]) -> bytes:
    pdf: bytes = HTML(string=html, url_fetcher=_nothing()).write_pdf(
        stylesheets=[_styles(STYLES), *map(_styles, more)],
        font_config=_fonts(),
        pdf_variant="pdf/a-3a",
        finisher=_finish,
    )
    return pdf


def _finish(document: Document, pdf: pydyf.PDF) -> None:
    letters = missing_letters(document)
    if letters:
        raise _MissingLetters(letters)
    conform(document, pdf)
    write_each_once(pdf)


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
