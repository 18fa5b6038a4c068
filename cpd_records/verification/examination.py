"""Examining the whole ledger: every entry, place, checkpoint and tile, in one reading and one steady view of the database.

Each finding names the entry (or None where it is about the tree as a whole), the kind of harm, and what was seen. The kinds:

payload        not canonical, or not of a known version     column      a column differs from the payload
commitment     payload and salt do not lead to it           leaf        a leaf hash is not that of the commitment
entry          gone, though other rows name it              place       neither sealed nor waiting, or both
readable part  gone without an erasure                      erasure     not carried out, or not as recorded
index          a gap in the places                          root        the entries lead to another root than was signed
checkpoint     its columns, order, name or size do not fit  signature   no trusted key signed it
tile           it or its file differs from a rebuild        trigger     missing, switched off, altered or unknown
against        a checkpoint kept elsewhere does not fit     unreadable  a row holds what its column cannot
certificate    a row of it, or of what became of it, and entries differ

``ledger_verify`` adds ``certificate file``, one that is gone or not the one that was issued, where it is asked for files;
``projection``, a standing of today that a rebuild would change, which is not found here because reckoning it takes the writer's code;
and ``time``, a last time that is still to come, because a clock ran ahead.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from cpd_records.models import (
    Checkpoint,
    Erasure,
    LedgerEntry,
    ReadablePart,
    SealedPlace,
    UnsealedEntry,
)
from cpd_records.verification import formats
from cpd_records.verification.certificates import compare_certificates
from cpd_records.verification.entries import examine_entry, is_plainly_right
from cpd_records.verification.erasures import RecordedErasures
from cpd_records.verification.findings import Findings, Problem
from cpd_records.verification.formats import Malformed, SignedTree, TrustedKey
from cpd_records.verification.places import read_places
from cpd_records.verification.published import PublishedFiles
from cpd_records.verification.rows import Row, as_bytes, as_tuples, read
from cpd_records.verification.steady import steady_view

__all__ = ["Examination", "Problem", "examine"]


@dataclass
class Examination(Findings):
    """What was found. ``root`` is that of all sealed places, 32 bytes; ``checkpoint`` the last note as stored, or None,
    and ``signed`` the size it says, 0 where it says none."""

    entries: int = 0
    sealed: int = 0
    root: bytes = b""
    checkpoint: str | None = None
    signed: int = 0

    @property
    def is_sound(self) -> bool:
        return not self.problems

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
    processes: int = 1,
) -> Examination:
    """Examine the ledger on this database. Raises ``Malformed`` for a key line that cannot be read.

    ``keys`` are the verifier key lines that are trusted; ``against`` is a checkpoint kept elsewhere, as text;
    ``kept`` are more of them by the names of their files; ``published`` is the directory of the files from which full tiles are served
    here. On PostgreSQL as many ``processes`` read the sealed entries of a large ledger, unless a transaction was begun around this.
    """
    trusted = [formats.trusted_key(line) for line in keys]
    examination = Examination()
    for name in missing_triggers:
        examination.found(None, "trigger", f"{name} is missing, switched off or altered")
    # What a transaction around this one wrote, no other session sees.
    can_be_shared = connection.vendor == "postgresql" and not connection.in_atomic_block
    with steady_view():
        signed = _read_checkpoints(examination, trusted)
        elsewhere = {**(kept or {}), **({} if against is None else {"": against})}
        held = _read_kept(examination, elsewhere, trusted, signed)
        sizes = {tree.size for tree in [*signed, *held]}
        files = PublishedFiles(published, (examination.checkpoint or "").split("\n", 1)[0])
        places = read_places(examination, sizes, files, processes=processes if can_be_shared else 1)
        examination.root = places.root
        examination.entries = examination.sealed = places.size
        _read_unsealed(examination)
        _find_orphans(examination)
        _compare_roots(examination, signed, held, places.roots)
        compare_certificates(examination)
    return examination


def _read_checkpoints(examination: Examination, trusted: list[TrustedKey]) -> list[SignedTree]:
    """Check each checkpoint by itself and against the one before, and return those that are signed."""
    signed: list[SignedTree] = []
    for checkpoint in read(examination, Checkpoint.objects.order_by("time")):
        examination.checkpoint = checkpoint.note
        which = f"the checkpoint of size {checkpoint.size} at {formats.time_as_written(checkpoint.time)}"
        try:
            tree = formats.read_checkpoint(checkpoint.note, trusted, is_ours=True)
        except Malformed as error:
            examination.found(None, "signature", f"{which}: {error}")
            continue
        if (tree.size, tree.root, tree.time) != (
            checkpoint.size,
            as_bytes(checkpoint.root),
            formats.time_as_written(checkpoint.time),
        ):
            examination.found(None, "checkpoint", f"{which} differs from the note that was signed")
        if signed and tree.size < signed[-1].size:
            examination.found(None, "checkpoint", f"{which} is smaller than one signed before, of {signed[-1].size}")
        if signed and tree.origin != signed[-1].origin and not _is_renamed(tree, signed, trusted):
            examination.found(None, "checkpoint", f"{which} is named '{tree.origin}', others '{signed[-1].origin}'")
        signed.append(tree)
        examination.signed = tree.size
    return signed


def _is_renamed(tree: SignedTree, signed: list[SignedTree], trusted: list[TrustedKey]) -> bool:
    """Return whether a log goes on under a new name: one it never had, after one of which every key is retired."""
    ended = all(key.until is not None for key in trusted if key.name == signed[-1].origin)
    return ended and tree.origin not in {earlier.origin for earlier in signed}


def _read_kept(
    examination: Examination, notes: Mapping[str, str], trusted: list[TrustedKey], signed: list[SignedTree]
) -> list[SignedTree]:
    """Check checkpoints that were kept elsewhere, each under the name of its file, and return those that are signed."""
    kept, known, names = [], set(signed), {tree.origin for tree in signed}
    for name, note in notes.items():
        which = f"{name}: " if name else ""
        try:
            tree = formats.read_checkpoint(note, trusted, is_ours=bool(name))
        except Malformed as error:
            examination.found(None, "against", f"{which}the checkpoint kept elsewhere cannot be used: {error}")
            continue
        kept.append(tree)
        if signed and tree.origin not in names:
            detail = f"{which}it is of '{tree.origin}', and this ledger is '{signed[-1].origin}'"
            examination.found(None, "against", detail)
        elif tree not in known:
            detail = f"{which}{_named(tree)} was signed by this ledger and is not among those stored here"
            examination.found(None, "against", detail)
    return kept


def _read_unsealed(examination: Examination) -> None:
    entries = LedgerEntry.objects.filter(place__isnull=True).order_by("id")
    records = RecordedErasures()
    for row in read(examination, as_tuples(entries)):
        examination.entries += 1
        if row[4] is None:
            detail = "it has no place in the tree and does not wait for one"
            examination.found(Row._make(row).entry, "place", detail)
        if not is_plainly_right(row):
            examine_entry(examination, Row._make(row), records)


def _find_orphans(examination: Examination) -> None:
    """Find rows whose entry is gone: the database refuses it, and whoever may alter tables can switch that off."""
    for model in (ReadablePart, SealedPlace, Erasure, UnsealedEntry):
        orphans = model.objects.filter(~Exists(LedgerEntry.objects.filter(pk=OuterRef("entry_id"))))
        for entry_id in orphans.values_list("entry_id", flat=True):
            examination.found(entry_id, "entry", f"it is gone, and a {model._meta.verbose_name} names it")


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


def _named(tree: SignedTree) -> str:
    return f"the checkpoint of size {tree.size} at {tree.time}"
