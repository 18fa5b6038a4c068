"""The ledger's formats a third time, as short as they can be said: the definitions of the RFCs, word for word and slow.

Vectors were computed with this file; the tests hold the product and its verifier against it. ``python -m
tests.cpd_records.ledger_by_hand`` prints the vectors anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VECTORS = Path(__file__).parent / "vectors"


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def canonical(value: Any) -> str:
    """RFC 8785 for texts, integers, booleans, lists and objects."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: list(name.encode("utf-16-be")))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def largest_power_below(n: int) -> int:
    power = 1
    while power * 2 < n:
        power *= 2
    return power


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, over leaf hashes."""
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return sha256(b"\x01", mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.2."""
    return [] if m in (0, len(leaves)) else subproof(m, leaves, whole=True)


def subproof(m: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def leaf(entry: bytes) -> bytes:
    return sha256(b"\x00", entry)


def key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode(), b"\n\x01", public)[:4]


def verifier_key(name: str, public: bytes) -> str:
    return f"{name}+{key_id(name, public).hex()}+{b64(bytes([1]) + public)}"


def note(text: str, name: str, seed: bytes) -> str:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    signature = key_id(name, key.public_key().public_bytes_raw()) + key.sign(text.encode())
    return f"{text}\n— {name} {b64(signature)}\n"


def checkpoint(origin: str, leaves: list[bytes], time: str, seed: bytes) -> str:
    return note(f"{origin}\n{len(leaves)}\n{b64(mth(leaves))}\ntime {time}\n", origin, seed)


def tlog_proof(index: int, commitments: list[bytes], signed: str) -> str:
    leaves = [leaf(commitment) for commitment in commitments]
    lines = ["c2sp.org/tlog-proof@v1", f"extra {b64(commitments[index])}", f"index {index}"]
    return "\n".join([*lines, *map(b64, path(index, leaves))]) + "\n\n" + signed


# --- Vectors --------------------------------------------------------------------------------------------------------------

SEED = bytes(range(32))
ORIGIN = "force.example/ledger"
TIME = "2026-09-01T14:30:00.000007Z"
OFFICER = "6f1c9f0a-2b7e-4c53-9d1e-0a4b8c2d7e11"
TITLES = ["Stop and search: grounds", "Élan, naïveté 😀 and “quotes”", 'Tab\tand "backslash\\"', "العربية 警察", ""]


def payloads() -> list[dict[str, Any]]:
    written = []
    for number, title in enumerate(TITLES):
        written.append(
            {
                "v": 1,
                "kind": "completion",
                "id": f"00000000-0000-4000-8000-{number:012d}",
                "officer": OFFICER,
                "recorded_at": f"2026-09-01T14:29:5{number}.00000{number}Z",
                "day": "2026-09-01",
                "minutes": 45 * number,
                "title": title,
                "passed": number % 2 == 0,
                "marks": {"millionths": 2**53 - 1 if number == 4 else 850_000, "é": 1, "\U0001f600": 2, "\uff21": 3},
                "outcomes": ["SPEC-110-1", f"SPEC-110-{number}"],
            }
        )
    return written


def make_vectors() -> dict[str, Any]:
    salts = [sha256(b"salt", bytes([number])) for number in range(len(TITLES))]
    texts = [canonical(payload) for payload in payloads()]
    commitments = [sha256(salt, text.encode()) for salt, text in zip(salts, texts, strict=True)]
    many = [leaf(number.to_bytes(32, "big")) for number in range(600)]
    sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 255, 256, 257, 511, 512, 513, 600]
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
    signed = checkpoint(ORIGIN, [leaf(commitment) for commitment in commitments], TIME, SEED)
    return {
        "entries": [
            {"payload": payload, "canonical": text, "salt": salt.hex(), "commitment": commitment.hex()}
            for payload, text, salt, commitment in zip(payloads(), texts, salts, commitments, strict=True)
        ],
        "tree": {
            "leaves": "leaf n is H(0x00 || n as 32 big-endian bytes)",
            "roots": {str(size): mth(many[:size]).hex() for size in sizes},
            "audit_paths": [
                {"index": index, "size": size, "path": [step.hex() for step in path(index, many[:size])]}
                for index, size in [
                    (0, 1),
                    (0, 2),
                    (2, 3),
                    (4, 7),
                    (6, 7),
                    (12, 13),
                    (255, 600),
                    (256, 600),
                    (599, 600),
                ]
            ],
            "consistency": [
                {"old": old, "new": new, "path": [step.hex() for step in proof(old, many[:new])]}
                for old, new in [(1, 2), (3, 7), (4, 7), (6, 8), (7, 7), (13, 257), (256, 513), (511, 600)]
            ],
        },
        "notes": {
            "seed": SEED.hex(),
            "name": ORIGIN,
            "public": public.hex(),
            "key_id": key_id(ORIGIN, public).hex(),
            "verifier_key": verifier_key(ORIGIN, public),
            "checkpoint": signed,
            "proofs": [tlog_proof(index, commitments, signed) for index in range(len(commitments))],
        },
    }


if __name__ == "__main__":
    for subject, vectors in make_vectors().items():
        file = VECTORS / f"{subject}.json"
        file.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
