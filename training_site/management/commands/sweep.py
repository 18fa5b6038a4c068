"""``manage.py sweep``: the embedded default's background worker. Sealing runs in a lane of its own."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections, connections

from assessments.analysis.weak_questions import ask_for_analyses
from assessments.attempts import sweep_overdue
from cpd_records.daily import ask_daily
from cpd_records.ledger import keys
from cpd_records.ledger.sealing import seal_now
from cpd_records.watching.silence import look_for_silence
from people import work
from people.loaded import set_loaded_aside

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0
OVERDUE_SECONDS = 60.0
ANALYSES_SECONDS = 3600.0
_last_overdue = [float("-inf")]
_last_analyses = [float("-inf")]


class Command(BaseCommand):
    help = "Do waiting work until stopped: sealing in a lane of its own, everything else in another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if trouble := keys.trouble():
            raise CommandError(trouble)
        if once:
            seal_now()
            ask_daily()
            look_for_silence()
            ask_for_analyses()
            work.sweep_once()
            seal_now()
            return
        set_loaded_aside()
        stop = threading.Event()
        bells = [threading.Event(), threading.Event()]

        def end(*_: Any) -> None:
            stop.set()
            for bell in bells:
                bell.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        threading.Thread(target=_listen, args=(stop, bells), name="bell", daemon=True).start()
        sealing = threading.Thread(target=_lane, args=(_seal, stop, bells[0]), name="sealing")
        sealing.start()
        _lane(_sweep, stop, bells[1])
        sealing.join()


def _seal() -> bool:
    if work.is_held():
        return False
    seal_now()
    return False


def _sweep() -> bool:
    found = work.sweep_once() > 0
    if time.monotonic() - _last_overdue[0] > OVERDUE_SECONDS:
        sweep_overdue()
        ask_daily()
        look_for_silence()
        _last_overdue[0] = time.monotonic()
    if time.monotonic() - _last_analyses[0] > ANALYSES_SECONDS:
        ask_for_analyses()
        _last_analyses[0] = time.monotonic()
    return found


def _lane(turn: Any, stop: threading.Event, bell: threading.Event) -> None:
    """Take turns until stopped: at once while there is work, else when the bell rings or a second has passed."""
    while not stop.is_set():
        try:
            close_old_connections()
            more = turn()
        except Exception:
            logger.exception("A turn of the sweeper failed; the rows wait for the next")
            more = False
        if not more:
            bell.wait(PAUSE_SECONDS)
            time.sleep(0.02)
            bell.clear()
    connections.close_all()


def _listen(stop: threading.Event, bells: list[threading.Event]) -> None:
    """Ring the bell of every lane for each message on the sweeper's socket."""
    path = settings.SWEEPER_SOCKET
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(path))
        ear.settimeout(1.0)
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                ear.recv(16)
                for bell in bells:
                    bell.set()
