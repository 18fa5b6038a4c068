"""The ledger is held to the newest checkpoint kept outside its database: a restored one signs no second history under the same key."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from cpd_records.ledger import holding, kept, keys
from cpd_records.ledger.checkpoints import LedgerRefuses
from cpd_records.ledger.history import HistoryWriter
from cpd_records.ledger.proofs import opening_of, proof_of
from cpd_records.ledger.sealing import SealOutcome, seal_now
from cpd_records.models import Checkpoint, LedgerEntry, SealedPlace, SealRefusal, UnsealedEntry
from cpd_records.verification.proofs import check_proof
from cpd_records.watching.verifying import verified
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.ledger_acts import run, write_entry, write_sealed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private(settings: Settings, tmp_path: Path) -> Path:
    """A private storage of this test's own."""
    folder = tmp_path / "private"
    storage = {**settings.STORAGES["private"], "OPTIONS": {"location": folder, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}
    settings.LEDGER_TILES_DIR = tmp_path / "tiles"
    return folder


def the_file(private: Path) -> Path:
    (file,) = (private / kept.NEWEST_FOLDER).rglob("*.txt")
    return file


def cut_back_to(size: int) -> None:
    """Leave of the database what a backup of a smaller ledger would hold."""
    with altered_evidence():
        for entry in LedgerEntry.objects.filter(place__index__gte=size):
            key = entry.id.hex if connection.vendor == "sqlite" else str(entry.id)
            for table in ("readablepart", "sealedplace"):
                run(f"DELETE FROM cpd_records_{table} WHERE entry_id = %s", key)  # noqa: S608
            run("DELETE FROM cpd_records_ledgerentry WHERE id = %s", key)
        run("DELETE FROM cpd_records_checkpoint WHERE size > %s", size)
    if size:
        call_command("ledger_rebuild")


@contextmanager
def a_disk_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(holding, "keep_newest", refuse)
        yield


def test_each_seal_keeps_its_note_in_one_small_file_outside_the_database(private: Path) -> None:
    for count in (1, 3, 2):
        write_sealed(count)
        assert the_file(private).read_text() == Checkpoint.objects.latest("time").note

    assert [file.name for file in the_file(private).parent.iterdir()] == [the_file(private).name], "no draft is left"
    assert seal_now().outcome is SealOutcome.NOTHING


def test_a_database_restored_from_an_older_backup_signs_nothing_and_says_so_within_the_first_seal(
    client: Client,
) -> None:
    write_sealed(2)
    write_sealed(3)
    cut_back_to(2)
    signed = list(Checkpoint.objects.values_list("note", flat=True))
    write_entry()

    with pytest.raises(LedgerRefuses, match=r"A checkpoint of 5 entries was signed .* this database has 2"):
        seal_now()

    assert list(Checkpoint.objects.values_list("note", flat=True)) == signed
    assert UnsealedEntry.objects.count() == 1, "the entry waits and is not lost"
    assert "After a restore" in SealRefusal.objects.get(ended_at__isnull=True).reason
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "After a restore" in answer.json()["ledger signing"]


def test_a_restored_database_that_grew_to_the_same_size_again_is_another_history(private: Path) -> None:
    write_sealed(2)
    write_sealed(3)
    newest = the_file(private).read_text()
    cut_back_to(2)
    the_file(private).unlink()
    write_sealed(4)
    the_file(private).write_text(newest)
    write_entry()

    with pytest.raises(LedgerRefuses, match=r"the first 5 entries here lead to another root"):
        seal_now()
    assert SealedPlace.objects.count() == 6


def test_the_refusal_ends_when_the_right_database_is_there_again() -> None:
    write_sealed(2)
    write_sealed(3)
    places = list(SealedPlace.objects.filter(index__gte=2).order_by("index"))
    last = Checkpoint.objects.latest("time")
    with altered_evidence():
        run("DELETE FROM cpd_records_checkpoint WHERE size > 2")
        run('DELETE FROM cpd_records_sealedplace WHERE "index" >= 2')
    write_entry()
    with pytest.raises(LedgerRefuses):
        seal_now()

    SealedPlace.objects.bulk_create(places)
    last.save(force_insert=True)
    call_command("ledger_rebuild")

    assert seal_now().size == 6
    assert not SealRefusal.objects.filter(ended_at__isnull=True).exists()


def test_a_restored_log_goes_on_under_a_new_name_and_key_and_what_was_lost_keeps_proving_itself(
    private: Path, settings: Settings
) -> None:
    write_sealed(2)
    (lost,) = write_sealed(1)
    proof, opening, (former,) = proof_of(lost), opening_of(lost), keys.verifier_keys()
    newest = the_file(private).read_text()
    cut_back_to(2)
    write_entry()
    with pytest.raises(LedgerRefuses):
        seal_now()

    settings.LEDGER_ORIGIN = "second.example/ledger"
    settings.LEDGER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    settings.LEDGER_RETIRED_KEYS = [f"{former} until 3"]

    assert seal_now().size == 3
    assert verified().is_sound
    assert not SealRefusal.objects.filter(ended_at__isnull=True).exists()
    assert {file.read_text() for file in (private / kept.NEWEST_FOLDER).rglob("*.txt")} == {
        newest,
        Checkpoint.objects.latest("time").note,
    }
    assert check_proof(proof, opening, keys=map(str, keys.verifier_keys())).index == 2


def test_verification_names_what_a_restored_database_has_lost() -> None:
    write_sealed(2)
    write_sealed(3)
    cut_back_to(2)

    found = verified()

    assert {problem.kind for problem in found.problems} == {"against"}
    assert "ledger/newest/force.example%2Fledger/" in found.problems[0].detail


def test_a_sealer_killed_between_its_commit_and_the_keeping_does_no_harm(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sealed(2)
    with monkeypatch.context() as patched:
        patched.setattr("cpd_records.ledger.sealing.keep_last", lambda: None)
        write_sealed(1)
    before = the_file(private).read_text()
    assert before != Checkpoint.objects.latest("time").note

    write_entry()
    with monkeypatch.context() as patched:
        patched.setattr("cpd_records.ledger.sealing.keep_last", lambda: None)
        seal_now()

    assert the_file(private).read_text() == Checkpoint.objects.get(size=3).note, "kept before more was signed"
    assert verified().is_sound


def test_where_the_note_cannot_be_kept_one_seal_is_finished_and_no_other_begun(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_sealed(2)
    with a_disk_that_takes_nothing(monkeypatch):
        write_sealed(1)
        assert "could not be kept outside the database" in caplog.text
        write_entry()
        with pytest.raises(LedgerRefuses, match=r"cannot be kept .*No space left on device.* storage takes files"):
            seal_now()
    assert Checkpoint.objects.latest("time").size == 3

    assert seal_now().size == 4
    assert not SealRefusal.objects.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "does not hold"),
        (b"\xff\xfe", "does not hold"),
        (b"force.example/ledger\n2\nAAAA\n", "does not hold"),
    ],
)
def test_a_kept_note_that_was_spoilt_is_named_and_nothing_is_signed(private: Path, content: bytes, says: str) -> None:
    write_sealed(2)
    the_file(private).write_bytes(content)
    write_entry()

    with pytest.raises(LedgerRefuses, match=f"{says}.*Put the file back"):
        seal_now()
    assert Checkpoint.objects.count() == 1


def test_a_storage_that_does_not_answer_stops_signing_and_verifying_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_sealed(2)
    write_entry()

    def away(*_: Any, **__: Any) -> None:
        raise ConnectionError("the storage is away")

    monkeypatch.setattr(storages["private"], "open", away)

    with pytest.raises(LedgerRefuses, match=r"cannot be read \(the storage is away\)\. Nothing was signed"):
        seal_now()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("ledger_verify")


def test_where_no_note_was_kept_yet_the_last_one_is_kept_and_the_ledger_goes_on(private: Path) -> None:
    write_sealed(2)
    the_file(private).unlink()

    assert len(write_sealed(1)) == 1
    assert the_file(private).read_text() == Checkpoint.objects.latest("time").note


def empty() -> None:
    cut_back_to(0)


@pytest.mark.parametrize(
    "lost", [empty, lambda: run("UPDATE cpd_records_sealedplace SET leaf_hash = %s", b"\x01" * 32)]
)
def test_in_production_another_log_does_not_begin_under_a_name_that_signed(
    lost: Callable[[], None], settings: Settings
) -> None:
    write_sealed(1)
    with altered_evidence():
        lost()
    settings.LEDGER_ORIGIN, settings.LEDGER_SIGNING_KEY = keys.origin(), settings.LEDGER_SIGNING_KEY
    write_entry()
    settings.EMBEDDED = False
    settings.LEDGER_SIGNING_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    with pytest.raises(LedgerRefuses, match=r"Another log was signed under the name 'force\.example/ledger'"):
        seal_now()


def test_in_production_sample_history_is_not_written_under_a_name_that_signed(settings: Settings) -> None:
    write_sealed(1)
    cut_back_to(0)
    settings.LEDGER_ORIGIN, settings.EMBEDDED = keys.origin(), False

    with pytest.raises(LedgerRefuses, match="Another log was signed"):
        HistoryWriter()


def test_embedded_databases_come_and_go_beside_one_folder(private: Path) -> None:
    write_sealed(1)
    cut_back_to(0)

    write_sealed(2)

    assert len(list((private / kept.NEWEST_FOLDER).rglob("*.txt"))) == 2
