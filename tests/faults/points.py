"""Named points: right before and right after each commit. An order, which is a file, says which commit of which process is struck and how.

Loaded only by ``tests.faults.settings``, and awake only in a process whose environment names it (``FAULTS_FOLDER``, ``FAULTS_PROCESS``).
"""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper

BEFORE, AFTER = "before", "after"
# What an order does: end the process, end its session in the database, or hold it until the line to its client is cut.
PROCESS, BACKEND, HOLD = "process", "backend", "hold"
LONGEST_HOLD = 30.0  # seconds


class Orders:
    """The orders to one process, or to several of one name, of which whichever commits first takes it."""

    def __init__(self, folder: Path, process: str) -> None:
        self._order = folder / f"{process}.order"
        self._struck = folder / f"{process}.struck"
        self._go = folder / f"{process}.go"
        self._mine = folder / f"{process}.{os.getpid()}"

    def give(self, point: str, fault: str, *, skip: int) -> None:
        """Order a fault at the commit after the next ``skip``."""
        self._struck.unlink(missing_ok=True)
        self._go.unlink(missing_ok=True)
        self._put({"point": point, "fault": fault, "skip": skip})

    def take_back(self) -> None:
        self._order.unlink(missing_ok=True)

    def is_struck(self) -> bool:
        return self._struck.exists()

    def let_go(self) -> None:
        """Let a process that is held go on."""
        self._go.touch()

    def take(self) -> dict[str, Any] | None:
        """Return the order if it is for this commit."""
        try:
            self._order.rename(self._mine)
        except FileNotFoundError:
            return None
        order: dict[str, Any] = json.loads(self._mine.read_text())
        self._mine.unlink()
        if not order["skip"]:
            return order
        self._put({**order, "skip": order["skip"] - 1})
        return None

    def strike(self, fault: str, connection: Any) -> None:
        """Carry an order out."""
        self._struck.touch()
        if fault == PROCESS:
            os.kill(os.getpid(), signal.SIGKILL)
        elif fault == BACKEND:
            os.kill(connection.connection.info.backend_pid, signal.SIGKILL)
        else:
            until = time.monotonic() + LONGEST_HOLD
            while not self._go.exists() and time.monotonic() < until:
                time.sleep(0.005)

    def _put(self, order: dict[str, Any]) -> None:
        written = self._mine.with_suffix(".new")
        written.write_text(json.dumps(order))
        with suppress(FileNotFoundError):
            written.rename(self._order)


class Points(AppConfig):
    """Watches the commits of a process that may be struck."""

    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        folder, process = os.environ.get("FAULTS_FOLDER"), os.environ.get("FAULTS_PROCESS")
        if folder and process:
            watch_commits(Path(folder), process)


def watch_commits(folder: Path, process: str) -> None:
    commit = BaseDatabaseWrapper._commit

    def struck_commit(self: BaseDatabaseWrapper) -> None:
        orders = Orders(folder, process)
        order = orders.take()
        if order and order["point"] == BEFORE:
            orders.strike(order["fault"], self)
        commit(self)
        if order and order["point"] == AFTER:
            orders.strike(order["fault"], self)

    BaseDatabaseWrapper._commit = struck_commit  # type: ignore[method-assign]
