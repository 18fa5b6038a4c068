"""What stops without a word: entries that nobody seals, and nights in which no verification ends. Looked for each minute.

``/readyz`` asks here too, because where all background work stands still nobody looks and no mail goes out.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from celery import shared_task
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.refusals import WARN_WORK, standing_refusal
from cpd_records.models import NightlyVerification, UnsealedEntry
from people import clock, work
from people.models import LastStamp, WaitingWork

logger = logging.getLogger(__name__)
# By the night, and where somebody asks.
VERIFY_WORK, ASKED_WORK = "ledger.verify", "ledger.verify_asked"
# What the keys of the two warnings begin with.
WAITING, LATE = "waiting", "late"
# An idle sealer takes a second, one that comes back to a day's entries minutes.
SEALED_WITHIN = timedelta(minutes=10)
# A night that was missed is told the morning after.
LATE_AFTER = timedelta(hours=36)
# What ends by itself meanwhile, as when waiting work begins again, is told to nobody.
TOLD_AFTER = timedelta(minutes=1)


def sealing_stopped(*, at: datetime) -> str | None:
    """Return that entries wait too long to be sealed, since when and what to do, or None; a refusal is told by itself."""
    since = waiting_since()
    if since is None or at - since <= SEALED_WITHIN or standing_refusal() is not None or work.is_held():
        return None
    return (
        f"Nothing has been sealed since {_written(since)}, though entries or changes wait for it; none is lost. See that the sealer "
        "runs (the sweeper, or the worker of the queue 'seal' and beat); 'manage.py ledger_seal' says what stands in its way."
    )


def waiting_since() -> datetime | None:
    """Return since when at least something has waited to be sealed: the oldest entry, or the newest row with two times."""
    ticket = UnsealedEntry.objects.order_by("ticket").values_list("ticket", flat=True).first()
    oldest = [] if ticket is None else [datetime.fromtimestamp(ticket / 1_000_000, UTC)]
    row_at, last = LastStamp.objects.values_list("row_at", flat=True).first(), last_checkpoint()
    if row_at is not None and (last is None or row_at > last.time):
        oldest.append(row_at)
    return min(oldest, default=None)


def nights_stopped(*, at: datetime) -> str | None:
    """Return that no night's verification has ended for too long, what the last try failed with and what to do, or None.

    A ledger that never signed has nothing to verify, and a new installation a day and a half until its first night.
    """
    if last_checkpoint() is None:
        return None
    ended_at = NightlyVerification.objects.latest_ended()
    since = ended_at or _installed_at()
    if since is None or at - since <= LATE_AFTER:
        return None
    never = "No night’s verification of the ledger has ended" + (f" since {_written(since)}." if ended_at else " yet.")
    failed = failure(VERIFY_WORK)
    if failed:
        return f"{never} {failed}"
    return f"{never} See that waiting work is done (the sweeper, or the workers of Celery and beat)."


def failure(*kinds: str) -> str | None:
    """Return what the last try to verify failed with, where it still waits to be tried again, and what to do; or None.

    ``kinds`` are those of the work that is asked about.
    """
    waiting = WaitingWork.objects.filter(kind__in=kinds, done_at__isnull=True).exclude(last_error="")
    failed = waiting.order_by("-asked_at", "-pk").first()
    if failed is None:
        return None
    which = f"The verification of {failed.key}" if failed.kind == VERIFY_WORK else "The verification that was asked for"
    return (
        f"{which} could not end, and is tried again: {failed.last_error} "
        "Put right what this names; 'manage.py ledger_verify' shows whether it is."
    )


@shared_task(name="cpd_records.watching.silence.look_for_silence")
def look_for_silence() -> None:
    """Ask for a warning of what has stopped, once for each time it stops."""
    moment = clock.now()
    for kind, since, said in (
        (WAITING, waiting_since(), sealing_stopped(at=moment)),
        (LATE, NightlyVerification.objects.latest_ended(), nights_stopped(at=moment)),
    ):
        key = f"{kind}-{since:%Y%m%dT%H%M%S}" if since else f"{kind}-ever"
        if said is not None and not WaitingWork.objects.filter(kind=WARN_WORK, key=key).exists():
            logger.critical("The ledger is not looked after: %s", said)
            work.ask(WARN_WORK, key, at=timezone.now() + TOLD_AFTER)


def _installed_at() -> datetime | None:
    """Return when the tables were made: by the server's clock, whatever sample history says."""
    made = MigrationRecorder.Migration.objects.filter(app="cpd_records").order_by("applied")  # type: ignore[misc]
    return made.values_list("applied", flat=True).first()


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
