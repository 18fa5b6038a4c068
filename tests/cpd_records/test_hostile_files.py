"""No file that we issued is too large to be checked, and no file that is sent or examined unpacks without end."""

from __future__ import annotations

import io
import json
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from cpd_records.certificates import CertificateRefused, awarding, checking, files, keys, uploads
from cpd_records.certificates.awarding import award_training_record
from cpd_records.certificates.checking import Verdict, answer_for_file
from cpd_records.certificates.late import why_waiting
from cpd_records.certificates.listing import Table
from cpd_records.certificates.offline import OfflineAnswer, check_offline
from cpd_records.certificates.proving import MOST_ATTACHED
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, ReadablePart
from people import clock
from people.models import User
from tests.cpd_records.certificate_acts import (
    AT,
    award,
    do_waiting_issue,
    issue,
    issued,
    opened,
    stored_bytes,
    stored_files,
)
from tests.cpd_records.test_verify_code import heading, page
from tests.cpd_records.verifier_acts import our_key, run_verifier

pytestmark = pytest.mark.django_db
FLATE = pikepdf.Name.FlateDecode


@pytest.fixture
def certificate(person: Callable[..., User]) -> Certificate:
    return issued(person("Alexandra Bell"))


def send(content: bytes) -> HttpResponse:
    file = SimpleUploadedFile("certificate.pdf", content, "application/pdf")
    answer: HttpResponse = Client().post("/verify/", {"file": file})
    return answer


# --- A large one of ours -------------------------------------------------------------------------------------------------


@pytest.fixture
def little_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a file of more than is kept while it comes; ours are small, so the limit is smaller here."""
    for module in (checking, uploads):
        monkeypatch.setattr(module, "LARGEST_FILE", 5_000)


def test_a_large_file_as_we_issued_it_is_known_by_its_digest(certificate: Certificate, little_is_kept: None) -> None:
    pdf = stored_bytes(certificate)
    assert len(pdf) > 5_000
    answer = send(pdf)
    assert heading(answer) == "This certificate is valid"
    assert "The file is byte for byte the one we issued." in page(answer)
    assert answer_for_file(pdf, on=clock.today()).verdict is Verdict.VALID


def test_a_large_file_that_was_changed_is_not_ours_and_the_code_is_asked_for(
    certificate: Certificate, little_is_kept: None
) -> None:
    answer = send(stored_bytes(certificate) + b"\n")
    assert (answer.status_code, heading(answer)) == (404, "We did not issue this file")
    assert "type that instead" in page(answer)


def test_a_large_file_of_which_our_copy_is_lost_cannot_be_confirmed(
    certificate: Certificate, little_is_kept: None
) -> None:
    pdf = stored_bytes(certificate)
    storages["private"].delete(certificate.file)
    assert heading(send(pdf)) == "We cannot confirm this certificate"


def test_a_large_file_whose_record_was_erased_is_called_the_one_we_issued(
    certificate: Certificate, little_is_kept: None
) -> None:
    pdf = stored_bytes(certificate)
    erase_readable_part(certificate.entry, retention_class="cpd", authority="Head of Information", at=AT)
    assert not ReadablePart.objects.filter(entry=certificate.entry).exists()
    answer = send(pdf)
    assert heading(answer) == "We no longer hold this record"
    assert "This is the file as we issued it." in page(answer)
    assert "Alexandra Bell" not in page(answer)


def test_a_file_too_large_to_be_checked_is_not_issued_and_is_late_with_the_reason(
    person: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = award(person("Alexandra Bell"))
    seal_now()
    before = stored_files()
    with monkeypatch.context() as patched:
        patched.setattr(files, "LARGEST_ISSUED", 5_000)
        assert not do_waiting_issue(certificate)
    assert stored_files() == before
    assert not Certificate.objects.get(pk=certificate.pk).is_ready
    assert why_waiting([certificate.pk])[certificate.pk].startswith("Its file is larger than any that can be checked")
    assert issue(certificate).is_ready


def test_a_list_longer_than_a_file_can_carry_is_refused_when_it_is_asked_for(
    person: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = [Table("Courses", ("Course",), (("Stop and search",),))]
    with monkeypatch.context() as patched:
        patched.setattr(awarding, "LONGEST_LIST", 100)
        with pytest.raises(CertificateRefused, match="more than one signed file can list"):
            award_training_record(person("Bo"), tables, on=date(2026, 9, 1), at=AT, is_asked=True)
    assert not Certificate.objects.exists()
    assert award_training_record(person("Cy"), tables, on=date(2026, 9, 1), at=AT, is_asked=True)


# --- One that unpacks without end ------------------------------------------------------------------------------------------


def swollen(pdf: bytes) -> bytes:
    """A small file with an attachment that unpacks to a hundred megabytes."""
    packed = zlib.compress(b"0" * 100_000_000, 9)
    saved = io.BytesIO()
    with opened(pdf) as document:
        document.attachments["certificate.json"] = pikepdf.AttachedFileSpec(
            document, b"{}", filename="certificate.json"
        )
        document.attachments["certificate.json"].get_file().obj.write(packed, filter=FLATE)
        document.save(saved)
    assert len(saved.getvalue()) < 300_000
    return saved.getvalue()


def packed_twice(pdf: bytes) -> bytes:
    saved = io.BytesIO()
    twice = zlib.compress(zlib.compress(b"0" * 10_000_000, 9), 9)
    with opened(pdf) as document:
        document.attachments["certificate.json"].get_file().obj.write(twice, filter=pikepdf.Array([FLATE, FLATE]))
        document.save(saved, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return saved.getvalue()


def offline(pdf: bytes) -> OfflineAnswer:
    return check_offline(pdf, signers=keys.trusted_certificates(), ledger_keys=[str(key) for key in verifier_keys()])


def test_what_is_attached_is_unpacked_within_a_limit_and_a_sentence_says_so(certificate: Certificate) -> None:
    pdf = swollen(stored_bytes(certificate))
    tracemalloc.start()
    try:
        answer = offline(pdf)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "What is attached to the file unpacks to more than 8 MB, and ours never does." in answer.problems
    assert (answer.proven, answer.is_good) == (None, False)
    assert most < 5 * MOST_ATTACHED


def test_what_is_packed_in_another_way_is_not_unpacked(certificate: Certificate) -> None:
    problems = offline(packed_twice(stored_bytes(certificate))).problems
    assert "Something is attached to the file that is packed as ours never are." in problems


@pytest.mark.parametrize("how", [["--json"], ["--json", "--offline"]], ids=["with our record", "offline"])
def test_the_command_answers_about_such_a_file(
    certificate: Certificate, tmp_path: Path, how: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "swollen.pdf"
    file.write_bytes(swollen(stored_bytes(certificate)))
    before = pikepdf.settings.get_qpdf_limits()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_certificate", str(file), *how)
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["valid"], said["checks"]["inclusion"]) == (False, False)
    if "--offline" in how:
        assert "unpacks to more than 8 MB" in said["answer"]
    assert pikepdf.settings.get_qpdf_limits() == before, "the limit is the command's own"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (swollen, "What is attached would unpack to over 8 MB, which nothing of ours does."),
        (packed_twice, "Something attached to the file is packed in a way that ours never are."),
    ],
    ids=["swollen", "packed twice"],
)
def test_the_stand_alone_verifier_has_a_limit_of_its_own(
    certificate: Certificate, tmp_path: Path, made: Callable[[bytes], bytes], said: str
) -> None:
    file, signer = tmp_path / "swollen.pdf", tmp_path / "signer.pem"
    file.write_bytes(made(stored_bytes(certificate)))
    signer.write_bytes(keys.signing_identity().certificate.public_bytes(Encoding.PEM))
    answer = run_verifier("certificate", file, "--key", our_key(), "--signer", signer, "--json")
    assert (answer.status, answer.failed) == (1, {"file"})
    assert [check["detail"] for check in answer.json["checks"]] == [said]
