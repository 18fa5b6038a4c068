"""Holding the ledger to the newest checkpoint kept outside its database, before anything more is signed.

The database knows what it signed, unless it was restored from a backup, cut back or copied: then it would sign a second history under
the same key. Outside it, the newest signed note is kept after each seal. The sealer signs only where that note is of its own tree, and
where the note of its last checkpoint is kept; so at most one checkpoint is ever signed that nothing outside holds us to.
"""

from __future__ import annotations

import logging

from django.conf import settings

from cpd_records.ledger import keys, tree
from cpd_records.ledger.checkpoints import LedgerRefuses, TreeHead, last_checkpoint, open_note_of_tree
from cpd_records.ledger.kept import KeptUnreadable, keep_newest, newest_kept, newest_name, other_logs_kept
from cpd_records.ledger.notes import NoteRefused
from cpd_records.ledger.tiles import TilesBroken, tile_source
from cpd_records.models import Checkpoint, SealedPlace

logger = logging.getLogger(__name__)
WAY_ON = "Nothing was signed. Do as 'After a restore' in docs/operations.md says."


def hold_to_kept(last: Checkpoint | None) -> None:
    """Raise ``LedgerRefuses`` unless the newest note kept outside is of this tree, whose last checkpoint is ``last``.

    Call as the only sealer, before anything is placed. A last checkpoint whose note is not kept yet (the sealer was killed, the disk was
    full) is kept first.
    """
    origin, leaf = keys.origin(), first_leaf()
    try:
        note = None if leaf is None else newest_kept(origin, leaf)
        # Embedded databases come and go beside one folder, under a name that is nobody's: there another first leaf is another log.
        if note is None and not settings.EMBEDDED and other_logs_kept(origin):
            raise LedgerRefuses(
                f"Another log was signed under the name '{origin}', and its checkpoints are kept in the private storage; "
                f"this database does not go on from it. {WAY_ON}"
            )
    except KeptUnreadable as error:
        raise LedgerRefuses(f"{error} Nothing was signed. See that the private storage answers.") from error
    if leaf is None or last is None or note == last.note:
        return
    if note is not None:
        _refuse_another_history(note, last, newest_name(origin, leaf))
    if not last.note.startswith(f"{origin}\n"):
        return  # the log goes on under a new name: what is kept of the former one stays as it is
    try:
        keep_newest(last.note, leaf)
    except Exception as error:  # whatever a storage raises
        raise LedgerRefuses(
            f"The last checkpoint cannot be kept outside the database ({error}). Nothing more was signed. See that the private "
            "storage takes files."
        ) from error


def keep_last() -> None:
    """Keep the note of the last checkpoint outside the database; call after the commit. Where it fails, the next seal does it first."""
    last, leaf = last_checkpoint(), first_leaf()
    if last is None or leaf is None:
        return
    try:
        keep_newest(last.note, leaf)
    except Exception:
        logger.exception(
            "The newest checkpoint could not be kept outside the database; the next seal keeps it or refuses"
        )


def newest_by_name() -> dict[str, str]:
    """Return the newest note kept of this log by its name in the private storage; empty where none is. Raises ``KeptUnreadable``."""
    leaf, origin = first_leaf(), keys.origin()
    note = None if leaf is None else newest_kept(origin, leaf)
    return {} if leaf is None or note is None else {newest_name(origin, leaf): note}


def first_leaf() -> bytes | None:
    """Return the leaf hash of the log's first entry, by which one log is told from another; None before the first seal."""
    leaf = SealedPlace.objects.filter(index=0).values_list("leaf_hash", flat=True).first()
    return None if leaf is None else bytes(leaf)


def _refuse_another_history(note: str, last: Checkpoint, name: str) -> None:
    try:
        head = open_note_of_tree(note)
    except NoteRefused as error:
        raise LedgerRefuses(
            f"The newest checkpoint kept outside the database ({name}) does not hold. {error} Nothing was signed. Put the file back "
            "from a backup of the private storage, or move it away and write down who did it and why."
        ) from error
    which = f"A checkpoint of {head.size} entries was signed under this name on {head.time:%Y-%m-%d at %H:%M:%S} UTC ({name})"
    if head.size > last.size:
        raise LedgerRefuses(
            f"{which}, and this database has {last.size}: it is older than what was signed, as after a restore. {WAY_ON}"
        )
    if _root(head) != head.root:
        raise LedgerRefuses(f"{which}, and the first {head.size} entries here lead to another root. {WAY_ON}")


def _root(head: TreeHead) -> bytes:
    try:
        return tree.root(head.size, tile_source())
    except TilesBroken as error:
        raise LedgerRefuses(str(error)) from error
