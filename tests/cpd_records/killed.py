"""A sealer in a process of its own that is killed at a chosen point: after each statement it sends, before and after each commit.

The process is a fork of this one, so that it has the same code, keys and database; it ends by SIGKILL, as the kernel ends one for want
of memory. What it leaves behind is the database's to undo.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any, NoReturn

from django.db import connection, connections

from cpd_records.ledger.sealing import SealOutcome, SealReport, seal_now

# Long enough for a database to notice that a session has gone.
PATIENCE = 20.0


def points_of_a_seal() -> int:
    """Seal in a process of its own and return at how many points it could have been killed."""
    reading, writing = os.pipe()

    def count(points: Points) -> None:
        os.write(writing, str(points.passed).encode())

    status = _in_a_process(lambda: _sealing(at=None, told=count))
    os.close(writing)
    with os.fdopen(reading) as file:
        said = file.read()
    if status or not said:
        raise RuntimeError(f"The sealer ended with {status} and said {said!r}.")
    return int(said)


def kill_a_sealer(at: int) -> bool:
    """Let a process seal and kill it at the point ``at``, from 0; return whether it got there."""
    status = _in_a_process(lambda: _sealing(at=at))
    if status and not os.WIFSIGNALED(status):
        raise RuntimeError(f"The sealer ended by itself with {status}.")
    return os.WIFSIGNALED(status)


def seal_in_the_end() -> SealReport:
    """Seal as the next sealer does, once the database has noticed that the last one is gone."""
    until = time.monotonic() + PATIENCE
    report = seal_now()
    while report.outcome is SealOutcome.ANOTHER and time.monotonic() < until:
        time.sleep(0.01)
        report = seal_now()
    return report


class Points:
    """Counts the points passed, and ends the process at one of them."""

    def __init__(self, at: int | None) -> None:
        self.passed = 0
        self._at = at

    def reach(self) -> None:
        if self.passed == self._at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed += 1

    def after_statement(self, execute: Callable[..., Any], *given: Any) -> Any:
        answer = execute(*given)
        self.reach()
        return answer


def _sealing(*, at: int | None, told: Callable[[Points], None] | None = None) -> None:
    points = Points(at)
    connection.ensure_connection()
    commit = connection._commit

    def around_commit() -> None:
        points.reach()
        commit()
        points.reach()

    connection._commit = around_commit
    points.reach()
    with connection.execute_wrapper(points.after_statement):
        # Another process on this machine may hold the lock for a moment: what was passed while it was asked for is counted anew.
        while seal_now().outcome is SealOutcome.ANOTHER:
            points.passed = 1
            time.sleep(0.01)
    if told is not None:
        told(points)


def _in_a_process(act: Callable[[], None]) -> int:
    """Run ``act`` in a fork and return how it ended; the database session of this process is not shared with it."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        _end_with(act)
    return os.waitpid(child, 0)[1]


def _end_with(act: Callable[[], None]) -> NoReturn:
    status = 1
    try:
        # Which connection is a thread's own depends on whether a loop runs in it, as one does after a browser was used, and no loop
        # survives a fork: the process would find one that was left on an earlier database.
        connections["default"] = connections.create_connection("default")
        act()
        status = 0
    finally:
        # Nothing of the process that forked is to be finished twice: no buffers, no fixtures.
        os._exit(status)
