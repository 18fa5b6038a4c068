"""Background work as rows: ask for it in your transaction, and it is done once, soon, by whichever process is free.

A function that also runs in the background is decorated ``@background("kind")`` in its own module and takes the key. Embedded, the
sweeper runs due rows; grown up, Celery workers run the very same rows. ``on_commit`` only wakes them.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from people.models import Hold, WaitingWork

logger = logging.getLogger(__name__)

Doer = Callable[[str], None]
_doers: dict[str, Doer] = {}
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=10)
ROWS_AT_ONCE = 1000


class NotYet(Exception):
    """Raised by a doer whose turn has not come; the row is tried again after ``seconds`` without counting as a failure."""

    def __init__(self, seconds: float = 0.5) -> None:
        super().__init__(f"not yet, again in {seconds} s")
        self.seconds = seconds


def background(kind: str) -> Callable[[Doer], Doer]:
    """Register the function that does work of ``kind``; it is called with the key and must be idempotent."""

    def register(doer: Doer) -> Doer:
        if kind in _doers and _doers[kind] is not doer:
            raise ValueError(f"Two functions do '{kind}'.")
        _doers[kind] = doer
        return doer

    return register


def ask(kind: str, key: str, *, at: datetime | None = None) -> None:
    """Write the row that asks for the work (once for each kind and key) and wake whoever does it after the commit."""
    moment = timezone.now()
    WaitingWork.objects.bulk_create(
        [WaitingWork(kind=kind, key=key, asked_at=moment, due_at=at or moment)], ignore_conflicts=True
    )
    if at is None or at <= moment:
        transaction.on_commit(partial(wake, kind, key))


def ask_many(kind: str, keys: Iterable[str]) -> None:
    """Ask for the work under each of the keys, as ``ask`` does, in statements of a thousand; whoever does it is woken once."""
    moment = timezone.now()
    rows = [WaitingWork(kind=kind, key=key, asked_at=moment, due_at=moment) for key in keys]
    WaitingWork.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)
    if rows:
        transaction.on_commit(partial(wake_for_all, kind, [row.key for row in rows]))


def wake_for_all(kind: str, keys: Iterable[str]) -> None:
    """Tell a Celery worker of each, or the sweeper once that something waits."""
    if not settings.CELERY_BROKER_URL:
        wake()
        return
    for key in keys:
        wake(kind, key)


def wake(kind: str = "", key: str = "") -> None:
    """Tell the sweeper, or a Celery worker, that something waits. Losing the message costs a second, never the work."""
    if settings.CELERY_BROKER_URL:
        if kind:
            with contextlib.suppress(Exception):
                do_work.delay(kind, key)
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
        bell.setblocking(False)
        bell.sendto(b"1", str(settings.SWEEPER_SOCKET))


def is_held() -> bool:
    """Return whether the sweeper must wait, because sample history is being written."""
    return Hold.objects.filter(until__gt=timezone.now()).exists()


@shared_task(name="people.work.do_work")
def do_work(kind: str, key: str) -> bool:
    """Claim one row by a lease and do it; return whether it was done now. A failure is kept and tried again later."""
    moment = timezone.now()
    lease = uuid.uuid4()
    claimed = (
        WaitingWork.objects.filter(kind=kind, key=key, done_at__isnull=True)
        .filter(Q(leased_until__isnull=True) | Q(leased_until__lt=moment))
        .update(lease=lease, leased_until=moment + timedelta(seconds=settings.WORK_LEASE_SECONDS), tries=F("tries") + 1)
    )
    if not claimed:
        return False
    mine = WaitingWork.objects.filter(kind=kind, key=key, lease=lease)
    try:
        _doers[kind](key)
    except NotYet as wait:
        mine.update(leased_until=None, tries=F("tries") - 1, due_at=timezone.now() + timedelta(seconds=wait.seconds))
        return False
    except Exception as error:
        tries = mine.values_list("tries", flat=True).first() or 1
        pause = min(FIRST_WAIT * 2 ** min(tries, 12), LONGEST_WAIT)
        mine.update(leased_until=None, last_error=repr(error)[:2000], due_at=timezone.now() + pause)
        logger.exception("Work %s failed and will be tried again", kind)
        return False
    mine.update(done_at=timezone.now(), leased_until=None, last_error="")
    return True


def due_work(limit: int = 100) -> list[tuple[str, str]]:
    """Return ``(kind, key)`` of rows whose time has come and that nobody holds, oldest first."""
    moment = timezone.now()
    return list(
        WaitingWork.objects.filter(done_at__isnull=True, due_at__lte=moment)
        .filter(Q(leased_until__isnull=True) | Q(leased_until__lt=moment))
        .order_by("due_at")
        .values_list("kind", "key")[:limit]
    )


@shared_task(name="people.work.sweep_once")
def sweep_once() -> int:
    """Do, or hand to Celery workers, every row that is due; return how many were found."""
    if is_held():
        return 0
    found = due_work()
    for kind, key in found:
        if settings.CELERY_BROKER_URL:
            # Handed over: not offered again until the worker had its time, or the queue would fill with the same rows.
            later = timezone.now() + timedelta(seconds=settings.WORK_LEASE_SECONDS)
            WaitingWork.objects.filter(kind=kind, key=key, done_at__isnull=True).update(due_at=later)
            do_work.delay(kind, key)
        else:
            do_work(kind, key)
    return len(found)
