"""What the tests of certificates do again and again: award, seal and issue; and look into a PDF."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
from django.core.files.storage import storages
from django.db import transaction
from PIL import Image

from cpd_records.certificates import award_certificate, keys
from cpd_records.certificates.awarding import ISSUE_WORK
from cpd_records.certificates.issuing import issue_certificate
from cpd_records.certificates.offline import OfflineAnswer, check_offline
from cpd_records.certificates.particulars import Particulars
from cpd_records.certificates.rendering import Looks, Sealed, render_certificate
from cpd_records.certificates.signature_field import SignatureField
from cpd_records.credentials.keys import trusted_keys
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate
from people import work
from people.models import User

AWARDED = date(2026, 9, 1)
AT = datetime(2026, 9, 1, 10, 30, tzinfo=UTC)
A4_WIDTH_MM = 297.0
SOME_ID = UUID("0b5c6a52-53a0-4d53-9c3b-0d5f1f7a4b11")


def award(officer: User, **given: Any) -> Certificate:
    """Award a certificate with the completion it belongs to, as the app above does it."""
    ordinary: dict[str, Any] = {
        "subject": "SPEC-110",
        "title": "Stop and search: fair and effective",
        "release_label": "Release 3 of 4 September 2026",
        "minutes": 240,
        "awarded_on": AWARDED,
        "valid_until": date(2099, 9, 1),
        "assessed": True,
        "at": AT,
    }
    settled = {**ordinary, **given}
    with transaction.atomic():
        completion = append_entry(
            kind="completion",
            officer=officer.public_id,
            day=settled["awarded_on"],
            subject=settled["subject"],
            minutes=settled["minutes"],
            payload={"title": settled["title"], "mark": 850_000},
        )
        return award_certificate(officer, completion_entry=completion, **settled)


def issue(certificate: Certificate) -> Certificate:
    """Seal what waits and issue the certificate; return its row as it is then."""
    seal_now()
    issue_certificate(str(certificate.pk))
    return Certificate.objects.get(pk=certificate.pk)


def issued(officer: User, **given: Any) -> Certificate:
    return issue(award(officer, **given))


def do_waiting_issue(certificate: Certificate) -> bool:
    """Do the work as the sweeper does it, through its row."""
    return work.do_work(ISSUE_WORK, str(certificate.pk))


def stored_bytes(certificate: Certificate) -> bytes:
    with storages["private"].open(certificate.file, "rb") as file:
        return file.read()


def stored_files() -> list[Path]:
    """Return every file of certificates in the private storage."""
    root = Path(storages["private"].location) / "certificates"  # type: ignore[attr-defined]
    return sorted(path for path in root.rglob("*") if path.is_file())


def particulars(**given: Any) -> Particulars:
    ordinary: dict[str, Any] = {
        "code": "7KQ4M2XD9TRF",
        "name": "Alexandra Bell",
        "service_number": "900412",
        "title": "Stop and search: fair and effective",
        "release": "Release 3 of 4 September 2026",
        "minutes": 240,
        "awarded_on": date(2026, 11, 23),
        "valid_until": date(2028, 11, 23),
        "assessed": True,
        "issuer": "Example Police Service",
        "signatory": "T. Demo",
        "signatory_title": "Head of Learning and Development",
        "check_at": "learn.force.example/verify",
    }
    return Particulars(**{**ordinary, **given})


SEALED = Sealed(
    index=90412,
    at=datetime(2026, 11, 23, 11, 10, tzinfo=UTC),
    proof="c2sp.org/tlog-proof@v1\nindex 90412\n\n…\n",
    opening='{"payload": "{}", "salt": ""}\n',
)
LOOKS = Looks(brand="#10264d", show_chequer=True)


def drawn(looks: Looks = LOOKS, *, signature: SignatureField | None = None, **given: Any) -> bytes:
    """Return an unsigned certificate, drawn without database or ledger."""
    return render_certificate(SOME_ID, particulars(**given), SEALED, looks, signature=signature)


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Return the text of a page in the order in which it is written, spaces made one."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def picture_of(pdf: bytes, dots_per_inch: int = 200) -> Image.Image:
    """Return the page as a grey picture."""
    done = subprocess.run(
        ["pdftoppm", "-png", "-r", str(dots_per_inch), "-gray", "-singlefile", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return Image.open(io.BytesIO(done.stdout)).convert("L")


def saved_by_another_tool(pdf: bytes, *, title: str = "Something grander") -> bytes:
    """Return the file as another program saves it again, with another title."""
    with opened(pdf) as document:
        document.docinfo["/Title"] = title
        changed = io.BytesIO()
        document.save(changed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return changed.getvalue()


def offline(pdf: bytes) -> OfflineAnswer:
    """Check a file as somebody would who has our keys and nothing else of ours."""
    return check_offline(
        pdf,
        signers=keys.trusted_certificates(),
        ledger_keys=[str(key) for key in verifier_keys()],
        issuers=trusted_keys(),
    )
