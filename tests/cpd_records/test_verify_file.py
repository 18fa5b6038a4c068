"""Checking the file: the one we issued, one that was edited, none of ours, and what is sent to do harm."""

import io
import json
import tracemalloc
import zlib
from datetime import timedelta

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cpd_records.certificates.checking import LARGEST_FILE, Verdict, answer_for_file
from cpd_records.certificates.finding import codes_in
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.signing import sign_certificate
from cpd_records.certificates.tries import FILES_A_MINUTE
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.proofs import opening_of, proof_of
from people import clock
from tests.cpd_records.certificate_acts import AT, drawn, issued, offline, opened, saved_by_another_tool, stored_bytes
from tests.cpd_records.test_certificates_signing import drawn_for, made_key
from tests.cpd_records.test_verify_code import heading, page

pytestmark = pytest.mark.django_db
STRANGE_KEY = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)


@pytest.fixture
def certificate(person):
    return issued(person("Alexandra Bell"))


def send(content, name="certificate.pdf", client=None, **more):
    return (client or Client()).post("/verify/", {"file": SimpleUploadedFile(name, content, "application/pdf"), **more})


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


def test_the_verdict_on_a_file_is_the_one_the_page_shows(certificate):
    assert answer_for_file(stored_bytes(certificate), on=clock.today()).verdict is Verdict.VALID
