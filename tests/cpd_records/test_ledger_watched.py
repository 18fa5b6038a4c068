"""The ledger is watched: it refuses to contradict itself and says so, each night it is verified, and those who must know are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from cpd_records.daily import ask_daily
from cpd_records.ledger.checkpoints import LedgerRefuses
from cpd_records.ledger.kept import kept_checkpoints
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import (
    Checkpoint,
    HashTile,
    LedgerEntry,
    NightlyVerification,
    SealRefusal,
    UnsealedEntry,
)
from cpd_records.watching import nightly
from cpd_records.watching.nightly import LONGEST, VERIFY_WORK, verify_night
from people import clock, work
from people.models import User, WaitingWork
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.ledger_acts import run, seal, write_entry, write_sealed

pytestmark = pytest.mark.django_db
NIGHT = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    """Checkpoints are kept in a folder of this test, as in a force's own storage."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    settings.LEDGER_TILES_DIR = tmp_path / "tiles"


def verify(night: date = NIGHT) -> NightlyVerification:
    verify_night(night.isoformat())
    return NightlyVerification.objects.get(night=night)


def kinds(verification: NightlyVerification) -> set[str]:
    return {problem["kind"] for problem in verification.problems}


def private_files() -> set[Path]:
    return {file for file in Path(storages["private"].location).rglob("*") if file.is_file()}  # type: ignore[attr-defined]


def do_all_work() -> None:
    while work.sweep_once():
        pass


# --- A ledger that would contradict itself ---------------------------------------------------------------------------------


def damage_root() -> None:
    run("UPDATE cpd_records_checkpoint SET root = %s", b"\x05" * 32)


def damage_note() -> None:
    run("UPDATE cpd_records_checkpoint SET note = replace(note, '/ledger', '/lodger')")


def damage_size() -> None:
    run("UPDATE cpd_records_checkpoint SET size = 2")


def forget_checkpoints() -> None:
    run("DELETE FROM cpd_records_checkpoint")


def damage_tiles() -> None:
    HashTile.objects.update(hashes=b"\x07" * 96)


def forget_tiles() -> None:
    HashTile.objects.all().delete()


def forget_a_place() -> None:
    run('DELETE FROM cpd_records_sealedplace WHERE "index" = 2')


DAMAGE = [damage_root, damage_note, damage_size, forget_checkpoints, damage_tiles, forget_tiles, forget_a_place]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_ledger_that_would_contradict_itself_signs_nothing_and_says_so(
    damage: Callable[[], None], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    write_sealed(3)
    with altered_evidence():
        damage()
    signed = list(Checkpoint.objects.values_list("note", flat=True))
    write_entry()

    with pytest.raises(LedgerRefuses) as refused:
        seal_now()

    assert list(Checkpoint.objects.values_list("note", flat=True)) == signed
    assert UnsealedEntry.objects.count() == 1, "the entry waits and is not lost"
    refusal = SealRefusal.objects.get()
    assert (refusal.reason, refusal.ended_at) == (str(refused.value), None)
    assert "The ledger refuses to sign" in caplog.text
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert refusal.reason in answer.json()["ledger signing"]


def test_a_refusal_is_written_once_for_as_long_as_its_reason_stands() -> None:
    write_sealed(3)
    HashTile.objects.update(hashes=b"\x07" * 96)
    write_entry()
    for _second in range(3):
        with pytest.raises(LedgerRefuses):
            seal_now()
    assert SealRefusal.objects.count() == 1

    HashTile.objects.all().delete()
    with pytest.raises(LedgerRefuses):
        seal_now()

    assert SealRefusal.objects.count() == 2
    assert SealRefusal.objects.filter(ended_at__isnull=True).count() == 1


def test_when_it_signs_again_the_refusal_has_ended(client: Client) -> None:
    write_sealed(3)
    HashTile.objects.all().delete()
    write_entry()
    with pytest.raises(LedgerRefuses):
        seal_now()

    call_command("ledger_rebuild")
    assert seal().sealed == 1

    assert SealRefusal.objects.get().ended_at is not None
    assert client.get("/readyz").json()["ledger signing"] == "ok"


def test_auditors_and_system_administrators_are_told_of_a_refusal_once(person: Callable[..., User]) -> None:
    auditor, admin = person("Ann", "auditor"), person("Ben", "system-admin")
    person("Cy", "trainer", family="initial")
    write_sealed(3)
    HashTile.objects.all().delete()
    write_entry()
    for _second in range(2):
        with pytest.raises(LedgerRefuses):
            seal_now()
        do_all_work()

    told = [message for message in mail.outbox if message.subject == "The ledger refuses to sign"]
    assert {address for message in told for address in message.to} == {auditor.email, admin.email}
    assert len(told) == 2
    assert "/ledger/" in str(told[0].body)


# --- Each night --------------------------------------------------------------------------------------------------------------


def test_a_sound_night_is_recorded_and_its_checkpoint_kept_outside_the_database() -> None:
    write_sealed(3)
    write_entry()

    found = verify()

    assert found.is_sound
    assert (found.entries, found.sealed, found.size, found.held_against) == (4, 3, 3, 0)
    assert kept_checkpoints() == {found.kept_as: Checkpoint.objects.get().note}
    assert found.kept_as.endswith("-3.txt")
    assert not WaitingWork.objects.filter(kind__startswith="ledger.warn").exists()


def test_the_next_night_is_held_against_every_one_before() -> None:
    for number in range(3):
        write_sealed(2)
        found = verify(NIGHT + timedelta(days=number))
        assert found.is_sound
        assert found.held_against == number

    assert len(kept_checkpoints()) == 3


def test_a_night_on_which_nothing_was_sealed_keeps_no_second_copy() -> None:
    write_sealed(2)
    first, second = verify(), verify(NIGHT + timedelta(days=1))

    assert first.kept_as == second.kept_as
    assert len(kept_checkpoints()) == 1


def test_a_night_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    write_sealed(2)
    first = verify()
    monkeypatch.setattr(nightly, "verified", lambda **_: pytest.fail("verified again"))

    assert verify().ended_at == first.ended_at


def test_a_second_worker_waits_for_the_first_and_takes_over_when_it_was_killed() -> None:
    write_sealed(2)
    NightlyVerification.objects.create(night=NIGHT, began_at=clock.now())
    with pytest.raises(work.NotYet):
        verify_night(NIGHT.isoformat())

    NightlyVerification.objects.update(began_at=clock.now() - LONGEST - timedelta(minutes=1))

    assert verify().is_sound


def test_a_night_that_could_not_be_verified_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    write_sealed(2)

    def broken() -> dict[str, str]:
        raise OSError("the storage is away")

    with monkeypatch.context() as patched:
        patched.setattr(nightly, "kept_checkpoints", broken)
        with pytest.raises(OSError, match="away"):
            verify_night(NIGHT.isoformat())
    assert not NightlyVerification.objects.exists()

    assert verify().is_sound


def test_a_night_whose_checkpoint_could_not_be_kept_is_tried_again_at_once_and_leaves_no_torn_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_sealed(2)
    before = private_files()

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            verify_night(NIGHT.isoformat())
    assert not NightlyVerification.objects.exists()
    assert private_files() == before

    assert verify().is_sound
    assert verify(NIGHT + timedelta(days=1)).held_against == 1


def test_a_checkpoint_has_its_name_only_once_all_of_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    write_sealed(2)

    class Killed(BaseException):
        """The process ends where it stands."""

    def killed(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", killed)
        patched.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(Killed):
            verify_night(NIGHT.isoformat())
    NightlyVerification.objects.update(began_at=clock.now() - LONGEST - timedelta(minutes=1))

    found = verify()

    assert (found.is_sound, found.held_against) == (True, 0)
    assert kept_checkpoints() == {found.kept_as: Checkpoint.objects.get().note}


def test_harm_is_recorded_and_told_to_those_who_must_know(
    person: Callable[..., User], caplog: pytest.LogCaptureFixture
) -> None:
    auditor = person("Ann", "auditor")
    entry = write_sealed(3, minutes=60)[1]
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET minutes = 61 WHERE entry_id = %s", entry.id.hex)

    found = verify()

    assert not found.is_sound
    assert found.problems == [
        {"entry": str(entry.id), "kind": "column", "detail": "the column says minutes is 61, the payload 60"}
    ]
    assert found.kept_as, "the tree is as it was, so its checkpoint is kept"
    assert "found wanting" in caplog.text
    do_all_work()
    (told,) = [message for message in mail.outbox if message.subject == "The ledger was found wanting"]
    assert told.to == [auditor.email]
    assert str(entry.id) not in str(told.body)


def test_a_ledger_cut_back_to_an_old_backup_is_found_by_the_checkpoints_kept_outside_it() -> None:
    write_sealed(2)
    backup = list(LedgerEntry.objects.values_list("pk", flat=True))
    verify()
    write_sealed(2)
    verify(NIGHT + timedelta(days=1))
    later = LedgerEntry.objects.exclude(pk__in=backup)
    with altered_evidence():
        for entry in later:
            for table in ("readablepart", "sealedplace"):
                run(f"DELETE FROM cpd_records_{table} WHERE entry_id = %s", entry.id.hex)  # noqa: S608
        for entry in list(later):
            run("DELETE FROM cpd_records_ledgerentry WHERE id = %s", entry.id.hex)
        run("DELETE FROM cpd_records_checkpoint WHERE size > 2")
    NightlyVerification.objects.filter(night__gt=NIGHT).delete()
    call_command("ledger_rebuild")

    found = verify(NIGHT + timedelta(days=2))

    assert kinds(found) == {"against"}
    assert "-4.txt" in found.problems[0]["detail"]
    assert not found.kept_as


def test_a_kept_checkpoint_that_was_altered_or_taken_away_is_named() -> None:
    write_sealed(2)
    kept = verify().kept_as
    storage = storages["private"]
    note = kept_checkpoints()[kept]
    storage.delete(f"ledger/checkpoints/{kept}")

    gone = verify(NIGHT + timedelta(days=1))

    assert kinds(gone) == {"against"}
    assert kept in gone.problems[0]["detail"]
    storage.save(f"ledger/checkpoints/{kept}", ContentFile(note.replace("\n2\n", "\n3\n").encode()))
    assert kinds(verify(NIGHT + timedelta(days=2))) == {"against"}


def test_only_the_first_of_very_many_problems_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "PROBLEMS_KEPT", 2)
    write_sealed(5, minutes=60)
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET minutes = 61")

    found = verify()

    assert (found.problem_count, len(found.problems)) == (5, 2)


def test_an_empty_ledger_is_sound_and_keeps_nothing() -> None:
    found = verify()

    assert found.is_sound
    assert not kept_checkpoints()


def test_it_is_asked_for_each_day_at_half_past_two() -> None:
    ask_daily()

    row = WaitingWork.objects.get(kind=VERIFY_WORK)
    assert row.key == clock.today().isoformat()
    assert f"{datetime.astimezone(row.due_at):%M}" == "30"


# --- The page ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def auditor(person: Callable[..., User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(person("Ann", "auditor"))


def page(client: Client) -> str:
    answer = client.get("/ledger/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_before_the_first_night_the_page_says_when_it_comes(auditor: Client) -> None:
    assert "Not verified yet" in page(auditor)
    assert "Nothing is signed yet." in page(auditor)


def test_the_page_says_that_the_last_night_was_sound_and_what_was_signed(auditor: Client) -> None:
    write_sealed(2)
    verify(clock.today())

    shown = page(auditor)

    assert "<span>Sound</span>" in shown
    assert "2 entries, each with its place" in shown
    assert Checkpoint.objects.get().note.split("\n")[2].replace("+", "+") in shown.replace("&#x2B;", "+")
    assert "Checkpoint kept" in shown


def test_the_page_names_what_does_not_hold(auditor: Client) -> None:
    entry = write_sealed(2, minutes=60)[0]
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET minutes = 61 WHERE entry_id = %s", entry.id.hex)
    verify(clock.today())

    shown = page(auditor)

    assert "Found wanting" in shown
    assert str(entry.id) in shown
    assert "the column says minutes is 61" in shown


def test_the_page_says_what_to_do_about_each_kind_of_harm(auditor: Client) -> None:
    entry = write_sealed(3, minutes=60)[0]
    HashTile.objects.update(hashes=b"\x07" * 96)
    verify(clock.today())
    shown = page(auditor)
    assert "ledger_rebuild" in shown
    assert "Change nothing" not in shown

    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET minutes = 61 WHERE entry_id = %s", entry.id.hex)
    verify(clock.today() + timedelta(days=1))

    shown = page(auditor)
    assert "Change nothing, keep the newest backups" in shown
    assert shown.index("Change nothing") < shown.index("ledger_rebuild"), "evidence comes first"


def test_the_page_says_that_a_night_was_missed(auditor: Client) -> None:
    write_sealed(2)
    verify()
    NightlyVerification.objects.update(ended_at=clock.now() - timedelta(hours=37))

    assert "Sound, but not verified lately" in page(auditor)


def test_the_page_says_that_the_ledger_refuses_and_later_when_it_refused(auditor: Client) -> None:
    write_sealed(3)
    HashTile.objects.all().delete()
    write_entry()
    with pytest.raises(LedgerRefuses):
        seal_now()
    assert "The ledger refuses to sign" in page(auditor)
    assert "1 entry is written and waits" in page(auditor)

    call_command("ledger_rebuild")
    seal()

    assert "The ledger refuses to sign" not in page(auditor)
    assert "When it refused to sign" in page(auditor)


def test_the_page_is_for_auditors_disclosure_officers_and_system_administrators(
    person: Callable[..., User], signed_in: Callable[[User], Any]
) -> None:
    for role, status in (("disclosure-officer", 200), ("system-admin", 200), ("training-admin", 403)):
        assert signed_in(person(role, role)).get("/ledger/").status_code == status
