"""What is to be told today: everything whose threshold has come and that has not been told yet, also after days of an outage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cpd_records.currency import Verdict
from cpd_records.models import QualificationNeed, Reminder, ReminderWish, Standing
from cpd_records.models.reminders import DAYS
from people import clock, work
from people.force import force
from people.models import User
from people.nearest_supervisors import nearest_supervisors, units_posted_to

# What ended longer ago than this was told by then, or is too old to be news.
CATCH_UP_DAYS = 31
AT_ONCE = 2000
ONE_DAY = timedelta(days=1)
FIND_WORK = "reminders.find"


@dataclass(frozen=True, slots=True)
class Due:
    """Something an officer must hold, for itself or for what needs it, that ends on ``ends_on``: so many days are ``left``.

    ``ends_grace`` says that its last day is past and that grace ends then.
    """

    officer: int
    qualification: int
    ends_on: date
    left: int
    ends_grace: bool = False


@work.background(FIND_WORK)
def find_for_day(key: str) -> None:
    """Find what is to be told on the day ``key`` (ISO); a day gone by is left to today's search, which misses nothing."""
    if date.fromisoformat(key) == clock.today():
        find_reminders(on=clock.today())


def find_reminders(*, on: date) -> int:
    """Write the reminders of a day that have not been written, and ask for the mails; return how many are new.

    Every threshold that has come counts, so a week without a search misses nothing; only the latest is told, the earlier ones are
    marked as told with it. In portions, each whole in itself. Whoever has something waiting from before, because a mail did not
    leave, gets it in today's.
    """
    days = force().reminder_days or DAYS
    wishes = {wish.person_id: wish for wish in ReminderWish.objects.all()}
    supervisors = nearest_supervisors(on=on)
    count = 0
    for portion in _portions(chain(_due(max(days), on=on), _ending_grace(max(days), on=on)), AT_ONCE):
        units = units_posted_to([due.officer for due in portion], on=on)
        rows = [
            Reminder(
                to_id=to,
                officer_id=due.officer,
                qualification_id=due.qualification,
                ends_on=due.ends_on,
                days=threshold,
                day=on,
            )
            for due in portion
            for to, threshold in _told(due, units, supervisors, wishes, days)
        ]
        count += _write(rows)
    _ask_for_what_waits(on)
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


def _due(farthest: int, *, on: date) -> Iterator[Due]:
    """Yield what ends by the farthest threshold: what is held by an exception ends with the exception."""
    since, until = on - timedelta(days=CATCH_UP_DAYS), on + timedelta(days=farthest)
    excepted = Q(verdict=Verdict.EXCEPTED.value)
    rows = (
        Standing.objects.filter(Q(is_required=True) | _needed_for_what_is_required(on), officer__is_active=True)
        .filter(
            (~excepted & Q(valid_until__range=(since, until)))
            | (excepted & Q(lapses_on__range=(since + ONE_DAY, until + ONE_DAY)))
        )
        .exclude(verdict__in=(Verdict.EXEMPT.value, Verdict.RESTRICTED.value))
        .order_by("officer_id", "qualification_id")
        .values_list("officer_id", "qualification_id", "verdict", "valid_until", "lapses_on")
    )
    for officer, qualification, verdict, valid_until, lapses_on in rows.iterator(AT_ONCE):
        last = lapses_on - ONE_DAY if verdict == Verdict.EXCEPTED.value and lapses_on else valid_until
        if last is not None:
            yield Due(officer, qualification, last, (last - on).days)


def _ending_grace(farthest: int, *, on: date) -> Iterator[Due]:
    """Yield what is in grace that ends by the farthest threshold, and what was until some days ago."""
    rows = (
        Standing.objects.filter(Q(is_required=True) | _needed_for_what_is_required(on), officer__is_active=True)
        .filter(
            Q(verdict=Verdict.IN_GRACE.value, grace_until__range=(on, on + timedelta(days=farthest)))
            | Q(verdict=Verdict.EXPIRED.value, grace_until__range=(on - timedelta(days=CATCH_UP_DAYS), on - ONE_DAY))
        )
        .order_by("officer_id", "qualification_id")
        .values_list("officer_id", "qualification_id", "grace_until")
    )
    for officer, qualification, last in rows.iterator(AT_ONCE):
        if last is not None:
            yield Due(officer, qualification, last, (last - on).days, ends_grace=True)


def _needed_for_what_is_required(on: date) -> Q:
    """Return which standings somebody must keep although nothing names them: Taser ends with the eyesight check."""
    needs: dict[int, set[int]] = {}
    for qualification, needed in QualificationNeed.objects.in_force(on).values_list("qualification_id", "needed_id"):
        needs.setdefault(needed, set()).add(qualification)
    found = Q(pk__in=())
    for needed in needs:
        through, waiting = set[int](), [needed]
        while waiting:
            for qualification in needs.get(waiting.pop(), ()):
                if qualification not in through:
                    through.add(qualification)
                    waiting.append(qualification)
        asking = Standing.objects.filter(officer=OuterRef("officer"), qualification__in=through, is_required=True)
        asking = asking.exclude(verdict__in=(Verdict.EXEMPT.value, Verdict.EXCEPTED.value))
        found |= Q(Exists(asking), qualification=needed)
    return found


def _told(
    due: Due,
    units: dict[int, int],
    supervisors: dict[int, frozenset[int]],
    wishes: dict[int, ReminderWish],
    days: Sequence[int],
) -> Iterator[tuple[int, int]]:
    """Yield whom it is told, each with the latest of their own thresholds that has come."""
    unit = units.get(due.officer)
    above = sorted(supervisors.get(unit, frozenset())) if unit is not None else []
    for to in (due.officer, *(to for to in above if to != due.officer)):
        wish, chosen = wishes.get(to), days
        if wish is not None:
            wished = wish.own_days if to == due.officer else wish.team_days
            # A force that changes its days must not silence who had chosen among the old ones.
            chosen = [day for day in wished if day in days] or (days if wished else ())
        come = [day for day in chosen if due.left <= day] if not due.ends_grace else _told_of_grace(due, chosen)
        if come and (wish is None or wish.by_mail):
            yield to, min(come)


def _told_of_grace(due: Due, chosen: Sequence[int]) -> list[int]:
    """Return [0], the one threshold under which the end of grace is kept, where the nearest chosen day before it has come.

    That the last day is past was told on its own thresholds; these would say the same of grace several times within a month.
    """
    nearest = min((day for day in chosen if day > 0), default=0)
    return [0] if chosen and due.left <= nearest else []


def _ask_for_what_waits(on: date) -> None:
    """Ask for a mail to everybody to whom something has not been told for certain."""
    waiting = Reminder.objects.filter(Q(mail__isnull=True) | Q(mail__day__lt=on, mail__sent_at__isnull=True))
    waiting = waiting.filter(to__is_active=True).exclude(to__email="")
    people = waiting.order_by("to").values_list("to", flat=True).distinct()
    work.ask_many("reminders.mail", [f"{to}:{on.isoformat()}" for to in people])


@transaction.atomic
def _write(rows: list[Reminder]) -> int:
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
    return len(fresh)


def _portions(found: Iterator[Due], size: int) -> Iterator[list[Due]]:
    while portion := list(islice(found, size)):
        yield portion


def last_reminded(officer: User) -> dict[str, date]:
    """Return the last day the officer was reminded of each qualification, by its code."""
    rows = Reminder.objects.filter(to=F("officer"), officer=officer).order_by("day")
    return dict(rows.values_list("qualification__code", "day"))
