"""The one lock under which rows with two times and checkpoints receive their ``recorded_at``.

Stamps never go back, whatever the clock does: each is the later of the clock and the last stamp plus a microsecond. Because the stamp
is given and committed under the lock, a checkpoint's time divides what was known from what was not. Completions take no lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from people import clock
from people.models import LastStamp

MICROSECOND = timedelta(microseconds=1)


@contextmanager
def stamp(*, for_row: bool = True) -> Iterator[datetime]:
    """Yield the next stamp while holding the lock; call inside ``transaction.atomic`` and commit soon.

    ``for_row`` is False for a checkpoint, whose stamp does not ask for a further checkpoint.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A stamp is only given inside a transaction.")
    last, _created = LastStamp.objects.select_for_update().get_or_create(
        id=1, defaults={"at": clock.now() - MICROSECOND}
    )
    last.at = max(clock.now(), last.at + MICROSECOND)
    if for_row:
        last.row_at = last.at
    last.save(update_fields=["at", "row_at"])
    yield last.at
