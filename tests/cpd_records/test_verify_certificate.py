"""The command that checks a certificate's file, by our record or from the file alone with the keys it is given."""

import io
import json
from datetime import UTC, date, datetime

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.test import Client

from cpd_records.certificates import keys
from cpd_records.certificates.checking import NOT_OURS
from cpd_records.certificates.offline import check_offline
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.credentials.badges import issuer_profile
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.sealing import seal_now
from people import clock
from tests.cpd_records.certificate_acts import AT, drawn, issued, offline, opened, saved_by_another_tool, stored_bytes
from tests.cpd_records.test_certificates_signing import made_key, pem
from tests.cpd_records.test_verify_code import page

pytestmark = pytest.mark.django_db
STRANGE_KEY = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)


@pytest.fixture
def certificate(person):
    return issued(person("Alexandra Bell"))


def run(capsys, *arguments):
    """Return exit status and what was printed."""
    try:
        call_command("verify_certificate", *map(str, arguments))
        status = 0
    except SystemExit as stop:
        status = stop.code
    except CommandError as error:
        status = error.returncode
    return status, capsys.readouterr().out


@pytest.fixture
def on_disk(certificate, tmp_path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(stored_bytes(certificate))
    return path


def asked(capsys, path, *more):
    """Return exit status and the object that the command prints."""
    status, printed = run(capsys, path, "--json", *more)
    return status, json.loads(printed)


# What an answer from our record rests on; from the file alone there is nothing of it.
RESTS_ON = ("answered_at", "size", "unsealed")
EVERY_CHECK = {"signature": True, "integrity": True, "inclusion": True, "checkpoint": True, "credential": True}


def test_the_command_says_that_a_good_file_is_good(on_disk, capsys):
    status, report = asked(capsys, on_disk)
    assert status == 0
    assert (report["valid"], report["standing"]) == (True, "valid")
    assert report["checks"] == EVERY_CHECK
    assert report["particulars"]["name"] == "Alexandra Bell"
    status, printed = run(capsys, on_disk)
    assert status == 0
    assert "This certificate is valid." in printed
    assert "holds  credential" in printed


def test_the_command_names_the_moment_of_its_answer_and_the_tree_it_rests_on(on_disk, certificate, person, capsys):
    moment = datetime(2026, 9, 30, 8, 15, tzinfo=UTC)
    with clock.sample_time(moment):
        seal_now()
        _status, report = asked(capsys, on_disk)
        last = last_checkpoint()
        assert [report[name] for name in RESTS_ON] == ["2026-09-30T08:15:00.000000Z", last.size, 0]
        revoke_certificate(certificate, by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=AT)
        _status, report = asked(capsys, on_disk)
        assert (report["standing"], report["size"], report["unsealed"]) == ("revoked", last.size, 1)


def test_the_command_finds_an_edited_file_wanting_and_says_what_of_it_still_holds(on_disk, capsys):
    on_disk.write_bytes(saved_by_another_tool(on_disk.read_bytes()))
    status, report = asked(capsys, on_disk)
    assert status == 1
    assert (report["valid"], report["standing"]) == (False, "valid"), "the one we issued under its code stands"
    assert report["checks"] == {**EVERY_CHECK, "signature": False, "integrity": False}
    assert "was edited after we issued it" in report["answer"]


@pytest.mark.parametrize("standing", ["revoked", "superseded", "expired", "no_longer_held"])
def test_the_command_finds_what_does_not_stand_any_more_wanting(person, tmp_path, capsys, standing):
    ends = {"valid_until": date(2026, 9, 2)} if standing == "expired" else {}
    certificate = issued(person("Bo Marsh"), **ends)
    if standing == "revoked":
        revoke_certificate(certificate, by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=AT)
    elif standing == "superseded":
        issued(certificate.officer)
    elif standing == "no_longer_held":
        erase_readable_part(certificate.entry, retention_class="leaver", authority="Data protection officer", at=AT)
    path = tmp_path / "certificate.pdf"
    path.write_bytes(stored_bytes(certificate))
    status, report = asked(capsys, path)
    assert (status, report["valid"], report["standing"]) == (1, False, standing)
    assert report["checks"] == EVERY_CHECK, "the file is as it was issued and still proves itself"
    assert (report["particulars"] is None) == (standing == "no_longer_held")


def test_the_command_says_of_a_file_of_nobodys_that_nothing_of_it_holds(tmp_path, capsys):
    path = tmp_path / "other.pdf"
    path.write_bytes(drawn())
    status, report = asked(capsys, path)
    assert status == 1
    assert {name: value for name, value in report.items() if name not in RESTS_ON} == {
        "valid": False,
        "standing": None,
        "checks": {**dict.fromkeys(EVERY_CHECK, False), "credential": None},
        "particulars": None,
        "answer": f"{NOT_OURS.heading}. {NOT_OURS.sentence}",
    }


def test_the_command_refuses_bad_usage_with_status_two(on_disk, tmp_path, capsys):
    assert run(capsys, tmp_path / "none.pdf")[0] == 2
    assert run(capsys, on_disk, "--trust", on_disk)[0] == 2
    assert run(capsys, on_disk, "--offline", "--trust", on_disk)[0] == 2


def test_the_command_checks_offline_with_given_keys_and_no_database(
    on_disk, tmp_path, capsys, django_assert_num_queries
):
    (tmp_path / "signer.pem").write_text(keys.signing_identity().chain_pem)
    (tmp_path / "ledger.txt").write_text("".join(f"{key}\n" for key in verifier_keys()))
    given = ("--offline", "--trust", tmp_path / "signer.pem", "--ledger-key", tmp_path / "ledger.txt", "--json")
    with django_assert_num_queries(0):
        status, printed = run(capsys, on_disk, *given)
    report = json.loads(printed)
    assert (status, report["valid"], report["standing"]) == (0, True, None)
    assert not set(RESTS_ON) & report.keys()
    assert report["checks"] == EVERY_CHECK
    assert report["particulars"]["name"] == "Alexandra Bell"
    (tmp_path / "issuer.json").write_text(json.dumps(issuer_profile("Force", [STRANGE_KEY.public_key()])))
    status, printed = run(capsys, on_disk, *given, "--issuer", tmp_path / "issuer.json")
    assert (status, json.loads(printed)["checks"]["credential"]) == (1, False)
    assert run(capsys, on_disk, *given, "--issuer", on_disk)[0] == 2
    on_disk.write_bytes(saved_by_another_tool(on_disk.read_bytes()))
    assert run(capsys, on_disk, *given)[0] == 1


def test_the_command_checks_what_was_signed_before_a_key_was_exchanged(on_disk, tmp_path, capsys, settings):
    former = keys.signing_identity()
    fresh = made_key("Force")
    settings.CERTIFICATE_SIGNING_KEY, settings.CERTIFICATE_SIGNING_CHAIN = pem(fresh.key), fresh.chain_pem
    (tmp_path / "new.pem").write_text(fresh.chain_pem)
    (tmp_path / "old.pem").write_text(former.chain_pem)
    assert run(capsys, on_disk, "--offline", "--trust", tmp_path / "new.pem")[0] == 1
    assert run(capsys, on_disk, "--offline", "--trust", tmp_path / "new.pem", "--trust", tmp_path / "old.pem")[0] == 0
    settings.CERTIFICATE_RETIRED_CERTIFICATES = [former.chain_pem]
    served = Client().get("/verify/signing-keys.pem")
    (tmp_path / "served.pem").write_bytes(served.content)
    assert run(capsys, on_disk, "--offline", "--trust", tmp_path / "served.pem")[0] == 0
    text = page(Client().get("/verify/how-it-works/"))
    for signer in (former, fresh):
        assert signer.fingerprint in text
    assert "signs no more" in text


# --- Offline, without the command --------------------------------------------------------------------------------------------


def test_offline_a_key_of_somebody_else_proves_nothing(certificate):
    other = "force.example/ledger+2b2f6bb1+AQx7j3uVhpOaLPN7M5bqMpnMBwGS9DWUIzSbhv8yyzQ9"
    answer = check_offline(stored_bytes(certificate), signers=keys.trusted_certificates(), ledger_keys=[other])
    assert not answer.is_good
    assert answer.proven is None


def test_offline_an_exchanged_opening_does_not_fit_its_proof(person, certificate):
    other = issued(person("Cy"))
    with opened(stored_bytes(certificate)) as document, opened(stored_bytes(other)) as theirs:
        stolen = theirs.attachments["certificate.json"].get_file().read_bytes()
        document.attachments["certificate.json"] = stolen
        forged = io.BytesIO()
        document.save(forged)
    answer = offline(forged.getvalue())
    assert not answer.is_good
    assert any("does not belong to this proof" in problem for problem in answer.problems)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\nnothing", b"\x00" * 500])
def test_offline_what_is_no_certificate_is_refused_in_sentences(pdf):
    answer = offline(pdf)
    assert not answer.is_good
    assert "The file cannot be read as a PDF." in answer.problems


def test_offline_a_pdf_without_proof_names_what_it_lacks():
    plain = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(plain)
    assert any("certificate.json" in problem for problem in offline(plain.getvalue()).problems)
