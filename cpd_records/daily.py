"""What is to be done once a day: asked for as waiting rows, so that asking every minute is asking once."""

from __future__ import annotations

from datetime import datetime, time

from celery import shared_task
from django.utils import timezone

from cpd_records.erasures.due import LIST_WORK
from cpd_records.readiness.comparing import COUNT_WORK
from cpd_records.reminders.finding import FIND_WORK
from cpd_records.watching.nightly import VERIFY_WORK
from people import clock, work
from people.importing.letting_go import LET_GO_WORK

# By the force's own clock: the ledger while nobody writes, figures after the night has rolled standings over, reminders before the
# early shift.
AT = {
    VERIFY_WORK: time(2, 30),
    LET_GO_WORK: time(3, 30),
    LIST_WORK: time(4, 0),
    COUNT_WORK: time(4, 30),
    FIND_WORK: time(6, 30),
}


@shared_task(name="cpd_records.daily.ask_daily")
def ask_daily() -> None:
    """Ask for today's work; what has been asked for stays as it is."""
    today = clock.today()
    for kind, moment in AT.items():
        work.ask(kind, today.isoformat(), at=timezone.make_aware(datetime.combine(today, moment)))
