"""Checking one entry with nothing but files: proof, opening, and the keys the checker trusts. Pure: no database."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cpd_records.verification import formats
from cpd_records.verification.formats import Malformed
from cpd_records.verification.trees import leaf, root_by_path


@dataclass(frozen=True)
class ProvenEntry:
    """What a proof and its opening show: this payload was in the ledger ``origin`` at ``index`` when it was signed at ``time``."""

    origin: str
    index: int
    size: int
    time: str
    payload: dict[str, Any]


def check_proof(proof: str, opening: dict[str, str], *, keys: Iterable[str]) -> ProvenEntry:
    """Return what is proven, or raise ``Malformed`` with what does not hold.

    ``keys`` are verifier key lines that the checker trusts, never taken from the same file. The ``extra`` line is not trusted: the
    commitment is worked out from the opening.
    """
    parts = formats.read_proof(proof)
    signed = formats.read_checkpoint(parts.checkpoint, [formats.trusted_key(line) for line in keys])
    try:
        payload, salt = opening["payload"], base64.b64decode(opening["salt"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed("the opening has not a payload and a salt in base64") from error
    if not isinstance(payload, str) or len(salt) != 32:
        raise Malformed("the opening has not a payload as text and a salt of 32 bytes")
    commitment = formats.commitment_of(salt, payload)
    if parts.extra is not None and parts.extra != commitment:
        raise Malformed("the opening does not belong to this proof")
    if root_by_path(parts.index, signed.size, leaf(commitment), parts.path) != signed.root:
        raise Malformed("the proof does not lead from this opening to the signed root")
    return ProvenEntry(signed.origin, parts.index, signed.size, signed.time, formats.read_payload(payload))
