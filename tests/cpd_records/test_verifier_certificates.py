"""The stand-alone verifier on a certificate's file: signed whole by the certificate one brought, and proven from the ledger."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from cpd_records.certificates import keys
from cpd_records.certificates.awarding import award_statement, award_training_record
from cpd_records.certificates.listing import Table
from cpd_records.certificates.signing import sign_certificate
from cpd_records.credentials import keys as credential_keys
from cpd_records.credentials.badges import issuer_profile
from cpd_records.credentials.data_integrity import multikey
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.sealing import seal_now
from tests import factories
from tests.cpd_records.certificate_acts import AT, AWARDED, award, issue, stored_bytes
from tests.cpd_records.test_certificates_signing import drawn_for, made_key
from tests.cpd_records.verifier_acts import (
    STRANGER,
    changed_at,
    failed_in,
    our_key,
    run_verifier,
    undone,
    verifier,
)

EVERY = {"signature", "opening", "checkpoint", "inclusion", "kind", "credential"}


@pytest.fixture(scope="module")
def two(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[bytes, bytes, str]]:
    """Two issued certificates and the ledger's key."""
    with undone(django_db_blocker):
        awarded = [award(factories.person(name)) for name in ("Alexandra Bell", "Bo Marsh")]
        seal_now()
        files = [stored_bytes(issue(certificate)) for certificate in awarded]
        yield files[0], files[1], str(verifier_keys()[0])


@pytest.fixture(scope="module")
def signer() -> x509.Certificate:
    return keys.signing_identity().certificate


def examined(pdf: bytes, signer: x509.Certificate, key: str) -> Any:
    return verifier.check_certificate(pdf, [signer], [verifier.LedgerKey.parse(key)])


def resaved(pdf: bytes, **options: Any) -> bytes:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(saved, **options)
    return saved.getvalue()


def with_attachment(pdf: bytes, name: str, content: bytes) -> bytes:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.attachments[name] = pikepdf.AttachedFileSpec(opened, content, filename=name)
        opened.save(saved)
    return saved.getvalue()


def test_a_certificate_is_proven_with_the_site_down(
    two: tuple[bytes, bytes, str], signer: x509.Certificate, tmp_path: Path
) -> None:
    file, trusted = tmp_path / "certificate.pdf", tmp_path / "signer.pem"
    file.write_bytes(two[0])
    trusted.write_bytes(signer.public_bytes(Encoding.PEM))

    said = run_verifier("certificate", file, "--key", two[2], "--signer", trusted, "--json")

    assert said.status == 0, said.words
    assert {check["name"] for check in said.json["checks"]} == EVERY
    assert said.json["payload"]["name"] == "Alexandra Bell"
    told = run_verifier("certificate", file, "--key", two[2], "--signer", trusted)
    assert "All of it holds for this certificate." in told.words
    assert "name: Alexandra Bell" in told.words


def test_of_several_signers_the_one_who_signed_is_found(
    two: tuple[bytes, bytes, str], signer: x509.Certificate, tmp_path: Path
) -> None:
    other = made_key("Somebody else").certificate
    file, old, both = tmp_path / "certificate.pdf", tmp_path / "old.pem", tmp_path / "both.pem"
    file.write_bytes(two[0])
    old.write_bytes(other.public_bytes(Encoding.PEM))
    both.write_bytes(other.public_bytes(Encoding.PEM) + signer.public_bytes(Encoding.PEM))
    mine = tmp_path / "mine.pem"
    mine.write_bytes(signer.public_bytes(Encoding.PEM))
    given = ("certificate", file, "--key", two[2])

    assert run_verifier(*given, "--signer", both).status == 0
    assert run_verifier(*given, "--signer", old, "--signer", mine).status == 0
    assert "not made with the key" in run_verifier(*given, "--signer", old).words
    file.write_bytes(changed_at(two[0], 2000))
    assert "The file was changed after it was signed." in run_verifier(*given, "--signer", both).words


def test_a_changed_byte_anywhere_in_the_file_is_seen(two: tuple[bytes, bytes, str], signer: x509.Certificate) -> None:
    pdf = two[0]
    start = pdf.index(b"/Contents <") + len(b"/Contents ")
    end = pdf.index(b">", start) + 1
    # Each digit of the signature, which no signature covers, a few of the zeros after it, and a byte in every five hundred of the rest.
    zeros = end - 2
    while pdf[zeros] == ord("0"):
        zeros -= 1
    for place in [*range(start, zeros + 2), *range(zeros + 2, end, 61), end - 1, *range(0, len(pdf), 499)]:
        assert "signature" in failed_in(examined(changed_at(pdf, place), signer, two[2])), place


def test_a_file_cut_short_or_added_to_is_seen(two: tuple[bytes, bytes, str], signer: x509.Certificate) -> None:
    pdf = two[0]
    for forged in (
        pdf[: len(pdf) // 2],
        pdf[:-1],
        pdf[:1000],
        b"",
        b"%PDF-1.7\n",
        pdf + b"\n",
        pdf + b"\n% note\n%%EOF\n",
    ):
        assert "signature" in failed_in(examined(forged, signer, two[2])), len(forged)


def test_a_file_that_another_programme_saved_is_seen(two: tuple[bytes, bytes, str], signer: x509.Certificate) -> None:
    for forged in (
        resaved(two[0]),
        resaved(two[0], encryption=pikepdf.Encryption(owner="o", user="")),
        with_attachment(two[0], "more.txt", b"more"),
        # The proof and the opening of somebody else's certificate, put into this one.
        with_attachment(two[0], "certificate.json", b"{}"),
    ):
        assert "signature" in failed_in(examined(forged, signer, two[2]))


def test_the_other_holders_opening_does_not_pass_for_this_ones(
    two: tuple[bytes, bytes, str], signer: x509.Certificate
) -> None:
    with pikepdf.open(io.BytesIO(two[1])) as other:
        opening = other.attachments["certificate.json"].get_file().read_bytes()
    swapped = with_attachment(two[0], "certificate.json", opening)

    assert failed_in(examined(swapped, signer, two[2])) >= {"signature", "inclusion"}


def test_a_file_drawn_and_signed_by_somebody_else_is_refused(
    two: tuple[bytes, bytes, str], signer: x509.Certificate
) -> None:
    """A forger's file is whole, signed and dated; he names his key as ours, and his opening is of no entry."""
    stranger = made_key("Example Police Service")
    forged = sign_certificate(drawn_for(stranger), stranger)

    assert "signature" in failed_in(examined(forged, signer, two[2]))
    assert "signature" not in failed_in(examined(forged, stranger.certificate, two[2])), "under his own key it is good"
    assert not examined(forged, stranger.certificate, two[2]).ok, "and still nothing of it is in the ledger"


def test_a_certificate_with_those_above_it_is_taken_whole(signer: x509.Certificate) -> None:
    authority = made_key("Authority")
    below = made_key("Force", issuer=authority)
    report = verifier.Report("this certificate")
    verifier.check_pdf(sign_certificate(drawn_for(below), below), [below.certificate], report)

    assert failed_in(report) == set()
    verifier.check_pdf(sign_certificate(drawn_for(below), below), [authority.certificate], report)
    assert failed_in(report) == {"signature"}


def test_a_ledger_key_that_was_not_given_proves_nothing(
    two: tuple[bytes, bytes, str], signer: x509.Certificate
) -> None:
    assert failed_in(examined(two[0], signer, STRANGER)) == {"checkpoint"}


def test_what_is_no_certificate_is_told_in_a_sentence(
    two: tuple[bytes, bytes, str], signer: x509.Certificate, tmp_path: Path
) -> None:
    file, trusted = tmp_path / "certificate.pdf", tmp_path / "signer.pem"
    trusted.write_bytes(signer.public_bytes(Encoding.PEM))
    for content in (b"", b"hello", b"%PDF-1.7\n" + b"x" * 5000, resaved(two[0])[:9000]):
        file.write_bytes(content)
        said = run_verifier("certificate", file, "--key", two[2], "--signer", trusted, "--json")
        assert said.status == 1
        assert "signature" in said.failed
    trusted.write_text("no certificate", encoding="utf-8")
    said = run_verifier("certificate", file, "--key", our_key(), "--signer", trusted)
    assert (said.status, said.words) == (2, "")
    assert "holds no certificate in PEM" in said.complaint


@pytest.mark.django_db
def test_a_training_record_is_proven_with_its_list(signer: x509.Certificate, person: Any) -> None:
    table = Table("Courses", ("What", "On"), (("Stop and search", "1 September 2026"),))
    certificate = award_training_record(person("Alexandra Bell"), [table], on=AWARDED, at=AT)
    pdf = stored_bytes(issue(certificate))

    report = examined(pdf, signer, our_key())
    assert report.ok
    assert "list" in {check["name"] for check in report.checks}
    other = with_attachment(pdf, "training-record.json", b"[]")
    assert failed_in(examined(other, signer, our_key())) == {"signature", "list"}
    more = with_attachment(pdf, "more.json", b"{}")
    assert failed_in(examined(more, signer, our_key())) == {"signature", "attachments"}


@pytest.mark.django_db
def test_a_statement_is_proven_with_its_list_under_its_own_name(signer: x509.Certificate, person: Any) -> None:
    table = Table(
        "Recorded", ("What", "Kind", "Day", "Length", "How"), (("Briefing", "Briefing", "1", "1 h", "Verified"),)
    )
    days = {"period": (AWARDED, AWARDED), "on": AWARDED}
    certificate = award_statement(person("Alexandra Bell"), [table], entries=1, at=AT, **days)
    pdf = stored_bytes(issue(certificate))
    report = examined(pdf, signer, our_key())
    assert report.ok
    assert "list" in {check["name"] for check in report.checks}
    other = with_attachment(pdf, "statement.json", b"[]")
    assert failed_in(examined(other, signer, our_key())) == {"signature", "list"}
    more = with_attachment(pdf, "training-record.json", b"[]")
    assert failed_in(examined(more, signer, our_key())) == {"signature", "attachments"}


def attached(pdf: bytes, name: str) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return bytes(file.attachments[name].get_file().read_bytes())


def issuer_key() -> str:
    return multikey(credential_keys.signing_key().public_key())


def test_the_credential_is_checked_against_the_issuers_key_or_profile_one_brings(
    two: tuple[bytes, bytes, str], signer: x509.Certificate, tmp_path: Path
) -> None:
    file, trusted, profile = tmp_path / "certificate.pdf", tmp_path / "signer.pem", tmp_path / "issuer.json"
    file.write_bytes(two[0])
    trusted.write_bytes(signer.public_bytes(Encoding.PEM))
    profile.write_text(json.dumps(issuer_profile("Example Police Service", credential_keys.trusted_keys())))
    given = ("certificate", file, "--key", two[2], "--signer", trusted)

    assert "Who signed it was not checked: no --issuer was given." in run_verifier(*given).words
    for issuer in (issuer_key(), profile):
        said = run_verifier(*given, "--issuer", issuer)
        assert said.status == 0, said.words
        assert "It says what the certificate says. An issuer's key you gave signed it." in said.words
    stranger = multikey(Ed25519PrivateKey.from_private_bytes(b"\x05" * 32).public_key())
    said = run_verifier(*given, "--issuer", stranger, "--json")
    assert (said.status, said.failed) == (1, {"credential"})
    for nonsense in ("z6Mk", "z6MkO0Il", trusted, tmp_path / "none.json"):
        said = run_verifier(*given, "--issuer", nonsense)
        assert said.status == 2, nonsense
        assert "issuer's key" in said.complaint or "Multikey" in said.complaint or "cannot be read" in said.complaint


def test_the_credential_of_somebody_else_is_seen_in_a_file(
    two: tuple[bytes, bytes, str], signer: x509.Certificate
) -> None:
    swapped = with_attachment(two[0], "credential.json", attached(two[1], "credential.json"))
    report = verifier.check_certificate(swapped, [signer], [verifier.LedgerKey.parse(two[2])], [issuer_key()])

    assert failed_in(report) == {"signature", "credential"}
    assert "differs from the certificate: the holder" in report.checks[-1]["detail"]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"no JSON", b"\xff", b"[" * 100_000, b'{"credentialSubject": 1}']
)
@pytest.mark.parametrize("with_issuer", [True, False])
def test_what_is_no_credential_is_told_in_a_sentence(
    two: tuple[bytes, bytes, str], signer: x509.Certificate, content: bytes, with_issuer: bool
) -> None:
    issuers = [issuer_key()] if with_issuer else []
    forged = with_attachment(two[0], "credential.json", content)
    report = verifier.check_certificate(forged, [signer], [verifier.LedgerKey.parse(two[2])], issuers)

    assert failed_in(report) == {"signature", "credential"}
    assert report.checks[-1]["detail"].endswith(".")


@pytest.mark.parametrize(
    ("way", "value", "what"),
    [
        (("name",), "Another", None),
        (("validFrom",), "2026-09-02T00:00:00+01:00", "the first day"),
        (("validUntil",), "2100-09-01T23:59:59+01:00", "the last day"),
        (("issuer", "name"), "Another force", "the issuer"),
        (("credentialSubject", "achievement", "name"), "Something grander", "what it is for"),
        (("credentialSubject", "identifier", 0, "identityHash"), "sha256$00", "the holder"),
        (("credentialStatus", "statusListIndex"), "9", "its place in the lists of states"),
    ],
)
def test_a_credential_that_says_something_else_is_seen_signed_or_not(
    two: tuple[bytes, bytes, str], signer: x509.Certificate, way: tuple[Any, ...], value: str, what: str | None
) -> None:
    badge = json.loads(attached(two[0], "credential.json"))
    inner = badge
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    forged = with_attachment(two[0], "credential.json", json.dumps(badge).encode())
    key = verifier.LedgerKey.parse(two[2])

    signed = verifier.check_certificate(forged, [signer], [key], [issuer_key()])
    assert "The credential was changed after it was signed." in [check["detail"] for check in signed.checks]
    details = [check["detail"] for check in verifier.check_certificate(forged, [signer], [key]).checks]
    assert what is None or f"The credential differs from the certificate: {what}." in details
