"""Drawing a training record or a CPD statement: as many pages as its list takes, PDF/UA-1 and PDF/A-3a at once.

List, proof and opening are attached. No database. As with a certificate, the same record gives the same bytes on the same installation.
"""

from __future__ import annotations

from datetime import UTC
from functools import cache, partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from weasyprint import CSS, HTML

from cpd_records.certificate_codes import display_code
from cpd_records.certificates.listing import name_of_list, tables_of
from cpd_records.certificates.particulars import Particulars
from cpd_records.certificates.qr import qr_drawing
from cpd_records.certificates.rendering import Looks, Sealed, attached, attachment, emblems, finish, fonts
from cpd_records.certificates.signature_field import SignatureField
from cpd_records.certificates.words import check_address, day_in_words, grouped
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
    html = HTML(string=record_html(it, sealed, looks, list_text), url_fetcher=emblems(looks))
    pdf: bytes = html.render(stylesheets=_styles(), font_config=fonts(), pdf_variant="pdf/a-3a").write_pdf(
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


def record_html(it: Particulars, sealed: Sealed, looks: Looks, list_text: str) -> str:
    """Return the pages that WeasyPrint draws."""
    address = check_address(it.code)
    return render_to_string(
        TEMPLATE,
        {
            "it": it,
            "tables": tables_of(list_text),
            "code": display_code(it.code),
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
