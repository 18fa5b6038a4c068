"""Intakes: a board of 260, and a force of 5,000 recruits in 20 intakes with their reports. Queries, CPU, bytes.

The recruits are written through the product's own verbs into a PostgreSQL database that is dropped afterwards. Pages and files are asked
through Django's test client: all of the middleware and templates, no HTTP; CPU is that of the process and of its database session.
``BENCH_RECRUITS=5000 BENCH_INTAKES=20 BENCH_BOARD=260`` are the defaults; ``BENCH_TURNS`` says how often each is asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.server import ROOT, administer
from tests.services import POSTGRESQL

DATABASE = "training_bench_intakes"


def run() -> dict[str, Any]:
    """Write the force, ask each page, drop it, and return the rows."""
    with tempfile.TemporaryDirectory() as var:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "training_site.settings",
            "DATABASE_URL": POSTGRESQL.rsplit("/", 1)[0] + f"/{DATABASE}",
            "VAR_DIR": var,
            "SITE_ADDRESS": "http://localhost",
        }
        administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        administer(f'CREATE DATABASE "{DATABASE}"')
        try:
            if (ROOT / "var" / "build").exists():
                Path(var, "build").symlink_to(ROOT / "var" / "build")
            for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
                subprocess.run([sys.executable, "manage.py", *command], env=environment, cwd=ROOT, check=True)
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.intake_acts"],
                env=environment,
                cwd=ROOT,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
        finally:
            administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    rows: list[dict[str, Any]] = json.loads(done.stdout.strip().splitlines()[-1])
    return {"rows": rows}
