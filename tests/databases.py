"""Test databases restored from a migrated template: a file copy on SQLite, ``CREATE DATABASE … TEMPLATE`` on PostgreSQL.

The template is made once for each state of the migrations; every worker has its own copy. Transactional tests get a fresh copy
afterwards instead of a flush, because the ledger's triggers refuse to empty its tables, as they should.

``python -m tests.databases`` makes the templates of both before the tests ask for them, side by side with whatever else runs.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests import services
from tests.settings import ROOT, TEST_POSTGRESQL, TEST_VAR, VENDOR

TEMPLATES = ROOT / "var" / "test" / "templates"
_copies = itertools.count(1)


@cache  # a run tests what stood there when it began
def _migration_files() -> dict[str, str]:
    """Return the digest of every migration file of ours, and of the locked dependencies, by name."""
    files = [ROOT / "requirements" / "dev.txt"]
    for app in ("people", "assessments", "cpd_records", "courses"):
        files += sorted((ROOT / app / "migrations").rglob("*.*"))
    return {
        str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.suffix in {".py", ".sql", ".txt"}
    }


def _state_of(files: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]


def _earlier_state(files: dict[str, str], vendor: str) -> str:
    """Return the state of an earlier template that only lacks some of today's migrations, the fullest first; '' where there is none.

    Migrating a copy of it runs the new ones alone, which takes a second instead of half a minute.
    """
    known = [json.loads(note.read_text()) for note in TEMPLATES.glob(f"*.{vendor}.json")]
    fitting = [earlier for earlier in known if earlier.items() < files.items()]
    return _state_of(max(fitting, key=len)) if fitting else ""


def _note(files: dict[str, str], vendor: str) -> None:
    (TEMPLATES / f"{_state_of(files)}.{vendor}.json").write_text(json.dumps(files))


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with (TEMPLATES / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        check=True,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "training_site.settings"},
    )


def administer(statement: str) -> None:
    """Run a statement on the server's own database, outside any transaction."""
    with psycopg.connect(TEST_POSTGRESQL, autocommit=True) as session:
        session.execute(statement)  # type: ignore[arg-type]


def _exists(name: str) -> bool:
    with psycopg.connect(TEST_POSTGRESQL) as session:
        return session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def postgresql_template() -> str:
    """Return the name of the migrated PostgreSQL template, making it first where the migrations have changed."""
    files = _migration_files()
    name = f"training_template_{_state_of(files)}"
    with _one_at_a_time("postgresql"):
        if not _exists(name):
            earlier = f"training_template_{_earlier_state(files, 'postgresql')}"
            source = earlier if _exists(earlier) else "template1"
            administer(f'DROP DATABASE IF EXISTS "{name}_making" WITH (FORCE)')
            administer(f'CREATE DATABASE "{name}_making" TEMPLATE "{source}"')
            _migrate(TEST_POSTGRESQL.rsplit("/", 1)[0] + f"/{name}_making")
            administer(f'ALTER DATABASE "{name}_making" RENAME TO "{name}"')
        _note(files, "postgresql")
    return name


def sqlite_template() -> Path:
    """Return the migrated SQLite file, making it first where the migrations have changed."""
    files = _migration_files()
    state = _state_of(files)
    file = TEMPLATES / f"{state}.sqlite3"
    with _one_at_a_time("sqlite"):
        if not file.exists():
            making = TEMPLATES / f"{state}.making"
            for old in TEMPLATES.glob("*.making*"):
                old.unlink()
            earlier = TEMPLATES / f"{_earlier_state(files, 'sqlite')}.sqlite3"
            if earlier.exists():
                shutil.copyfile(earlier, making)
            _migrate(f"sqlite:///{making}")
            making.rename(file)
        _note(files, "sqlite")
    return file


@cache
def template() -> str | Path:
    """Return the template of the database under test."""
    return postgresql_template() if VENDOR == "postgresql" else sqlite_template()


def _copy(name: str) -> None:
    """Make a database of this name from the template."""
    if VENDOR == "postgresql":
        administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        with _one_at_a_time("postgresql-copy"):
            administer(f'CREATE DATABASE "{name}" TEMPLATE "{template()}" STRATEGY wal_log')
    else:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(template(), name)


def _remove(name: str) -> None:
    if VENDOR == "postgresql":
        administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    else:
        for suffix in ("", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)


def restore() -> None:
    """Replace this worker's database by a fresh copy of the template.

    On SQLite the copy has a name of its own. Another thread, in the middle of answering a browser that has gone, may hold the old
    database or be opening it, and SQLite finds the two files beside a database by its name and later than the database itself: of two
    databases that had one name, each would read what the other wrote there, and call it a disk I/O error.
    """
    connections.close_all()
    chosen = connections.settings["default"]  # what the connection of every thread is opened by
    if VENDOR == "postgresql":
        _copy(chosen["NAME"])
        return
    number = next(_copies)
    name = str(TEST_VAR / f"test-{number}.sqlite3")
    _copy(name)
    chosen["NAME"] = name
    _remove(str(TEST_VAR / f"test-{number - 2}.sqlite3"))  # nobody is in the one before the last any more


@cache
def second() -> BaseDatabaseWrapper:
    """Return a connection to one more copy of the template, which this worker keeps beside its own until it ends."""
    chosen = dict(connections.settings["default"])
    chosen["NAME"] = f"{chosen['NAME']}_second" if VENDOR == "postgresql" else str(TEST_VAR / "second.sqlite3")
    _copy(chosen["NAME"])
    here = connections["default"]
    return type(here)(chosen, "default")


@contextmanager
def instead(of_it: BaseDatabaseWrapper) -> Iterator[None]:
    """Let another connection stand for this thread's own."""
    own = connections["default"]
    connections["default"] = of_it
    try:
        yield
    finally:
        connections["default"] = own


def address() -> str:
    """Return the address of the database this worker's tests use now, for a process of its own."""
    name = connections.settings["default"]["NAME"]
    return TEST_POSTGRESQL.rsplit("/", 1)[0] + f"/{name}" if VENDOR == "postgresql" else f"sqlite:///{name}"


def drop() -> None:
    """Remove this worker's databases and folder."""
    connections.close_all()
    if second.cache_info().currsize:
        second().close()
        _remove(second().settings_dict["NAME"])
    _remove(connections.settings["default"]["NAME"])
    shutil.rmtree(TEST_VAR, ignore_errors=True)


def triggers() -> set[str]:
    """Return the names of the triggers on this worker's database."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if VENDOR == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


if __name__ == "__main__":
    makers = [sqlite_template, *([postgresql_template] if services.has_postgresql() else [])]
    with ThreadPoolExecutor(len(makers)) as at_once:
        for made in [at_once.submit(maker) for maker in makers]:
            made.result()
    shutil.rmtree(TEST_VAR, ignore_errors=True)
