"""The whole log as files for whoever checks it: the addresses below ``/ledger/`` as a folder, and every checkpoint ever signed.

    checkpoint            the last one, as served
    checkpoints.jsonl     all of them, the oldest first, a note as a JSON text on each line
    key                   the verifier keys, a line each; whoever checks takes them from elsewhere
    tile/…                tiles and entry bundles of the last checkpoint's size

No byte of it says anything about a person, so it may be given to anybody and served by any web server.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.publishing import TileName, read_tile
from cpd_records.ledger.tiles import WIDTH
from cpd_records.models import Checkpoint


class NothingToExport(Exception):
    """There is no checkpoint yet, or the folder is taken; the message is a sentence."""


def export_log(folder: Path) -> int:
    """Write the log as last signed into ``folder``, which is made or empty, and return its size in entries.

    ``checkpoint`` is written last: a folder without it was not finished. Raises ``NothingToExport``, ``OSError`` where the disk refuses,
    and ``NoSuchTile`` where the tiles are not what the checkpoint covers (``ledger_verify`` says more).
    """
    last = last_checkpoint()
    if last is None:
        raise NothingToExport("Nothing is sealed yet, so there is no log to export. Run ledger_seal.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NothingToExport(f"{folder} is there already and not an empty folder. Name a new one.")
    folder.mkdir(parents=True, exist_ok=True)
    for name in tiles_of(last.size):
        file = folder / "tile" / name.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(read_tile(name))
    with (folder / "checkpoints.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
        notes = Checkpoint.objects.filter(time__lte=last.time).order_by("time").values_list("note", flat=True)
        for note in notes.iterator():
            lines.write(json.dumps(note, ensure_ascii=False) + "\n")
    keys = "".join(f"{key}\n" for key in verifier_keys())
    (folder / "key").write_text(keys, encoding="utf-8", newline="\n")
    (folder / "checkpoint").write_text(last.note, encoding="utf-8", newline="\n")
    return last.size


def tiles_of(size: int) -> Iterator[TileName]:
    """Yield every tile and bundle of a log of ``size`` entries: the full ones of each level and the one that is not full."""
    level: int | None
    for level, count in [(None, size), *_hashes_on_levels(size)]:
        full, rest = divmod(count, WIDTH)
        for number in range(full):
            yield TileName(level, number)
        if rest:
            yield TileName(level, full, rest)


def _hashes_on_levels(size: int) -> Iterator[tuple[int, int]]:
    level, count = 0, size
    while count:
        yield level, count
        level, count = level + 1, count // WIDTH
