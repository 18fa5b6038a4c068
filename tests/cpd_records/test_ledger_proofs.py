"""A proof shows a stranger that an entry stands in the ledger; anything that was altered, and any key not trusted, is refused."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.proofs import NothingToOpen, NotSealed, opening_of, proof_of
from cpd_records.models import Checkpoint, LedgerEntry
from cpd_records.verification.formats import Malformed
from cpd_records.verification.proofs import check_proof
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.ledger_acts import MOMENT, write_entry, write_sealed

pytestmark = pytest.mark.django_db


def trusted() -> list[str]:
    return [str(key) for key in verifier_keys()]


def test_every_entry_of_a_ledger_is_proven_to_somebody_who_has_only_files() -> None:
    entries = write_sealed(7, minutes=60)

    for index, entry in enumerate(entries):
        proven = check_proof(proof_of(entry), opening_of(entry), keys=trusted())
        assert (proven.origin, proven.index, proven.size) == ("force.example/ledger", index, 7)
        assert proven.payload["id"] == str(entry.id)


def test_a_proof_is_as_the_definition_writes_it() -> None:
    entries = write_sealed(6)
    commitments = [bytes(entry.commitment) for entry in entries]

    assert proof_of(entries[4]) == by_hand.tlog_proof(4, commitments, Checkpoint.objects.get().note)


def test_a_proof_tells_nothing_of_what_the_entry_says() -> None:
    (entry,) = write_sealed(payload={"title": "Undercover foundation"}, subject="SPEC-999")

    assert "Undercover" not in proof_of(entry)
    assert "SPEC-999" not in proof_of(entry)


def test_a_proof_against_an_older_checkpoint_stays_the_same_when_the_tree_grows() -> None:
    entry = write_sealed(3)[1]
    checkpoint = Checkpoint.objects.get()
    proof = proof_of(entry)
    write_sealed(4)

    assert proof_of(entry, checkpoint=checkpoint) == proof
    assert proof_of(entry) != proof
    assert check_proof(proof, opening_of(entry), keys=trusted()).size == 3


def test_an_entry_that_is_not_sealed_cannot_be_proven_yet() -> None:
    write_sealed()
    old = Checkpoint.objects.get()
    entry = write_entry()

    with pytest.raises(NotSealed, match="within seconds"):
        proof_of(entry)
    later = write_sealed()[0]
    with pytest.raises(NotSealed):
        proof_of(later, checkpoint=old)


def test_what_was_erased_cannot_be_opened_and_is_still_proven_to_stand() -> None:
    entry = write_sealed(2)[1]
    opening = opening_of(entry)
    erase_readable_part(entry, retention_class="training", authority="Head of Information", at=MOMENT)

    with pytest.raises(NothingToOpen, match="was erased"):
        opening_of(entry)
    assert check_proof(proof_of(entry), opening, keys=trusted())


def test_a_proof_that_was_altered_anywhere_is_refused() -> None:
    entry = write_sealed(5)[2]
    proof, opening = proof_of(entry), opening_of(entry)

    for number, line in enumerate(proof.split("\n")):
        if not line:
            continue
        lines = proof.split("\n")
        lines[number] = line[:-3] + ("AAA" if line[-3:] != "AAA" else "BBB")
        with pytest.raises(Malformed):
            check_proof("\n".join(lines), opening, keys=trusted())
        if not line.startswith("extra"):
            del lines[number]
            with pytest.raises(Malformed):
                check_proof("\n".join(lines), opening, keys=trusted())


def test_a_proof_that_was_cut_short_anywhere_is_refused() -> None:
    entry = write_sealed(5)[2]
    proof, opening = proof_of(entry), opening_of(entry)

    for length in range(len(proof)):
        with pytest.raises(Malformed):
            check_proof(proof[:length], opening, keys=trusted())


def test_a_proof_against_the_checkpoint_of_another_tree_is_refused() -> None:
    first, *_others = write_sealed(3)
    path, _blank, old = proof_of(first).partition("\n\n")
    write_sealed(4)
    later, _blank, new = proof_of(first).partition("\n\n")

    for mixed in (f"{path}\n\n{new}", f"{later}\n\n{old}"):
        with pytest.raises(Malformed):
            check_proof(mixed, opening_of(first), keys=trusted())
    # Another ledger under our key and name: the same size and another root.
    stranger = by_hand.tlog_proof(0, [bytes([number]) * 32 for number in range(7)], new)
    with pytest.raises(Malformed):
        check_proof(stranger, opening_of(first), keys=trusted())


def test_the_extra_line_may_be_left_out_and_is_not_trusted() -> None:
    entry = write_sealed(5)[2]
    without = "\n".join(line for line in proof_of(entry).split("\n") if not line.startswith("extra"))

    assert check_proof(without, opening_of(entry), keys=trusted()).index == 2


def test_an_opening_of_another_entry_or_with_other_words_is_refused() -> None:
    first, second = write_sealed(2, minutes=60)
    opening = opening_of(first)

    for wrong in (
        opening_of(second),
        {**opening, "payload": opening["payload"].replace("60", "90")},
        {**opening, "salt": base64.b64encode(bytes(32)).decode()},
        {**opening, "salt": "short"},
        {**opening, "salt": "!"},
        {**opening, "payload": 5},
        {"payload": opening["payload"]},
        {},
    ):
        with pytest.raises(Malformed):
            check_proof(proof_of(first), wrong, keys=trusted())  # type: ignore[arg-type]


def test_a_proof_signed_with_a_key_that_the_checker_does_not_trust_is_refused() -> None:
    (entry,) = write_sealed()
    stranger = by_hand.Ed25519PrivateKey.from_private_bytes(by_hand.SEED).public_key().public_bytes_raw()

    with pytest.raises(Malformed, match="no trusted key"):
        check_proof(proof_of(entry), opening_of(entry), keys=[by_hand.verifier_key("force.example/ledger", stranger)])
    with pytest.raises(Malformed, match="no trusted key"):
        check_proof(proof_of(entry), opening_of(entry), keys=[])


# --- The command -----------------------------------------------------------------------------------------------------------


def test_the_command_writes_proof_and_opening(tmp_path: Path) -> None:
    entry = write_sealed(3, payload={"title": "Élan"})[1]
    proof, opening = tmp_path / "entry.tlog-proof", tmp_path / "entry.json"

    call_command("ledger_prove", str(entry.id), "--out", str(proof), "--opening", str(opening))

    assert proof.read_text(encoding="utf-8") == proof_of(entry)
    assert json.loads(opening.read_text(encoding="utf-8")) == opening_of(entry)


def test_the_command_gives_no_opening_unless_it_is_asked_for(tmp_path: Path) -> None:
    (entry,) = write_sealed()

    call_command("ledger_prove", str(entry.id), "--out", str(tmp_path / "entry.tlog-proof"))

    assert [file.name for file in tmp_path.iterdir()] == ["entry.tlog-proof"]


def test_of_an_erased_entry_the_command_writes_the_proof_and_says_that_the_opening_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = write_sealed(3)[1]
    kept = opening_of(entry)
    erase_readable_part(entry, retention_class="training", authority="Head of Information", at=MOMENT)
    proof, opening = tmp_path / "entry.tlog-proof", tmp_path / "entry.json"

    with pytest.raises(CommandError, match="The proof of its place is written") as gone:
        call_command("ledger_prove", str(entry.id), "--out", str(proof), "--opening", str(opening))

    assert gone.value.returncode == 1
    assert "Wrote" in capsys.readouterr().out
    assert check_proof(proof.read_text(encoding="utf-8"), kept, keys=trusted())
    assert not opening.exists()


def test_the_command_refuses_in_a_sentence(tmp_path: Path) -> None:
    out = str(tmp_path / "entry.tlog-proof")
    unsealed = write_entry()
    (sealed,) = write_sealed()

    with pytest.raises(CommandError, match="has no entry"):
        call_command("ledger_prove", "00000000-0000-4000-8000-000000000000", "--out", out)
    LedgerEntry.objects.get(pk=unsealed.pk)
    with pytest.raises(CommandError, match="within seconds"):
        call_command("ledger_prove", str(write_entry().id), "--out", out)
    with pytest.raises(CommandError, match="invalid UUID"):
        call_command("ledger_prove", "not-a-uuid", "--out", out)
    with pytest.raises(CommandError, match="cannot be written") as refusal:
        call_command("ledger_prove", str(sealed.id), "--out", str(tmp_path / "absent" / "file"))

    assert refusal.value.returncode == 2
    assert not list(tmp_path.iterdir())
