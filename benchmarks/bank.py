"""A bank of 50,000 questions: the list, its search and every filter, a draw, a question's page, a change of law. On both databases.

The bank is written in bulk from a fixed seed into a PostgreSQL database that is dropped afterwards, and into a SQLite file. Pages are
asked through Django's test client: all of the middleware and templates, no HTTP. ``BENCH_QUESTIONS=50000`` is the default;
``BENCH_TURNS`` says how often each is asked.
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

DATABASE = "training_bench_bank"


def run() -> dict[str, Any]:
    """Write the bank into each database, ask each page, and return the rows of both."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-bank-") as folder:
        rows += _on("SQLite", f"sqlite:///{folder}/bench.sqlite3")
    administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    administer(f'CREATE DATABASE "{DATABASE}"')
    try:
        rows += _on("PostgreSQL", POSTGRESQL.rsplit("/", 1)[0] + f"/{DATABASE}")
    finally:
        administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    return {"rows": rows}


def _on(database: str, address: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as var:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "training_site.settings",
            "DATABASE_URL": address,
            "VAR_DIR": var,
            "SITE_ADDRESS": "http://localhost",
            "LOG_LEVEL": "ERROR",
        }
        for name in ("PRODUCTION", "REDIS_URL", "CELERY_BROKER_URL", "S3_BUCKET", "DEBUG"):
            environment.pop(name, None)
        if (ROOT / "var" / "build").exists():
            Path(var, "build").symlink_to(ROOT / "var" / "build")
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], env=environment, cwd=ROOT, check=True)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bank_acts"],
            env=environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    rows: list[dict[str, Any]] = json.loads(done.stdout.strip().splitlines()[-1])
    return [{"database": database, **row} for row in rows]
