"""What we answer when somebody checks a certificate, by its code or by its file. Particulars come from our record alone.

Every answer is a heading that is the answer, a sentence, what the certificate says, and what was checked. A code that leads nowhere has
one answer whatever is wrong with it, and costs the same queries.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from cpd_records.certificate_codes import display_code, read_code
from cpd_records.certificates import keys
from cpd_records.certificates.files import FileDiffers, digest_of, read_issued
from cpd_records.certificates.finding import codes_in
from cpd_records.certificates.particulars import Particulars
from cpd_records.certificates.signing import check_signature
from cpd_records.certificates.standing import Standing, revocation_of, standing_of, successor_of
from cpd_records.certificates.words import NO_END, day_in_words, grouped, learning_in_words
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.proofs import NothingToOpen, NotSealed, opening_of, proof_of
from cpd_records.ledger.tiles import TilesBroken
from cpd_records.models import Certificate, CertificateRevocation, ReadablePart
from cpd_records.verification.formats import Malformed
from cpd_records.verification.proofs import check_proof

# Ours are some thirty kilobytes, with a large logo perhaps two hundred.
LARGEST_FILE = 1024 * 1024
_HEAD_OF_A_PDF = 1024
NO_SUCH_CODE = "-" * 12


class Verdict(StrEnum):
    """The answer in a word; the first five are the standings."""

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    NO_LONGER_HELD = "no_longer_held"
    EDITED = "edited"
    IN_DOUBT = "in_doubt"
    UNKNOWN = "unknown"
    NOT_OURS = "not_ours"
    NOT_A_PDF = "not_a_pdf"
    TOO_LARGE = "too_large"


PANELS = {
    Verdict.VALID: "valid",
    Verdict.EXPIRED: "certificate-expired",
    Verdict.SUPERSEDED: "superseded",
    Verdict.REVOKED: "revoked",
    Verdict.NO_LONGER_HELD: "unknown",
    Verdict.EDITED: "edited",
    Verdict.IN_DOUBT: "refused",
    Verdict.UNKNOWN: "unknown",
    Verdict.NOT_OURS: "unknown",
    Verdict.NOT_A_PDF: "unknown",
    Verdict.TOO_LARGE: "unknown",
}


@dataclass(frozen=True)
class Check:
    """One thing that was checked: whether it holds, its name, and a sentence about it."""

    name: str
    is_good: bool
    title: str
    detail: str


@dataclass(frozen=True)
class Answer:
    """What is said. ``newer`` is the certificate that replaced it, where that may be shown."""

    verdict: Verdict
    heading: str
    sentence: str
    particulars: Particulars | None = None
    checks: list[Check] = field(default_factory=list)
    newer: Certificate | None = None

    @property
    def is_found(self) -> bool:
        return self.verdict not in (Verdict.UNKNOWN, Verdict.NOT_OURS, Verdict.NOT_A_PDF, Verdict.TOO_LARGE)

    @property
    def is_edited(self) -> bool:
        return self.verdict is Verdict.EDITED

    @property
    def panel(self) -> str:
        """The state whose colour and shape the page gives the answer."""
        return PANELS[self.verdict]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What it says, as pairs of label and text."""
        it = self.particulars
        if it is None:
            return []
        if it.listing is not None:
            return [
                ("Name", it.name),
                ("For", it.title),
                ("As recorded on", day_in_words(it.awarded_on)),
                ("Entries", str(it.listing.entries)),
                ("SHA-256 of the list", it.listing.sha256),
                ("Issued by", it.issuer),
                ("Code", display_code(it.code)),
            ]
        return [
            ("Name", it.name),
            ("For", it.title),
            *([("Learning", learning_in_words(it.minutes))] if it.minutes else []),
            ("Granted" if it.is_grant else "Awarded", day_in_words(it.awarded_on)),
            ("Valid to", day_in_words(it.valid_until) if it.valid_until else NO_END),
            ("Issued by", it.issuer),
            ("Code", display_code(it.code)),
        ]


UNKNOWN = Answer(
    Verdict.UNKNOWN,
    "We cannot find a certificate with that code",
    "Check the twelve characters. O and 0 are treated alike, and so are I and 1. After several tries you will have to wait a minute.",
)
NOT_OURS = Answer(
    Verdict.NOT_OURS,
    "This file is not a certificate of ours",
    "We did not issue it, and no code of ours stands in it. If there is a code on the page, type that instead.",
)
NOT_A_PDF = Answer(
    Verdict.NOT_A_PDF,
    "This file is not a PDF",
    "Our certificates are PDF files. A photograph or a scan cannot be checked: type the code that stands on it instead. Nothing was kept.",
)
TOO_LARGE = Answer(
    Verdict.TOO_LARGE,
    "This file is larger than any certificate of ours",
    "Ours are under 1 MB, so this is not one as we issued it. If there is a code on the page, type that instead. Nothing was kept.",
)


def answer_for_code(typed: str, *, on: date) -> Answer:
    """Answer somebody who typed or scanned a code. A malformed one is looked up like any other, and not found."""
    certificate = _issued_under(read_code(typed) or NO_SUCH_CODE)
    if certificate is None:
        return UNKNOWN
    return _answer(certificate, on=on, sent=None)


def answer_for_file(pdf: bytes, *, on: date) -> Answer:
    """Answer somebody who sent a file: it is the one we issued, or one that was edited, or none of ours."""
    if len(pdf) > LARGEST_FILE:
        return TOO_LARGE
    if b"%PDF-" not in pdf[:_HEAD_OF_A_PDF]:
        return NOT_A_PDF
    digest = digest_of(pdf)
    certificate = Certificate.objects.issued().with_standing().filter(sha256=digest).first()
    if certificate is not None:
        return _answer(certificate, on=on, sent=digest)
    for code in codes_in(pdf):
        certificate = _issued_under(code)
        if certificate is not None:
            return _answer(certificate, on=on, sent=digest)
    return NOT_OURS


def _issued_under(code: str) -> Certificate | None:
    # Until its file is made nobody holds a certificate that bears the code.
    return Certificate.objects.issued().with_standing().filter(code=code).first()


def _answer(certificate: Certificate, *, on: date, sent: str | None) -> Answer:
    """Answer about a certificate of ours; ``sent`` is the digest of the file that was sent, or None where only a code was."""
    standing = standing_of(certificate, on=on)
    if standing is Standing.NO_LONGER_HELD:
        return Answer(
            Verdict.NO_LONGER_HELD,
            "We no longer hold this record",
            "A certificate was issued under this code. What it said was deleted when its time of keeping ended, so we cannot confirm it.",
        )
    particulars = Particulars.read(certificate.entry.readable.payload)
    checks = [
        _check_signature(certificate, particulars),
        _check_bytes(certificate, sent),
        _check_ledger(certificate),
        _check_withdrawal(revocation_of(certificate)),
    ]
    answer = replace(_of_standing(standing, certificate, particulars), particulars=particulars, checks=checks)
    if sent is not None and sent != certificate.sha256:
        also = "" if standing is Standing.VALID else f" {answer.heading}: {answer.sentence}"
        return replace(
            answer,
            # Whether our own file is signed says nothing about the one that was sent.
            checks=checks[1:],
            verdict=Verdict.EDITED,
            heading="This file was edited after we issued it",
            sentence=(
                "Something in the PDF differs from the one we keep, so we cannot vouch for what it shows. "
                f"Below is what we issued under its code.{also}"
            ),
        )
    if not all(check.is_good for check in checks[:3]):
        return replace(
            answer,
            verdict=Verdict.IN_DOUBT,
            heading="We cannot confirm this certificate",
            sentence="Something in our own record does not hold. Do not rely on it until we have put that right.",
        )
    return answer


def _of_standing(standing: Standing, certificate: Certificate, it: Particulars) -> Answer:
    if standing is Standing.REVOKED:
        revocation = revocation_of(certificate)
        assert revocation is not None
        what = "certificate" if it.listing is None else "training record"
        return Answer(Verdict.REVOKED, f"This {what} has been withdrawn", _withdrawn_sentence(revocation))
    if standing is Standing.SUPERSEDED:
        newer = successor_of(certificate)
        assert newer is not None
        return _superseded(certificate, newer, it)
    if standing is Standing.EXPIRED:
        assert it.valid_until is not None
        return Answer(
            Verdict.EXPIRED,
            "This certificate has expired",
            f"It was valid from {day_in_words(it.awarded_on)} to {day_in_words(it.valid_until)}. "
            "The training took place; it is no longer current.",
        )
    if it.listing is not None:
        day = day_in_words(it.awarded_on)
        return Answer(
            Verdict.VALID,
            "This training record is valid",
            f"We issued it, and it has not been changed. It says what was recorded on {day}, and nothing of what came later.",
        )
    return Answer(Verdict.VALID, "This certificate is valid", "We issued it, and it has not been changed.")


def _superseded(certificate: Certificate, newer: Certificate, it: Particulars) -> Answer:
    assert certificate.issued_at is not None
    issued = day_in_words(timezone.localdate(certificate.issued_at))
    replaced = day_in_words(timezone.localdate(newer.created_at))
    if it.listing is not None:
        # Whom a later record is shown to, its holder decides: an old code does not lead to it.
        sentence = (
            f"It is the record as it stood on {day_in_words(it.awarded_on)}. A newer one was issued on {replaced}; "
            "the holder can show you that one."
        )
        return Answer(Verdict.SUPERSEDED, "This training record was replaced", sentence)
    sentence = f"It was true when issued on {issued}. A newer one replaced it on {replaced}."
    # A holder whose name changed decides whom to tell: the old code does not lead to the new name.
    same_name = ReadablePart.objects.filter(entry=newer.entry_id).values_list("payload", flat=True).first()
    if newer.is_ready and same_name is not None and Particulars.read(same_name).name == it.name:
        return Answer(Verdict.SUPERSEDED, "This certificate was replaced", sentence, newer=newer)
    return Answer(Verdict.SUPERSEDED, "This certificate was replaced", f"{sentence} The holder can show you that one.")


def _withdrawn_sentence(revocation: CertificateRevocation) -> str:
    day = day_in_words(timezone.localdate(revocation.revoked_at))
    reason = revocation.get_public_reason_display()
    return f"We withdrew it on {day}. Do not rely on it." + (f" {reason}" if reason else "")


# --- What is checked ----------------------------------------------------------------------------------------------------


def _check_signature(certificate: Certificate, it: Particulars) -> Check:
    """Check the signature of the file we keep; a file that was sent and is byte for byte ours carries the same."""
    try:
        result = check_signature(read_issued(certificate), keys.trusted_certificates())
        is_good, detail = result.is_good, result.detail
    except FileDiffers:
        is_good, detail = False, "The file we keep is not the one we issued."
    title = f"Signed by {it.issuer}" if is_good else "The signature does not hold"
    return Check("signature", is_good, title, detail)


def _check_bytes(certificate: Certificate, sent: str | None) -> Check:
    """Check that the digest in the ledger, that of the row, and that of the file sent (or else kept) are one."""
    recorded = _recorded_digest(certificate)
    if sent is not None and sent != recorded:
        return Check("bytes", False, "Edited", "The file you sent is not the one we issued.")
    if recorded != certificate.sha256:
        return Check(
            "bytes", False, "Not the file in the ledger", "What we keep is not what the ledger says we issued."
        )
    if sent is not None:
        return Check("bytes", True, "Not edited", "The file is byte for byte the one we issued.")
    return Check(
        "bytes",
        True,
        "Kept as issued",
        "The file we keep is byte for byte the one we issued. To check a copy, send us the file.",
    )


def _recorded_digest(certificate: Certificate) -> str | None:
    payload = ReadablePart.objects.filter(entry=certificate.issued_entry_id).values_list("payload", flat=True).first()
    return None if payload is None else json.loads(payload).get("sha256")


def _check_ledger(certificate: Certificate) -> Check:
    """Check the inclusion of the certificate's entry under the last checkpoint, with the verifier's own code."""
    try:
        proven = check_proof(
            proof_of(certificate.entry),
            opening_of(certificate.entry),
            keys=[str(key) for key in verifier_keys()],
        )
    except (Malformed, NotSealed, NothingToOpen, TilesBroken):
        return Check("ledger", False, "Not proven from the ledger", "The proof of its entry does not hold.")
    moment = timezone.localtime(datetime.fromisoformat(proven.time))
    return Check(
        "ledger",
        True,
        "In the public ledger",
        f"Entry {grouped(proven.index)}, under the checkpoint of {day_in_words(moment.date())}, {moment:%H:%M}.",
    )


def _check_withdrawal(revocation: CertificateRevocation | None) -> Check:
    if revocation is None:
        return Check("withdrawal", True, "Not withdrawn", "Checked a moment ago.")
    day = day_in_words(timezone.localdate(revocation.revoked_at))
    return Check("withdrawal", False, "Withdrawn", f"On {day}.")
