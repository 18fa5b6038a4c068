"""A PostgreSQL server of one's own. To end a session with SIGKILL is to end all of a server's: it may be nobody else's."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psycopg

DATABASE = "training_faults"
MEMORY, ROOM = Path("/dev/shm"), 2**30
PATIENCE = 120.0  # seconds
MISSING = "not run: no initdb is found for a PostgreSQL server of its own"


@dataclass(frozen=True)
class Cluster:
    """A running server with one migrated database."""

    url: str

    def kill_a_session(self, random: Random) -> bool:
        """End one of the sessions in the database with SIGKILL; the server then ends the others and recovers from its log."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(psycopg.OperationalError, ProcessLookupError), psycopg.connect(self.url) as session:
                query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid() ORDER BY pid"
                pids = [row[0] for row in session.execute(query, [DATABASE])]
                if pids:
                    os.kill(random.choice(pids), signal.SIGKILL)
                    return True
            time.sleep(0.02)
        return False


def programs() -> Path | None:
    """Return the folder of the server's programs, the newest where there are several."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return folders[-1].parent if folders else None


@contextmanager
def cluster(template: str) -> Iterator[Cluster]:
    """Start a server that keeps its promises (fsync on) with a copy of the database at the address ``template``."""
    bin_ = programs()
    if bin_ is None:
        raise RuntimeError(MISSING)
    # In memory where there is room: processes are killed here, not the machine, and recovery begins by flushing every file it has.
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="faults-postgresql-", dir=MEMORY if roomy else None))
    owner = _other_than_root()
    if owner:
        shutil.chown(folder, owner["user"], owner["group"])
    data = folder / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"postgresql://postgres@127.0.0.1:{port}/{DATABASE}"
    making = [
        str(bin_ / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "--auth=trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    subprocess.run(making, check=True, stdout=subprocess.DEVNULL, cwd=folder, **owner)
    serving = [str(bin_ / "postgres"), "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    serving += ["-c", f"unix_socket_directories={folder}", "-c", "log_min_messages=log"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(serving, stdout=log, stderr=log, cwd=folder, **owner)
    try:
        _fill(url, template, bin_)
        yield Cluster(url)
    finally:
        server.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _other_than_root() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            who = pwd.getpwnam(name)
            return {"user": name, "group": who.pw_gid, "extra_groups": []}
    return {}


def _fill(url: str, template: str, bin_: Path) -> None:
    for _ in range(300):
        try:
            psycopg.connect(url.replace(DATABASE, "postgres"), autocommit=True).execute(f"CREATE DATABASE {DATABASE}")
            break
        except psycopg.OperationalError:
            time.sleep(0.1)
    with tempfile.NamedTemporaryFile() as dump:
        subprocess.run([str(bin_ / "pg_dump"), "-Fc", "-Z0", "-f", dump.name, template], check=True)
        subprocess.run([str(bin_ / "pg_restore"), "--no-owner", "-d", url, dump.name], check=True)
