"""The Data Integrity proof against the vectors that the standard publishes, step by step, and against every kind of harm."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cpd_records.credentials.data_integrity import (
    ProofRefused,
    check_proof,
    from_multikey,
    multikey,
    signed,
    to_be_signed,
)
from cpd_records.credentials.multibase import base58btc, base64url, from_base58btc, from_base64url
from tests.cpd_records.verifier_acts import verifier

FOLDER = Path(__file__).parent / "vectors" / "eddsa-jcs-2022"
WHEN = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)


def text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8").strip()


def known(name: str) -> Any:
    return json.loads(text(name))


PUBLISHED = known("signedJCS.json")
PUBLIC = known("keyPair.json")["publicKeyMultibase"]
METHOD = f"did:key:{PUBLIC}#{PUBLIC}"
TRUSTED = {METHOD: from_multikey(PUBLIC)}


def published_key() -> Ed25519PrivateKey:
    """Return the private key of the vectors; its Multikey prefix is that of an Ed25519 private key."""
    data = from_base58btc(known("keyPair.json")["privateKeyMultibase"])
    assert data[:2] == b"\x80\x26"
    return Ed25519PrivateKey.from_private_bytes(data[2:])


def test_the_keys_of_the_vectors_are_read_and_written_as_published() -> None:
    assert multikey(published_key().public_key()) == PUBLIC
    assert multikey(from_multikey(PUBLIC)) == PUBLIC


def test_every_step_of_making_the_proof_gives_the_published_bytes() -> None:
    document = known("unsigned.json")
    options = {name: value for name, value in PUBLISHED["proof"].items() if name != "proofValue"}
    assert rfc8785.dumps(document).decode() == text("canonDocJCS.txt")
    assert rfc8785.dumps(options).decode() == text("proofCanonJCS.txt")
    combined = to_be_signed(document, options)
    assert combined.hex() == text("combinedHashJCS.txt")
    assert combined[:32].hex() == text("proofHashJCS.txt")
    assert combined[32:].hex() == text("docHashJCS.txt")
    signature = published_key().sign(combined)
    assert signature.hex() == text("sigHexJCS.txt")
    assert base58btc(signature) == text("sigBTC58JCS.txt")


def test_the_published_credential_is_made_whole_and_checked() -> None:
    made = signed(known("unsigned.json"), published_key(), method=METHOD, at=WHEN)
    assert made == PUBLISHED
    assert check_proof(PUBLISHED, TRUSTED) == known("unsigned.json")


def test_the_stand_alone_verifier_gives_the_published_answer() -> None:
    assert verifier.open_credential(PUBLISHED, [PUBLIC]) == known("unsigned.json")


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every text in a document."""
    if isinstance(value, str):
        return [path]
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [place for step, inner in steps for place in _places(inner, (*path, step))]


@pytest.mark.parametrize("place", _places(PUBLISHED), ids=str)
def test_a_change_in_any_text_of_a_credential_is_seen(place: tuple[Any, ...]) -> None:
    harmed = copy.deepcopy(PUBLISHED)
    inner = harmed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] += "1"
    with pytest.raises(ProofRefused):
        check_proof(harmed, TRUSTED)
    with pytest.raises(verifier.Wanting):
        verifier.open_credential(harmed, [PUBLIC])


def test_a_member_added_or_left_out_is_seen() -> None:
    for name in known("unsigned.json"):
        less = {key: value for key, value in PUBLISHED.items() if key != name}
        with pytest.raises(ProofRefused):
            check_proof(less, TRUSTED)
    with pytest.raises(ProofRefused, match="changed after it was signed"):
        check_proof({**PUBLISHED, "more": "said"}, TRUSTED)


def test_terms_added_behind_those_that_were_signed_are_left_out_of_what_is_believed() -> None:
    more = {**PUBLISHED, "@context": [*PUBLISHED["@context"], "https://force.example/terms"]}
    assert check_proof(more, TRUSTED) == known("unsigned.json"), "as the standard has it"
    turned = {**PUBLISHED, "@context": PUBLISHED["@context"][::-1]}
    with pytest.raises(ProofRefused, match="other terms"):
        check_proof(turned, TRUSTED)


def test_a_key_that_is_not_trusted_proves_nothing_even_where_the_document_names_it() -> None:
    stranger = Ed25519PrivateKey.generate()
    own = f"did:key:{multikey(stranger.public_key())}"
    forged = signed(known("unsigned.json"), stranger, method=own, at=WHEN)
    with pytest.raises(ProofRefused, match="not ours"):
        check_proof(forged, TRUSTED)
    forged = signed(known("unsigned.json"), stranger, method=METHOD, at=WHEN)
    with pytest.raises(ProofRefused, match="changed after it was signed"):
        check_proof(forged, TRUSTED)


@pytest.mark.parametrize("proof", [None, [], "z", {}, {"type": "DataIntegrityProof"}])
def test_what_is_no_proof_is_refused(proof: Any) -> None:
    with pytest.raises(ProofRefused):
        check_proof({**PUBLISHED, "proof": proof}, TRUSTED)


@given(st.binary(max_size=80))
def test_multibase_is_read_back_as_it_was_written(data: bytes) -> None:
    assert from_base58btc(base58btc(data)) == data
    assert from_base64url(base64url(data)) == data


@pytest.mark.parametrize("given", ["", "6Mk", "z0", "zO", "zl", "z" + "2" * 300, "uAAAA"])
def test_what_is_not_base58btc_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="base58btc"):
        from_base58btc(given)


@pytest.mark.parametrize("given", ["", "AAAA", "uA", "uAA==", "u*", "zAA"])
def test_what_is_not_base64url_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        from_base64url(given)
