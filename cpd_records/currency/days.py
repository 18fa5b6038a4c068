"""Reckoning in days and calendar months: how long something lasts, and a clock that stands still during an absence.

Days are whole, and both ends of a period count. Nothing here knows a database.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Days from ``first`` to ``last``, both included; ``last`` None has no end that is known."""

    first: date
    last: date | None = None

    def has(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@lru_cache(maxsize=65_536)
def months_after(day: date, months: int) -> date:
    """Return the same day so many calendar months on, or the last day of a shorter month: 29 February becomes 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_after(day: date, days: int) -> date:
    """Return the day so many days on, or the last day there is."""
    return day + timedelta(days=days) if days <= (date.max - day).days else date.max


def days_before(day: date, days: int) -> date:
    return day - timedelta(days=days) if days <= (day - date.min).days else date.min


def earliest(*days: date | None) -> date | None:
    """Return the first of the days; None stands for never."""
    return min((day for day in days if day is not None), default=None)


def days_counted(start: date, count: int, absences: Sequence[Days]) -> date | None:
    """Return the day on which ``count`` days after ``start`` have passed, where days of absence do not count.

    ``absences`` are in order and do not overlap. None: an absence without an end began before they had passed, so the clock stands.
    """
    reached, left = start, count
    for absence in absences:
        if absence.last is not None and absence.last <= reached:
            continue
        counted = max((absence.first - reached).days - 1, 0)
        if counted >= left:
            break
        if absence.last is None:
            return None
        left -= counted
        reached = max(reached, absence.last)
    return days_after(reached, left)


def stands_still(start: date, count: int, absences: Sequence[Days]) -> tuple[date, int] | None:
    """Return since when the clock that ``days_counted`` reckons with stands, and how many days are left; None while it runs."""
    reached, left = start, count
    for absence in absences:
        if absence.last is not None and absence.last <= reached:
            continue
        counted = max((absence.first - reached).days - 1, 0)
        if counted >= left:
            return None
        left -= counted
        if absence.last is None:
            return max(absence.first, reached), left
        reached = max(reached, absence.last)
    return None


def joined(periods: Sequence[Days]) -> tuple[Days, ...]:
    """Return the periods in order, those that overlap or touch as one."""
    found: list[Days] = []
    for period in sorted(periods, key=lambda period: period.first):
        if found and (found[-1].last is None or period.first <= days_after(found[-1].last, 1)):
            before = found[-1]
            last = None if before.last is None or period.last is None else max(before.last, period.last)
            found[-1] = Days(before.first, last)
        else:
            found.append(period)
    return tuple(found)
