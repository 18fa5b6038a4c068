"""A ledger of a whole force: sealing, full verification, tiles, proofs and one person's answer, at sizes a power of ten apart.

Each size has a PostgreSQL database of its own, dropped afterwards. It is loaded in bulk by ``cpd_records.ledger.history``: the rows that
the two verbs would have written, so that ``ledger_verify`` passes over every one of them. 45,000 people, or so many that each has 280
entries. Every act runs in a process of its own, so that its memory is its own; CPU is that of the process and of its database session.

``--entries N`` ends with another size than 12,600,000; the sizes before it are 100,000, 1,000,000 and 10,000,000 where they are
smaller. ``BENCH_LEDGER_SIZES=100000,12600000`` names them instead. The largest needs some 20 GB of room beside the database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.ledger_acts import ACTS
from benchmarks.server import ROOT, administer
from tests.services import POSTGRESQL

ENTRIES = 12_600_000
SMALLER = (100_000, 1_000_000, 10_000_000)
# Milliseconds at the 95th percentile, for every size.
BUDGETS = {
    "tile, later": 5.0,
    "proof": 20.0,
    "as at a day": 25.0,
    "currency as at a day": 10.0,
}


def run(entries: int = ENTRIES) -> dict[str, Any]:
    """Measure every act at every size; ``growth`` is how many times the smallest size's figure the largest takes."""
    named = os.environ.get("BENCH_LEDGER_SIZES")
    sizes = [int(size) for size in named.split(",")] if named else [*(s for s in SMALLER if s < entries), entries]
    rows: list[dict[str, Any]] = []
    for size in sizes:
        rows += _measured(size)
    return {"rows": rows, "growth": _growth(rows, sizes), "wanting": _wanting(rows)}


def _measured(size: int) -> list[dict[str, Any]]:
    name = f"training_bench_ledger_{size}"
    with tempfile.TemporaryDirectory() as var:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "training_site.settings",
            "DATABASE_URL": POSTGRESQL.rsplit("/", 1)[0] + f"/{name}",
            "VAR_DIR": var,
            "SITE_ADDRESS": "http://localhost",
        }
        try:
            administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            administer(f'CREATE DATABASE "{name}"')
            _run([sys.executable, "manage.py", "migrate", "-v0"], environment)
            rows = []
            for act in ACTS:
                command = [sys.executable, "-m", "benchmarks.ledger_acts", act, str(size)]
                found = json.loads(_run(command, environment).splitlines()[-1])
                rows.append({"entries": size, "act": act, **found})
                sys.stderr.write(f"{size:,} entries: {act}: {found}\n")
            return rows
        finally:
            administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def _growth(rows: list[dict[str, Any]], sizes: list[int]) -> dict[str, float]:
    """Return the largest size's figure over the smallest's: seconds for an entry where a rate was measured, else of a turn."""
    found: dict[str, float] = {}
    for act in ACTS:
        of_act = {row["entries"]: row for row in rows if row["act"] == act}
        first, last = of_act[sizes[0]], of_act[sizes[-1]]
        if "entries/s" in first:
            found[act] = round(first["entries/s"] / last["entries/s"], 2)
        else:
            found[act] = round(last["p50 ms"] / first["p50 ms"], 2)
    return found


def _wanting(rows: list[dict[str, Any]]) -> list[str]:
    wanting = [
        f"{row['act']} at {row['entries']:,} entries takes {row['p95 ms']} ms at the 95th percentile, {BUDGETS[row['act']]} are allowed."
        for row in rows
        if row["act"] in BUDGETS and row["p95 ms"] > BUDGETS[row["act"]]
    ]
    unsound = [row for row in rows if row["act"] == "verify" and not row["ok"]]
    return wanting + [f"The ledger of {row['entries']:,} entries does not verify." for row in unsound]


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if sys.argv[1:] else ENTRIES), indent=1))
