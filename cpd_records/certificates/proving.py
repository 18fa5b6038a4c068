"""What is checked about a certificate of ours before we answer for it: signature, bytes, ledger, checkpoint, credential, withdrawal."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pikepdf
from django.utils import timezone

from cpd_records.certificates import keys
from cpd_records.certificates.files import FileDiffers, digest_of, read_issued
from cpd_records.certificates.particulars import CREDENTIAL_NAME, Particulars
from cpd_records.certificates.signing import check_signature
from cpd_records.certificates.words import day_in_words, grouped
from cpd_records.credentials.checking import check_credential
from cpd_records.credentials.data_integrity import ProofRefused
from cpd_records.credentials.keys import trusted_keys
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.proofs import NothingToOpen, NotSealed, opening_of, proof_of
from cpd_records.ledger.tiles import TilesBroken
from cpd_records.models import Certificate, CertificateRevocation, CertificateSuspension, Checkpoint, ReadablePart
from cpd_records.verification import formats
from cpd_records.verification.formats import Malformed
from cpd_records.verification.proofs import check_proof

SIGNATURE, INTEGRITY, INCLUSION, CHECKPOINT, CREDENTIAL = (
    "signature",
    "integrity",
    "inclusion",
    "checkpoint",
    "credential",
)
# The list of a whole career is some hundred kilobytes; ``listing.LONGEST_LIST`` holds the longest below this, with all else.
MOST_ATTACHED = 8 * 1024 * 1024
# What is about our record even where the file that was sent is another.
OF_OUR_RECORD = (INTEGRITY, INCLUSION, CHECKPOINT)


@dataclass(frozen=True)
class Check:
    """One thing that was checked: whether it holds, its name, and a sentence about it."""

    name: str
    is_good: bool
    title: str
    detail: str


@dataclass(frozen=True)
class Sent:
    """A file that somebody sent: the SHA-256 of its bytes, and these, None of one too large to be kept while it came."""

    digest: str
    content: bytes | None

    @classmethod
    def of(cls, pdf: bytes) -> Sent:
        return cls(digest_of(pdf), pdf)


class TooMuchAttached(Exception):
    """What is attached to a file unpacks to more than anything of ours; the message is a sentence."""


SENT_DIFFERS = Check(INTEGRITY, False, "Edited", "The file you sent is not the one we issued.")
SENT_IS_OURS = Check(INTEGRITY, True, "Not edited", "The file is byte for byte the one we issued.")


def checks_of(
    certificate: Certificate, it: Particulars, *, sent: Sent | None, checkpoint: Checkpoint | None = None
) -> list[Check]:
    """Check everything about a certificate; ``sent`` is the file that was sent, None where only a code was.

    The proof of its entry is held against ``checkpoint``, or the last there is. A file that was sent and is byte for byte the one we
    issued is checked itself, whatever became of our copy; one that was too large to be kept while it came, by our copy.
    """
    digest = None if sent is None else sent.digest
    is_here = sent is not None and sent.content is not None and digest == certificate.sha256
    pdf = sent.content if sent is not None and is_here else _kept(certificate)
    checks = [_check_signature(pdf, it), _check_bytes(certificate, digest), *_check_ledger(certificate, checkpoint)]
    credential = None if pdf is None else attached_to(pdf).get(CREDENTIAL_NAME)
    # Those issued before certificates carried one have none to check.
    return checks if credential is None else [*checks, _check_credential(certificate, it, credential)]


def _kept(certificate: Certificate) -> bytes | None:
    try:
        return read_issued(certificate)
    except FileDiffers:
        return None


def attached_to(pdf: bytes) -> dict[str, bytes]:
    """Return what is attached to a file, by name.

    Raises ``pikepdf.PdfError`` where it cannot be read, and ``TooMuchAttached`` rather than unpack more than ``MOST_ATTACHED`` bytes.
    """
    attached: dict[str, bytes] = {}
    left = MOST_ATTACHED
    with pikepdf.open(BytesIO(pdf)) as document:
        for name in document.attachments:
            attached[name] = _unpacked(document.attachments[name].get_file().obj, left)
            left -= len(attached[name])
    return attached


def _unpacked(stream: pikepdf.Object, most: int) -> bytes:
    """Return what a stream holds, packed as ours are or not at all; a reader of PDF would unpack it whole, whatever that takes."""
    raw = stream.read_raw_bytes()
    packed = stream.get("/Filter")
    if isinstance(packed, pikepdf.Array) and len(packed) == 1:
        packed = packed[0]
    if packed is None:
        content = raw
    elif packed == pikepdf.Name.FlateDecode and "/DecodeParms" not in stream:
        try:
            content = zlib.decompressobj().decompress(raw, most + 1)
        except zlib.error as broken:
            raise pikepdf.PdfError("What is attached to the file is damaged.") from broken
    else:
        raise TooMuchAttached("Something is attached to the file that is packed as ours never are.")
    if len(content) > most:
        raise TooMuchAttached(
            f"What is attached to the file unpacks to more than {MOST_ATTACHED >> 20} MB, and ours never does."
        )
    return content


def check_withdrawal(revocation: CertificateRevocation | None) -> Check:
    """Say whether a certificate was withdrawn, and when."""
    if revocation is None:
        return Check("withdrawal", True, "Not withdrawn", "Checked a moment ago.")
    day = day_in_words(timezone.localdate(revocation.revoked_at))
    return Check("withdrawal", False, "Withdrawn", f"On {day}.")


def check_suspension(suspension: CertificateSuspension | None) -> list[Check]:
    """Say since when a certificate is suspended; nothing where it is not."""
    if suspension is None:
        return []
    since = day_in_words(timezone.localdate(suspension.suspended_at))
    return [Check("suspension", False, "Suspended", f"Since {since}.")]


def _check_signature(pdf: bytes | None, it: Particulars) -> Check:
    if pdf is None:
        is_good, detail = False, "The file we keep is not the one we issued."
    else:
        result = check_signature(pdf, keys.trusted_certificates())
        is_good, detail = result.is_good, result.detail
    return Check(SIGNATURE, is_good, f"Signed by {it.issuer}" if is_good else "The signature does not hold", detail)


def _check_bytes(certificate: Certificate, sent: str | None) -> Check:
    """Check that the digest in the ledger, that of the row, and that of the file sent (or else kept) are one."""
    recorded = _recorded_digest(certificate)
    if sent is not None and sent != recorded:
        return SENT_DIFFERS
    if recorded != certificate.sha256:
        return Check(
            INTEGRITY, False, "Not the file in the ledger", "What we keep is not what the ledger says we issued."
        )
    if sent is not None:
        return SENT_IS_OURS
    return Check(
        INTEGRITY,
        True,
        "Kept as issued",
        "The file we keep is byte for byte the one we issued. To check a copy, send us the file.",
    )


def _recorded_digest(certificate: Certificate) -> str | None:
    payload = ReadablePart.objects.filter(entry=certificate.issued_entry_id).values_list("payload", flat=True).first()
    return None if payload is None else json.loads(payload).get("sha256")


def _check_ledger(certificate: Certificate, checkpoint: Checkpoint | None) -> list[Check]:
    """Check the signature of the checkpoint and the inclusion of the certificate's entry, with the verifier's own code."""
    trusted = [str(key) for key in verifier_keys()]
    not_proven = Check(INCLUSION, False, "Not proven from the ledger", "The proof of its entry does not hold.")
    try:
        proof = proof_of(certificate.entry, checkpoint=checkpoint)
        signed = formats.read_checkpoint(
            formats.read_proof(proof).checkpoint, [formats.trusted_key(line) for line in trusted]
        )
    except (Malformed, NotSealed, TilesBroken):
        untrue = Check(
            CHECKPOINT,
            False,
            "No signed state of the ledger",
            "The state its proof leads to does not bear our signature.",
        )
        return [not_proven, untrue]
    moment = timezone.localtime(datetime.fromisoformat(signed.time))
    its_state = Check(
        CHECKPOINT,
        True,
        "The ledger’s state is signed",
        f"With our key, on {day_in_words(moment.date())} at {moment:%H:%M}, over {grouped(signed.size)} entries.",
    )
    try:
        proven = check_proof(proof, opening_of(certificate.entry), keys=trusted)
    except (Malformed, NothingToOpen):
        return [not_proven, its_state]
    included = f"These very particulars are entry {grouped(proven.index)}, and the proof of it holds."
    return [Check(INCLUSION, True, "In the public ledger", included), its_state]


def _check_credential(certificate: Certificate, it: Particulars, credential: bytes) -> Check:
    try:
        check_credential(credential, it, certificate.entry.place.index, trusted_keys())
    except ProofRefused as refusal:
        return Check(CREDENTIAL, False, "The badge in it does not hold", str(refusal))
    return Check(
        CREDENTIAL, True, "The badge in it is ours", "The Open Badges credential is signed by us and says the same."
    )
