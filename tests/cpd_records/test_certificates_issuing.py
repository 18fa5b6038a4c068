"""Issuing: after the seal, once, whatever crashes in between. One stored file and one row in the end."""

import hashlib
import json

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction

from cpd_records.certificates import issuing, keys
from cpd_records.certificates.files import FileDiffers, file_key, read_issued
from cpd_records.certificates.issuing import issue_certificate
from cpd_records.certificates.offline import check_offline
from cpd_records.certificates.signing import check_signature
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, EntryKind, ReadablePart
from people.models import WaitingWork
from people.work import NotYet
from tests.cpd_records.certificate_acts import (
    AT,
    award,
    do_waiting_issue,
    issue,
    issued,
    stored_bytes,
    stored_files,
)

pytestmark = pytest.mark.django_db


class Crash(Exception):
    """Stands for a process that ends here."""


@pytest.fixture(autouse=True)
def _a_storage_of_its_own(settings, tmp_path):
    """Files of other tests are neither counted nor touched."""
    private = settings.STORAGES["private"]
    kept = {**private, "OPTIONS": {**private["OPTIONS"], "location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": kept}


def entries_of_issue(certificate):
    return ReadablePart.objects.filter(kind=EntryKind.CERTIFICATE_ISSUED, subject=certificate.code)


def is_issued_once(certificate):
    row = Certificate.objects.get(pk=certificate.pk)
    assert row.is_ready
    assert [path.name for path in stored_files()] == [f"{row.pk.hex}.pdf"]
    assert hashlib.sha256(stored_bytes(row)).hexdigest() == row.sha256
    (entry,) = entries_of_issue(row)
    assert entry.entry_id == row.issued_entry_id
    assert json.loads(entry.payload)["sha256"] == row.sha256
    return row


def test_a_sealed_certificate_is_drawn_signed_stored_and_recorded(person):
    certificate = is_issued_once(issued(person("Alexandra Bell")))
    assert certificate.file == file_key(certificate.pk)
    assert check_signature(stored_bytes(certificate), keys.trusted_certificates()).is_good
    assert read_issued(certificate) == stored_bytes(certificate)


def test_an_issued_file_proves_itself_with_the_keys_alone(person):
    certificate = issued(person("Alexandra Bell"))
    answer = check_offline(
        stored_bytes(certificate),
        signers=keys.trusted_certificates(),
        ledger_keys=[str(key) for key in verifier_keys()],
    )
    assert answer.problems == []
    assert answer.particulars.name == "Alexandra Bell"
    assert answer.proven.payload["id"] == str(certificate.entry_id)


def test_it_waits_for_the_seal_without_counting_a_failure(person):
    certificate = award(person("Bo"))
    with pytest.raises(NotYet):
        issue_certificate(str(certificate.pk))
    assert do_waiting_issue(certificate) is False
    waiting = WaitingWork.objects.get(kind="issue_certificate")
    assert (waiting.tries, waiting.done_at, waiting.last_error) == (0, None, "")
    seal_now()
    assert do_waiting_issue(certificate) is True
    is_issued_once(certificate)


def test_issuing_again_does_nothing(person):
    certificate = issued(person("Bo"))
    before = (stored_bytes(certificate), certificate.issued_at)
    issue_certificate(str(certificate.pk))
    again = is_issued_once(certificate)
    assert (stored_bytes(again), again.issued_at) == before


def test_the_same_certificate_drawn_and_signed_twice_is_the_same_bytes(person):
    certificate = award(person("Bo"))
    seal_now()
    first = issuing.draw_and_sign(certificate, issuing.sealed_particulars(certificate))
    award(person("Cy"))
    seal_now()
    assert issuing.draw_and_sign(certificate, issuing.sealed_particulars(certificate)) == first


def crash(monkeypatch, where, name, *, after=False):
    """Make a function end the process when it is called, before or after its work, the first time."""
    original = getattr(where, name)
    has_crashed = []

    def crashing(*args, **more):
        if has_crashed:
            return original(*args, **more)
        has_crashed.append(True)
        if after:
            original(*args, **more)
        raise Crash

    monkeypatch.setattr(where, name, crashing)


@pytest.mark.parametrize(
    ("where", "name", "after"),
    [
        (issuing, "render_certificate", False),
        (issuing, "sign_certificate", True),
        (issuing, "keep_file", False),
        (issuing, "keep_file", True),
        (issuing, "append_entry", False),
        (issuing, "append_entry", True),
        (issuing, "record_issue", False),
        (issuing, "record_issue", True),
    ],
)
def test_a_crash_anywhere_means_it_is_done_once_later(person, monkeypatch, where, name, after):
    certificate = award(person("Bo"))
    seal_now()
    crash(monkeypatch, where, name, after=after)
    with pytest.raises(Crash):
        issue_certificate(str(certificate.pk))
    issue_certificate(str(certificate.pk))
    is_issued_once(certificate)


def test_a_file_left_behind_whole_is_kept_even_where_a_new_one_would_look_otherwise(person, monkeypatch):
    certificate = award(person("Bo"))
    seal_now()
    crash(monkeypatch, issuing, "record_issue")
    with pytest.raises(Crash):
        issue_certificate(str(certificate.pk))
    (left_behind,) = stored_files()
    before = left_behind.read_bytes()
    monkeypatch.setattr(issuing, "looks_now", lambda: issuing.Looks(brand="#1d4f9c", show_chequer=False))
    issue_certificate(str(certificate.pk))
    assert stored_bytes(is_issued_once(certificate)) == before


def test_a_torn_file_left_behind_is_replaced(person, monkeypatch):
    certificate = award(person("Bo"))
    seal_now()
    crash(monkeypatch, issuing, "record_issue")
    with pytest.raises(Crash):
        issue_certificate(str(certificate.pk))
    (torn,) = stored_files()
    torn.write_bytes(torn.read_bytes()[:9000])
    issue_certificate(str(certificate.pk))
    is_issued_once(certificate)


def test_of_two_processes_that_store_at_once_the_first_file_stays(person, monkeypatch):
    certificate = award(person("Bo"))
    seal_now()
    storage = storages["private"]
    original = storage.save
    theirs = []

    def save_after_another(name, content, **more):
        if not theirs:
            theirs.append(True)
            issue_certificate(str(certificate.pk))
        return original(name, content, **more)

    monkeypatch.setattr(storage, "save", save_after_another)
    issue_certificate(str(certificate.pk))
    is_issued_once(certificate)


def test_a_file_still_being_stored_elsewhere_is_waited_for(person, monkeypatch):
    certificate = award(person("Bo"))
    seal_now()
    monkeypatch.setattr(issuing, "keep_file", lambda *a, **k: (_ for _ in ()).throw(FileDiffers("being stored")))
    with pytest.raises(NotYet):
        issue_certificate(str(certificate.pk))


def test_a_certificate_erased_before_its_file_is_made_gets_none(person):
    certificate = award(person("Bo"))
    seal_now()
    erase_readable_part(certificate.entry, retention_class="leaver", authority="Data protection officer", at=AT)
    issue_certificate(str(certificate.pk))
    assert stored_files() == []
    assert not Certificate.objects.get(pk=certificate.pk).is_ready


def test_a_certificate_that_is_gone_is_no_work(person):
    issue_certificate("0b5c6a52-53a0-4d53-9c3b-0d5f1f7a4b11")
    assert stored_files() == []


def test_what_was_issued_cannot_be_altered_in_the_database(person):
    certificate = issued(person("Bo"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(sha256="0" * 64)


def test_a_file_that_was_altered_on_disk_is_not_handed_out(person):
    certificate = issued(person("Bo"))
    (stored,) = stored_files()
    stored.write_bytes(stored.read_bytes() + b"\n")
    with pytest.raises(FileDiffers, match="not the one we issued"):
        read_issued(certificate)
    stored.unlink()
    with pytest.raises(FileDiffers):
        read_issued(certificate)


def test_a_later_award_gets_its_own_file(person):
    officer = person("Bo")
    first, second = issued(officer), issue(award(officer))
    assert first.sha256 != second.sha256
    assert len(stored_files()) == 2
