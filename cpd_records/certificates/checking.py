"""What we answer when somebody checks a certificate, by its code or by its file. Particulars come from our record alone.

Every answer is a heading that is the answer, a sentence, what the certificate says, and what was checked. A code that leads nowhere has
one answer whatever is wrong with it, and costs the same queries. What is known is always what is known at the moment of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cpd_records.certificate_codes import display_code, read_code
from cpd_records.certificates.files import digest_of
from cpd_records.certificates.finding import codes_in
from cpd_records.certificates.particulars import Particulars
from cpd_records.certificates.proving import (
    OF_OUR_RECORD,
    SENT_DIFFERS,
    SENT_IS_OURS,
    Check,
    Sent,
    check_suspension,
    check_withdrawal,
    checks_of,
)
from cpd_records.certificates.proving_itself import checks_of_sent
from cpd_records.certificates.standing import Standing, revocation_of, standing_of, successor_of, suspension_of
from cpd_records.certificates.words import NO_END, day_in_words, learning_in_words
from cpd_records.models import Certificate, CertificateRevocation, Checkpoint, ReadablePart, UnsealedEntry

# What is kept of a file while it comes. Ours are some thirty kilobytes, with a large logo perhaps two hundred; a long list may be more, and
# is known by its digest.
LARGEST_FILE = 1024 * 1024
_HEAD_OF_A_PDF = _TAIL_OF_A_PDF = 1024
_END, _ENCRYPTED = b"%%EOF", b"/Encrypt"
# How the two files begin that a holder is given of an entry: the proof of its place, and what it says.
_A_PROOF, _AN_OPENING = b"c2sp.org/tlog-proof@", (b'"payload"', b'"salt"')
NO_SUCH_CODE = "-" * 12
# The entries an answer rests on that may not be in the tree yet: its own is.
RESTS_ON = (
    ("entry", "issued_entry"),
    ("entry", "revocation__entry"),
    ("entry", "superseded_by__entry"),
    ("entry__suspension__certificate", "pk"),
    ("entry__suspension_end__suspension__certificate", "pk"),
)


class Verdict(StrEnum):
    """The answer in a word; the first six are the standings."""

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    NO_LONGER_HELD = "no_longer_held"
    EDITED = "edited"
    IN_DOUBT = "in_doubt"
    UNKNOWN = "unknown"
    NOT_OURS = "not_ours"
    ENCRYPTED = "encrypted"
    CUT_SHORT = "cut_short"
    NOT_A_PDF = "not_a_pdf"
    A_PROOF = "a_proof"
    TOO_LARGE = "too_large"


PANELS = {
    Verdict.VALID: "valid",
    Verdict.EXPIRED: "certificate-expired",
    Verdict.SUPERSEDED: "superseded",
    Verdict.REVOKED: "revoked",
    Verdict.SUSPENDED: "suspended",
    Verdict.NO_LONGER_HELD: "unknown",
    Verdict.EDITED: "edited",
    Verdict.IN_DOUBT: "refused",
    Verdict.UNKNOWN: "unknown",
    Verdict.NOT_OURS: "unknown",
    Verdict.ENCRYPTED: "unknown",
    Verdict.CUT_SHORT: "unknown",
    Verdict.NOT_A_PDF: "unknown",
    Verdict.A_PROOF: "unknown",
    Verdict.TOO_LARGE: "unknown",
}


@dataclass(frozen=True)
class Answer:
    """What is said. ``standing`` is that of the certificate found, None where none was; ``newer`` replaced it, where that may be shown.

    ``unsealed`` counts entries the standing rests on, such as a withdrawal of a moment ago, that are not in the tree yet.
    """

    verdict: Verdict
    heading: str
    sentence: str
    particulars: Particulars | None = None
    checks: list[Check] = field(default_factory=list)
    newer: Certificate | None = None
    standing: Standing | None = None
    unsealed: int = 0

    @property
    def asks_the_record(self) -> bool:
        """Whether our record was asked: it is not where what was sent is no PDF."""
        return self.verdict not in (Verdict.NOT_A_PDF, Verdict.A_PROOF)

    @property
    def is_of_an_entry(self) -> bool:
        """Whether what was sent is a file of a ledger entry, which is checked in another way."""
        return self.verdict is Verdict.A_PROOF

    @property
    def is_found(self) -> bool:
        return self.standing is not None

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
A_PROOF = Answer(
    Verdict.A_PROOF,
    "This is a file of a ledger entry, not a certificate",
    "It is checked on your own machine, with the second file that belongs to it and the ledger’s key, so nobody has to take our word for "
    "it. Here we check certificates, which are PDF files. Nothing was kept.",
)
ENCRYPTED = Answer(
    Verdict.ENCRYPTED,
    "This file is encrypted, so we cannot read it",
    "Our certificates are never encrypted: some programme did that afterwards. Send us the file as it was issued, "
    "or type the code that stands on the page.",
)
CUT_SHORT = Answer(
    Verdict.CUT_SHORT,
    "This file is not whole",
    "Its end is missing, as after a download that broke off, so we cannot tell what it is. Fetch it again, "
    "or type the code that stands on the page.",
)
TOO_LARGE = Answer(
    Verdict.TOO_LARGE,
    "We did not issue this file",
    "It is over 1 MB, and its bytes are those of no certificate of ours, so we looked no further. If there is a code on the page, "
    "type that instead. Nothing was kept.",
)


WAS_EDITED = "This file was edited after we issued it"
DIFFERS = "Something in the PDF differs from the one we keep,"
DIFFERS_FROM_ISSUED = "Something in the PDF differs from the one we issued,"
END_IS_MISSING = "The end of the PDF is missing, as after a download that broke off,"


def answer_for_code(typed: str, *, on: date, checkpoint: Checkpoint | None = None) -> Answer:
    """Answer somebody who typed or scanned a code. A malformed one is looked up like any other, and not found.

    The proof is held against ``checkpoint``, which the answer names; None is the last there is.
    """
    certificate = _issued_under(read_code(typed) or NO_SUCH_CODE)
    if certificate is None:
        return UNKNOWN
    return _answer(certificate, on=on, sent=None, checkpoint=checkpoint)


def answer_for_file(pdf: bytes, *, on: date, checkpoint: Checkpoint | None = None) -> Answer:
    """Answer somebody who sent a file: it is the one we issued, or one that was edited, or none of ours."""
    if len(pdf) > LARGEST_FILE:
        return answer_for_large_file(digest_of(pdf), on=on, checkpoint=checkpoint)
    if b"%PDF-" not in pdf[:_HEAD_OF_A_PDF]:
        return A_PROOF if _is_of_an_entry(pdf) else NOT_A_PDF
    sent = Sent.of(pdf)
    certificate = _issued().filter(sha256=sent.digest).first()
    if certificate is not None:
        return _answer(certificate, on=on, sent=sent, checkpoint=checkpoint)
    for code in codes_in(pdf):
        certificate = _issued_under(code)
        if certificate is not None:
            is_whole = _END in pdf[-_TAIL_OF_A_PDF:]
            return _answer(certificate, on=on, sent=sent, checkpoint=checkpoint, is_whole=is_whole)
    if _ENCRYPTED in pdf:
        return ENCRYPTED
    return NOT_OURS if _END in pdf[-_TAIL_OF_A_PDF:] else CUT_SHORT


def _is_of_an_entry(sent: bytes) -> bool:
    """Return whether it looks like a proof of an entry or like what opens it; neither is read."""
    begins = sent.lstrip(b"\xef\xbb\xbf \t\r\n")
    return begins.startswith(_A_PROOF) or (begins.startswith(b"{") and all(name in sent for name in _AN_OPENING))


def answer_for_large_file(digest: str, *, on: date, checkpoint: Checkpoint | None = None) -> Answer:
    """Answer somebody who sent a file of more than ``LARGEST_FILE``, of which the SHA-256 alone was kept: one as issued is known by that.

    What is checked is then our own copy, which is the same bytes.
    """
    certificate = _issued().filter(sha256=digest).first()
    return (
        TOO_LARGE
        if certificate is None
        else _answer(certificate, on=on, sent=Sent(digest, None), checkpoint=checkpoint)
    )


def _issued_under(code: str) -> Certificate | None:
    return _issued().filter(code=code).first()


def _issued() -> QuerySet[Certificate]:
    """Return those that anybody can hold, with all an answer reads: until its file is made nobody has one that bears the code."""
    waiting = {
        f"waits_{number}": Exists(UnsealedEntry.objects.filter(**{column: OuterRef(path)}))
        for number, (column, path) in enumerate(RESTS_ON)
    }
    return Certificate.objects.issued().with_standing().select_related("entry__place").annotate(**waiting)


def _answer(
    certificate: Certificate, *, on: date, sent: Sent | None, checkpoint: Checkpoint | None, is_whole: bool = True
) -> Answer:
    """Answer about a certificate of ours; ``sent`` is the file that was sent, or None where only a code was."""
    standing = standing_of(certificate, on=on)
    is_edited = sent is not None and sent.digest != certificate.sha256
    if standing is Standing.NO_LONGER_HELD:
        return _no_longer_held(sent, is_edited=is_edited, is_whole=is_whole)
    particulars = Particulars.read(certificate.entry.readable.payload)
    checks = checks_of(certificate, particulars, sent=sent, checkpoint=checkpoint)
    withdrawal = check_withdrawal(revocation_of(certificate))
    became = [withdrawal, *check_suspension(suspension_of(certificate, on=on))]
    answer = replace(
        _of_standing(standing, certificate, particulars),
        particulars=particulars,
        checks=[*checks, *became],
        standing=standing,
        unsealed=sum(getattr(certificate, f"waits_{number}") for number in range(len(RESTS_ON))),
    )
    if is_edited:
        also = "" if standing is Standing.VALID else f" {answer.heading}: {answer.sentence}"
        return replace(
            answer,
            # Whether our own file is signed, and what it carries, says nothing about the one that was sent.
            checks=[*(check for check in checks if check.name in OF_OUR_RECORD), *became],
            verdict=Verdict.EDITED,
            heading=WAS_EDITED,
            sentence=(
                f"{DIFFERS if is_whole else END_IS_MISSING} so we cannot vouch for what it shows. "
                f"Below is what we issued under its code.{also}"
            ),
        )
    if not all(check.is_good for check in checks):
        return replace(
            answer,
            verdict=Verdict.IN_DOUBT,
            heading="We cannot confirm this certificate",
            sentence="Something in our own record does not hold. Do not rely on it until we have put that right.",
        )
    return answer


def _no_longer_held(sent: Sent | None, *, is_edited: bool, is_whole: bool) -> Answer:
    """Answer about a certificate whose record was erased, and show nothing of what it said.

    Its row keeps the digest of the file, so one that was edited is called so, and one that was not is checked by what it carries.
    """
    answer = Answer(
        Verdict.NO_LONGER_HELD,
        "We no longer hold this record",
        "A certificate was issued under this code. What it said was deleted, so we cannot confirm it.",
        standing=Standing.NO_LONGER_HELD,
    )
    if sent is None:
        return answer
    if is_edited:
        return replace(
            answer,
            verdict=Verdict.EDITED,
            heading=WAS_EDITED,
            sentence=(
                f"{DIFFERS_FROM_ISSUED if is_whole else END_IS_MISSING} so we cannot vouch for what it shows. "
                "What we issued under its code we no longer hold."
            ),
            checks=[SENT_DIFFERS],
        )
    return replace(
        answer,
        sentence="This is the file as we issued it. What it said we no longer hold, so we cannot say how it stands.",
        checks=[SENT_IS_OURS] if sent.content is None else checks_of_sent(sent.content),
    )


def _of_standing(standing: Standing, certificate: Certificate, it: Particulars) -> Answer:
    if standing is Standing.REVOKED:
        revocation = revocation_of(certificate)
        assert revocation is not None
        return Answer(Verdict.REVOKED, f"This {it.noun} has been withdrawn", _withdrawn_sentence(revocation))
    if standing is Standing.SUSPENDED:
        suspension = suspension_of(certificate)
        assert suspension is not None
        since = day_in_words(timezone.localdate(suspension.suspended_at))
        sentence = f"Suspended since {since}, while we look into it. Do not rely on it until we have lifted that; check it again then."
        return Answer(Verdict.SUSPENDED, f"This {it.noun} is suspended", sentence)
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
            + ("It was awarded" if it.is_qualification else "The training took place")
            + "; it is no longer current.",
        )
    if it.listing is not None:
        day = day_in_words(it.awarded_on)
        return Answer(
            Verdict.VALID,
            f"This {it.noun} is valid",
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
        return Answer(Verdict.SUPERSEDED, f"This {it.noun} was replaced", sentence)
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
