"""Known answers: product, verifier and the definitions written by hand agree with the committed vectors, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cpd_records.ledger import tree
from cpd_records.ledger.canonical import canonical_bytes
from cpd_records.ledger.checkpoints import read_tree_head
from cpd_records.ledger.commitment import commit
from cpd_records.ledger.notes import VerifierKey, open_note, sign_note
from cpd_records.verification import formats, trees
from cpd_records.verification.proofs import check_proof
from tests.cpd_records import ledger_by_hand as by_hand


def vectors(subject: str) -> Any:
    return json.loads((by_hand.VECTORS / f"{subject}.json").read_text(encoding="utf-8"))


LEAVES = [tree.leaf_hash(number.to_bytes(32, "big")) for number in range(600)]


@pytest.mark.parametrize("subject", ["entries", "tree", "notes"])
def test_the_definitions_written_by_hand_give_the_committed_vectors(subject: str) -> None:
    assert by_hand.make_vectors()[subject] == vectors(subject)


@pytest.mark.parametrize("known", vectors("entries"), ids=range(5))
def test_canonical_bytes_and_commitments_are_as_known(known: dict[str, Any]) -> None:
    written = canonical_bytes(known["payload"])

    assert written.decode() == known["canonical"]
    assert formats.canonical_text(known["payload"]) == known["canonical"]
    assert formats.read_payload(known["canonical"]) == known["payload"]
    assert commit(bytes.fromhex(known["salt"]), written).hex() == known["commitment"]
    assert formats.commitment_of(bytes.fromhex(known["salt"]), known["canonical"]).hex() == known["commitment"]


@pytest.mark.parametrize(("size", "root"), vectors("tree")["roots"].items())
def test_roots_are_as_known(size: str, root: str) -> None:
    growing = trees.GrowingTree()
    for leaf in LEAVES[: int(size)]:
        growing.append(leaf)

    assert tree.root(int(size), tree.source_of_leaves(LEAVES)).hex() == root
    assert growing.root().hex() == root


@pytest.mark.parametrize(
    "known", vectors("tree")["audit_paths"], ids=lambda known: f"{known['index']} of {known['size']}"
)
def test_audit_paths_are_as_known_and_lead_to_the_root(known: dict[str, Any]) -> None:
    index, size = known["index"], known["size"]
    source = tree.source_of_leaves(LEAVES)
    path = tree.audit_path(index, size, source)

    assert [step.hex() for step in path] == known["path"]
    assert tree.root_of_path(index, size, LEAVES[index], path) == tree.root(size, source)
    assert trees.root_by_path(index, size, LEAVES[index], path) == tree.root(size, source)


@pytest.mark.parametrize("known", vectors("tree")["consistency"], ids=lambda known: f"{known['old']} to {known['new']}")
def test_consistency_proofs_are_as_known_and_hold(known: dict[str, Any]) -> None:
    old, new = known["old"], known["new"]
    source = tree.source_of_leaves(LEAVES)
    path = tree.consistency_path(old, new, source)

    assert [step.hex() for step in path] == known["path"]
    assert tree.extends(old, tree.root(old, source), new, tree.root(new, source), path)


def test_keys_notes_and_checkpoints_are_as_known() -> None:
    known = vectors("notes")
    secret = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(known["seed"]))
    key = VerifierKey(known["name"], bytes.fromhex(known["public"]))
    text = known["checkpoint"].rpartition("\n\n")[0] + "\n"

    assert secret.public_key().public_bytes_raw() == key.public
    assert key.key_id.hex() == known["key_id"]
    assert str(key) == known["verifier_key"]
    assert VerifierKey.from_line(known["verifier_key"]) == key
    assert sign_note(text, known["name"], secret) == known["checkpoint"]
    assert open_note(known["checkpoint"], [key]) == text
    head, read = read_tree_head(text), formats.read_checkpoint(known["checkpoint"], [formats.trusted_key(str(key))])
    assert (head.origin, head.size, head.root) == (read.origin, read.size, read.root)
    assert read.time == by_hand.TIME


@pytest.mark.parametrize("index", range(5))
def test_each_known_proof_and_opening_is_accepted_by_the_verifier(index: int) -> None:
    notes, entry = vectors("notes"), vectors("entries")[index]
    opening = {"payload": entry["canonical"], "salt": by_hand.b64(bytes.fromhex(entry["salt"]))}

    proven = check_proof(notes["proofs"][index], opening, keys=[notes["verifier_key"]])

    assert (proven.origin, proven.index, proven.size) == (by_hand.ORIGIN, index, 5)
    assert proven.payload == entry["payload"]
