"""The formats of ``docs/ledger.md`` read strictly: payloads, notes, checkpoints, proofs. Pure: standard library and cryptography."""

import base64
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
BEYOND_INTEGERS = 1 << 53


class Malformed(ValueError):
    """Something is not written as the format says, or not signed by a key that is trusted."""


# --- Payloads -----------------------------------------------------------------------------------------------------------


def read_payload(text: str) -> dict[str, Any]:
    """Return the members of a payload; raise ``Malformed`` unless the text is exactly the canonical one of version 1."""
    try:
        payload = json.loads(
            text, object_pairs_hook=_members, parse_float=_no_float, parse_constant=_no_float, parse_int=_integer
        )
    except (json.JSONDecodeError, RecursionError) as error:
        raise Malformed("the payload is not JSON") from error
    if not isinstance(payload, dict):
        raise Malformed("the payload is not an object")
    if canonical_text(payload) != text:
        raise Malformed("the payload is not in its canonical form")
    if payload.get("v") != 1 or isinstance(payload["v"], bool):
        raise Malformed(f"the payload is of version {payload.get('v')!r}, and 1 is known")
    return payload


def plain_payload(text: str) -> dict[str, Any] | None:
    """Return the members of a payload that is plainly as ``read_payload`` wants it, None where it has to be read with care.

    Whatever is written by these rules as it stands was canonical; names that UTF-16 sorts otherwise than Unicode does are left to care.
    """
    try:
        payload = _decoded(text)
        if type(payload) is not dict or not _is_plain(payload) or _encoded(payload) != text:
            return None
    except (ValueError, RecursionError):
        return None
    # Any part of a text in normalisation form C is in it too.
    if not text.isascii() and (max(text) > "\uffff" or not unicodedata.is_normalized("NFC", text)):
        return None
    version = payload.get("v")
    return payload if version == 1 and version is not True else None


_decoded = json.JSONDecoder().decode
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode


def _is_plain(value: Any) -> bool:
    """Return whether a value and all within it are texts, truths, lists, members, or integers that every reader keeps."""
    kind = type(value)
    if kind is dict:
        return all(type(one) is str or _is_plain(one) for one in value.values())
    if kind is list:
        return all(map(_is_plain, value))
    if kind is int:
        return bool(-BEYOND_INTEGERS < value < BEYOND_INTEGERS)
    return kind is str or kind is bool


def canonical_text(value: Any) -> str:
    """Return the one way to write a value (RFC 8785, for the values a payload may hold)."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical_text(item) for item in value) + "]"
    if isinstance(value, dict):
        # RFC 8785 sorts names by their UTF-16 code units, which big-endian bytes keep.
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_quoted(name)}:{canonical_text(value[name])}" for name in names) + "}"
    raise Malformed(f"the payload holds {value!r}, which has no place in it")


def _quoted(text: str) -> str:
    if unicodedata.normalize("NFC", text) != text:
        raise Malformed(f"{text[:40]!r} is not in normalisation form C")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Malformed("a text holds half a surrogate pair") from error
    return json.dumps(text, ensure_ascii=False)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("the payload names a member twice")
    return members


def _no_float(literal: str) -> NoReturn:
    raise Malformed(f"the payload holds {literal}, and floats have no place in it")


def _integer(literal: str) -> int:
    # Digits are counted first: an integer of a million digits would cost more than it says.
    if len(literal) > 17 or abs(int(literal)) >= BEYOND_INTEGERS:
        raise Malformed("the payload holds an integer of 2^53 or beyond")
    return int(literal)


def commitment_of(salt: bytes, payload: str) -> bytes:
    return hashlib.sha256(salt + payload.encode()).digest()


def time_as_written(moment: datetime) -> str:
    """Return an aware moment as a payload and a checkpoint write it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z".rjust(27, "0")


# --- Notes and checkpoints ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TrustedKey:
    """A verifier key line taken apart: name, key id and the public key's bytes; of a retired key the largest size it counts for."""

    name: str
    key_id: bytes
    public: bytes
    until: int | None = None


@dataclass(frozen=True)
class SignedTree:
    """What a checkpoint says, once a trusted key has been found to have signed it. ``root`` is 32 bytes."""

    origin: str
    size: int
    root: bytes
    time: str


def trusted_key(line: str) -> TrustedKey:
    """Read ``name+<key id>+<base64>``, with `` until <size>`` where it is retired; the id must be the one that belongs to name and key."""
    parts = re.fullmatch(r"(.+?)(?: until (0|[1-9][0-9]{0,17}))?", line.strip())
    try:
        name, key_id, encoded = parts[1].split("+", 2) if parts else ("", "", "")
        blob = base64.b64decode(encoded, validate=True)
        key = TrustedKey(name, bytes.fromhex(key_id), blob[1:], int(parts[2]) if parts and parts[2] else None)
    except ValueError as error:
        raise Malformed(f"'{line}' is not a verifier key") from error
    if len(blob) != 33 or blob[0] != 1 or hashlib.sha256(name.encode() + b"\n" + blob).digest()[:4] != key.key_id:
        raise Malformed(f"'{line}' is not an Ed25519 verifier key with its own key id")
    return key


def read_checkpoint(note: str, keys: list[TrustedKey], *, is_ours: bool = False) -> SignedTree:
    """Check the signatures of a checkpoint and return what it says; raise ``Malformed`` with the reason where it does not hold.

    One signature of a trusted key is enough, as others may add theirs to a note; that of a retired key is, up to the size it was
    retired at. A note that is ``is_ours``, as we stored it, bears no signature but those of trusted keys.
    """
    cut = note.rfind("\n\n")
    if cut < 0 or not note.endswith("\n"):
        raise Malformed("it is not a signed note")
    text, signatures = note[: cut + 1], note[cut + 2 :].split("\n")[:-1]
    signers = [_signer_of(line, text, keys) for line in signatures]
    if not any(signers):
        raise Malformed("no trusted key signed it")
    if is_ours and not all(signers):
        raise Malformed("a signature on it is of no trusted key: one that was retired is named in LEDGER_RETIRED_KEYS")
    lines = text.split("\n")
    if len(lines) != 5 or not lines[3].startswith("time ") or not TIME.fullmatch(lines[3][5:]):
        raise Malformed("it has not the four lines of this ledger's checkpoints")
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
        raise Malformed("its size is not a decimal number")
    tree = SignedTree(lines[0], int(lines[1]), _hash_of(lines[2]), lines[3][5:])
    _refuse_what_does_not_count(tree, [key for key in signers if key])
    return tree


def _refuse_what_does_not_count(tree: SignedTree, signers: list[TrustedKey]) -> None:
    """Raise ``Malformed`` unless one of those who signed bears the tree's name and was not retired before its size."""
    named = [key for key in signers if key.name == tree.origin]
    if not named:
        raise Malformed(f"it is of '{tree.origin}', and no trusted key of that name signed it")
    largest = max((key.until for key in named if key.until is not None), default=0)
    if all(key.until is not None and key.until < tree.size for key in named):
        raise Malformed(
            f"the key that signed it was retired: it counts for trees of up to {largest} entries, and this is one of {tree.size}"
        )


def _signer_of(line: str, text: str, keys: list[TrustedKey]) -> TrustedKey | None:
    match = re.fullmatch(r"— (\S+) ([A-Za-z0-9+/]+={0,2})", line)
    if not match:
        raise Malformed("a signature line is not written as one")
    blob = _base64(match[2])
    for key in keys:
        if (key.name, key.key_id) == (match[1], blob[:4]):
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(blob[4:], text.encode())
            except InvalidSignature as error:
                raise Malformed(f"the signature of {key.name} does not belong to it") from error
            return key
    return None


# --- Proofs -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """A ``.tlog-proof`` taken apart: the extra bytes if any, the index, the audit path and the checkpoint as text."""

    extra: bytes | None
    index: int
    path: list[bytes]
    checkpoint: str


def read_proof(text: str) -> Proof:
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Malformed("it is not a proof of the form c2sp.org/tlog-proof@v1")
    extra = _base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    if not lines or not re.fullmatch(r"index (0|[1-9][0-9]{0,17})", lines[0]):
        raise Malformed("the proof does not say which index it is for")
    return Proof(extra, int(lines[0][6:]), [_hash_of(line) for line in lines[1:]], checkpoint)


def _hash_of(encoded: str) -> bytes:
    blob = _base64(encoded)
    if len(blob) != 32:
        raise Malformed("a hash has not 32 bytes")
    return blob


def _base64(encoded: str) -> bytes:
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise Malformed(f"'{encoded[:60]}' is not base64") from error
    if base64.b64encode(decoded).decode() != encoded:
        # The last character has bits that say nothing; a changed one would otherwise pass unseen.
        raise Malformed(f"'{encoded[:60]}' is not the one way to write those bytes in base64")
    return decoded
