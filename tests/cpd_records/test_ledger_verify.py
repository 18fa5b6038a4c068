"""The verifier names every harm done to the evidence: which entry, what kind."""

# ruff: noqa: S608 (statements are put together from constants, and read best in one line)

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.notes import sign_note
from cpd_records.models import Checkpoint, Erasure, HashTile, LedgerEntry, ReadablePart
from cpd_records.verification import rows as rows_module
from cpd_records.verification.examination import examine
from cpd_records.verification.formats import Malformed
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.ledger_acts import (
    MOMENT,
    OFFICER,
    examined,
    kinds,
    name_erased,
    run,
    seal,
    write_entry,
    write_sealed,
)

pytestmark = pytest.mark.django_db


def test_a_sound_ledger_is_found_sound_with_corrections_erasures_and_unsealed_entries() -> None:
    first, second = write_sealed(2, minutes=60, subject="SPEC-110")
    write_entry(
        kind="correction",
        corrects=first.id,
        payload={"reason": "wrong day", "by": first.id, "approved_by": UUID(int=2)},
    )
    erase_readable_part(second, retention_class="training", authority="Head of Information", at=MOMENT)

    found = examined()

    assert found.problems == []
    assert (found.entries, found.sealed) == (4, 2)
    assert found.root == by_hand.mth([by_hand.leaf(bytes(entry.commitment)) for entry in (first, second)])


def test_an_empty_ledger_is_sound() -> None:
    found = examined()

    assert found.is_sound
    assert found.as_json() == {
        "ok": True,
        "entries": 0,
        "sealed": 0,
        "root": by_hand.b64(by_hand.mth([])),
        "checkpoint": None,
        "problems": [],
    }


COLUMN_CHANGES = [
    ("minutes", "6000"),
    ("minutes", "NULL"),
    ("kind", "'decision'"),
    ("subject", "'SPEC-111'"),
    ("subject", "''"),
    ("day", "'2026-09-02'"),
    ("valid_until", "'2036-01-01'"),
    ("corrects", "'00000000000040008000000000000001'"),
    ("officer", "'00000000000040008000000000000001'"),
    ("recorded_at", "'2026-09-01 14:30:00.000001'"),
]


@pytest.mark.parametrize(("column", "value"), COLUMN_CHANGES)
def test_a_column_that_was_changed_is_found_by_its_payload(column: str, value: str) -> None:
    _before, entry, _after = write_sealed(3, minutes=60, subject="SPEC-110")
    with altered_evidence():
        run(f"UPDATE cpd_records_readablepart SET {column} = {value} WHERE entry_id = %s", entry.id.hex)

    found = examined()

    assert [(problem.entry, problem.kind) for problem in found.problems] == [(entry.id, "column")]
    assert column in found.problems[0].detail


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "UPDATE cpd_records_readablepart SET payload = replace(payload, '60', '90') WHERE entry_id = %s",
            {"commitment", "column"},
        ),
        (
            "UPDATE cpd_records_readablepart SET payload = replace(payload, ',', ', ') WHERE entry_id = %s",
            {"commitment", "payload"},
        ),
        ("UPDATE cpd_records_readablepart SET payload = '' WHERE entry_id = %s", {"commitment", "payload"}),
        ("DELETE FROM cpd_records_readablepart WHERE entry_id = %s", {"readable part"}),
        ("INSERT INTO cpd_records_unsealedentry (entry_id, ticket) VALUES (%s, 1)", {"place"}),
    ],
)
def test_harm_to_what_an_entry_says_is_named(sql: str, expected: set[str]) -> None:
    _before, entry, _after = write_sealed(3, minutes=60)
    with altered_evidence():
        run(sql, entry.id.hex)

    found = examined()

    assert kinds(found, entry) == expected
    assert kinds(found) == expected


@pytest.mark.parametrize(
    ("sql", "value", "about_the_entry", "about_the_tree"),
    [
        ("UPDATE cpd_records_readablepart SET salt = %s WHERE entry_id = %s", b"\x01" * 32, {"commitment"}, set()),
        (
            "UPDATE cpd_records_ledgerentry SET commitment = %s WHERE id = %s",
            b"\x01" * 32,
            {"commitment", "leaf"},
            {"root", "tile"},
        ),
        ("UPDATE cpd_records_sealedplace SET leaf_hash = %s WHERE entry_id = %s", b"\x01" * 32, {"leaf"}, set()),
        ('UPDATE cpd_records_sealedplace SET "index" = %s WHERE entry_id = %s', 7, {"index"}, {"root", "tile"}),
        (
            "DELETE FROM cpd_records_sealedplace WHERE leaf_hash <> %s AND entry_id = %s",
            b"",
            {"place"},
            {"root", "tile"},
        ),
    ],
)
def test_harm_to_commitments_leaves_and_places_is_named(
    sql: str, value: Any, about_the_entry: set[str], about_the_tree: set[str]
) -> None:
    _before, entry, after = write_sealed(3)
    with altered_evidence():
        run(sql, value, entry.id.hex)

    found = examined()

    assert kinds(found, entry) >= about_the_entry
    assert {problem.kind for problem in found.problems if problem.entry is None} == about_the_tree
    # A gap is told once, at the entry after it.
    assert kinds(found, after) <= {"index"}


def test_an_entry_that_was_deleted_with_all_that_belongs_to_it_leaves_a_gap() -> None:
    first, gone, last = write_sealed(3)
    with altered_evidence():
        for table in ("readablepart", "sealedplace"):
            run(f"DELETE FROM cpd_records_{table} WHERE entry_id = %s", gone.id.hex)
        run("DELETE FROM cpd_records_ledgerentry WHERE id = %s", gone.id.hex)

    found = examined()

    assert kinds(found, last) == {"index"}
    assert kinds(found, first) == set()
    assert {"root", "tile"} <= kinds(found)
    assert (found.entries, found.sealed) == (2, 2)


def test_an_entry_that_was_deleted_from_under_its_place_is_named() -> None:
    _first, gone, _last = write_sealed(3)
    with transaction.atomic():
        with altered_evidence():
            run("DELETE FROM cpd_records_ledgerentry WHERE id = %s", gone.id.hex)
        found = examined()
        transaction.set_rollback(True)

    assert kinds(found, gone) == {"entry"}
    assert "index" in kinds(found)


def test_an_entry_taken_off_the_list_of_those_that_wait_is_named() -> None:
    entry = write_entry()
    run("DELETE FROM cpd_records_unsealedentry")

    assert kinds(examined(), entry) == {"place"}


def test_an_erasure_that_was_not_carried_out_is_named() -> None:
    (entry,) = write_sealed()
    name_erased(entry)

    assert kinds(examined(), entry) == {"erasure"}


@pytest.mark.parametrize(
    "given",
    [
        {"retention_class": "z"},
        {"authority": "Nobody"},
        {"at": MOMENT + timedelta(microseconds=1)},
        {"officer": None},
        {"officer": UUID(int=7)},
    ],
)
def test_an_erasure_that_says_something_else_than_its_record_is_named(given: dict[str, Any]) -> None:
    (entry,) = write_sealed()
    name_erased(entry, **given)
    ReadablePart.objects.filter(entry=entry).delete()

    assert kinds(examined(), entry) == {"erasure"}


def test_an_opening_destroyed_without_a_recorded_erasure_is_harm() -> None:
    entry, other = write_sealed(2)
    record = name_erased(other).recorded_in
    ReadablePart.objects.filter(entry=other).delete()
    assert examined().is_sound
    row = {"officer": OFFICER, "retention_class": "x", "authority": "y", "at": MOMENT}

    Erasure.objects.create(entry=entry, recorded_in=record, **row)  # a record that names another entry
    ReadablePart.objects.filter(entry=entry).delete()

    found = examined()
    assert kinds(found, entry) == {"erasure"}
    assert kinds(found) == {"erasure"}


def test_a_recorded_erasure_whose_row_is_gone_is_named() -> None:
    (entry,) = write_sealed()
    erase_readable_part(entry, retention_class="x", authority="y", at=MOMENT)
    with altered_evidence():
        run("DELETE FROM cpd_records_erasure")

    assert "erasure" in kinds(examined(), entry)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("UPDATE cpd_records_checkpoint SET size = 1 WHERE size = 2", {"checkpoint"}),
        (
            "UPDATE cpd_records_checkpoint SET root = (SELECT commitment FROM cpd_records_ledgerentry LIMIT 1) WHERE size = 2",
            {"checkpoint"},
        ),
        ("UPDATE cpd_records_checkpoint SET time = '2020-01-01 00:00:00' WHERE size = 3", {"checkpoint"}),
        ("UPDATE cpd_records_checkpoint SET note = replace(note, '/ledger', '/lodger') WHERE size = 2", {"signature"}),
        ("UPDATE cpd_records_checkpoint SET note = '' WHERE size = 2", {"signature"}),
        ("UPDATE cpd_records_checkpoint SET note = replace(note, 'time', 'date') WHERE size = 2", {"signature"}),
        ("DELETE FROM cpd_records_checkpoint WHERE size = 3", {"checkpoint"}),
    ],
)
def test_harm_to_a_checkpoint_is_named(sql: str, expected: set[str]) -> None:
    write_sealed(2)
    write_sealed(1)
    with altered_evidence():
        run(sql)

    assert kinds(examined()) == expected


def test_history_written_anew_with_another_key_is_found_by_its_signature(settings: Settings) -> None:
    keys = [str(key) for key in verifier_keys()]
    settings.LEDGER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    write_sealed(2)

    found = examine(keys)

    assert kinds(found) == {"signature", "checkpoint"}
    assert "no trusted key signed it" in found.problems[0].detail


def test_a_checkpoint_signed_with_the_true_key_over_another_root_is_found(settings: Settings) -> None:
    settings.LEDGER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    write_sealed(2)
    forged = by_hand.checkpoint("force.example/ledger", [b"\x05" * 32], "2099-01-01T00:00:00.000000Z", by_hand.SEED)
    Checkpoint.objects.create(size=1, root=b"\x05" * 32, time="2099-01-01T00:00:00Z", note=forged)

    found = examined()

    assert kinds(found) == {"checkpoint", "root"}
    assert "smaller than one signed before" in found.problems[0].detail


def test_a_tile_that_is_wrong_missing_or_too_many_is_named() -> None:
    write_sealed(3)
    HashTile.objects.update(hashes=b"\x00" * 96)
    assert kinds(examined()) == {"tile"}
    HashTile.objects.all().delete()
    assert kinds(examined()) == {"tile"}
    call_command("ledger_rebuild")
    assert examined().is_sound
    HashTile.objects.create(level=3, number=0, hashes=b"")
    assert kinds(examined()) == {"tile"}


def test_a_missing_trigger_is_a_problem() -> None:
    found = examine([str(key) for key in verifier_keys()], missing_triggers=["cpd_records_checkpoint_no_update"])

    assert [(problem.kind, problem.entry) for problem in found.problems] == [("trigger", None)]


def test_a_value_that_its_column_cannot_hold_is_told_and_does_not_stop_the_command() -> None:
    (entry,) = write_sealed()
    if rows_module.connection.vendor == "postgresql":
        return  # it stores nothing that does not fit
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET day = 'yesterday', minutes = 'many', payload = %s", b"\xff")
    assert kinds(examined(), entry) == {"commitment", "payload"}
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET officer = 'nobody'")

    assert kinds(examined(), entry) >= {"unreadable"}
    assert examined().entries == 0, "it is named, and what it says is not believed"


def test_an_entry_that_cannot_be_read_does_not_hide_harm_to_those_after_it() -> None:
    if rows_module.connection.vendor == "postgresql":
        return  # it stores nothing that does not fit
    unreadable, _between, harmed = write_sealed(3, minutes=60)
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET officer = 'nobody' WHERE entry_id = %s", unreadable.id.hex)
        run("UPDATE cpd_records_readablepart SET minutes = 61 WHERE entry_id = %s", harmed.id.hex)

    found = examined()

    assert kinds(found, unreadable) == {"unreadable"}
    assert "column" in kinds(found, harmed)


def test_where_nothing_can_be_read_any_more_it_stops_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    if rows_module.connection.vendor == "postgresql":
        return  # it stores nothing that does not fit
    monkeypatch.setattr(rows_module, "MOST_UNREADABLE", 3)
    write_sealed(6)
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET officer = 'nobody'")

    told = [problem.detail for problem in examined().problems if problem.kind == "unreadable"]

    assert len(told) == 3
    assert "too many" in told[-1]


def test_bits_of_a_signature_that_say_nothing_may_not_be_changed_either() -> None:
    write_sealed(2)
    note = Checkpoint.objects.get().note
    # 68 bytes are 91 characters and a padding; the last of them has two bits that no byte is made of.
    last = note[-3]
    other = chr(ord(last) + 1)
    with altered_evidence():
        run("UPDATE cpd_records_checkpoint SET note = %s", note[:-3] + other + note[-2:])

    assert kinds(examined()) >= {"signature"}


def test_a_signature_of_a_key_nobody_named_is_found_though_another_holds(settings: Settings) -> None:
    settings.LEDGER_FORMER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    write_sealed(2)
    settings.LEDGER_FORMER_SIGNING_KEY = ""

    found = examined()

    assert kinds(found) == {"signature", "checkpoint"}
    assert "LEDGER_RETIRED_KEYS" in found.problems[0].detail


# --- Against a checkpoint kept elsewhere -----------------------------------------------------------------------------------


def test_a_ledger_is_held_against_a_checkpoint_that_was_kept_elsewhere() -> None:
    write_sealed(2)
    kept = Checkpoint.objects.get().note
    write_sealed(3)

    assert examined(against=kept).is_sound


def test_a_ledger_that_was_cut_back_and_signed_anew_is_found_against_the_kept_checkpoint(
    settings: Settings,
) -> None:
    settings.LEDGER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    write_sealed(3)
    kept = Checkpoint.objects.get().note
    last = LedgerEntry.objects.get(place__index=2)
    with altered_evidence():
        for table in ("readablepart", "sealedplace"):
            run(f"DELETE FROM cpd_records_{table} WHERE entry_id = %s", last.id.hex)
        run("DELETE FROM cpd_records_ledgerentry WHERE id = %s", last.id.hex)
        run("DELETE FROM cpd_records_checkpoint")
    HashTile.objects.all().delete()
    for place in LedgerEntry.objects.order_by("place__index"):
        run("INSERT INTO cpd_records_unsealedentry (entry_id, ticket) VALUES (%s, %s)", place.id.hex, place.place.index)
    with altered_evidence():
        run("DELETE FROM cpd_records_sealedplace")
    seal()

    assert examined().is_sound, "by itself it looks sound: that is why checkpoints are kept elsewhere"
    found = examined(against=kept)
    assert kinds(found) == {"against"}
    assert len(found.problems) == 2


@pytest.mark.parametrize("kept", ["", "not a note\n", "a\n1\nb\n\n— a b\n"])
def test_a_kept_checkpoint_that_is_none_is_found_wanting(kept: str) -> None:
    write_sealed()

    assert kinds(examined(against=kept)) == {"against"}


def test_a_kept_checkpoint_of_another_ledger_is_found_wanting(settings: Settings) -> None:
    settings.LEDGER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    (entry,) = write_sealed()
    root = by_hand.b64(by_hand.leaf(bytes(entry.commitment)))
    key = verifier_keys()[0]
    text = f"other.example/ledger\n1\n{root}\ntime 2026-09-01T14:30:00.000007Z\n"
    secret = by_hand.Ed25519PrivateKey.from_private_bytes(by_hand.SEED)

    found = examined(against=sign_note(text, key.name, secret))

    assert [problem.kind for problem in found.problems] == ["against"]
    assert "other.example/ledger" in found.problems[0].detail


# --- The command -----------------------------------------------------------------------------------------------------------


def test_the_command_prints_one_json_object_and_ends_well(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write_sealed(2)
    kept = tmp_path / "checkpoint"
    kept.write_text(Checkpoint.objects.get().note, encoding="utf-8")

    call_command("ledger_verify", "--json", "--against", str(kept))

    printed = json.loads(capsys.readouterr().out)
    assert printed == {
        "ok": True,
        "entries": 2,
        "sealed": 2,
        "root": kept.read_text(encoding="utf-8").split("\n")[2],
        "checkpoint": Checkpoint.objects.get().note,
        "problems": [],
    }


def test_the_command_names_the_problem_and_ends_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    (entry,) = write_sealed(minutes=60)
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET minutes = 61")

    with pytest.raises(SystemExit) as ended:
        call_command("ledger_verify", "--json")

    assert ended.value.code == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["ok"] is False
    assert printed["problems"] == [
        {"entry": str(entry.id), "kind": "column", "detail": "the column says minutes is 61, the payload 60"}
    ]
    with pytest.raises(SystemExit):
        call_command("ledger_verify")
    assert f"entry {entry.id}: column: the column says minutes is 61" in capsys.readouterr().out


def test_the_command_tells_a_person_that_all_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    write_sealed(2)

    call_command("ledger_verify")

    assert capsys.readouterr().out.startswith("Sound: 2 entries, 2 sealed, root ")


def test_a_checkpoint_file_that_cannot_be_read_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read") as refusal:
        call_command("ledger_verify", "--against", str(tmp_path / "absent"))

    assert refusal.value.returncode == 2


def test_a_trusted_key_that_is_none_is_refused() -> None:
    for line in ("", "name", "name+00000000+AQ==", "name+zz+AQ=="):
        with pytest.raises(Malformed, match="verifier key"):
            examine([line])


@pytest.mark.django_db(transaction=True)
def test_a_verification_outside_a_transaction_sees_one_steady_state_and_leaves_none_open() -> None:
    write_sealed(2)

    assert examined().is_sound
    write_sealed(1)
    assert examined().is_sound
