"""The stand-alone verifier on one entry: what the product wrote is proven, and whatever was changed in it is seen."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.proofs import opening_of, proof_of
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.ledger_acts import write_sealed
from tests.cpd_records.verifier_acts import STRANGER, VERIFIER, changed_at, failed_in, our_key, run_verifier, verifier

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Proof and opening of entry 4 of 7, as ``ledger_prove`` writes them."""
    entry = write_sealed(7, minutes=60, payload={"title": "Élan: “grounds”"})[4]
    proof, opening = tmp_path / "entry.tlog-proof", tmp_path / "entry.json"
    call_command("ledger_prove", str(entry.id), "--out", str(proof), "--opening", str(opening))
    return proof, opening


def proven(proof: str, opening: str, *keys: str) -> Any:
    """Check in this process; return the report."""
    report = verifier.Report("this entry")
    verifier.prove(proof, opening, [verifier.LedgerKey.parse(key) for key in keys or (our_key(),)], report)
    return report


def test_it_imports_nothing_but_the_standard_library_cryptography_and_pikepdf() -> None:
    named = set()
    for node in ast.walk(ast.parse(VERIFIER.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            named.add(str(node.module).split(".")[0])
    assert named - sys.stdlib_module_names == {"cryptography", "pikepdf"}
    assert "importlib" not in named


def test_it_has_no_line_in_common_with_the_product() -> None:
    def lines(file: Path) -> set[str]:
        written = {line.strip() for line in file.read_text(encoding="utf-8").splitlines()}
        return {line for line in written if len(line) > 36 and not line.startswith(("import ", "from "))}

    theirs = lines(VERIFIER)
    assert len(theirs) > 200
    for app in ("training_site", "courses", "assessments", "cpd_records", "people"):
        for file in (ROOT / app).rglob("*.py"):
            assert not theirs & lines(file), file


def test_an_entry_is_proven_to_somebody_who_has_two_files_and_a_key(files: tuple[Path, Path]) -> None:
    said = run_verifier("proof", *files, "--key", our_key())

    assert said.status == 0
    assert "All of it holds for this entry." in said.words
    assert "title: Élan: “grounds”" in said.words
    assert "It is entry 4 of the 7 that were signed." in said.words


def test_what_is_proven_is_printed_as_one_json_object(files: tuple[Path, Path], tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(f"{STRANGER}\n{our_key()}\n", encoding="utf-8")

    said = run_verifier("proof", *files, "--key", key, "--json")

    assert said.status == 0
    assert said.json["ok"] is True
    assert said.json["index"] == 4
    assert said.json["payload"]["minutes"] == 60
    assert said.json["checkpoint"]["size"] == 7
    assert {check["name"] for check in said.json["checks"]} == {"opening", "checkpoint", "inclusion"}


def test_every_entry_of_every_size_is_proven() -> None:
    entries: list[Any] = []
    for _more in range(9):
        entries += write_sealed(1)
        for entry in entries:
            assert proven(proof_of(entry), json.dumps(opening_of(entry))).ok


def test_the_known_answers_hold() -> None:
    notes = json.loads((by_hand.VECTORS / "notes.json").read_text(encoding="utf-8"))
    entries = json.loads((by_hand.VECTORS / "entries.json").read_text(encoding="utf-8"))
    for proof, entry in zip(notes["proofs"], entries, strict=True):
        opening = {"payload": entry["canonical"], "salt": by_hand.b64(bytes.fromhex(entry["salt"]))}
        report = proven(proof, json.dumps(opening), notes["verifier_key"])
        assert report.ok
        assert report.facts["payload"] == entry["payload"]


def test_a_changed_character_anywhere_in_the_proof_is_seen(files: tuple[Path, Path]) -> None:
    whole, opening = (file.read_bytes() for file in files)
    for place in range(len(whole)):
        for flip in (1, 4):
            forged = changed_at(whole, place, flip)
            try:
                text = forged.decode()
            except UnicodeDecodeError:
                continue  # told before it is read; below
            assert not proven(text, opening.decode()).ok, (place, flip)


def test_a_changed_character_anywhere_in_the_opening_is_seen(files: tuple[Path, Path]) -> None:
    whole, opening = (file.read_bytes() for file in files)
    opened = json.loads(opening)
    for place in range(len(opening)):
        forged = changed_at(opening, place).decode("utf-8", "replace")
        report = proven(whole.decode(), forged)
        # White space between the members is nobody's: the same payload and salt are the same opening.
        assert not report.ok or json.loads(forged) == opened, place


def test_a_file_cut_short_anywhere_is_seen(files: tuple[Path, Path]) -> None:
    whole, opening = (file.read_text(encoding="utf-8") for file in files)
    for length in range(len(whole)):
        assert not proven(whole[:length], opening).ok, length
    for length in range(len(opening.rstrip())):
        assert not proven(whole, opening[:length]).ok, length


def test_each_forgery_is_named_by_the_check_that_fails(files: tuple[Path, Path], tmp_path: Path) -> None:
    proof, opening = files
    other = write_sealed(1)[0]
    text = proof.read_text(encoding="utf-8")
    opened = json.loads(opening.read_text(encoding="utf-8"))
    lines = text.split("\n")
    without_extra = [line for line in lines if not line.startswith("extra ")]
    longer = [*lines[:3], lines[3], *lines[3:]]
    forgeries = {
        "another entry's proof": (proof_of(other), opened, {"inclusion"}),
        "another entry's opening": (text, opening_of(other), {"inclusion"}),
        "another entry's opening, extra left out": ("\n".join(without_extra), opening_of(other), {"inclusion"}),
        "other words": (text, {**opened, "payload": opened["payload"].replace("60", "90")}, {"inclusion"}),
        "another salt": (text, {**opened, "salt": by_hand.b64(bytes(32))}, {"inclusion"}),
        "a short salt": (text, {**opened, "salt": "AAAA"}, {"opening"}),
        "no salt": (text, {"payload": opened["payload"]}, {"opening"}),
        "a payload that is no text": (text, {**opened, "payload": 5}, {"opening"}),
        "not canonical": (text, {**opened, "payload": opened["payload"].replace(",", ", ")}, {"opening"}),
        "a member twice": (text, {**opened, "payload": opened["payload"].replace("{", '{"v":1,', 1)}, {"opening"}),
        "another index": (text.replace("index 4", "index 5"), opened, {"inclusion"}),
        "an index beyond the tree": (text.replace("index 4", "index 7"), opened, {"inclusion"}),
        "one hash more": ("\n".join(longer), opened, {"inclusion"}),
        "one hash less": ("\n".join([*lines[:3], *lines[4:]]), opened, {"inclusion"}),
        "another checkpoint's words": (text.replace("\n7\n", "\n8\n"), opened, {"checkpoint"}),
        "no signature": (text[: text.index("— ")], opened, {"checkpoint"}),
        "another kind of file": ("hello\n", opened, {"proof"}),
        "nothing": ("", opened, {"proof"}),
    }
    for name, (forged, opens, expected) in forgeries.items():
        assert failed_in(proven(forged, json.dumps(opens))) == expected, name


def test_a_file_that_was_changed_ends_with_status_1_and_says_so(files: tuple[Path, Path], tmp_path: Path) -> None:
    proof, opening = files
    forged = tmp_path / "forged.json"
    forged.write_text(opening.read_text(encoding="utf-8").replace("60", "90"), encoding="utf-8")

    said = run_verifier("proof", proof, forged, "--key", our_key())

    assert said.status == 1
    assert "NOT proven" in said.words
    assert "something was changed" in said.words or "one of them was changed" in said.words
    assert "title" not in said.words, "what is not proven is not shown as if it were"
    forged.write_bytes(b"\xff\xfe\x00")
    assert run_verifier("proof", proof, forged, "--key", our_key(), "--json").failed == {"file"}
    forged.write_bytes(b" " * (5 << 20))
    assert run_verifier("proof", proof, forged, "--key", our_key(), "--json").failed == {"file"}


def test_a_key_that_was_not_given_proves_nothing(files: tuple[Path, Path]) -> None:
    said = run_verifier("proof", *files, "--key", STRANGER, "--json")

    assert said.status == 1
    assert said.failed == {"checkpoint"}
    assert said.json.get("payload") is None


def test_a_forger_who_signs_with_a_key_of_his_own_under_our_name_is_refused() -> None:
    commitments = [by_hand.sha256(b"a"), by_hand.sha256(bytes(32), b'{"v":1}')]
    signed = by_hand.checkpoint(
        "force.example/ledger", list(map(by_hand.leaf, commitments)), by_hand.TIME, b"\x07" * 32
    )
    opening = json.dumps({"payload": '{"v":1}', "salt": by_hand.b64(bytes(32))})
    proof = by_hand.tlog_proof(1, commitments, signed)

    assert proven(proof, opening, STRANGER).ok, "it holds under the forger's key"
    assert failed_in(proven(proof, opening)) == {"checkpoint"}


def test_while_keys_are_exchanged_either_key_proves_it(settings: Settings) -> None:
    settings.LEDGER_FORMER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    (entry,) = write_sealed()
    current, former = map(str, verifier_keys())

    for keys in ([current], [former], [current, former]):
        assert proven(proof_of(entry), json.dumps(opening_of(entry)), *keys).ok


def test_a_retired_key_proves_entries_of_the_trees_it_signed_and_of_no_larger_one(files: tuple[Path, Path]) -> None:
    proof, opening = files
    size = int(proof.read_text().rpartition("\n\n")[0].split("\n")[-3])

    assert run_verifier("proof", proof, opening, "--key", f"{our_key()} until {size}").status == 0
    assert run_verifier("proof", proof, opening, "--key", f"{our_key()} until {size - 1}", "--json").failed == {
        "checkpoint"
    }


def test_what_cannot_be_used_ends_with_status_2_and_a_sentence(files: tuple[Path, Path], tmp_path: Path) -> None:
    proof, opening = files
    for arguments, sentence in (
        (("proof", proof, opening, "--key", "no key"), "is not an Ed25519 verifier key"),
        (("proof", proof, opening, "--key", our_key().replace("+", "+0", 1)), "is not an Ed25519 verifier key"),
        (("proof", proof, opening, "--key", f"{our_key()} until today"), "does not end in a size"),
        (("proof", tmp_path / "absent", opening, "--key", our_key()), "cannot be read"),
        (("proof", proof, opening), "--key"),
        (("proof", proof, "--key", our_key()), "required"),
        ((), "required"),
    ):
        said = run_verifier(*arguments)
        assert said.status == 2, arguments
        assert sentence in said.complaint
        assert not said.words
