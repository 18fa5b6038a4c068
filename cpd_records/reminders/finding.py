"""What is to be told today: everything whose threshold has come and that has not been told yet, also after days of an outage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cpd_records.models import Reminder, ReminderWish, Standing
from cpd_records.models.reminders import DAYS
from people import clock, work
from people.force import force
from people.models import User
from people.nearest_supervisors import nearest_supervisors, units_posted_to

# What ended longer ago than this was told by then, or is too old to be news.
CATCH_UP_DAYS = 31
AT_ONCE = 2000
FIND_WORK = "reminders.find"


@dataclass(frozen=True, slots=True)
class Due:
    """Something required of an officer that ends on ``ends_on``; ``threshold`` is the latest of the force's days that has come."""

    officer: int
    qualification: int
    ends_on: date
    threshold: int


@work.background(FIND_WORK)
def find_for_day(key: str) -> None:
    """Find what is to be told on the day ``key`` (ISO); a day gone by is left to today's search, which misses nothing."""
    if date.fromisoformat(key) == clock.today():
        find_reminders(on=clock.today())


def find_reminders(*, on: date) -> int:
    """Write the reminders of a day that have not been written, and ask for the mails; return how many are new.

    Every threshold that has come counts, so a week without a search misses nothing; only the latest is told, the earlier ones are
    marked as told with it. In portions, each whole in itself.
    """
    days = force().reminder_days or DAYS
    wishes = {wish.person_id: wish for wish in ReminderWish.objects.all()}
    supervisors = nearest_supervisors(on=on)
    count = 0
    for portion in _portions(_due(days, on=on), AT_ONCE):
        units = units_posted_to([due.officer for due in portion], on=on)
        rows = [
            Reminder(
                to_id=to,
                officer_id=due.officer,
                qualification_id=due.qualification,
                ends_on=due.ends_on,
                days=due.threshold,
                day=on,
            )
            for due in portion
            for to in _told(due, units, supervisors, wishes)
        ]
        count += _write(rows, on=on)
    return count


def remind(officer: User, qualification: int, *, by: User, at: datetime, ends_on: date | None) -> bool:
    """Remind an officer because their supervisor asked; return False where that was asked today already."""
    day = timezone.localdate(at)
    about = {"to": officer, "officer": officer, "qualification_id": qualification, "day": day, "days": -1}
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if Reminder.objects.filter(**about).exists():
            return False
        Reminder.objects.create(**about, ends_on=ends_on, asked_by=by)
        work.ask("reminders.mail_now", f"{officer.pk}:{day.isoformat()}:{qualification}")
    return True


def _due(days: Iterable[int], *, on: date) -> Iterator[Due]:
    ordered = sorted(days)
    rows = (
        Standing.objects.filter(
            is_required=True,
            valid_until__gte=on - timedelta(days=CATCH_UP_DAYS),
            valid_until__lte=on + timedelta(days=ordered[-1]),
            officer__is_active=True,
        )
        .exclude(verdict__in=("exempt", "restricted"))
        .order_by("officer_id", "qualification_id")
        .values_list("officer_id", "qualification_id", "valid_until")
    )
    for officer, qualification, ends_on in rows.iterator(AT_ONCE):
        if ends_on is None:
            continue
        left = (ends_on - on).days
        threshold = 0 if left < 0 else next((day for day in ordered if left <= day), None)
        if threshold is not None:
            yield Due(officer, qualification, ends_on, threshold)


def _told(
    due: Due, units: dict[int, int], supervisors: dict[int, frozenset[int]], wishes: dict[int, ReminderWish]
) -> Iterator[int]:
    wish = wishes.get(due.officer)
    if wish is None or (wish.by_mail and due.threshold in wish.own_days):
        yield due.officer
    unit = units.get(due.officer)
    for to in sorted(supervisors.get(unit, frozenset())) if unit is not None else ():
        wish = wishes.get(to)
        if to != due.officer and (wish is None or (wish.by_mail and due.threshold in wish.team_days)):
            yield to


@transaction.atomic
def _write(rows: list[Reminder], *, on: date) -> int:
    before = set(
        Reminder.objects.filter(to__in={row.to_id for row in rows}, officer__in={row.officer_id for row in rows})
        .filter(days__gte=0)
        .values_list("to_id", "officer_id", "qualification_id", "ends_on", "days")
    )
    # A threshold that is nearer has been told: the farther one is no news any more.
    nearest: dict[tuple[int, int, int, date | None], int] = {}
    for to, officer, qualification, ends_on, days in before:
        key = (to, officer, qualification, ends_on)
        nearest[key] = min(days, nearest.get(key, days))
    fresh = [
        row
        for row in rows
        if row.days < nearest.get((row.to_id, row.officer_id, row.qualification_id, row.ends_on), row.days + 1)
    ]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    for to in sorted({row.to_id for row in fresh}):
        work.ask("reminders.mail", f"{to}:{on.isoformat()}")
    return len(fresh)


def _portions(found: Iterator[Due], size: int) -> Iterator[list[Due]]:
    while portion := list(islice(found, size)):
        yield portion


def last_reminded(officer: User) -> dict[str, date]:
    """Return the last day the officer was reminded of each qualification, by its code."""
    rows = Reminder.objects.filter(to=F("officer"), officer=officer).order_by("day")
    return dict(rows.values_list("qualification__code", "day"))
