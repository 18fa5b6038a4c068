"""Sealing: giving committed entries their place in the tree, and signing a checkpoint of it.

One sealer works at a time. It alone writes places, tiles and checkpoints, so the tree has one history. It signs a checkpoint only after
it has shown that the new tree extends the one it signed last, and that the newest note kept outside the database (``holding``) is of
this tree; where it cannot show that, it refuses and changes nothing.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from cpd_records.ledger import keys, tree
from cpd_records.ledger.checkpoints import (
    LedgerRefuses,
    TreeHead,
    last_checkpoint,
    open_checkpoint,
    sign_checkpoint,
)
from cpd_records.ledger.holding import hold_to_kept, keep_last
from cpd_records.ledger.refusals import end_refusals, note_refusal
from cpd_records.ledger.tiles import TilesBroken, grow_tiles, rebuild_tiles, tile_source
from cpd_records.models import Checkpoint, SealedPlace, UnsealedEntry
from people import clock, work
from people.models import LastStamp
from people.stamps import ClocksDiffer, stamp

ENTRIES_AT_ONCE = 5_000
ROWS_AT_ONCE = 500
# PostgreSQL's advisory lock of the sealer: the word 'sealer' in ASCII. Locks are kept apart by database.
SEALER_LOCK = int.from_bytes(b"sealer", "big")
# The waiting work by which projections follow what a checkpoint has made final.
AFTER_CHECKPOINT = "follow_checkpoint"


class SealOutcome(Enum):
    """What came of a call."""

    SEALED = "sealed"
    NOTHING = "nothing to seal"
    ANOTHER = "another sealer is at work"
    WAITING = "waiting"


@dataclass(frozen=True)
class SealReport:
    """How many entries a call sealed, and the size of the last checkpoint after it."""

    outcome: SealOutcome
    sealed: int
    size: int

    def __str__(self) -> str:
        if self.outcome is SealOutcome.SEALED:
            return f"Sealed {self.sealed} entries; the checkpoint is of size {self.size}."
        if self.outcome is SealOutcome.NOTHING:
            return f"Nothing to seal; the last checkpoint is of size {self.size}."
        if self.outcome is SealOutcome.ANOTHER:
            return "Another sealer is at work, so this one left everything to it."
        return "Sample history is being written, so the sealer waits."


@shared_task(name="cpd_records.ledger.sealing.seal_now")
def seal_now() -> SealReport:
    """Seal every committed entry, and sign a checkpoint if entries or rows with two times were added since the last.

    Call outside any transaction. Raises ``LedgerRefuses``, with nothing written but the refusal itself, where the tree does not extend
    the last one.
    """
    if work.is_held() and not clock.is_simulated():
        return SealReport(SealOutcome.WAITING, 0, _last_size())
    outcome, sealed = SealOutcome.NOTHING, 0
    # Asked first without lock or transaction: most calls find nothing, and then cost two small queries.
    while _something_waits():
        try:
            with sole_sealer() as is_sole:
                if not is_sole:
                    return SealReport(SealOutcome.ANOTHER, sealed, _last_size())
                sealed += _seal_once()
            keep_last()
        except (LedgerRefuses, ClocksDiffer) as refusal:
            said = refusal.detail if isinstance(refusal, ClocksDiffer) else str(refusal)
            note_refusal(said, at=clock.now())
            raise LedgerRefuses(said) from refusal
        outcome = SealOutcome.SEALED
    return SealReport(outcome, sealed, _last_size())


def rebuild() -> int:
    """Make the tiles anew from the sealed places and return the tree's size; refuses where the root is not the signed one."""
    with sole_sealer() as is_sole:
        if not is_sole:
            raise LedgerRefuses("Another sealer is at work: try again in a moment.")
        size = rebuild_tiles()
        last = last_checkpoint()
        if size != (last.size if last else 0) or (last and _root(size) != bytes(last.root)):
            raise LedgerRefuses(
                "The sealed places do not lead to the root of the last checkpoint: nothing was rebuilt. Run ledger_verify."
            )
    return size


@contextmanager
def sole_sealer() -> Iterator[bool]:
    """Open a transaction as the only sealer, and yield whether this process is it. PostgreSQL keeps the lock, else a file."""
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
                (is_sole,) = cursor.fetchone()
            yield is_sole
        return
    path = _lock_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        if not connection.in_atomic_block:
            # Signed is said to everybody and kept outside, so it must not be lost with the power, as other commits may be.
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=FULL")
        with transaction.atomic(durable=True):
            yield True


def _something_waits() -> bool:
    return UnsealedEntry.objects.exists() or _rows_were_added(last_checkpoint())


def _seal_once() -> int:
    """Seal one batch, sign a checkpoint of it and return how many entries were in it; call as the only sealer."""
    last = last_checkpoint()
    waiting = _waiting_entries()
    if not waiting and not _rows_were_added(last):
        return 0  # another sealer was quicker
    refusal = keys.origin_refusal()
    if refusal:
        raise LedgerRefuses(refusal)
    hold_to_kept(last)

    before = last.size if last else 0
    leaves = [tree.leaf_hash(commitment) for _entry_id, commitment in waiting]
    _place(before, [entry_id for entry_id, _commitment in waiting], leaves)
    root = _extended_root(last, before + len(waiting))
    # Last, because writers of rows with two times wait from here until the commit.
    with stamp(for_row=False) as moment:
        if last and moment <= last.time:
            raise LedgerRefuses(
                "The stamp is not later than the last checkpoint: the row of last stamps was tampered with."
            )
        end_refusals(at=moment)
        checkpoint = sign_checkpoint(TreeHead(keys.origin(), before + len(waiting), root, moment))
        # While history is being written nobody follows; one row stands for all its checkpoints.
        work.ask(AFTER_CHECKPOINT, "history" if clock.is_simulated() else str(checkpoint.pk))
    return len(waiting)


def _waiting_entries() -> list[tuple[UUID, bytes]]:
    rows = UnsealedEntry.objects.order_by("ticket", "entry_id").values_list("entry_id", "entry__commitment")
    return [(entry_id, bytes(commitment)) for entry_id, commitment in rows[:ENTRIES_AT_ONCE]]


def _rows_were_added(last: Checkpoint | None) -> bool:
    row_at = LastStamp.objects.values_list("row_at", flat=True).first()
    return row_at is not None and (last is None or row_at > last.time)


def _place(before: int, entry_ids: list[UUID], leaves: list[bytes]) -> None:
    """Write places from index ``before`` on, grow the tiles, and take the entries off the list of those that wait."""
    highest = SealedPlace.objects.aggregate(highest=Max("index"))["highest"]
    placed = 0 if highest is None else highest + 1
    if placed != before:
        raise LedgerRefuses(
            f"{placed} entries have a place, but the last checkpoint is of size {before}: run ledger_verify."
        )
    SealedPlace.objects.bulk_create(
        [
            SealedPlace(entry_id=entry_id, index=index, leaf_hash=leaf)
            for index, (entry_id, leaf) in enumerate(zip(entry_ids, leaves, strict=True), start=before)
        ],
        batch_size=ROWS_AT_ONCE,
    )
    try:
        grow_tiles(before, leaves)
    except TilesBroken as error:
        raise LedgerRefuses(str(error)) from error
    for first in range(0, len(entry_ids), ROWS_AT_ONCE):
        UnsealedEntry.objects.filter(entry_id__in=entry_ids[first : first + ROWS_AT_ONCE]).delete()


def _extended_root(last: Checkpoint | None, size: int) -> bytes:
    """Return the root of the grown tree once a consistency proof shows that it extends what was signed last."""
    root = _root(size)
    if last is None:
        return root
    signed = open_checkpoint(last)
    path = tree.consistency_path(signed.size, size, tile_source())
    if _root(signed.size) != signed.root or not tree.extends(signed.size, signed.root, size, root, path):
        raise LedgerRefuses(
            f"The tree of {size} entries does not extend the tree of {signed.size} that was signed last: nothing was sealed. "
            "Run ledger_verify; if only the tiles are wrong, ledger_rebuild makes them anew."
        )
    return root


def _root(size: int) -> bytes:
    try:
        return tree.root(size, tile_source())
    except TilesBroken as error:
        raise LedgerRefuses(str(error)) from error


def _last_size() -> int:
    last = last_checkpoint()
    return last.size if last else 0


def _lock_path() -> Path:
    """Return the sealer's lock file, one for each database; a database in memory belongs to its process."""
    name = str(connection.settings_dict["NAME"])
    owner = str(os.getpid()) if "memory" in name else ""
    return Path(settings.VAR_DIR) / "run" / f"sealer-{hashlib.sha256((name + owner).encode()).hexdigest()[:16]}.lock"
