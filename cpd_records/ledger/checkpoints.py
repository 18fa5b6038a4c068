"""Checkpoints: the signed statements of the tree's size and root at a time."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from cpd_records.ledger import keys
from cpd_records.ledger.canonical import time_text
from cpd_records.ledger.notes import NoteRefused, open_note, sign_note
from cpd_records.models import Checkpoint
from people.prepared import prepared
from people.stamps import AHEAD

TIME_LINE = "time "


class LedgerRefuses(Exception):
    """The ledger will not go on, because what it would sign does not follow from what it signed before."""


@dataclass(frozen=True)
class TreeHead:
    """What a checkpoint says: whose tree, of how many leaves, with which root (32 bytes), at what time (aware UTC)."""

    origin: str
    size: int
    root: bytes
    time: datetime

    @property
    def text(self) -> str:
        """The four lines that are signed."""
        return (
            f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{TIME_LINE}{time_text(self.time)}\n"
        )


def read_tree_head(text: str) -> TreeHead:
    """Read the text of a checkpoint as this ledger writes it, or raise ``NoteRefused``."""
    try:
        name, size, root, time = text.removesuffix("\n").split("\n")
        moment = datetime.strptime(time, f"{TIME_LINE}%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        head = TreeHead(name, int(size), base64.b64decode(root, validate=True), moment)
    except ValueError as error:
        raise NoteRefused("This is not a checkpoint of four lines: origin, size, root and time.") from error
    if head.text != text:
        raise NoteRefused("This checkpoint is not written as this ledger writes them.")
    return head


def last_checkpoint(*, by: datetime | None = None) -> Checkpoint | None:
    """Return the newest checkpoint, or the newest made at or before ``by`` (aware)."""
    found = _newest_checkpoint() if by is None else _newest_checkpoint_by(by=by)
    return found[0] if found else None


def may_still_grow(known_at: datetime, last: Checkpoint | None, *, at: datetime) -> bool:
    """Return whether an answer as known at a moment is provisional: no checkpoint is as late as it. ``last`` is the newest, ``at`` is now.

    A checkpoint ahead of now was stamped by a clock that ran ahead: it settles nothing of the time it jumped over until that has passed.
    """
    if last is not None and last.time > at + AHEAD:
        last = last_checkpoint(by=at + AHEAD)
    return last is None or known_at > last.time


@prepared
def _newest_checkpoint() -> QuerySet[Checkpoint]:
    return Checkpoint.objects.order_by("-time")[:1]


@prepared
def _newest_checkpoint_by(by: datetime) -> QuerySet[Checkpoint]:
    return Checkpoint.objects.filter(time__lte=by).order_by("-time")[:1]


def sign_checkpoint(head: TreeHead) -> Checkpoint:
    """Sign and store a checkpoint. Only the sealer calls this, after it has shown that the tree extends the last one."""
    note = sign_note(head.text, head.origin, *keys.signing_keys())
    return Checkpoint.objects.create(size=head.size, root=head.root, time=head.time, note=note)


def open_note_of_tree(note: str) -> TreeHead:
    """Return what a checkpoint's note says once its signature is checked, or raise ``NoteRefused``.

    Only keys of the name it bears count, and a retired one only up to the size it was retired at.
    """
    head = read_tree_head(note.rpartition("\n\n")[0] + "\n")
    named = [key for key in keys.verifier_keys() if key.name == head.origin]
    open_note(note, named)
    counting = [key for key in named if key.counts_for(head.size)]
    try:
        open_note(note, counting)
    except NoteRefused as error:
        raise NoteRefused(f"The key that signed it was retired before the tree had {head.size} entries.") from error
    return head


def open_checkpoint(checkpoint: Checkpoint) -> TreeHead:
    """Return what the stored note says once its signature is checked, or raise ``LedgerRefuses``."""
    try:
        head = open_note_of_tree(checkpoint.note)
    except NoteRefused as error:
        raise LedgerRefuses(
            f"The checkpoint of size {checkpoint.size} does not hold. {error} Run ledger_verify. If the signing key was "
            "exchanged on purpose, name the former one in LEDGER_RETIRED_KEYS, with the last size it signed."
        ) from error
    if (head.size, head.root, head.time) != (checkpoint.size, bytes(checkpoint.root), checkpoint.time):
        raise LedgerRefuses(
            f"The checkpoint of size {checkpoint.size} differs from the note it stores: run ledger_verify."
        )
    return head
