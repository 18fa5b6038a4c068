"""Which period of a scheme a day falls in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cpd_records.schemes.rules import Period

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """From a first to a last day, both included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.starts_on <= day <= self.ends_on


def same_day(day: date, years: int) -> date:
    """Return the same day so many years later (earlier, where negative); 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def period_of(period: Period, day: date) -> Span:
    """Return the period that ``day`` falls in; a rolling one ends on the day itself."""
    if period.starts_on is None:
        return Span(same_day(day, -period.years) + A_DAY, day)
    first = period.starts_on
    years = (day.year - first.year) // period.years * period.years
    starts_on = same_day(first, years)
    if starts_on > day:
        starts_on = same_day(starts_on, -period.years)
    return Span(starts_on, same_day(starts_on, period.years) - A_DAY)


def period_before(period: Period, span: Span) -> Span:
    """Return the fixed period before one."""
    return period_of(period, span.starts_on - A_DAY)


def months_of(span: Span) -> list[Span]:
    """Return the months of a span, each from the day of the month it begins on; the last may be shorter."""
    months: list[Span] = []
    begins, number = span.starts_on, 0
    while begins <= span.ends_on:
        number += 1
        nxt = months_later(span.starts_on, number)
        months.append(Span(begins, min(nxt - A_DAY, span.ends_on)))
        begins = nxt
    return months


def months_later(day: date, months: int) -> date:
    """Return the day so many months later; the last of the month where that has fewer days."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for figure in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(figure, day.day))
        except ValueError:
            continue
    raise AssertionError("Every month has 28 days.")
