"""Harm to a log of 300 entries: a byte changed in every row of every column and all along every file, and whether it is named.

Runs in a process of its own on a fresh SQLite database. ``make test`` does a sample of the same: ``tests/cpd_records/test_ledger_harm.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

WORKER = """
import json, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)

from django.db import transaction
from tests.cpd_records.harm import a_log, do_harm, unknown_columns

block = transaction.atomic()
block._from_testcase = True
with block:
    with a_log():
        outcome = do_harm(int(sys.argv[1]) if sys.argv[1:] else None)
    transaction.set_rollback(True)
places = {}
for harm in outcome.harms:
    counted = places.setdefault(harm.where, {"done": 0, "found": 0, "refused": 0})
    counted["done"] += 1
    counted["found"] += harm.is_found is True
    counted["refused"] += harm.is_found is None
unseen = [[harm.where, harm.how, list(harm.kinds)] for harm in outcome.unseen]
print(json.dumps({"places": places, "unseen": unseen, "unknown": unknown_columns()}))
"""


def run(sample: int | None = None) -> dict[str, Any]:
    """Do all harm (or to a sample of rows) and return a row for each place; ``unseen`` and ``unknown`` are empty as it should be."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "VAR_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/harm.sqlite3",
            "DJANGO_SETTINGS_MODULE": "training_site.settings",
        }
        command = [sys.executable, "-c", WORKER, *([str(sample)] if sample else [])]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    said = json.loads(done.stdout.strip().splitlines()[-1])
    rows = [{"place": place, **counted} for place, counted in said["places"].items()]
    return {
        "rows": rows,
        "unseen": said["unseen"],
        "unknown": said["unknown"],
        "seconds": round(time.monotonic() - began),
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if sys.argv[1:] else None), indent=1))
