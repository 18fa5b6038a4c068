"""The one lock under which rows with two times and checkpoints receive their ``recorded_at``.

Stamps never go back, whatever the clock does: each is the later of the clock and the last stamp plus a microsecond. Because the stamp
is given and committed under the lock, a checkpoint's time divides what was known from what was not. Completions take no lock.

So one stamp by a clock that runs years ahead would be followed by nothing but stamps of that year. Where the database has a clock of its
own (PostgreSQL), no stamp is given by a machine whose clock differs from it; on both, ``stamped_ahead`` says where it has happened.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from platform import node

from django.db import connection
from django.db.models import DateTimeField, Value
from django.db.models.functions import Now
from django.utils import timezone

from people import clock
from people.models import LastStamp

MICROSECOND = timedelta(microseconds=1)
# What clocks that are set by the network, and statements that wait to be sent, never come to.
CLOCKS_DIFFER = timedelta(minutes=5)
# A stamp further ahead of now than this was given by a clock that ran ahead.
AHEAD = timedelta(minutes=1)


NOT_RIGHT = (
    "Nothing was recorded, because the clock of this service is not right at the moment. Send it again in a while. "
    "If it stays so, tell those who run the service."
)

logger = logging.getLogger(__name__)


class NotRecorded(Exception):
    """Nothing was recorded, for a reason that is about no field of a form. The message is a sentence for whoever sent it.

    ``back`` is the address of a page that shows what stands now; '' is the one the form stood on.
    """

    field = ""

    def __init__(self, message: str, *, back: str = "") -> None:
        super().__init__(message)
        self.back = back


class ClocksDiffer(NotRecorded):
    """This machine's clock is not the database's, so nothing is stamped; ``detail`` says it to those who run the service."""

    def __init__(self, detail: str) -> None:
        super().__init__(NOT_RIGHT)
        self.detail = detail


@contextmanager
def stamp(*, for_row: bool = True) -> Iterator[datetime]:
    """Yield the next stamp while holding the lock; call inside ``transaction.atomic`` and commit soon.

    ``for_row`` is False for a checkpoint, whose stamp does not ask for a further checkpoint.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A stamp is only given inside a transaction.")
    last = _locked()
    last.at = max(clock.now(), last.at + MICROSECOND)
    if for_row:
        last.row_at = last.at
    last.save(update_fields=["at", "row_at"])
    yield last.at


def stamped_ahead(*, at: datetime) -> datetime | None:
    """Return the last stamp where it lies ahead of now (``at``), None where it does not: then a clock ran ahead when it was given."""
    return LastStamp.objects.filter(at__gt=at + AHEAD).values_list("at", flat=True).first()


def clock_refusal() -> str | None:
    """Return why this machine would give no stamp, in a sentence, or None. ``/readyz`` asks."""
    if connection.vendor != "postgresql":
        return None
    asked_at = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (database_now,) = cursor.fetchone()
    return _difference(asked_at, database_now)


def _locked() -> LastStamp:
    """Return the one row, locked; raise ``ClocksDiffer`` where the database has a clock and it says another time than ours."""
    asks = connection.vendor == "postgresql" and not clock.is_simulated()
    rows = LastStamp.objects.select_for_update().annotate(
        # The time at which the statement began, however long it then waited for the lock.
        database_now=Now() if asks else Value(None, output_field=DateTimeField())
    )
    asked_at = timezone.now()
    last = rows.filter(id=1).first()
    if last is None:
        LastStamp.objects.get_or_create(id=1, defaults={"at": clock.now() - MICROSECOND})
        last = rows.get(id=1)
    if asks and (refusal := _difference(asked_at, last.database_now)):
        logger.error("Nothing was stamped. %s", refusal)
        raise ClocksDiffer(refusal)
    return last


def _difference(ours: datetime, database: datetime) -> str | None:
    if abs(ours - database) <= CLOCKS_DIFFER:
        return None
    minutes = CLOCKS_DIFFER // timedelta(minutes=1)
    return (
        f"The clock of the machine '{node()}' is more than {minutes} minutes {'ahead of' if ours > database else 'behind'} the "
        "database's, so it stamps nothing. Set both by a time server; then it goes on by itself."
    )
