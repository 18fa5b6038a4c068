"""Signing a certificate's PDF (PAdES B-B, elliptic curve) and checking such a signature against keys one trusts beforehand.

The signature is deterministic (RFC 6979) and fills the room that the file was drawn with, so that the same certificate signed twice is
the same bytes: a crash between storing the file and recording it can be made good by doing the work again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from cpd_records.certificates.container import asn1_certificate, mould_of
from cpd_records.certificates.keys import SigningIdentity
from cpd_records.certificates.loops import outside_any_loop
from cpd_records.certificates.signature_field import SignatureField, room_in

logger = logging.getLogger(__name__)

# Hexadecimal digits kept free for the signature: a certificate and a signature with room to spare, and more for each one above.
ROOM = 4096
ROOM_FOR_EACH_ABOVE = 4096


def field_of(identity: SigningIdentity, *, at: datetime, reason: str, name: str) -> SignatureField:
    """Return the field to draw for a signature of this key, dated ``at`` (aware)."""
    return SignatureField(at, reason, name, room=ROOM + ROOM_FOR_EACH_ABOVE * len(identity.above))


def sign_certificate(pdf: bytes, identity: SigningIdentity) -> bytes:
    """Return a file that was drawn with the field of this key, signed over the whole of it; raise ``NoRoom`` where it was not."""
    room = room_in(pdf)
    return room.filled(mould_of(identity).filled(hashlib.sha256(room.signed).digest()))


@dataclass(frozen=True)
class SignatureCheck:
    """What a signature is worth. ``detail`` is a sentence for the person who asked.

    ``is_intact`` says that nothing was changed or added since it was signed, whoever signed it.
    """

    is_good: bool
    detail: str
    is_intact: bool = False


def check_signature(pdf: bytes, trusted: Sequence[x509.Certificate]) -> SignatureCheck:
    """Check that one of ``trusted`` signed the whole file and nothing was added since. Never believes keys from the file."""
    try:
        signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if not signatures:
            return SignatureCheck(False, "The file carries no signature.")
        if len(signatures) > 1:
            return SignatureCheck(False, "The file carries more signatures than ours.")
        (signature,) = signatures
        context = ValidationContext(
            trust_roots=[asn1_certificate(each) for each in trusted],
            allow_fetching=False,
            moment=signature.self_reported_timestamp,
            revocation_mode="soft-fail",
        )
        status = outside_any_loop(partial(validate_pdf_signature, signature, context, skip_diff=True))
    except Exception as error:
        # The readers of PDF and CMS fail in many ways on files made to break them; each of them means that it does not hold.
        logger.info("A signature could not be read: %s", type(error).__name__)
        return SignatureCheck(False, "The signature cannot be read.")
    return _verdict(pdf, status, signature, trusted)


def _verdict(pdf: bytes, status: Any, signature: Any, trusted: Sequence[x509.Certificate]) -> SignatureCheck:
    if not status.intact or not status.valid or not _is_written_plainly(pdf, signature):
        return SignatureCheck(False, "The file was changed after it was signed.")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return SignatureCheck(False, "Something was added to the file after it was signed.")
    ours = {each.fingerprint(hashes.SHA256()) for each in trusted}
    if signature.signer_cert.sha256 not in ours:
        return SignatureCheck(False, "The file was signed with a key that is not ours.", is_intact=True)
    return SignatureCheck(True, "The signature matches our published key.", is_intact=True)


def _is_written_plainly(pdf: bytes, signature: Any) -> bool:
    """Return whether the place of the signature, which no signature covers, holds the signature and zeros and nothing else."""
    start, end = int(signature.byte_range[1]), int(signature.byte_range[2])
    contents = bytes(signature.pkcs7_content)
    length = len(cms.ContentInfo.load(contents).dump())
    return pdf[start:end] == b"<" + contents.hex().upper().encode() + b">" and not any(contents[length:])
