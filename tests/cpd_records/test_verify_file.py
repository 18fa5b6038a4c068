"""Checking the file: the one we issued, one that was edited, none of ours, and what is sent to do harm."""

import io
import json
import tracemalloc
import zlib
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from cpd_records.certificates import keys
from cpd_records.certificates.checking import LARGEST_FILE, NOT_OURS, Verdict, answer_for_file
from cpd_records.certificates.finding import codes_in
from cpd_records.certificates.offline import check_offline
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.signing import sign_certificate
from cpd_records.certificates.tries import FILES_A_MINUTE
from cpd_records.credentials.badges import issuer_profile
from cpd_records.credentials.keys import trusted_keys
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.proofs import opening_of, proof_of
from cpd_records.ledger.sealing import seal_now
from people import clock
from tests.cpd_records.certificate_acts import AT, drawn, issued, opened, stored_bytes
from tests.cpd_records.test_certificates_signing import drawn_for, made_key, pem
from tests.cpd_records.test_verify_code import heading, page

pytestmark = pytest.mark.django_db
STRANGE_KEY = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)


@pytest.fixture
def certificate(person):
    return issued(person("Alexandra Bell"))


def send(content, name="certificate.pdf", client=None, **more):
    return (client or Client()).post("/verify/", {"file": SimpleUploadedFile(name, content, "application/pdf"), **more})


def saved_by_another_tool(pdf, *, title="Something grander"):
    with opened(pdf) as document:
        document.docinfo["/Title"] = title
        changed = io.BytesIO()
        document.save(changed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return changed.getvalue()


def test_the_file_as_issued_is_valid_byte_for_byte(certificate):
    answer = send(stored_bytes(certificate))
    assert answer.status_code == 200
    assert heading(answer) == "This certificate is valid"
    assert "The file is byte for byte the one we issued." in page(answer)


def test_one_changed_byte_is_an_edited_file_and_our_record_is_shown(certificate):
    flipped = bytearray(stored_bytes(certificate))
    flipped[2000] ^= 1
    answer = send(bytes(flipped))
    assert heading(answer) == "This file was edited after we issued it"
    assert "What we issued" in page(answer)
    assert "Alexandra Bell" in page(answer)
    assert "The file you sent is not the one we issued." in page(answer)


def test_a_file_saved_again_by_another_tool_is_edited(certificate):
    answer = send(saved_by_another_tool(stored_bytes(certificate)))
    assert heading(answer) == "This file was edited after we issued it"
    assert "grander" not in page(answer)


def test_something_added_behind_the_end_is_edited(certificate):
    assert heading(send(stored_bytes(certificate) + b"\n%%EOF")) == "This file was edited after we issued it"


def test_an_edited_file_of_a_withdrawn_certificate_says_both(person, certificate):
    revoke_certificate(certificate, by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=AT)
    text = page(send(stored_bytes(certificate) + b"\n"))
    assert "edited after we issued it" in text
    assert "This certificate has been withdrawn" in text


def test_a_file_of_a_withdrawn_certificate_is_genuine_and_withdrawn(person, certificate):
    revoke_certificate(certificate, by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=AT)
    assert heading(send(stored_bytes(certificate))) == "This certificate has been withdrawn"


def test_a_forged_file_under_a_code_of_ours_shows_what_we_issued(certificate):
    forged = drawn(name="Mallory Impostor", code=certificate.code)
    answer = send(forged)
    assert heading(answer) == "This file was edited after we issued it"
    assert "Mallory" not in page(answer)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\nsome other document\n%%EOF", b"%PDF-1.4\n1 0 obj\nstream\r\nnot deflated\nendstream\n%%EOF"],
)
def test_somebody_elses_pdf_is_not_ours(content):
    answer = send(content)
    assert answer.status_code == 404
    assert heading(answer) == "This file is not a certificate of ours"


def test_a_certificate_of_another_installation_is_not_ours():
    assert heading(send(drawn())) == "This file is not a certificate of ours"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"0" * 200, "certificate.pdf"),
        (b"<html>%PDF</html>", "certificate.pdf"),
        (b"x" * 3000 + b"%PDF-1.7", "late.pdf"),
        (b"PK\x03\x04", "../../certificate.docx"),
    ],
)
def test_what_is_no_pdf_is_said_to_be_none(content, name):
    answer = send(content, name)
    assert heading(answer) == "This file is not a PDF"
    assert "Nothing was kept." in page(answer)


@pytest.mark.parametrize("edit", [lambda sent: sent, lambda sent: b"\r\n" + sent, lambda sent: b"\xef\xbb\xbf" + sent])
@pytest.mark.parametrize("name", ["entry.tlog-proof", "entry.opening.json"])
def test_a_file_of_an_entry_is_called_that_with_the_way_to_check_it(certificate, name, edit):
    files = {"entry.tlog-proof": proof_of, "entry.opening.json": lambda entry: json.dumps(opening_of(entry), indent=2)}
    answer = send(edit(files[name](certificate.entry).encode()), name)
    assert answer.status_code == 404
    assert heading(answer) == "This is a file of a ledger entry, not a certificate"
    assert 'href="/verify/how-it-works/#entry"' in page(answer)
    assert "Nothing was kept." in page(answer)
    assert "Alexandra Bell" not in page(answer), "what it says is not shown to whoever sends it"
    assert 'id="entry"' in page(Client().get("/verify/how-it-works/")), "the way leads somewhere"


def test_another_json_file_is_no_file_of_an_entry():
    assert heading(send(b'{"salt": "of the earth"}', "notes.json")) == "This file is not a PDF"


def test_a_file_larger_than_any_of_ours_is_refused_without_being_read_whole(monkeypatch):
    answer = send(b"%PDF-1.7\n" + b"0" * LARGEST_FILE)
    assert heading(answer) == "We did not issue this file"
    assert "It is over 1 MB, and its bytes are those of no certificate of ours" in page(answer)


def test_a_flood_is_cut_off(monkeypatch):
    from cpd_records.certificates import uploads

    monkeypatch.setattr(uploads, "MOST_READ", 2 * LARGEST_FILE)
    answer = send(b"%PDF-1.7\n" + b"0" * (4 * LARGEST_FILE))
    assert heading(answer) == "We did not issue this file"


def test_no_file_and_an_empty_file_are_told_apart():
    nothing = Client().post("/verify/", {"check_file": "1"})
    assert nothing.status_code == 422
    assert "Choose the PDF file of the certificate." in page(nothing)
    empty = send(b"", check_file="1")
    assert empty.status_code == 422
    assert "This file is empty" in page(empty)


def test_of_two_files_the_first_is_checked(certificate):
    answer = Client().post(
        "/verify/",
        {
            "file": [
                SimpleUploadedFile("a.pdf", stored_bytes(certificate)),
                SimpleUploadedFile("b.pdf", b"%PDF-1.7 other"),
            ]
        },
    )
    assert heading(answer) == "This certificate is valid"


def test_a_stream_that_inflates_without_end_costs_only_the_budget():
    bomb = zlib.compress(b"0" * 200_000_000, 9)[: LARGEST_FILE // 2]
    pdf = b"%PDF-1.7\n" + b"".join(b"stream\r\n" + bomb[:90_000] + b"\nendstream\n" for _ in range(8)) + b"%%EOF\n"
    assert codes_in(pdf) == []
    assert heading(send(pdf)) == "This file is not a certificate of ours"


def test_codes_are_found_in_attachments_links_and_plain_text():
    code = "7KQ4M2XD9TRF"
    packed = zlib.compress(rb'{"payload": "{\"subject\":\"7KQ4M2XD9TRF\"}"}')
    assert codes_in(b"%PDF-1.7\nstream\n" + packed + b"\nendstream") == [code]
    assert codes_in(b"(http://localhost/verify/7KQ4M2XD9TRF/)") == [code]
    assert codes_in(b"/verify/7KQ4M2XD9TRFX") == [], "longer than a code"
    many = b" ".join(b"/verify/%012d/" % number for number in range(50))
    assert len(codes_in(many)) == 5


def test_files_are_counted_by_address(certificate):
    pdf = b"%PDF-1.7 other"
    for _ in range(FILES_A_MINUTE):
        assert send(pdf).status_code == 404
    assert send(stored_bytes(certificate)).status_code == 429
    assert send(stored_bytes(certificate), client=Client(REMOTE_ADDR="192.0.2.9")).status_code == 200


def test_a_code_and_a_file_sent_together_are_answered_by_the_file(certificate):
    answer = send(stored_bytes(certificate), code="111111111111")
    assert heading(answer) == "This certificate is valid"


def test_checking_works_without_cookies_or_token(certificate):
    strict = Client(enforce_csrf_checks=True)
    assert send(stored_bytes(certificate), client=strict).status_code == 200


def test_the_form_is_one_page_with_both_ways():
    text = page(Client().get("/verify/"))
    assert 'name="code"' in text
    assert 'type="file"' in text
    assert "csrfmiddlewaretoken" not in text


# --- Bad input, one sentence each ---------------------------------------------------------------------------------------


def encrypted(pdf):
    saved = io.BytesIO()
    with opened(pdf) as document:
        document.save(saved, encryption=pikepdf.Encryption(owner="o", user="u"))
    return saved.getvalue()


def test_an_encrypted_file_is_said_to_be_encrypted(certificate):
    answer = send(encrypted(stored_bytes(certificate)))
    assert answer.status_code == 404
    assert heading(answer) == "This file is encrypted, so we cannot read it"
    assert "Send us the file as it was issued" in page(answer)


def test_a_file_cut_short_is_edited_and_its_missing_end_is_named(certificate):
    pdf = stored_bytes(certificate)
    for length in (len(pdf) - 7, len(pdf) - 2000, len(pdf) * 4 // 5):
        answer = send(pdf[:length])
        assert heading(answer) in ("This file was edited after we issued it", "This file is not whole"), length
        assert "missing, as after a download that broke off" in page(answer), length


def test_a_file_cut_before_anything_of_ours_stands_in_it_is_not_whole(certificate):
    answer = send(stored_bytes(certificate)[:700])
    assert heading(answer) == "This file is not whole"
    assert "Fetch it again" in page(answer)


def test_a_file_signed_with_another_key_is_edited_where_it_bears_a_code_of_ours(certificate):
    stranger = made_key("Example Police Service")
    forged = sign_certificate(drawn_for(stranger, code=certificate.code, name="Mallory"), stranger)
    answer = send(forged)
    assert heading(answer) == "This file was edited after we issued it"
    assert "Mallory" not in page(answer)


def test_a_file_with_another_attachment_put_in_is_edited(certificate):
    for name in ("certificate.json", "certificate.tlog-proof", "credential.json", "note.txt"):
        with opened(stored_bytes(certificate)) as document:
            document.attachments[name] = b"{}"
            saved = io.BytesIO()
            document.save(saved)
        assert heading(send(saved.getvalue())) == "This file was edited after we issued it", name


def test_a_file_of_an_erased_entry_is_answered_without_a_word_of_what_it_said(certificate):
    pdf = stored_bytes(certificate)
    erase_readable_part(certificate.entry, retention_class="leaver", authority="Data protection officer", at=AT)
    storages["private"].delete(certificate.file)
    answer = send(pdf)
    text = page(answer)
    assert heading(answer) == "We no longer hold this record"
    assert "This is the file as we issued it. What it said we no longer hold" in text
    for held in ("Signed by us", "byte for byte the one we issued", "In the public ledger", "The badge in it is ours"):
        assert held in text
    for secret in ("Alexandra", "Stop and search", "time of keeping"):
        assert secret not in text


def test_an_edited_file_of_an_erased_entry_is_called_edited_and_no_longer_held(certificate):
    pdf = stored_bytes(certificate)
    erase_readable_part(certificate.entry, retention_class="leaver", authority="Data protection officer", at=AT)
    for content in (saved_by_another_tool(pdf), pdf + b"\n", pdf[:-400]):
        answer = send(content)
        text = page(answer)
        assert heading(answer) == "This file was edited after we issued it"
        assert "What we issued under its code we no longer hold." in text
        assert "The file you sent is not the one we issued." in text
        for not_said in ("Alexandra", "grander", "This is the file as we issued it", "Signed by us"):
            assert not_said not in text


def test_a_genuine_file_is_valid_though_our_own_copy_is_lost(certificate):
    pdf = stored_bytes(certificate)
    storages["private"].delete(certificate.file)
    answer = send(pdf)
    assert heading(answer) == "This certificate is valid"
    assert "The file is byte for byte the one we issued." in page(answer)
    assert heading(Client().get(f"/verify/{certificate.code}/")) == "We cannot confirm this certificate"
    assert heading(send(pdf + b"\n")) == "This file was edited after we issued it"


def test_a_file_of_two_hundred_megabytes_gets_an_answer_and_takes_no_memory():
    """Sent as a client sends it, a piece at a time, and read the same way."""
    size = 200 * 1024 * 1024
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'
    tail = b"\r\n--x--\r\n"
    pieces = PiecesOfZeros(head, size, tail)
    tracemalloc.start()
    try:
        answer = Client().generic(
            "POST",
            "/verify/",
            **{"wsgi.input": pieces, "CONTENT_LENGTH": str(pieces.length), "CONTENT_TYPE": FORM},
        )
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert heading(answer) == "We did not issue this file"
    assert pieces.left == 0, "read to its end, so that a browser shows the answer"
    assert most < 20 * LARGEST_FILE


FORM = "multipart/form-data; boundary=x"


class PiecesOfZeros(io.RawIOBase):
    """A request's body that is made while it is read: ``size`` zeros between a head and a tail."""

    def __init__(self, head, size, tail):
        self.head, self.tail, self.size = head, tail, size
        self.length = self.left = len(head) + size + len(tail)

    def readable(self):
        return True

    def readinto(self, buffer):
        place = self.length - self.left
        in_tail = place - len(self.head) - self.size
        if place < len(self.head):
            piece = self.head[place:]
        elif in_tail < 0:
            piece = bytes(min(len(buffer), -in_tail))
        else:
            piece = self.tail[in_tail:]
        piece = piece[: len(buffer)]
        buffer[: len(piece)] = piece
        self.left -= len(piece)
        return len(piece)


def test_whoever_has_sent_enough_files_waits_before_the_next_is_read(certificate):
    for _ in range(FILES_A_MINUTE):
        send(b"%PDF-1.7 other\n%%EOF")
    pieces = PiecesOfZeros(b"", 1024, b"")
    answer = Client().generic(
        "POST",
        "/verify/",
        **{"wsgi.input": pieces, "CONTENT_LENGTH": "1024", "CONTENT_TYPE": FORM},
    )
    assert answer.status_code == 429
    assert pieces.left == 1024


@pytest.mark.parametrize("days", [-400, -1, 1])
def test_a_clock_that_is_wrong_does_not_make_a_good_file_bad(certificate, monkeypatch, days):
    """What we say follows from the record; a signature dated after our own clock is as good as any."""
    shifted = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock.timezone, "now", lambda: shifted)
    assert heading(send(stored_bytes(certificate))) == "This certificate is valid"
    assert offline(stored_bytes(certificate)).is_good


# --- The command ----------------------------------------------------------------------------------------------------------


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


def offline(pdf):
    return check_offline(
        pdf,
        signers=keys.trusted_certificates(),
        ledger_keys=[str(key) for key in verifier_keys()],
        issuers=trusted_keys(),
    )


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


def test_the_verdict_on_a_file_is_the_one_the_page_shows(certificate):
    assert answer_for_file(stored_bytes(certificate), on=clock.today()).verdict is Verdict.VALID
