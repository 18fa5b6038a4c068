"""Test databases restored from a migrated template: a file copy on SQLite, ``CREATE DATABASE … TEMPLATE`` on PostgreSQL.

The template is made once for each state of the migrations; every worker has its own copy. Transactional tests get a fresh copy
afterwards instead of a flush, because the ledger's triggers refuse to empty its tables, as they should.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection, connections

from tests.settings import ROOT, TEST_POSTGRESQL, TEST_VAR, VENDOR

TEMPLATES = ROOT / "var" / "test" / "templates"


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


def template() -> str | Path:
    """Return the template, making it first where the migrations have changed."""
    if VENDOR == "postgresql":
        return postgresql_template()
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


def restore() -> None:
    """Replace this worker's database by a fresh copy of the template."""
    connections.close_all()
    source = template()
    if VENDOR == "postgresql":
        name = settings.DATABASES["default"]["NAME"]
        administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        with _one_at_a_time("postgresql-copy"):
            administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
        return
    target = Path(settings.DATABASES["default"]["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    # A new file takes the old one's place: another thread's connection may still hold the old one open.
    fresh = target.with_name("fresh.sqlite3")
    shutil.copyfile(source, fresh)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    fresh.replace(target)


def drop() -> None:
    """Remove this worker's database and folder."""
    connections.close_all()
    if VENDOR == "postgresql":
        administer(f'DROP DATABASE IF EXISTS "{settings.DATABASES["default"]["NAME"]}" WITH (FORCE)')
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
