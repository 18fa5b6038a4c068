"""The grown-up site for a benchmark: PostgreSQL, Redis where it answers, gunicorn with two processes; and what it costs in CPU."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.services import POSTGRESQL, REDIS, has_redis

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "training_bench"


@dataclass
class Site:
    """A running site: its port, its process, and the environment its commands run in."""

    port: int
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def command(self, code: str) -> dict[str, Any]:
        """Run Python code inside the project; its last printed line is JSON and is returned."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer

    def cpu_seconds(self) -> dict[int, float]:
        """Return user and system seconds so far of the web processes and of their database sessions, by process."""
        pids = [self.process.pid, *_children(self.process.pid)]
        with psycopg.connect(POSTGRESQL) as session:
            rows = session.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [DATABASE]).fetchall()
        pids += [row[0] for row in rows]
        return {pid: process_cpu_seconds(pid) for pid in pids}

    def cpu_seconds_since(self, before: dict[int, float]) -> float:
        """Return the seconds spent since ``cpu_seconds`` answered ``before``; a process that has come since counts whole."""
        return sum(max(seconds - before.get(pid, 0.0), 0.0) for pid, seconds in self.cpu_seconds().items())


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(FileNotFoundError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found


def process_cpu_seconds(pid: int) -> float:
    # The clock of another process, as clock_getcpuclockid(3) names it: nanoseconds, where /proc counts hundredths of a second, which
    # made a trivial view a tenth dearer or cheaper, and with it every multiple.
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def administer(statement: str) -> None:
    with psycopg.connect(POSTGRESQL, autocommit=True) as session:
        session.execute(statement)  # type: ignore[arg-type]


@contextlib.contextmanager
def site(*, processes: int = 2, threads: int = 4) -> Iterator[Site]:
    """Start a site on a database of its own with the catalogue and the demonstration people; stop and drop it afterwards."""
    administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    administer(f'CREATE DATABASE "{DATABASE}"')
    with tempfile.TemporaryDirectory() as var:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "training_site.settings",
            "DATABASE_URL": POSTGRESQL.rsplit("/", 1)[0] + f"/{DATABASE}",
            "VAR_DIR": var,
            "SITE_ADDRESS": "http://127.0.0.1",
            "ALLOWED_HOSTS": "127.0.0.1",
            # A session that ends while it is measured would take its figures with it.
            "DATABASE_CONN_MAX_AGE": "3600",
        }
        if has_redis():
            environment |= {"REDIS_URL": REDIS, "REDIS_PREFIX": "training-bench"}
        Path(var, "build").symlink_to(ROOT / "var" / "build")
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["create_demo"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                env=environment,
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        port = _free_port()
        process = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "gunicorn"),
                "training_site.wsgi",
                f"--bind=127.0.0.1:{port}",
                f"--workers={processes}",
                f"--threads={threads}",
                "--log-level=warning",
                "--preload",
            ],
            env=environment,
            cwd=ROOT,
        )
        try:
            _wait_for(port)
            yield Site(port, process, environment)
        finally:
            process.terminate()
            process.wait(timeout=20)
            administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("The site did not start within twenty seconds.")
