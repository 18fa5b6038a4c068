"""Inclusion proofs and openings: what somebody outside needs to check one entry against a checkpoint, with the site down.

A proof tells nothing about the entry but that it stands in the tree. The opening (payload and salt) tells everything, so it is given
only to those who may read the entry.
"""

import base64
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cpd_records.ledger import tree
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.tiles import tile_source
from cpd_records.models import Checkpoint, LedgerEntry, ReadablePart, SealedPlace
from people.prepared import prepared

PROOF_HEADER = "c2sp.org/tlog-proof@v1"


class NotSealed(Exception):
    """The entry has no place in the tree yet; ask again once the sealer has run."""


class NothingToOpen(Exception):
    """The readable part of the entry was erased, so nobody can say any more what it said."""


def proof_of(entry: LedgerEntry, *, checkpoint: Checkpoint | None = None) -> str:
    """Return the ``.tlog-proof`` text of a sealed entry; raises ``NotSealed``.

    It is held against the last checkpoint, or against an older one that covers the entry: the same one gives the same text for ever.
    """
    index = next((index for (index,) in sealed_index(entry=entry.pk)), None)
    checkpoint = checkpoint or last_checkpoint()
    if index is None or checkpoint is None or index >= checkpoint.size:
        raise NotSealed("This entry is not sealed yet: it is as soon as the ledger signs, usually within seconds.")
    tiles = tile_source()
    tiles.read_ahead(index, checkpoint.size)
    path = tree.audit_path(index, checkpoint.size, tiles)
    lines = [
        PROOF_HEADER,
        f"extra {_base64(bytes(entry.commitment))}",
        f"index {index}",
        *(_base64(sibling) for sibling in path),
    ]
    return "\n".join(lines) + "\n\n" + checkpoint.note


def opening_of(entry: LedgerEntry) -> dict[str, str]:
    """Return ``{"payload", "salt"}``: the canonical payload as text and the salt in base64; raises ``NothingToOpen``."""
    for payload, salt in payload_and_salt(entry=entry.pk):
        return {"payload": payload, "salt": _base64(bytes(salt))}
    raise NothingToOpen("What this entry said was erased: its place in the ledger remains, its content does not.")


@prepared
def sealed_index(entry: UUID) -> QuerySet[SealedPlace, Any]:
    return SealedPlace.objects.filter(entry=entry).values_list("index")


@prepared
def payload_and_salt(entry: UUID) -> QuerySet[ReadablePart, Any]:
    return ReadablePart.objects.filter(entry=entry).values_list("payload", "salt")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
