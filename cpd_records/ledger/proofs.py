"""Inclusion proofs and openings: what somebody outside needs to check one entry against a checkpoint, with the site down.

A proof tells nothing about the entry but that it stands in the tree. The opening (payload and salt) tells everything, so it is given
only to those who may read the entry.
"""

import base64

from cpd_records.ledger import tree
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.tiles import tile_source
from cpd_records.models import Checkpoint, LedgerEntry, ReadablePart, SealedPlace

PROOF_HEADER = "c2sp.org/tlog-proof@v1"


class NotSealed(Exception):
    """The entry has no place in the tree yet; ask again once the sealer has run."""


class NothingToOpen(Exception):
    """The readable part of the entry was erased, so nobody can say any more what it said."""


def proof_of(entry: LedgerEntry, *, checkpoint: Checkpoint | None = None) -> str:
    """Return the ``.tlog-proof`` text of a sealed entry; raises ``NotSealed``.

    It is held against the last checkpoint, or against an older one that covers the entry: the same one gives the same text for ever.
    """
    place = SealedPlace.objects.filter(entry_id=entry.pk).first()
    checkpoint = checkpoint or last_checkpoint()
    if place is None or checkpoint is None or place.index >= checkpoint.size:
        raise NotSealed("This entry is not sealed yet: it will be within seconds while the sealer runs.")
    path = tree.audit_path(place.index, checkpoint.size, tile_source())
    lines = [
        PROOF_HEADER,
        f"extra {_base64(bytes(entry.commitment))}",
        f"index {place.index}",
        *(_base64(sibling) for sibling in path),
    ]
    return "\n".join(lines) + "\n\n" + checkpoint.note


def opening_of(entry: LedgerEntry) -> dict[str, str]:
    """Return ``{"payload", "salt"}``: the canonical payload as text and the salt in base64; raises ``NothingToOpen``."""
    readable = ReadablePart.objects.filter(entry_id=entry.pk).first()
    if readable is None:
        raise NothingToOpen("What this entry said was erased: its place in the ledger remains, its content does not.")
    return {"payload": readable.payload, "salt": _base64(bytes(readable.salt))}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
