"""Sample history in bulk: the rows that ``append_entry`` and ``seal_now`` would have written one after the other, years of them in minutes.

Nothing is recorded here but invented history on an empty ledger, for whoever needs a force of tens of thousands to look at or to
measure. Ids and salts are the caller's, so that the same history is the same rows; a real entry's are random, from ``append_entry``
alone. The triggers and constraints of the evidence hold as always, and tests hold the rows against those the two verbs write.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, count, islice
from typing import Any, NamedTuple

from cpd_records.ledger import keys
from cpd_records.ledger.canonical import LARGEST_INTEGER, VERSION, canonical_bytes, plain, time_text
from cpd_records.ledger.checkpoints import LedgerRefuses, TreeHead, last_checkpoint
from cpd_records.ledger.commitment import commit
from cpd_records.ledger.holding import hold_to_kept, keep_last
from cpd_records.ledger.notes import sign_note
from cpd_records.ledger.sealing import AFTER_CHECKPOINT, sole_sealer
from cpd_records.ledger.tiles import grow_tiles, tile_source
from cpd_records.ledger.tree import GrowingTree, leaf_hash, root
from cpd_records.models import Checkpoint, LedgerEntry, ReadablePart, SealedPlace
from people import clock, work
from people.many_rows import insert_many
from people.models import LastStamp

READABLE = (
    "entry_id",
    "officer",
    "kind",
    "subject",
    "day",
    "minutes",
    "valid_until",
    "corrects",
    "recorded_at",
    "payload",
    "salt",
)
_as_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Fact(NamedTuple):
    """What ``append_entry`` is given, and what it finds out by itself: id, salt and the moment it was recorded (aware UTC)."""

    id: uuid.UUID
    salt: bytes
    recorded_at: datetime
    kind: str
    officer: uuid.UUID
    day: date
    payload: Mapping[str, Any]
    subject: str = ""
    minutes: int | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class SealedDay:
    """The entries of a day in the order they were recorded, and when the checkpoint after them was made."""

    facts: Sequence[Fact]
    sealed_at: datetime


def holds_anything() -> bool:
    """Return whether anything was recorded or signed here: then no history is written before it."""
    return LedgerEntry.objects.exists() or Checkpoint.objects.exists() or LastStamp.objects.exists()


class HistoryWriter:
    """Writes days of history in order, each with its checkpoint. The first call needs an empty ledger; raises ``LedgerRefuses``."""

    def __init__(self) -> None:
        if LedgerEntry.objects.exists() or Checkpoint.objects.exists():
            raise LedgerRefuses("The ledger holds entries or checkpoints already, so no history is written into it.")
        refusal = keys.origin_refusal()
        if refusal:
            raise LedgerRefuses(refusal)
        hold_to_kept(None)
        self._tree = GrowingTree()
        self._origin, self._key = keys.origin(), keys.signing_key()

    @property
    def size(self) -> int:
        return self._tree.size

    def write(self, days: Sequence[SealedDay]) -> None:
        """Write the days in one transaction, as the only sealer: entries, what they say, their places, tiles and checkpoints."""
        if not clock.is_simulated():
            raise RuntimeError("History is only written inside sample time.")
        with sole_sealer() as is_sole:
            last = last_checkpoint()
            if not is_sole or (last.size if last else 0) != self.size:
                raise LedgerRefuses("Somebody else seals or has sealed this ledger, so no history is written into it.")
            facts = list(chain.from_iterable(day.facts for day in days))
            commitments = _insert_what_is_said(facts)
            before, leaves = self.size, [leaf_hash(commitment) for commitment in commitments]
            _insert_places(facts, commitments, leaves, before)
            checkpoints, waiting = [], iter(leaves)
            for day in days:
                for leaf in islice(waiting, len(day.facts)):
                    self._tree.append(leaf)
                checkpoints.append(self._checkpoint(day.sealed_at))
            grow_tiles(before, leaves)
            Checkpoint.objects.bulk_create(checkpoints)
            if self.size and root(self.size, tile_source()) != self._tree.root():
                raise LedgerRefuses(
                    "The tiles do not lead to the root of the history: nothing of these days was written."
                )
            work.ask(AFTER_CHECKPOINT, "history")
        keep_last()

    def _checkpoint(self, moment: datetime) -> Checkpoint:
        head = TreeHead(self._origin, self.size, self._tree.root(), moment)
        note = sign_note(head.text, head.origin, self._key)
        return Checkpoint(size=head.size, root=head.root, time=head.time, note=note)


def _insert_what_is_said(facts: Sequence[Fact]) -> list[bytes]:
    """Insert what the entries say, each composed while the database takes those before it, and return their commitments."""
    commitments: list[bytes] = []

    def rows() -> Iterator[tuple[Any, ...]]:
        for fact in facts:
            written, commitment = _composed(fact)
            commitments.append(commitment)
            yield (
                fact.id,
                fact.officer,
                fact.kind,
                fact.subject,
                fact.day,
                fact.minutes,
                fact.valid_until,
                None,
                fact.recorded_at,
                written,
                fact.salt,
            )

    insert_many(ReadablePart, READABLE, rows())
    return commitments


def _insert_places(facts: Sequence[Fact], commitments: Sequence[bytes], leaves: Sequence[bytes], before: int) -> None:
    """Insert the entries that what is said belongs to, and their places; the database asks for them at the end of the transaction."""
    ids = [fact.id for fact in facts]
    insert_many(LedgerEntry, ("id", "commitment"), zip(ids, commitments, strict=True))
    insert_many(SealedPlace, ("entry_id", "index", "leaf_hash"), zip(ids, count(before), leaves))


def _composed(fact: Fact) -> tuple[str, bytes]:
    """Return the canonical payload of a fact as text, and its commitment."""
    said: dict[str, Any] = {
        **fact.payload,
        "v": VERSION,
        "id": str(fact.id),
        "kind": fact.kind,
        "officer": str(fact.officer),
        "day": fact.day.isoformat(),
        "recorded_at": time_text(fact.recorded_at),
    }
    if fact.subject:
        said["subject"] = fact.subject
    if fact.minutes is not None:
        said["minutes"] = fact.minutes
    if fact.valid_until is not None:
        said["valid_until"] = fact.valid_until.isoformat()
    written = _canonical(said)
    return written.decode(), commit(fact.salt, written)


def _canonical(said: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes: of plain ASCII and integers they are what Python's own encoder writes, six times faster."""
    for value in said.values():
        kind = type(value)
        if kind is not str and kind is not bool and (kind is not int or abs(value) > LARGEST_INTEGER):
            return canonical_bytes(plain(said))
    text = _as_json(said)
    return text.encode() if text.isascii() else canonical_bytes(plain(said))
