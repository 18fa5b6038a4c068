"""What fits in a day: its 24 hours, times by the clock on the wall, days that come again.

A day holds 1,440 minutes for everybody, on the two days of the year too when the clocks change: a day of 25 hours has no room for more,
and one of 23 hours does not lose any. Times from and to are counted as they passed, so 00:30 to 03:30 is two hours when the clocks
go forward and four when they go back.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from cpd_records.activity_rules import A_DAY, A_LONG_DAY, ActivityRefused, LongDay, SameAgain, Summary
from cpd_records.models import Activity, ActivityState
from people.dates import long_date
from people.durations import hours
from people.models import User

MOST_DAYS = 31
# Days on which something that comes again happened: every day, Monday to Friday, once a week on the first one's weekday.
EVERY_DAY, WORKING_DAYS, WEEKLY = "daily", "weekdays", "weekly"


def minutes_between(day: date, begins: time, ends: time, *, later: bool = False) -> int:
    """Return how many minutes passed between two times of a day.

    An hour that the clocks repeat is read as its first passing; with ``later`` the end is read as its second. Refuses an end that is not
    after the beginning, and a time that the clocks skipped.
    """
    for moment in (begins, ends):
        if not _exists(day, moment):
            raise ActivityRefused(_skipped(day, moment), "times")
    if ends <= begins:
        raise ActivityRefused("The end is before the beginning. Check both times.", "times")
    passed = _moment(day, ends, fold=int(later)) - _moment(day, begins, fold=0)
    return int(passed / timedelta(minutes=1))


def minutes_over_midnight(day: date, begins: time, ends: time) -> tuple[int, int]:
    """Return how many minutes passed on the day something began and on the next, where its end is by the clock of the next day."""
    for moment, on in ((begins, day), (ends, day + timedelta(days=1))):
        if not _exists(on, moment):
            raise ActivityRefused(_skipped(on, moment), "times")
    midnight = _moment(day + timedelta(days=1), time(0), fold=0)
    before = midnight - _moment(day, begins, fold=0)
    after = _moment(day + timedelta(days=1), ends, fold=0) - midnight
    return int(before / timedelta(minutes=1)), int(after / timedelta(minutes=1))


def refuse_more_than_passed(summary: Summary) -> None:
    """Refuse a length that does not fit between the times it is given with; shorter is right, where there was a break."""
    if summary.begins is None or summary.ends is None:
        return
    most = minutes_between(summary.day, summary.begins, summary.ends, later=True)
    if summary.minutes > most:
        raise ActivityRefused(
            f"From {summary.begins:%H:%M} to {summary.ends:%H:%M} is {hours(most)}, and the length says "
            f"{hours(summary.minutes)}. Check the length and both times.",
            "length",
        )


def refuse_full_day(
    officer: User,
    summary: Summary,
    *,
    is_another: bool = True,
    is_long_day: bool = True,
    except_for: Activity | None = None,
) -> None:
    """Refuse what does not fit into the officer's day beside what is logged: too long, at the same time, or the same again.

    What was rejected takes no room. ``is_another`` says that the officer means what looks the same, ``is_long_day`` that a day of more
    than 12 hours in all is right. One query.
    """
    rows = Activity.objects.of(officer).filter(day=summary.day).exclude(state=ActivityState.REJECTED)
    if except_for is not None:
        rows = rows.exclude(pk=except_for.pk)
    others = list(rows.values_list("title", "minutes", "begins", "ends"))
    logged = sum(minutes for _title, minutes, _begins, _ends in others)
    if logged + summary.minutes > A_DAY:
        raise ActivityRefused(
            f"You have already logged {hours(logged)} on {long_date(summary.day)}. "
            f"With this it would be {hours(logged + summary.minutes)}, and a day has 24.",
            "length",
        )
    if logged and logged + summary.minutes > A_LONG_DAY and not is_long_day:
        raise LongDay(
            f"With this you would have logged {hours(logged + summary.minutes)} on {long_date(summary.day)}, "
            "more than 12 hours. Tick the box if that is right.",
            "is_long_day",
        )
    for title, minutes, begins, ends in others:
        if begins and ends and _overlaps(summary, begins, ends):
            raise ActivityRefused(
                f"{summary.begins:%H:%M} to {summary.ends:%H:%M} overlaps “{title}”, which you logged from "
                f"{begins:%H:%M} to {ends:%H:%M}. Check both times.",
                "times",
            )
        if not is_another and minutes == summary.minutes and title.casefold() == summary.title.casefold():
            raise SameAgain(
                f"You logged “{title}”, {hours(minutes)} on {long_date(summary.day)}, already. "
                "Tick the box if this is another one.",
                "is_another",
            )


def days_between(first: date, last: date, *, repeats: str) -> list[date]:
    """Return the days from ``first`` to ``last`` (both included) that ``repeats`` means: daily, weekdays or weekly."""
    if last < first:
        raise ActivityRefused("The last day is before the first. Check both days.", "last_day")
    step = 7 if repeats == WEEKLY else 1
    if (last - first).days // step >= 2 * MOST_DAYS:
        raise ActivityRefused(f"That is more than {MOST_DAYS} days. Log it in parts.", "last_day")
    days = [first + timedelta(days=step * n) for n in range((last - first).days // step + 1)]
    if repeats == WORKING_DAYS:
        days = [day for day in days if day.weekday() < 5]
    if not days:
        raise ActivityRefused("There is no day from Monday to Friday between these. Check both days.", "last_day")
    if len(days) > MOST_DAYS:
        raise ActivityRefused(
            f"That is {len(days)} days, and {MOST_DAYS} can be logged at once. Log it in parts.", "last_day"
        )
    return days


def series_of(officer: User, series: UUID) -> list[Activity]:
    """Return what was logged over several days at once, by day."""
    return list(Activity.objects.of(officer).filter(series=series).select_related("verifier").order_by("day", "pk"))


def _overlaps(summary: Summary, begins: time, ends: time) -> bool:
    return bool(summary.begins and summary.ends and begins < summary.ends and summary.begins < ends)


def _moment(day: date, at: time, *, fold: int) -> datetime:
    return datetime.combine(day, at, timezone.get_default_timezone()).replace(fold=fold).astimezone(UTC)


def _skipped(day: date, moment: time) -> str:
    return f"There was no {moment:%H:%M} on {long_date(day)}: the clocks went forward. Check both times."


def _exists(day: date, at: time) -> bool:
    return timezone.localtime(_moment(day, at, fold=0), timezone.get_default_timezone()).time() == at
