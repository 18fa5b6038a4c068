"""The stand-alone verifier as a stranger has it: one file, run by itself; or its module, where a thousand forgeries are to be tried."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from cpd_records.ledger.keys import verifier_keys
from tests.cpd_records import ledger_by_hand as by_hand

VERIFIER = Path(__file__).parents[2] / "docs" / "verifier" / "verify_ledger.py"
_spec = importlib.util.spec_from_file_location("stand_alone_verifier", VERIFIER)
assert _spec is not None
assert _spec.loader is not None
verifier: Any = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = verifier
_spec.loader.exec_module(verifier)

STRANGER = by_hand.verifier_key(
    "force.example/ledger",
    by_hand.Ed25519PrivateKey.from_private_bytes(b"\x07" * 32).public_key().public_bytes_raw(),
)


def our_key() -> str:
    return str(verifier_keys()[0])


@dataclass(frozen=True)
class Said:
    """What the verifier printed and how it ended."""

    status: int
    words: str
    complaint: str

    @property
    def json(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.words)
        return said

    @property
    def failed(self) -> set[str]:
        """The names of the checks that fail; of an answer asked for with ``--json``."""
        return {check["name"] for check in self.json["checks"] if not check["ok"]}


def run_verifier(*arguments: object) -> Said:
    """Run the file by itself, in isolated mode: nothing of this project can be imported by it."""
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


def failed_in(report: Any) -> set[str]:
    """The names of the checks that fail in a report made in this process."""
    return {check["name"] for check in report.checks if not check["ok"]}


def changed_at(data: bytes, place: int, flip: int = 1) -> bytes:
    """Return data with bits of one byte turned over."""
    return data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :]


@contextmanager
def undone(blocker: Any) -> Iterator[None]:
    """Let a module's fixture write to the database, and undo what it wrote. ``blocker`` is pytest-django's ``django_db_blocker``."""
    block = transaction.atomic()
    block._from_testcase = True  # as Django's own test cases say it, so that a durable block may stand inside
    with blocker.unblock(), block:
        yield
        transaction.set_rollback(True)
