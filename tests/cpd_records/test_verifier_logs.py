"""A whole log, exported by the product and checked by the stand-alone verifier: sound as written, and every forgery of it seen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cpd_records.ledger.exporting import export_log
from cpd_records.ledger.history import HistoryWriter
from cpd_records.ledger.keys import verifier_keys
from cpd_records.models import Checkpoint, HashTile
from people import clock
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.ledger_acts import write_entry, write_sealed
from tests.cpd_records.test_ledger_history import facts, in_bulk
from tests.cpd_records.verifier_acts import STRANGER, changed_at, failed_in, our_key, run_verifier, undone, verifier


@dataclass(frozen=True)
class Exported:
    """A folder as ``export_log`` wrote it, the key, and the note of each checkpoint."""

    folder: Path
    key: str
    notes: list[str]


@pytest.fixture(scope="module")
def log(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """A log of 605 entries with checkpoints of 121, 242, 363, 484 and 605."""
    folder = tmp_path_factory.mktemp("log") / "exported"
    with undone(django_db_blocker):
        in_bulk(facts(days=5, a_day=121))
        export_log(folder)
        notes = list(Checkpoint.objects.order_by("time").values_list("note", flat=True))
        yield Exported(folder, str(verifier_keys()[0]), notes)


@pytest.fixture
def copy(log: Exported, tmp_path: Path) -> Path:
    return Path(shutil.copytree(log.folder, tmp_path / "log"))


def examined(folder: Path, key: str, *against: Path) -> Any:
    return verifier.check_log(folder, [verifier.LedgerKey.parse(key)], list(against))


def test_a_log_as_exported_is_proven_to_somebody_who_has_only_the_key(log: Exported) -> None:
    said = run_verifier("log", log.folder, "--key", log.key, "--json")

    assert said.status == 0, said.words
    assert said.json["entries"] == 605
    assert said.json["checkpoint"]["size"] == 605
    assert {check["name"] for check in said.json["checks"]} == {"tiles", "checkpoints"}
    assert "5 checkpoints were signed over this one history" in said.words
    assert "All of it holds for this log." in run_verifier("log", log.folder, "--key", log.key).words


def test_the_folder_holds_what_the_formats_name_and_nothing_about_anybody(log: Exported) -> None:
    files = {file.relative_to(log.folder).as_posix() for file in log.folder.rglob("*") if file.is_file()}

    assert files == {
        "checkpoint",
        "checkpoints.jsonl",
        "key",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/93",
        "tile/1/000.p/2",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/93",
    }
    assert (log.folder / "checkpoint").read_text(encoding="utf-8") == log.notes[-1]
    for file in files:
        assert b"Turn" not in (log.folder / file).read_bytes(), "no word of an entry"


def test_a_changed_byte_in_any_file_is_seen(log: Exported, copy: Path) -> None:
    for file in sorted(file for file in copy.rglob("*") if file.is_file() and file.name != "key"):
        whole = file.read_bytes()
        for place in {0, 1, 40, len(whole) // 2, len(whole) - 2, len(whole) - 1}:
            file.write_bytes(changed_at(whole, place))
            assert not examined(copy, log.key).ok, (file.name, place)
        file.write_bytes(whole)
    assert examined(copy, log.key).ok


def test_a_file_cut_short_or_gone_is_seen(log: Exported, copy: Path) -> None:
    for file in sorted(
        file for file in copy.rglob("*") if file.is_file() and file.name not in ("key", "checkpoints.jsonl")
    ):
        whole = file.read_bytes()
        for shorter in (whole[:-1], whole[: len(whole) // 2], b""):
            file.write_bytes(shorter)
            assert not examined(copy, log.key).ok, file.name
        file.unlink()
        assert not examined(copy, log.key).ok, file.name
        file.write_bytes(whole)


def test_a_checkpoint_of_every_size_is_held_against_the_log(log: Exported, tmp_path: Path) -> None:
    for number, note in enumerate(log.notes):
        kept = tmp_path / f"kept-{number}"
        kept.write_text(note, encoding="utf-8")
        assert examined(log.folder, log.key, kept).ok
    said = run_verifier("log", log.folder, "--key", log.key, "--against", tmp_path / "kept-0", "--json")
    assert said.status == 0
    assert "against" in {check["name"] for check in said.json["checks"]}


def cut_back(copy: Path, note: str) -> None:
    """Make the folder that of an earlier size, as a restored old backup would be."""
    size = int(note.split("\n")[1])
    leaves = [(copy / "tile/0" / name).read_bytes() for name in ("000", "001", "002.p/93")]
    hashes, items = (
        b"".join(leaves),
        b"".join((copy / "tile/entries" / n).read_bytes() for n in ("000", "001", "002.p/93")),
    )
    shutil.rmtree(copy / "tile")
    for level, data, item in (("0", hashes, 32), ("entries", items, 34)):
        (copy / "tile" / level / "000.p").mkdir(parents=True)
        (copy / "tile" / level / "000.p" / str(size)).write_bytes(data[: size * item])
    (copy / "checkpoint").write_text(note, encoding="utf-8")
    (copy / "checkpoints.jsonl").unlink()


def test_an_old_backup_looks_sound_by_itself_and_is_found_by_a_kept_checkpoint(
    log: Exported, copy: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(log.notes[3], encoding="utf-8")
    cut_back(copy, log.notes[1])

    assert examined(copy, log.key).ok
    report = examined(copy, log.key, kept)
    assert failed_in(report) == {"against"}
    assert "covers more entries than the 242 that are here" in str(report.checks)


def test_a_history_written_anew_with_the_true_key_does_not_fit_the_checkpoints_signed_before(tmp_path: Path) -> None:
    key = by_hand.verifier_key(by_hand.ORIGIN, verifier_of(by_hand.SEED))
    before, after = [by_hand.sha256(b"a"), by_hand.sha256(b"b")], [by_hand.sha256(b"a"), by_hand.sha256(b"c")]
    folder = written_by_hand(tmp_path / "log", [(before, 2, "10"), (after, 2, "11")])

    report = examined(folder, key)

    assert failed_in(report) == {"checkpoints"}
    assert "signed over another history" in str(report.checks)


@pytest.mark.parametrize(
    ("order", "fails"),
    [
        ([(1, "10"), (2, "11"), (2, "12"), (3, "13")], False),
        ([(2, "10"), (1, "11"), (3, "12")], True),
        ([(1, "11"), (2, "10"), (3, "12")], True),
        ([(1, "10"), (2, "10"), (3, "12")], True),
        ([(4, "10"), (3, "11")], True),
    ],
)
def test_checkpoints_come_one_after_the_other(order: list[tuple[int, str]], fails: bool, tmp_path: Path) -> None:
    entries = [by_hand.sha256(bytes([number])) for number in range(4)]
    folder = written_by_hand(tmp_path / "log", [(entries, size, minute) for size, minute in order])

    assert examined(folder, by_hand.verifier_key(by_hand.ORIGIN, verifier_of(by_hand.SEED))).ok is not fails


def verifier_of(seed: bytes) -> bytes:
    return by_hand.Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def written_by_hand(folder: Path, signed: list[tuple[list[bytes], int, str]], origin: str = by_hand.ORIGIN) -> Path:
    """Write a small log by the definitions: each signed tree as (entries, size, minute); the last one's tiles."""
    notes = [
        by_hand.checkpoint(
            origin, [by_hand.leaf(e) for e in entries[:size]], f"2026-09-01T14:{minute}:00.000000Z", by_hand.SEED
        )
        for entries, size, minute in signed
    ]
    entries, size, _minute = signed[-1]
    for level, data in (
        ("0", b"".join(map(by_hand.leaf, entries[:size]))),
        ("entries", b"".join(b"\x00\x20" + entry for entry in entries[:size])),
    ):
        (folder / "tile" / level / "000.p").mkdir(parents=True)
        (folder / "tile" / level / "000.p" / str(size)).write_bytes(data)
    (folder / "checkpoints.jsonl").write_text("".join(json.dumps(note) + "\n" for note in notes), encoding="utf-8")
    (folder / "checkpoint").write_text(notes[-1], encoding="utf-8")
    return folder


def stranger_signs(copy: Path) -> None:
    text = (copy / "checkpoint").read_text(encoding="utf-8").split("\n\n")[0] + "\n"
    (copy / "checkpoint").write_text(by_hand.note(text, "force.example/ledger", b"\x07" * 32), encoding="utf-8")


def swap_bundles(copy: Path) -> None:
    one, other = copy / "tile/entries/000", copy / "tile/entries/001"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def swap_entries(copy: Path) -> None:
    bundle = copy / "tile/entries/000"
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[34:68] + whole[:34] + whole[68:])


def drop_line(copy: Path) -> None:
    """A checkpoint left out of the list is no contradiction: what is there still fits."""
    file = copy / "checkpoints.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")


FORGERIES: list[tuple[Callable[[Path], Any], set[str]]] = [
    (stranger_signs, {"checkpoint"}),
    (swap_bundles, {"tiles", "checkpoints"}),
    (swap_entries, {"tiles", "checkpoints"}),
    (lambda copy: (copy / "tile/0/003").write_bytes(b"x" * 32), {"tiles"}),
    (lambda copy: (copy / "tile/note.txt").write_text("hello"), {"tiles"}),
    (lambda copy: (copy / "tile/0/000").unlink(), {"tiles"}),
    (lambda copy: (copy / "tile/entries/001").unlink(), {"tiles", "checkpoints"}),
    (lambda copy: (copy / "checkpoint").unlink(), {"checkpoint"}),
    (lambda copy: (copy / "checkpoint").write_text("hello"), {"checkpoint"}),
    (lambda copy: (copy / "checkpoints.jsonl").write_text('"hello"\n{}\n'), {"checkpoints"}),
    (drop_line, set()),
]


@pytest.mark.parametrize(("forge", "expected"), FORGERIES)
def test_each_forgery_of_a_log_is_named(
    log: Exported, copy: Path, forge: Callable[[Path], Any], expected: set[str]
) -> None:
    forge(copy)

    assert failed_in(examined(copy, log.key)) == expected


def test_tiles_of_earlier_sizes_may_lie_beside_and_must_fit(log: Exported, copy: Path) -> None:
    """Who keeps a copy of the log by its addresses has partial tiles of every size at which they came by."""
    for path, source, length in (
        ("tile/0/000.p/121", "tile/0/000", 121 * 32),
        ("tile/entries/002.p/7", "tile/entries/002.p/93", 7 * 34),
        ("tile/1/000.p/1", "tile/1/000.p/2", 32),
    ):
        (copy / path).parent.mkdir(exist_ok=True)
        (copy / path).write_bytes((copy / source).read_bytes()[:length])
    assert examined(copy, log.key).ok

    (copy / "tile/0/000.p/121").write_bytes(b"\x01" * 121 * 32)
    assert failed_in(examined(copy, log.key)) == {"tiles"}


def test_another_key_proves_nothing_and_another_log_is_another(log: Exported, copy: Path, tmp_path: Path) -> None:
    assert run_verifier("log", log.folder, "--key", STRANGER, "--json").failed == {"checkpoint", "checkpoints"}
    named = "other.example/ledger"
    entries = [by_hand.sha256(b"a")]
    other = written_by_hand(tmp_path / "other", [(entries, 1, "10")], origin=named)
    key = by_hand.verifier_key(named, verifier_of(by_hand.SEED))
    assert examined(other, key).ok
    both = [verifier.LedgerKey.parse(key), verifier.LedgerKey.parse(log.key)]
    assert failed_in(verifier.check_log(log.folder, both, [other / "checkpoint"])) == {"against"}


def test_a_retired_key_counts_up_to_its_size_and_no_further(log: Exported, tmp_path: Path) -> None:
    assert run_verifier("log", log.folder, "--key", f"{log.key} until 605").status == 0
    (tmp_path / "keys.txt").write_text(f"{STRANGER}\n{log.key} until 604\n")

    said = run_verifier("log", log.folder, "--key", tmp_path / "keys.txt", "--json")

    assert said.failed == {"checkpoint", "checkpoints", "tiles"}
    assert "of size 605, and the key that signed it was retired" in said.words


def test_a_log_that_goes_on_under_a_new_name_is_one_log_where_the_former_key_has_an_end(tmp_path: Path) -> None:
    entries = [by_hand.sha256(bytes([number])) for number in range(4)]
    names = ["first.example/ledger", "second.example/ledger", "first.example/ledger"]
    first, second = (by_hand.verifier_key(name, verifier_of(by_hand.SEED)) for name in names[:2])
    for count, keys, failed in (
        (2, [f"{first} until 3", second], set()),
        (2, [first, second], {"checkpoints"}),
        (2, [f"{first} until 1", second], {"checkpoints"}),
        (3, [f"{first} until 4", f"{second} until 4"], {"checkpoints"}),
    ):
        folder = written_by_hand(tmp_path / f"{count}{len(keys[0])}{keys[0][-1]}", [(entries, count + 1, "10")])
        notes = [
            by_hand.checkpoint(
                name,
                [by_hand.leaf(entry) for entry in entries[: size + 2]],
                f"2026-09-01T14:1{size}:00.000000Z",
                by_hand.SEED,
            )
            for size, name in enumerate(names[:count])
        ]
        (folder / "checkpoints.jsonl").write_text("".join(json.dumps(note) + "\n" for note in notes), encoding="utf-8")
        (folder / "checkpoint").write_text(notes[-1], encoding="utf-8")
        (tmp_path / "kept").write_text(notes[0], encoding="utf-8")
        trusted = [verifier.LedgerKey.parse(key) for key in keys]

        assert failed_in(verifier.check_log(folder, trusted, [])) == failed, keys
        if not failed:
            assert verifier.check_log(folder, trusted, [tmp_path / "kept"]).ok


def test_what_cannot_be_used_ends_with_status_2(log: Exported, tmp_path: Path) -> None:
    absent = run_verifier("log", tmp_path / "absent", "--key", log.key)
    assert (absent.status, absent.words) == (2, "")
    assert "is not a folder" in absent.complaint
    kept = run_verifier("log", log.folder, "--key", log.key, "--against", tmp_path / "absent")
    assert (kept.status, kept.words) == (2, "")
    assert "cannot be read" in kept.complaint


# --- The command that exports ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 255, 256, 257])
def test_a_log_of_any_size_is_exported_whole(size: int, tmp_path: Path) -> None:
    (day,) = facts(days=1, a_day=size)
    with clock.sample_time(day.sealed_at):
        HistoryWriter().write([day])
    said = StringIO()

    call_command("export_log", str(tmp_path / "log"), stdout=said)

    assert said.getvalue().startswith(f"Wrote the log of {size} entries")
    assert examined(tmp_path / "log", our_key()).ok


@pytest.mark.django_db
def test_what_is_not_sealed_yet_is_not_exported(tmp_path: Path) -> None:
    write_sealed(2)
    write_entry()

    assert export_log(tmp_path / "log") == 2
    assert examined(tmp_path / "log", our_key()).ok


@pytest.mark.django_db
def test_the_command_refuses_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing is sealed yet"):
        call_command("export_log", str(tmp_path / "log"))
    write_sealed(2)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("mine")
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("export_log", str(tmp_path / "taken"))
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("export_log", str(tmp_path / "taken" / "file"))
    with pytest.raises(CommandError, match="cannot be written") as refused:
        call_command("export_log", "/proc/nowhere/log")
    assert refused.value.returncode == 2
    HashTile.objects.all().delete()
    with pytest.raises(CommandError, match="ledger_rebuild"):
        call_command("export_log", str(tmp_path / "log"))
    assert not (tmp_path / "log" / "checkpoint").exists(), "a folder that was not finished has no checkpoint"
