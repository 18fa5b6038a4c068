"""The server's clock, and the one exception to it: sample history.

Verbs take ``at`` from their caller; ``recorded_at`` always comes from here. Only ``sample_time`` may turn the clock, and only the
demonstration's history uses it, on an empty ledger while the sweeper waits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_sample_time: ContextVar[datetime | None] = ContextVar("sample_time", default=None)


def now() -> datetime:
    """Return the present moment, aware and in UTC, or the simulated one while sample history is written."""
    return _sample_time.get() or timezone.now()


def today() -> date:
    """Return the day by the force's own time zone."""
    return timezone.localdate(now())


def is_simulated() -> bool:
    return _sample_time.get() is not None


@contextmanager
def sample_time(moment: datetime) -> Iterator[None]:
    """Turn the clock to ``moment`` (aware, in the past) for this context. For sample history only."""
    if moment > timezone.now():
        raise ValueError("Sample history ends before now.")
    token = _sample_time.set(moment)
    try:
        yield
    finally:
        _sample_time.reset(token)


def by_the_time(day: date, at: time | None) -> datetime:
    """Return a time of a day by the force's own time zone, its last moment where none is said. One that comes twice is the first."""
    return end_of_day(day) if at is None else timezone.make_aware(datetime.combine(day, at))


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day by the force's own time zone: 'as recorded by the end of that day'."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)
