"""A process that reads ranges of the ledger for the one that verifies; begun by ``processes`` and by nothing else."""

from __future__ import annotations

import traceback
from multiprocessing.connection import Connection

from django.db import connection

from cpd_records.verification.blocks import read_blocks
from cpd_records.verification.published import PublishedFiles
from cpd_records.verification.steady import steady_view


def serve(pipe: Connection, files: PublishedFiles, database: str, snapshot: str) -> None:
    """Answer each range that comes through the pipe with its blocks, as the exported view has them, until the pipe ends."""
    try:
        connection.settings_dict["NAME"] = database
        with steady_view(snapshot):
            while True:
                pipe.send((list(read_blocks(pipe.recv(), files)), None))
    except (EOFError, BrokenPipeError):
        return
    except Exception:
        pipe.send(([], traceback.format_exc()))
