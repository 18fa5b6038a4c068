"""The site as it is run in service, watched by something that starts again what has ended, as a process supervisor does."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import redis

from tests import services
from tests.faults.cluster import Cluster
from tests.faults.points import Orders

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120.0  # seconds after which something does not come back at all
BETWEEN_STARTS = 0.2


class Kept:
    """A process that is started again whenever it ends."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        self._is_stopping = False
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def kill(self, random: Random) -> None:
        """End it with SIGKILL: all of it, or one of the processes it made."""
        children = _children(self._process.pid)
        with contextlib.suppress(ProcessLookupError):
            if children and random.random() < 0.5:
                os.kill(random.choice(children), signal.SIGKILL)
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    def stop(self) -> None:
        self._is_stopping = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._keeper.join(timeout=20)

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def _keep(self) -> None:
        while not self._is_stopping:
            self._process.wait()
            if self._is_stopping:
                return
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # what it left behind
            time.sleep(BETWEEN_STARTS)
            self._process = self._start()


class World:
    """A process beside the site that makes attempts and tells what became of them, one JSON line each way."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.world"],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def ask(self, what: str, **about: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"what": what, **about}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"The world ended: see {self._log.name}")
        return json.loads(line)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(timeout=20)
        self._log.close()


@dataclass
class Service:
    """A running site: where it answers, what can be struck, and the world beside it."""

    port: int
    web: Kept
    worker: Kept
    world: World
    web_orders: Orders
    worker_orders: Orders
    var: Path
    cluster: Cluster | None

    def waits_until_it_answers(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"The site did not answer within two minutes.\n{self.tells()}")

    def tells(self) -> str:
        """Return the last words of each process."""
        return "\n".join(f"{log.name}\n{log.read_text()[-1500:]}" for log in sorted(self.var.glob("*.log")))


@contextlib.contextmanager
def service(database: str, *, cluster: Cluster | None = None) -> Iterator[Service]:
    """Start a site on the migrated database at this address: embedded on SQLite, grown up on PostgreSQL."""
    is_grown_up = not database.startswith("sqlite")
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        var = Path(folder)
        for built in ("build", "static"):
            (var / built).symlink_to(ROOT / "var" / built)
        prefix = f"training-faults-{os.getpid()}"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": database,
            "VAR_DIR": folder,
            "SITE_ADDRESS": f"http://127.0.0.1:{port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "WORK_LEASE_SECONDS": "3",
            "FAULTS_FOLDER": folder,
        }
        if kept := os.environ.get("PYTHONPYCACHEPREFIX"):
            environment["PYTHONPYCACHEPREFIX"] = kept
        if is_grown_up:
            environment |= {"REDIS_URL": services.REDIS, "REDIS_PREFIX": prefix, "CELERY_BROKER_URL": services.REDIS}
        processes: list[Kept | World] = []

        def keeps(name: str, *command: str) -> Kept:
            kept = Kept([*command], {**environment, "FAULTS_PROCESS": name}, var / f"{name}.log")
            processes.append(kept)
            return kept

        try:
            world = World(environment, var / "world.log")
            processes.append(world)
            world.ask("keys")  # made once, before several would make them
            web = keeps("web", *_web(port, is_grown_up))
            if is_grown_up:
                celery = (sys.executable, "-m", "celery", "-A", "training_site")
                keeps("beat", *celery, "beat", "-s", str(var / "beat"), "--max-interval", "1")
                worker = keeps("worker", *celery, "worker", "--queues", "celery", "--concurrency", "1")
            else:
                worker = keeps("worker", sys.executable, "manage.py", "sweep")
            running = Service(port, web, worker, world, Orders(var, "web"), Orders(var, "worker"), var, cluster)
            running.waits_until_it_answers()
            yield running
        finally:
            for process in processes:
                process.stop()
            if is_grown_up:
                store = redis.Redis.from_url(services.REDIS)
                for key in store.scan_iter(f"*{prefix}*"):
                    store.delete(key)


def _web(port: int, is_grown_up: bool) -> list[str]:
    size = ["--workers=2", "--threads=4", "--preload"] if is_grown_up else ["--workers=1", "--threads=8"]
    gunicorn = str(Path(sys.executable).parent / "gunicorn")
    return [gunicorn, "training_site.wsgi", f"--bind=127.0.0.1:{port}", *size, "--log-level=warning", "--timeout=60"]


def _children(pid: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
