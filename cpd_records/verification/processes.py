"""Ranges of the ledger read by several processes at once, each with a session of its own in the same view of the database.

PostgreSQL exports the view of the transaction that verifies (``pg_export_snapshot``), so every process sees the entries that one sees,
whatever is written meanwhile. A process ends when its pipe does: where the one that verifies is killed, no session stays behind.

They are plain processes, begun as this module, because the one that verifies at night is a worker of Celery: those are daemonic, and
``multiprocessing`` lets no daemonic process have children.
"""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection, Pipe
from typing import TYPE_CHECKING, Any

import django
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from cpd_records.verification.blocks import Block, Range
    from cpd_records.verification.published import PublishedFiles

# So many ranges each process is given ahead, that none waits for the one that builds the tree.
AHEAD = 2


class ReadingFailed(Exception):
    """A process could not read its range; the message says why."""


def read_in_processes(
    ranges: Iterator[Range], files: PublishedFiles, *, processes: int, database: str, snapshot: str
) -> Generator[tuple[Range, list[Block]]]:
    """Yield each range with its blocks, in the order of the ranges; they are asked for no further ahead than they are read."""
    with ExitStack() as stack:
        pipes = [stack.enter_context(_process(files, database, snapshot)) for _number in range(processes)]
        asked: deque[tuple[Connection, Range]] = deque()
        for number in range(AHEAD * processes):
            _ask(asked, pipes[number % processes], ranges)
        while asked:
            pipe, wanted = asked.popleft()
            blocks = _answer(pipe)
            _ask(asked, pipe, ranges)
            yield wanted, blocks


def _ask(asked: deque[tuple[Connection, Range]], pipe: Connection, ranges: Iterator[Range]) -> None:
    wanted = next(ranges, None)
    if wanted is not None:
        _send(pipe, wanted)
        asked.append((pipe, wanted))


def _send(pipe: Connection, what: Any) -> None:
    # A process that is gone is told of where its answer is missed.
    with suppress(BrokenPipeError, ConnectionResetError):
        pipe.send(what)


def _answer(pipe: Connection) -> list[Block]:
    try:
        blocks, failure = pipe.recv()
    except (EOFError, ConnectionResetError) as error:
        raise ReadingFailed("A process that read a part of the ledger was ended from outside.") from error
    if failure:
        raise ReadingFailed(f"A process could not read its part of the ledger.\n{failure}")
    found: list[Block] = blocks
    return found


@contextmanager
def _process(files: PublishedFiles, database: str, snapshot: str) -> Iterator[Connection]:
    # Begun afresh rather than forked: a copy of this one would share its session with the database.
    ours, theirs = Pipe()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 (ourselves, and nothing of what was typed)
            [sys.executable, "-m", "cpd_records.verification.processes", str(theirs.fileno())],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    try:
        _send(ours, (files, database, snapshot))
        yield ours
    finally:
        ours.close()
        process.terminate()
        process.wait()


def _begin(pipe: Connection) -> None:
    """Set Django up in a process begun afresh, then answer ranges there: what reads rows can only be imported after that."""
    try:
        django.setup()
        serve = import_string("cpd_records.verification.serving.serve")
        given = pipe.recv()
    except EOFError:
        return
    except Exception:
        pipe.send(([], traceback.format_exc()))
        return
    serve(pipe, *given)


if __name__ == "__main__":
    _begin(Connection(int(sys.argv[1])))
