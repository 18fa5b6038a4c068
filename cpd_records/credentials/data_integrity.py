"""The Data Integrity proof ``eddsa-jcs-2022`` of a JSON document (W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.3). Pure.

What is signed is SHA-256 of the proof's own options followed by SHA-256 of the document without its proof, both in the canonical form of
RFC 8785. The signature is Ed25519, so the same document with the same key and time has the same proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cpd_records.credentials.multibase import base58btc, from_base58btc

TYPE = "DataIntegrityProof"
SUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"
# The multicodec prefix of an Ed25519 public key.
_ED25519 = b"\xed\x01"


class ProofRefused(ValueError):
    """A proof that does not hold; the message is a sentence that says why."""


def multikey(key: Ed25519PublicKey) -> str:
    """Return a public key as Multikey writes it; it begins with 'z6Mk'."""
    return base58btc(_ED25519 + key.public_bytes_raw())


def from_multikey(text: str) -> Ed25519PublicKey:
    """Return the key that ``multikey`` wrote; raise ``ValueError`` where it is none."""
    data = from_base58btc(text)
    if data[:2] != _ED25519:
        raise ValueError("This is not an Ed25519 key in the form of a Multikey.")
    return Ed25519PublicKey.from_public_bytes(data[2:])


def moment_text(at: datetime) -> str:
    """Return an aware moment as XML Schema writes it: in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(document: Mapping[str, Any], key: Ed25519PrivateKey, *, method: str, at: datetime) -> dict[str, Any]:
    """Return ``document`` with its proof; ``method`` is the address of the public key, ``at`` (aware) when it was made."""
    options: dict[str, Any] = {
        "type": TYPE,
        "cryptosuite": SUITE,
        "created": moment_text(at),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    value = base58btc(key.sign(to_be_signed(document, options)))
    return {**document, "proof": {**options, "proofValue": value}}


def to_be_signed(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """Return the 64 bytes that are signed, for a document without proof and the options of its proof without value."""
    return (
        hashlib.sha256(rfc8785.dumps(dict(options))).digest() + hashlib.sha256(rfc8785.dumps(dict(document))).digest()
    )


def check_proof(secured: Mapping[str, Any], keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """Return the document that was signed, or raise ``ProofRefused``.

    ``keys`` are the verification methods that whoever checks trusts, by their address. A key is never fetched and never taken from the
    document.
    """
    document = dict(secured)
    proof = document.pop("proof", None)
    if not isinstance(proof, Mapping):
        raise ProofRefused("The credential carries no proof.")
    options = dict(proof)
    value = options.pop("proofValue", None)
    if options.get("type") != TYPE or options.get("cryptosuite") != SUITE or options.get("proofPurpose") != PURPOSE:
        raise ProofRefused("The credential is signed in another way than ours are.")
    key = keys.get(str(options.get("verificationMethod")))
    if key is None:
        raise ProofRefused("The credential is signed with a key that is not ours.")
    if "@context" in options:
        context, named = _as_list(document.get("@context")), _as_list(options["@context"])
        if context[: len(named)] != named:
            raise ProofRefused("The credential uses other terms than those it was signed with.")
        document["@context"] = options["@context"]
    try:
        key.verify(from_base58btc(str(value)), to_be_signed(document, options))
    except (InvalidSignature, ValueError, RecursionError) as error:
        raise ProofRefused("The credential was changed after it was signed.") from error
    return document


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
