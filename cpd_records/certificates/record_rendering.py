"""Drawing a training record or a CPD statement: as many pages as its list takes, PDF/UA-1 and PDF/A-3a at once.

List, proof and opening are attached. No database. As with a certificate, the same record gives the same bytes on the same installation.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from weasyprint import CSS, HTML, Document

from cpd_records.certificate_codes import display_code
from cpd_records.certificates.listing import name_of_list, tables_of
from cpd_records.certificates.particulars import Particulars
from cpd_records.certificates.qr import qr_drawing
from cpd_records.certificates.rendering import (
    Looks,
    Sealed,
    attached,
    attachment,
    emblems,
    finish,
    finish_specimen,
    fonts,
)
from cpd_records.certificates.signature_field import SignatureField
from cpd_records.certificates.words import check_address, day_in_words, grouped, how_address
from cpd_records.plain_pdf import STYLES as PLAIN_STYLES

TEMPLATE = "cpd_records/training_record.html"
STYLES = Path(settings.BASE_DIR) / "templates" / "cpd_records" / "training_record.css"


def render_record(
    certificate_id: UUID,
    it: Particulars,
    sealed: Sealed,
    looks: Looks,
    list_text: str,
    *,
    signature: SignatureField | None = None,
) -> bytes:
    """Return the unsigned PDF, with room for the signature whose field is given; ``list_text`` is what its entry's digest is of.

    Raises ``rendering.CannotBeDrawn`` rather than draw a text with boxes for letters.
    """
    if it.listing is None:
        raise ValueError("Only a training record and a statement have a list.")
    pdf: bytes = _laid_out(record_html(it, sealed, looks, list_text), looks).write_pdf(
        pdf_variant="pdf/a-3a",
        pdf_identifier=certificate_id.bytes.hex().encode(),
        attachments=[
            *attached(sealed, looks),
            attachment(
                name_of_list(it.listing), "The list, whose SHA-256 the entry holds", list_text, sealed.at, looks
            ),
        ],
        finisher=partial(finish, signature),
    )
    return pdf


def render_record_specimen(it: Particulars, looks: Looks, list_text: str, *, at: datetime) -> bytes:
    """Return pages that show what it would look like and say that it is none: no signature, no proof, nothing attached.

    Raises ``rendering.CannotBeDrawn``.
    """
    sealed = Sealed(index=0, at=at, proof="", opening="")
    html = record_html(it, sealed, looks, list_text, is_specimen=True)
    pdf: bytes = _laid_out(html, looks).write_pdf(pdf_variant="pdf/ua-1", finisher=finish_specimen)
    return pdf


def _laid_out(html: str, looks: Looks) -> Document:
    return HTML(string=html, url_fetcher=emblems(looks)).render(
        stylesheets=_styles(), font_config=fonts(), pdf_variant="pdf/a-3a"
    )


def record_html(it: Particulars, sealed: Sealed, looks: Looks, list_text: str, *, is_specimen: bool = False) -> str:
    """Return the pages that WeasyPrint draws. A specimen's code leads to the page that explains checking, and nowhere else."""
    address = how_address() if is_specimen else check_address(it.code)
    return render_to_string(
        TEMPLATE,
        {
            "it": it,
            "tables": tables_of(list_text),
            "code": "Specimen" if is_specimen else display_code(it.code),
            "is_specimen": is_specimen,
            "address": address,
            "qr": qr_drawing(address, looks.brand),
            "recorded_on": day_in_words(it.awarded_on),
            "signed_on": day_in_words(timezone.localdate(sealed.at)),
            "signed_at": sealed.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ledger_number": grouped(sealed.index),
        },
    )


@cache
def _styles() -> list[CSS]:
    return [CSS(string=file.read_text(encoding="utf-8"), font_config=fonts()) for file in (PLAIN_STYLES, STYLES)]
