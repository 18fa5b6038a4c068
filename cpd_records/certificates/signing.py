"""Signing a certificate's PDF (PAdES B-B, elliptic curve) and checking such a signature against keys one trusts beforehand.

The signature is deterministic (RFC 6979) and is made without touching the file's metadata, so that the same certificate signed twice is
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
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from cpd_records.certificates.container import DIGEST, asn1_certificate, mould_of
from cpd_records.certificates.keys import SigningIdentity
from cpd_records.certificates.loops import outside_any_loop

logger = logging.getLogger(__name__)

FIELD = "Signature"
# Hexadecimal digits kept free for the signature: a certificate and a signature with room to spare, and more for each one above.
ROOM = 4096
ROOM_FOR_EACH_ABOVE = 4096


class _OldVersionSigner(PdfSigner):
    """Leaves the file the PDF 1.7 that PDF/A-3 is made of; pyHanko would call it 2.0 because of the curve."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        pdf_out.register_extension(ESIC_EXTENSION_1)


class _SteadyWriter(IncrementalPdfFileWriter):
    """Adds to a PDF without a random identifier and without rewriting its metadata, which is finished already."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        first, _second = prev.trailer["/ID"]
        original = first.original_bytes if isinstance(first, generic.TextStringObject) else bytes(first)
        return generic.ArrayObject(
            [generic.ByteStringObject(original), generic.ByteStringObject(hashlib.sha256(original).digest()[:16])]
        )

    def _update_meta(self) -> None:
        """Leave the metadata as they were drawn: rewriting them would change their form and the times in them."""


def sign_certificate(pdf: bytes, identity: SigningIdentity, *, at: datetime, reason: str, name: str) -> bytes:
    """Return the PDF with one invisible signature over the whole of it, dated ``at`` (aware)."""
    mould = mould_of(identity)
    meta = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm=DIGEST, subfilter=SigSeedSubFilter.PADES, reason=reason, name=name
    )
    signer = _OldVersionSigner(
        meta, signer=mould.signer, new_field_spec=SigFieldSpec(FIELD, readable_field_name=reason)
    )
    session = signer.init_signing_session(_SteadyWriter(BytesIO(pdf)))
    session.system_time = at
    room = ROOM + ROOM_FOR_EACH_ABOVE * len(identity.above)
    unsigned = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
    signed = BytesIO()
    prepared, _output = unsigned.digest_tbs_document(output=signed)
    prepared.fill_with_cms(signed, mould.filled(prepared.document_digest))
    return signed.getvalue()


@dataclass(frozen=True)
class SignatureCheck:
    """What a signature is worth. ``detail`` is a sentence for the person who asked."""

    is_good: bool
    detail: str


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
        return SignatureCheck(False, "The file was signed with a key that is not ours.")
    return SignatureCheck(True, "The signature matches our published key.")


def _is_written_plainly(pdf: bytes, signature: Any) -> bool:
    """Return whether the place of the signature, which no signature covers, holds the signature and zeros and nothing else."""
    start, end = int(signature.byte_range[1]), int(signature.byte_range[2])
    contents = bytes(signature.pkcs7_content)
    length = len(cms.ContentInfo.load(contents).dump())
    return pdf[start:end] == b"<" + contents.hex().upper().encode() + b">" and not any(contents[length:])
