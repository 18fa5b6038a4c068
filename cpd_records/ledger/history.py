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
from itertools import chain
from typing import Any, NamedTuple

from cpd_records.ledger import keys
from cpd_records.ledger.canonical import LARGEST_INTEGER, VERSION, canonical_bytes, plain, time_text
from cpd_records.ledger.checkpoints import LedgerRefuses, TreeHead, last_checkpoint
from cpd_records.ledger.commitment import commit
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
_as_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


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
            before, leaves, checkpoints = self.size, [], []
            composed = [[_composed(fact) for fact in day.facts] for day in days]
            for day, entries in zip(days, composed, strict=True):
                for _written, commitment in entries:
                    leaf = leaf_hash(commitment)
                    self._tree.append(leaf)
                    leaves.append(leaf)
                checkpoints.append(self._checkpoint(day.sealed_at))
            facts = list(chain.from_iterable(day.facts for day in days))
            _insert(facts, list(chain.from_iterable(composed)), leaves, before)
            grow_tiles(before, leaves)
            Checkpoint.objects.bulk_create(checkpoints)
            if self.size and root(self.size, tile_source()) != self._tree.root():
                raise LedgerRefuses(
                    "The tiles do not lead to the root of the history: nothing of these days was written."
                )
            work.ask(AFTER_CHECKPOINT, "history")

    def _checkpoint(self, moment: datetime) -> Checkpoint:
        head = TreeHead(self._origin, self.size, self._tree.root(), moment)
        note = sign_note(head.text, head.origin, self._key)
        return Checkpoint(size=head.size, root=head.root, time=head.time, note=note)


def _insert(facts: Sequence[Fact], composed: Sequence[tuple[str, bytes]], leaves: Sequence[bytes], before: int) -> None:
    insert_many(
        LedgerEntry,
        ("id", "commitment"),
        ((fact.id, commitment) for fact, (_written, commitment) in zip(facts, composed, strict=True)),
    )
    insert_many(ReadablePart, READABLE, _readable(facts, composed))
    insert_many(
        SealedPlace,
        ("entry_id", "index", "leaf_hash"),
        ((fact.id, index, leaf) for index, (fact, leaf) in enumerate(zip(facts, leaves, strict=True), start=before)),
    )


def _readable(facts: Sequence[Fact], composed: Sequence[tuple[str, bytes]]) -> Iterator[tuple[Any, ...]]:
    for fact, (written, _commitment) in zip(facts, composed, strict=True):
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
    if all(
        type(value) in (str, bool) or (type(value) is int and abs(value) <= LARGEST_INTEGER) for value in said.values()
    ):
        text = _as_json(said)
        if text.isascii():
            return text.encode()
    return canonical_bytes(plain(said))
