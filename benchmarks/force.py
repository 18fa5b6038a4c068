"""A whole force: boards, records, currency, reminders and imports, at two sizes, so that growth is seen.

Each size has a PostgreSQL database of its own, written by ``manage.py populate`` and dropped afterwards. Every act runs in a process of
its own, so that its memory is its own; CPU is that of the process and of its database session. Pages are asked through Django's test
client: all of the middleware and templates, no HTTP. ``BENCH_OFFICERS=4500,45000 BENCH_YEARS=10 BENCH_IMPORT_ROWS=50000
BENCH_COMPLETIONS=5000`` are the defaults.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.force_acts import ACTS
from benchmarks.server import ROOT, administer
from tests.services import POSTGRESQL

SEED = 1
# Of one force; what a budget is not named for stands without one. Milliseconds at the 95th percentile, else seconds.
BUDGETS = {
    "board, everybody": "300 ms p95",
    "board, 300": "60 ms p95",
    "currency as at a day": "10 ms p95",
    "rebuild": "30 s",
}


def run() -> dict[str, Any]:
    sizes = [int(size) for size in os.environ.get("BENCH_OFFICERS", "4500,45000").split(",")]
    years = int(os.environ.get("BENCH_YEARS", "10"))
    chosen = [act.strip() for act in os.environ["BENCH_ACTS"].split(";")] if os.environ.get("BENCH_ACTS") else ACTS
    rows: list[dict[str, Any]] = []
    for officers in sizes:
        with _force(officers, years) as (environment, populated):
            rows.append({"officers": officers, "years": years, "act": "populate", **populated})
            for act in chosen:
                found = _measured(act, environment)
                rows.append(
                    {"officers": officers, "years": years, "act": act, **found, "budget": BUDGETS.get(act, "–")}
                )
                sys.stderr.write(f"{officers:,} officers: {act}: {found}\n")
    return {"rows": rows, "growth": _growth(rows, sizes)}


def _growth(rows: list[dict[str, Any]], sizes: list[int]) -> dict[str, float]:
    """Return how many times the CPU of the smallest force the largest takes, by act."""
    cpu = {(row["act"], row["officers"]): row["cpu s"] for row in rows if row.get("cpu s")}
    return {
        act: round(cpu[act, sizes[-1]] / cpu[act, sizes[0]], 2)
        for act in ACTS
        if len(sizes) > 1 and (act, sizes[0]) in cpu and (act, sizes[-1]) in cpu
    }


@contextlib.contextmanager
def _force(officers: int, years: int) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Write a force into a database of its own, yield the environment and what it took; drop it afterwards unless it is to be kept."""
    keep = os.environ.get("BENCH_KEEP") == "1"
    name = f"training_bench_{officers}_{years}"
    with contextlib.nullcontext(ROOT / "var" / "bench" / name) if keep else tempfile.TemporaryDirectory() as place:
        var = Path(place)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "training_site.settings",
            "DATABASE_URL": POSTGRESQL.rsplit("/", 1)[0] + f"/{name}",
            "VAR_DIR": str(var),
            "SITE_ADDRESS": "http://localhost",
        }
        written = var / "populated.json"
        try:
            if not written.exists():
                administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                administer(f'CREATE DATABASE "{name}"')
                var.mkdir(parents=True, exist_ok=True)
                taken = _written(var, environment, officers, years)
                written.write_text(json.dumps(taken))
            _prepare(var, environment)
            yield environment, json.loads(written.read_text())
        finally:
            if not keep:
                administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _written(var: Path, environment: dict[str, str], officers: int, years: int) -> dict[str, Any]:
    """Write the force and return what it took."""
    _prepare(var, environment)
    begun = time.monotonic()
    said = _manage(
        ["populate", f"--officers={officers}", f"--years={years}", f"--seed={SEED}"], environment
    ).splitlines()[-1]
    return {
        "rows": int(said.split(" and ")[1].split(" ")[0].replace(",", "")),
        "seconds": round(time.monotonic() - begun, 1),
    }


def _prepare(var: Path, environment: dict[str, str]) -> None:
    """Bring database and static files to what the code is now."""
    build = var / "build"
    if build.is_symlink():
        build.unlink()
    if (ROOT / "var" / "build").exists() and not build.exists():
        build.symlink_to(ROOT / "var" / "build")
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        _manage(command, environment)


def _manage(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()


def _measured(act: str, environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.force_acts", act],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
