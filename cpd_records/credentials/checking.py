"""Checking that a credential is ours and says what the certificate says that it is attached to. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cpd_records.certificates.particulars import Particulars
from cpd_records.credentials.badges import (
    CONTEXTS,
    MESSAGE,
    PER_LIST,
    PURPOSES,
    first_moment,
    identity_hash,
    last_moment,
)
from cpd_records.credentials.data_integrity import ProofRefused, check_proof, multikey

_LIST = re.compile(r".+/credentials/status/(?P<purpose>[a-z]+)/(?P<number>[0-9]{1,12})")
_PLACE = re.compile(r"[0-9]{1,6}")


def check_credential(text: bytes, it: Particulars, index: int, trusted: Iterable[Ed25519PublicKey]) -> None:
    """Check a credential against the particulars of an entry and its place; raise ``ProofRefused`` with a sentence where it fails.

    ``trusted`` are the keys of the issuer. Under which address they were published then is the credential's to say: a site may move.
    """
    try:
        secured = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProofRefused("The credential is not JSON.") from error
    if not isinstance(secured, dict):
        raise ProofRefused("The credential is not JSON.")
    issuer = str(_member(secured, "issuer").get("id"))
    document = check_proof(secured, {f"{issuer}#{multikey(key)}": key for key in trusted})
    for what, holds in _says(document, it, index):
        if not holds:
            raise ProofRefused(f"The credential says something else than the certificate: {what}.")


def _says(document: dict[str, Any], it: Particulars, index: int) -> list[tuple[str, bool]]:
    subject = _member(document, "credentialSubject")
    achieved = _member(subject, "achievement")
    identifiers = subject.get("identifier")
    one = identifiers[0] if isinstance(identifiers, list) and len(identifiers) == 1 else None
    return [
        ("its terms", document.get("@context") == CONTEXTS),
        ("its issuer", _member(document, "issuer").get("name") == it.issuer),
        ("the holder", isinstance(one, dict) and _is_named(one, it.name)),
        ("what it is for", achieved.get("name") == it.title and achieved.get("version") == it.release),
        ("the day", document.get("validFrom") == first_moment(it.awarded_on)),
        ("the last valid day", document.get("validUntil") == (last_moment(it.valid_until) if it.valid_until else None)),
        (
            "its place in the status lists",
            _places(document) in ([(MESSAGE, index)], [(each, index) for each in PURPOSES]),
        ),
    ]


def _places(document: dict[str, Any]) -> list[tuple[str, int]]:
    """Return the purposes and places that the credential names, as places in the ledger. Earlier ones name two lists, not one."""
    found = []
    entries = document.get("credentialStatus")
    for each in entries if isinstance(entries, list) else [entries]:
        named = each if isinstance(each, dict) else {}
        number = _LIST.fullmatch(str(named.get("statusListCredential")))
        place = _PLACE.fullmatch(str(named.get("statusListIndex")))
        if number is None or place is None or number["purpose"] != named.get("statusPurpose"):
            return []
        found.append((number["purpose"], int(number["number"]) * PER_LIST + int(place[0])))
    return found


def _member(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _is_named(one: dict[str, Any], name: str) -> bool:
    if one.get("identityType") != "name":
        return False
    if one.get("hashed") is False:
        return one.get("identityHash") == name
    return one.get("identityHash") == identity_hash(name, str(one.get("salt")))
