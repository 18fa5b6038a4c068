"""Examining the whole ledger: every entry, place, checkpoint and tile, in one reading and one steady view of the database.

Each finding names the entry (or None where it is about the tree as a whole), the kind of harm, and what was seen. The kinds:

payload        not canonical, or not of a known version     column      a column differs from the payload
commitment     payload and salt do not lead to it           leaf        a leaf hash is not that of the commitment
entry          gone, though other rows name it              place       neither sealed nor waiting, or both
readable part  gone without an erasure                      erasure     not carried out, or not as recorded
index          a gap in the places                          root        the entries lead to another root than was signed
checkpoint     its columns, order, name or size do not fit  signature   no trusted key signed it
tile           it or its file differs from a rebuild        trigger     missing, switched off or altered
against        a checkpoint kept elsewhere does not fit     unreadable  a row holds what its column cannot

``ledger_verify`` adds ``projection``, a standing of today that a rebuild would change; it is not found here, because reckoning it takes
the writer's code.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from cpd_records.models import (
    Checkpoint,
    Erasure,
    HashTile,
    LedgerEntry,
    ReadablePart,
    SealedPlace,
    UnsealedEntry,
)
from cpd_records.verification import formats
from cpd_records.verification.erasures import KIND as KIND_OF_ERASURES
from cpd_records.verification.erasures import RecordedErasures
from cpd_records.verification.formats import Malformed, SignedTree, TrustedKey
from cpd_records.verification.published import PublishedFiles
from cpd_records.verification.trees import GrowingTiles, GrowingTree, leaf

ROWS_AT_ONCE = 2_000
# Where so many cannot be read, more of them tell nothing more.
MOST_UNREADABLE = 100


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: about which entry (None: the tree as a whole), what kind of harm, what was seen."""

    entry: UUID | None
    kind: str
    detail: str


@dataclass
class Examination:
    """What was found. ``root`` is that of all sealed places, 32 bytes; ``checkpoint`` the last note as stored, or None,
    and ``signed`` the size it says, 0 where it says none."""

    entries: int = 0
    sealed: int = 0
    root: bytes = b""
    checkpoint: str | None = None
    signed: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.problems

    def found(self, entry: UUID | None, kind: str, detail: str) -> None:
        self.problems.append(Problem(entry, kind, detail))

    def as_json(self) -> dict[str, Any]:
        """Return the object that ``ledger_verify --json`` prints."""
        return {
            "ok": self.is_sound,
            "entries": self.entries,
            "sealed": self.sealed,
            "root": base64.b64encode(self.root).decode(),
            "checkpoint": self.checkpoint,
            "problems": [
                {"entry": str(problem.entry) if problem.entry else None, "kind": problem.kind, "detail": problem.detail}
                for problem in self.problems
            ],
        }


def examine(
    keys: Iterable[str],
    *,
    against: str | None = None,
    kept: Mapping[str, str] | None = None,
    missing_triggers: Sequence[str] = (),
    published: Path | None = None,
) -> Examination:
    """Examine the ledger on this database. Raises ``Malformed`` for a key line that cannot be read.

    ``keys`` are the verifier key lines that are trusted; ``against`` is a checkpoint kept elsewhere, as text; ``kept`` are more of
    them by the names of their files; ``published`` is the directory of the files from which full tiles are served here.
    """
    trusted = [formats.trusted_key(line) for line in keys]
    examination = Examination()
    for name in missing_triggers:
        examination.found(None, "trigger", f"{name} is missing, switched off or altered")
    with steady_view():
        signed = _read_checkpoints(examination, trusted)
        elsewhere = {**(kept or {}), **({} if against is None else {"": against})}
        held = _read_kept(examination, elsewhere, trusted, signed)
        roots = _read_places(examination, {tree.size for tree in [*signed, *held]}, PublishedFiles(published))
        _read_unsealed(examination)
        _find_orphans(examination)
        _compare_roots(examination, signed, held, roots)
    return examination


@contextmanager
def steady_view() -> Iterator[None]:
    """Let every query see the same state and hold no writer up; inside a transaction its own view is used."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django would begin immediately, as a writer; a deferred transaction of SQLite only reads.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


def _read_checkpoints(examination: Examination, trusted: list[TrustedKey]) -> list[SignedTree]:
    """Check each checkpoint by itself and against the one before, and return those that are signed."""
    signed: list[SignedTree] = []
    for checkpoint in _rows(examination, Checkpoint.objects.order_by("time")):
        examination.checkpoint = checkpoint.note
        which = f"the checkpoint of size {checkpoint.size} at {formats.time_as_written(checkpoint.time)}"
        try:
            tree = formats.read_checkpoint(checkpoint.note, trusted, is_ours=True)
        except Malformed as error:
            examination.found(None, "signature", f"{which}: {error}")
            continue
        if (tree.size, tree.root, tree.time) != (
            checkpoint.size,
            _bytes(checkpoint.root),
            formats.time_as_written(checkpoint.time),
        ):
            examination.found(None, "checkpoint", f"{which} differs from the note that was signed")
        if signed and tree.size < signed[-1].size:
            examination.found(None, "checkpoint", f"{which} is smaller than one signed before, of {signed[-1].size}")
        if signed and tree.origin != signed[-1].origin:
            examination.found(None, "checkpoint", f"{which} is named '{tree.origin}', others '{signed[-1].origin}'")
        signed.append(tree)
        examination.signed = tree.size
    return signed


def _read_kept(
    examination: Examination, notes: Mapping[str, str], trusted: list[TrustedKey], signed: list[SignedTree]
) -> list[SignedTree]:
    """Check checkpoints that were kept elsewhere, each under the name of its file, and return those that are signed."""
    kept, known = [], set(signed)
    for name, note in notes.items():
        which = f"{name}: " if name else ""
        try:
            tree = formats.read_checkpoint(note, trusted, is_ours=bool(name))
        except Malformed as error:
            examination.found(None, "against", f"{which}the checkpoint kept elsewhere cannot be used: {error}")
            continue
        kept.append(tree)
        if signed and tree.origin != signed[-1].origin:
            detail = f"{which}it is of '{tree.origin}', and this ledger is '{signed[-1].origin}'"
            examination.found(None, "against", detail)
        elif tree not in known:
            detail = f"{which}{_named(tree)} was signed by this ledger and is not among those stored here"
            examination.found(None, "against", detail)
    return kept


def _read_places(examination: Examination, sizes: set[int], files: PublishedFiles) -> dict[int, bytes]:
    """Check every sealed entry and the tiles in the order of the tree; return the root at each of ``sizes`` it reached."""
    tree, tiles, roots = GrowingTree(), GrowingTiles(), {}
    stored = _StoredTiles(examination, files)
    if 0 in sizes:
        roots[0] = tree.root()
    entries = LedgerEntry.objects.filter(place__isnull=False).order_by("place__index")
    next_index, records = 0, RecordedErasures()
    for entry in _rows(examination, entries.select_related("place", "readable", "erasure", "unsealed")):
        place = entry.place
        if place.index != next_index:
            examination.found(entry.id, "index", f"its index is {place.index!r}, and {next_index} comes next")
        next_index = place.index + 1 if isinstance(place.index, int) else next_index + 1
        # The commitment decides: a changed leaf hash is named here, and does not hide what else is wrong.
        leaf_hash = leaf(_bytes(entry.commitment))
        if _bytes(place.leaf_hash) != leaf_hash:
            examination.found(entry.id, "leaf", f"the leaf hash at index {place.index} is not that of its commitment")
        if getattr(entry, "unsealed", None) is not None:
            examination.found(entry.id, "place", "it is sealed and still waits to be sealed")
        _check_entry(examination, entry, records)
        if not tree.size:
            files.first_leaf(leaf_hash)
        for harm in files.entry(_bytes(entry.commitment)):
            examination.found(None, "tile", harm)
        tree.append(leaf_hash)
        stored.compare(tiles.append(leaf_hash))
        if tree.size in sizes:
            roots[tree.size] = tree.root()
        examination.entries += 1
        examination.sealed += 1
    stored.compare(tiles.partial())
    stored.finish()
    examination.root = tree.root()
    return roots


def _read_unsealed(examination: Examination) -> None:
    entries = LedgerEntry.objects.filter(place__isnull=True).order_by("id")
    records = RecordedErasures()
    for entry in _rows(examination, entries.select_related("readable", "erasure", "unsealed")):
        examination.entries += 1
        if getattr(entry, "unsealed", None) is None:
            examination.found(entry.id, "place", "it has no place in the tree and does not wait for one")
        _check_entry(examination, entry, records)


def _find_orphans(examination: Examination) -> None:
    """Find rows whose entry is gone: the database refuses it, and whoever may alter tables can switch that off."""
    for model in (ReadablePart, SealedPlace, Erasure, UnsealedEntry):
        orphans = model.objects.filter(~Exists(LedgerEntry.objects.filter(pk=OuterRef("entry_id"))))
        for entry_id in orphans.values_list("entry_id", flat=True):
            examination.found(entry_id, "entry", f"it is gone, and a {model._meta.verbose_name} names it")


def _check_entry(examination: Examination, entry: LedgerEntry, records: RecordedErasures) -> None:
    """Check what an entry says against its commitment, and that nothing of it is gone without an erasure that is recorded."""
    readable = getattr(entry, "readable", None)
    erasure = getattr(entry, "erasure", None)
    harm = records.harm_of(erasure) if erasure is not None else None
    if harm is not None:
        examination.found(entry.id, "erasure", harm)
    if readable is None:
        if erasure is None:
            examination.found(entry.id, "readable part", "what it said is gone, and no erasure names it")
        return
    if erasure is not None:
        examination.found(
            entry.id, "erasure", f"an erasure of {erasure.at:%d %B %Y} names it, and what it said is still there"
        )
    text = (
        readable.payload if isinstance(readable.payload, str) else _bytes(readable.payload).decode("utf-8", "replace")
    )
    if formats.commitment_of(_bytes(readable.salt), text) != _bytes(entry.commitment):
        examination.found(entry.id, "commitment", "payload and salt do not lead to the commitment")
    try:
        payload = formats.read_payload(text)
    except Malformed as error:
        examination.found(entry.id, "payload", str(error))
        return
    if payload.get("kind") == KIND_OF_ERASURES:
        for erased, why in records.not_carried_out(entry.id, payload):
            examination.found(erased, "erasure", why)
    for column, value in _columns(readable).items():
        if payload.get(column) != value or type(payload.get(column)) is not type(value):
            examination.found(
                entry.id, "column", f"the column says {column} is {value!r}, the payload {payload.get(column)!r}"
            )


def _columns(readable: ReadablePart) -> dict[str, str | int | None]:
    """Return each column as the payload should have it; None where the payload should have nothing."""
    return {
        "id": str(readable.entry_id),
        "officer": str(readable.officer),
        "kind": readable.kind,
        "subject": readable.subject or None,
        "day": readable.day.isoformat() if readable.day else None,
        "minutes": readable.minutes,
        "valid_until": readable.valid_until.isoformat() if readable.valid_until else None,
        "corrects": str(readable.corrects) if readable.corrects else None,
        "recorded_at": formats.time_as_written(readable.recorded_at) if readable.recorded_at else None,
    }


def _compare_roots(
    examination: Examination, signed: list[SignedTree], kept: list[SignedTree], roots: dict[int, bytes]
) -> None:
    for kind, trees in (("root", signed), ("against", kept)):
        for tree in trees:
            if tree.size not in roots:
                detail = f"{_named(tree)} covers more entries than the {examination.sealed} that are sealed here"
                examination.found(None, kind, detail)
            elif roots[tree.size] != tree.root:
                examination.found(None, kind, f"{_named(tree)} was signed with another root than the entries lead to")
    last_size = signed[-1].size if signed else 0
    if examination.sealed > last_size:
        examination.found(
            None,
            "checkpoint",
            f"{examination.sealed} entries are sealed, and the last signed checkpoint is of {last_size}",
        )


class _StoredTiles:
    """The tiles of the database and their files, read beside the rebuild and compared with it."""

    def __init__(self, examination: Examination, files: PublishedFiles) -> None:
        self._examination = examination
        self._files = files
        self._tiles_seen = 0

    def compare(self, rebuilt: list[tuple[int, int, bytes]]) -> None:
        for level, number, hashes in rebuilt:
            self._tiles_seen += 1
            stored = HashTile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
            if stored is None:
                self._examination.found(None, "tile", f"tile {number} of level {level} is missing")
            elif bytes(stored) != hashes:
                self._examination.found(None, "tile", f"tile {number} of level {level} differs from a rebuild")
            for harm in self._files.tile(level, number, hashes):
                self._examination.found(None, "tile", harm)

    def finish(self) -> None:
        """Find tiles and files that no rebuild would make."""
        for harm in self._files.finish():
            self._examination.found(None, "tile", harm)
        count = HashTile.objects.count()
        if count > self._tiles_seen:
            self._examination.found(None, "tile", f"there are {count} tiles, and a rebuild makes {self._tiles_seen}")


def _rows(examination: Examination, rows: QuerySet[Any]) -> Iterator[Any]:
    """Yield rows piece by piece. SQLite stores anything anywhere: a row that its columns cannot hold is named and passed over."""
    place, unreadable = 0, 0
    while True:
        try:
            for row in rows[place:].iterator(chunk_size=ROWS_AT_ONCE):
                # Counted first: this row was read, whatever its reader does with it.
                place += 1
                yield row
            return
        except ValueError as error:
            entry, name = _entry_at(rows, place), rows.model._meta.verbose_name
            unreadable += 1
            if unreadable == MOST_UNREADABLE:
                examination.found(entry, "unreadable", f"too many rows read with the {name} cannot be read: {error}")
                return
            examination.found(entry, "unreadable", f"a row read with the {name} cannot be read: {error}")
            place += 1


def _entry_at(rows: QuerySet[Any], place: int) -> UUID | None:
    """Return which entry stands at a place among rows of entries, None where even that cannot be read or they are of something else."""
    if rows.model is not LedgerEntry:
        return None
    try:
        found: UUID | None = rows.values_list("pk", flat=True)[place : place + 1].first()
    except ValueError:
        return None
    return found


def _bytes(stored: Any) -> bytes:
    return stored.encode("utf-8", "replace") if isinstance(stored, str) else bytes(stored)


def _named(tree: SignedTree) -> str:
    return f"the checkpoint of size {tree.size} at {tree.time}"
