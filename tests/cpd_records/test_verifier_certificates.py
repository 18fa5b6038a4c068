"""The stand-alone verifier on a certificate's file: signed whole by the certificate one brought, and proven from the ledger."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cpd_records.certificates import keys
from cpd_records.certificates.awarding import award_training_record
from cpd_records.certificates.listing import Table
from cpd_records.certificates.signing import sign_certificate
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

EVERY = {"signature", "opening", "checkpoint", "inclusion", "kind"}


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
    return verifier.check_certificate(pdf, signer, [verifier.LedgerKey.parse(key)])


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
    verifier.check_pdf(sign_certificate(drawn_for(below), below), below.certificate, report)

    assert failed_in(report) == set()
    verifier.check_pdf(sign_certificate(drawn_for(below), below), authority.certificate, report)
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
    more = with_attachment(pdf, "credential.json", b"{}")
    assert failed_in(examined(more, signer, our_key())) == {"signature", "attachments"}
