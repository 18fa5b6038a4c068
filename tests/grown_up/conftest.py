"""The grown-up parts: real PostgreSQL, real Redis, real Celery processes. Absent, these tests say so; with CI=true they fail."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from tests import databases, services
from tests.settings import ROOT, WORKER

NAME = f"training_grown_up_{WORKER}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent.name == "grown_up":
            item.add_marker(pytest.mark.services)


@dataclass
class GrownUp:
    """A grown-up site's environment and the processes started in it."""

    environment: dict[str, str]
    var: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def does(self, code: str) -> Any:
        """Run Python inside the project in a process of its own; its last printed line is JSON and is returned."""
        done = subprocess.run(
            [sys.executable, "-c", f"import json, django; django.setup()\n{code}"],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def starts(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a Celery process in a group of its own."""
        log = (self.var / f"celery-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "training_site", *arguments],
            env=self.environment,
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def kills(self, process: subprocess.Popen[bytes]) -> None:
        """End a process and its children with SIGKILL."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def asks(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database directly."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as session:
            return session.execute(query, values).fetchall()  # type: ignore[arg-type]

    def waits_until(self, true: Callable[[], Any], *, what: str, pause: float = 0.2, turns: int = 300) -> Any:
        """Ask again and again until the answer is true, and return it; fail with ``what`` when it never is."""
        for _ in range(turns):
            answer = true()
            if answer:
                return answer
            time.sleep(pause)
        logs = "\n".join(log.read_text()[-2000:] for log in sorted(self.var.glob("celery-*.log")))
        pytest.fail(f"Waited in vain until {what}.\n{logs}")


@pytest.fixture
def grown_up(tmp_path: Path) -> Iterator[GrownUp]:
    missing = [
        name for name, has in (("PostgreSQL", services.has_postgresql), ("Redis", services.has_redis)) if not has()
    ]
    if missing:
        sentence = f"not run: {' and '.join(missing)}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    template = databases.postgresql_template()
    databases.administer(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
    databases.administer(f'CREATE DATABASE "{NAME}" TEMPLATE "{template}" STRATEGY wal_log')
    prefix = f"training-{WORKER}"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "training_site.settings",
        "DATABASE_URL": services.POSTGRESQL.rsplit("/", 1)[0] + f"/{NAME}",
        "REDIS_URL": services.REDIS,
        "REDIS_PREFIX": prefix,
        "CELERY_BROKER_URL": services.REDIS,
        "WORK_LEASE_SECONDS": "3",
        "VAR_DIR": str(tmp_path / "var"),
    }
    if kept := os.environ.get("PYTHONPYCACHEPREFIX"):
        environment["PYTHONPYCACHEPREFIX"] = kept
    site = GrownUp(environment, tmp_path)
    yield site
    for process in site.processes:
        site.kills(process)
    databases.administer(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
    store = redis.Redis.from_url(services.REDIS)
    for key in store.scan_iter(f"*{prefix}*"):
        store.delete(key)
