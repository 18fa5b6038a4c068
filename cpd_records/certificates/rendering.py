"""Drawing a certificate: one PDF that is PDF/UA-1 and PDF/A-3a at once, with proof, opening and credential attached. No database.

The same certificate gives the same bytes on the same installation: every time in the file is the one it was sealed at, and the file's
identifier follows from the certificate's. ``docs/decisions`` says why this variant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from PIL import Image
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from cpd_records.certificate_codes import display_code
from cpd_records.certificates import fitting
from cpd_records.certificates.particulars import CREDENTIAL_NAME, OPENING_NAME, PROOF_NAME, Particulars, direction
from cpd_records.certificates.qr import qr_drawing
from cpd_records.certificates.signature_field import SignatureField, add_signature_field
from cpd_records.certificates.words import (
    NO_END,
    check_address,
    day_in_words,
    grouped,
    how_address,
    learning_in_words,
)
from cpd_records.tagged_pdf import complete_structure, conform, missing_letters, write_each_once

TEMPLATE = "cpd_records/certificate.html"
STYLES = Path(settings.BASE_DIR) / "templates" / "cpd_records" / "certificate.css"


class CannotBeDrawn(Exception):
    """A text of the certificate needs letters that no installed font has, so it is not issued with boxes in their place."""


@dataclass(frozen=True)
class Sealed:
    """What a certificate needs from the ledger: index in the tree, time of the checkpoint (aware), proof and opening as text.

    ``credential`` is the signed Open Badges credential as text; empty on a specimen.
    """

    index: int
    at: datetime
    proof: str
    opening: str
    credential: str = ""


@dataclass(frozen=True)
class Looks:
    """How the force wants its certificates: brand colour as ``#rrggbb``, chequer or not, the logo's file or None."""

    brand: str
    show_chequer: bool
    logo: bytes | None = None


def render_certificate(
    certificate_id: UUID, it: Particulars, sealed: Sealed, looks: Looks, *, signature: SignatureField | None = None
) -> bytes:
    """Return the unsigned PDF, with room for the signature whose field is given.

    Raises ``CannotBeDrawn`` rather than draw a name with boxes for letters.
    """
    pdf: bytes = lay_out(it, sealed, looks).document.write_pdf(
        pdf_variant="pdf/a-3a",
        pdf_identifier=certificate_id.bytes.hex().encode(),
        attachments=attached(sealed, looks),
        finisher=partial(finish, signature),
    )
    return pdf


def render_specimen(it: Particulars, looks: Looks, *, at: datetime) -> bytes:
    """Return a page that shows what a certificate would look like and says that it is none: no signature, no proof, nothing to check.

    ``at`` stands where the time of the seal would. Raises ``CannotBeDrawn``.
    """
    sealed = Sealed(index=0, at=at, proof="", opening="")
    laid_out = lay_out(it, sealed, looks, is_specimen=True)
    pdf: bytes = laid_out.document.write_pdf(pdf_variant="pdf/ua-1", finisher=finish_specimen)
    return pdf


@dataclass(frozen=True)
class LaidOut:
    """A page laid out: with which ``sizes``, and which of its blocks are ``crossing`` others (see ``fitting.crossing``)."""

    document: Document
    sizes: fitting.Sizes
    crossing: tuple[str, ...]


def lay_out(it: Particulars, sealed: Sealed, looks: Looks, *, is_specimen: bool = False) -> LaidOut:
    """Return the page laid out, with name and title as large as fits; that is once for nearly everybody, again for a long name."""
    sizes = fitting.first_sizes(it.name, it.title)
    while True:
        html = HTML(
            string=certificate_html(it, sealed, looks, sizes, is_specimen=is_specimen), url_fetcher=emblems(looks)
        )
        # The variant says here already which colours are meant.
        document: Document = html.render(stylesheets=[_styles()], font_config=fonts(), pdf_variant="pdf/a-3a")
        anchors = document.pages[0].anchors
        smaller = fitting.smaller_where_needed(sizes, anchors)
        if smaller == sizes:
            crossing = tuple(fitting.crossing(anchors))
            # They were there to measure by; in the file they would be names to jump to.
            anchors.clear()
            return LaidOut(document, sizes, crossing)
        sizes = smaller


def certificate_html(
    it: Particulars, sealed: Sealed, looks: Looks, sizes: fitting.Sizes, *, is_specimen: bool = False
) -> str:
    """Return the page that WeasyPrint draws. A specimen's code leads to the page that explains checking, and nowhere else."""
    address = how_address() if is_specimen else check_address(it.code)
    return render_to_string(
        TEMPLATE,
        {
            "it": it,
            "title": f"Certificate: {it.title}, {it.name}",
            "brand": looks.brand,
            "code": "Specimen" if is_specimen else display_code(it.code),
            "is_specimen": is_specimen,
            "address": address,
            "qr": qr_drawing(address, looks.brand),
            "awarded": day_in_words(it.awarded_on),
            "valid_until": day_in_words(it.valid_until) if it.valid_until else NO_END,
            "learning": learning_in_words(it.minutes),
            "signed_on": day_in_words(timezone.localdate(sealed.at)),
            "signed_at": sealed.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ledger_number": grouped(sealed.index),
            "sizes": sizes,
            "name_direction": direction(it.name),
            "course_direction": direction(it.title),
        },
    )


@cache
def fonts() -> FontConfiguration:
    """Return the fonts that every document is drawn with."""
    # One for the life of the process: a new one for each certificate is where memory would grow.
    return FontConfiguration()


@cache
def _styles() -> CSS:
    return CSS(string=STYLES.read_text(encoding="utf-8"), font_config=fonts())


def attached(sealed: Sealed, looks: Looks) -> list[Attachment]:
    """Return what every file carries: the opening of its entry, the proof that the entry is in the ledger, and the credential."""
    found = [
        attachment(OPENING_NAME, "Opening of the ledger entry: payload and salt", sealed.opening, sealed.at, looks),
        attachment(PROOF_NAME, "Proof that the entry is in the ledger", sealed.proof, sealed.at, looks),
    ]
    if sealed.credential:
        found.append(attachment(CREDENTIAL_NAME, "Open Badges 3.0 credential", sealed.credential, sealed.at, looks))
    return found


def attachment(name: str, description: str, text: str, at: datetime, looks: Looks) -> Attachment:
    """Return a text as a file within the file, of the time the entry was sealed."""
    moment = at.astimezone(UTC)
    return Attachment(
        string=text,
        name=name,
        description=description,
        relationship="Data",
        created=moment,
        modified=moment,
        # Never asked, because the text is given; without one WeasyPrint makes one for the network.
        url_fetcher=emblems(looks),
    )


def finish(signature: SignatureField | None, document: Document, pdf: pydyf.PDF) -> None:
    """Refuse letters that no font has, make the file what it says it is, and add the signature's field."""
    refuse_missing_letters(document)
    conform(document, pdf)
    if signature is not None:
        add_signature_field(pdf, signature)
    write_each_once(pdf)


def finish_specimen(document: Document, pdf: pydyf.PDF) -> None:
    """The same for a page that is PDF/UA alone and carries nothing."""
    refuse_missing_letters(document)
    complete_structure(document, pdf)


def refuse_missing_letters(document: Document) -> None:
    """Raise ``CannotBeDrawn`` where a letter would be a box."""
    missing = missing_letters(document)
    if missing:
        named = ", ".join(f"U+{ord(character):04X}" for character in missing[:5])
        raise CannotBeDrawn(
            f"No installed font has {named}: install the Noto fonts of that script (see docs/certificates.md)."
        )


class _Emblems(URLFetcher):
    """Serves the band beside the text; nothing else, and nothing over the network."""

    def __init__(self, looks: Looks) -> None:
        super().__init__(allowed_protocols=set(), allow_redirects=False, fail_on_errors=True)
        self._looks = looks
        self._band = band_svg(looks)

    @cached_property
    def _logo(self) -> bytes | None:
        return None if self._looks.logo is None else _plain_png(self._looks.logo)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        if url == "certificate:band.svg":
            return URLFetcherResponse(url, self._band, {"Content-Type": "image/svg+xml"})
        if url == "certificate:logo.png" and self._logo is not None:
            return URLFetcherResponse(url, self._logo, {"Content-Type": "image/png"})
        raise ValueError("A certificate fetches nothing.")


@lru_cache(maxsize=2)
def emblems(looks: Looks) -> _Emblems:
    """Return what serves the pictures of a document, and nothing else."""
    return _Emblems(looks)


SHIELD = (
    '<path fill="none" stroke="#ffffff" stroke-width="1" stroke-linejoin="round" '
    'd="M20.1 20.7l8.1 2.7v7.6c0 4.2-3.2 7-8.1 8.6-4.9-1.6-8.1-4.4-8.1-8.6v-7.6z"/>'
    '<path fill="none" stroke="#ffffff" stroke-width="1.5" d="M15.9 30.3l3.2 3.2 5.6-6.4"/>'
)
LOGO = '<image href="certificate:logo.png" x="7.1" y="18" width="26" height="22" preserveAspectRatio="xMidYMid meet"/>'
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def band_svg(looks: Looks) -> str:
    """Return the band: brand colour, chequer, and the force's logo or else a plain shield."""
    brand = looks.brand if _COLOUR.fullmatch(looks.brand) else "#10264d"
    squares = ""
    if looks.show_chequer:
        # Two dashed lines: drawing seventy squares took WeasyPrint a twelfth of the whole certificate's time.
        squares = "".join(
            f'<path stroke="{colour}" stroke-width="3" stroke-dasharray="3 3" d="M{x} 3v207"/>'
            for colour, x in (("#ffffff", 41.7), (brand, 44.7))
        )
    emblem = LOGO if looks.logo is not None else SHIELD
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="46.2mm" height="210mm" viewBox="0 0 46.2 210">'
        f'<path fill="{brand}" d="M0 0h43.2v210H0z"/>{squares}{emblem}</svg>'
    )


def _plain_png(logo: bytes) -> bytes:
    """Return a picture in the one form that PDF/A is sure to take: PNG in RGB with transparency, without profiles of its own."""
    with Image.open(BytesIO(logo)) as picture:
        plain = BytesIO()
        picture.convert("RGBA").save(plain, "PNG")
    return plain.getvalue()
