"""What holds of pairings and shifts, from values alone: the day a shift began, days that cannot be, how many at once. No database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from courses.programmes.refusals import RecruitRefused
from people.dates import long_date

# Before this hour, whoever writes about a shift writes about one that began the day before: nobody ends an early shift by then.
NOON = time(12)
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Period:
    """From a first day to a last, both counted."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: Period) -> bool:
        return self.first <= other.last and other.first <= self.last

    @property
    def words(self) -> str:
        return f"{long_date(self.first)} to {long_date(self.last)}"


def monday_of(day: date) -> date:
    """Return the first day of the week a day belongs to."""
    return day - timedelta(days=day.weekday())


def began_on(moment: datetime) -> date:
    """Return the day on which the shift that ends about ``moment`` (local time) most likely began."""
    return moment.date() - timedelta(days=1) if moment.time() < NOON else moment.date()


def most_at_once(period: Period, others: Iterable[Period]) -> int:
    """Return of how many others a day of ``period`` has, on the day that has the most."""
    within = [other for other in others if other.overlaps(period)]
    # It is fullest on a day on which one of them begins, or on its own first.
    days = [max(other.first, period.first) for other in within]
    return max((sum(day in other for other in within) for day in days), default=0)


def refuse_days(period: Period, *, today: date) -> None:
    """Refuse a pairing that ends before it begins, is longer than a year, or begins more than a year ahead."""
    if period.last < period.first:
        raise RecruitRefused("The last day is before the first. Check both days.", "until")
    if (period.last - period.first).days > LONGEST_DAYS:
        raise RecruitRefused("That is longer than a year. Check the last day.", "until")
    if (period.first - today).days > LONGEST_DAYS:
        raise RecruitRefused("That is more than a year ahead. Check the first day.", "on")


def refuse_shift(day: date, periods: Iterable[Period], *, today: date) -> None:
    """Refuse the day of a shift that is still to come, or on which the two were not paired."""
    if day > today:
        raise RecruitRefused(f"{long_date(day)} is still to come. Give the day on which the shift began.", "day")
    paired = sorted(periods, key=lambda one: one.first)
    if not any(day in one for one in paired):
        days = " and ".join(one.words for one in paired)
        raise RecruitRefused(
            f"You were paired from {days}. {long_date(day)} is outside of that; give the day on which the shift began.",
            "day",
        )
