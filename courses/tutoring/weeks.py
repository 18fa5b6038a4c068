"""The week of recruits and their tutors, as a sergeant or a training administrator reads it: shifts, notes, headings, and what is amiss."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from courses.models import Intake, Recruit, ShiftNote, TutorPairing
from courses.programmes.boards import members_of
from courses.programmes.recruits import standings_on
from courses.programmes.releasing import plan_of
from courses.programmes.states import Standing
from courses.tutoring.fitness import Fitness, fitness_of_many, tutor_rules
from courses.tutoring.rules import monday_of
from people import access
from people.dates import long_date
from people.models import User, display_name

DAYS = 7
# So many days of a pairing without a note, and the week says so.
QUIET_DAYS = 7


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a recruit's week: the note of the shift that began on it, or None."""

    day: date
    note: ShiftNote | None
    is_paired: bool


@dataclass(frozen=True, slots=True)
class RecruitsWeek:
    """One recruit's week. ``amiss`` are sentences that ask for somebody; ``touched`` are headings with how often."""

    recruit: Recruit
    place: str
    pairings: tuple[TutorPairing, ...]
    days: tuple[Day, ...]
    touched: tuple[tuple[str, int], ...]
    amiss: tuple[str, ...]

    @property
    def notes(self) -> list[ShiftNote]:
        return [one.note for one in self.days if one.note is not None]

    @property
    def tutors(self) -> str:
        return " and ".join(dict.fromkeys(display_name(one.tutor) for one in self.pairings))


@dataclass(frozen=True, slots=True)
class Week:
    """A week: recruits who had a tutor in it, by name, and those who had none."""

    monday: date
    paired: tuple[RecruitsWeek, ...]
    unpaired: tuple[tuple[Recruit, str], ...]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=DAYS - 1)

    @property
    def before(self) -> date:
        return self.monday - timedelta(days=DAYS)

    @property
    def after(self) -> date:
        return self.monday + timedelta(days=DAYS)

    @property
    def seen(self) -> list[int]:
        """Whose record the page shows, as user keys."""
        return [one.recruit.officer_id for one in self.paired] + [
            recruit.officer_id for recruit, _place in self.unpaired
        ]


def supervised_recruits(user: User, *, on: date) -> list[Recruit]:
    """Return the recruits among the people somebody supervises today who were in training in the week of the day."""
    officers = access.officers_supervised_by(user).values("pk")
    return _by_name(
        Recruit.objects.open().filter(officer__in=officers, began_on__lte=monday_of(on) + timedelta(days=6))
    )


def recruits_of(intake: Intake, *, on: date) -> list[Recruit]:
    """Return whom an intake has in the week of the day and who has not ended their training."""
    return [one for one in members_of(intake, on) if one.closed_at is None]


def week_of(recruits: Sequence[Recruit], on: date, *, today: date) -> Week:
    """Return the week that ``on`` belongs to. As many queries for 3 recruits as for 260."""
    monday = monday_of(on)
    sunday = monday + timedelta(days=DAYS - 1)
    keys = [recruit.pk for recruit in recruits]
    pairings: dict[Any, list[TutorPairing]] = defaultdict(list)
    known = TutorPairing.objects.known().filter(is_void=False, recruit__in=keys, valid_from__lte=sunday)
    for row in known.filter(valid_until__gte=monday).select_related("tutor").order_by("valid_from"):
        pairings[row.recruit_id].append(row)
    notes: dict[tuple[Any, date], ShiftNote] = {}
    latest: dict[Any, date] = {}
    since = monday - timedelta(days=QUIET_DAYS)
    for note in (
        ShiftNote.objects.known().filter(recruit__in=keys, day__range=(since, sunday)).order_by("day", "written_at")
    ):
        notes[note.recruit_id, note.day] = note
        latest[note.recruit_id] = note.day
    day = min(max(today, monday), sunday)
    standings = standings_on(recruits, day)
    tutors = {row.tutor_id for rows in pairings.values() for row in rows if day in row.period}
    fit = fitness_of_many(tutors, tutor_rules(), on=day)
    paired, unpaired = [], []
    for recruit in recruits:
        place = _place(recruit, standings[recruit.pk], day)
        rows = pairings.get(recruit.pk, [])
        if not rows:
            unpaired.append((recruit, place))
            continue
        days = tuple(_days(recruit, rows, notes, monday))
        amiss = tuple(_amiss(rows, latest.get(recruit.pk), fit, standings[recruit.pk], day))
        paired.append(RecruitsWeek(recruit, place, tuple(rows), days, _touched(days), amiss))
    return Week(monday, tuple(paired), tuple(unpaired))


def _days(
    recruit: Recruit, rows: Sequence[TutorPairing], notes: dict[tuple[Any, date], ShiftNote], monday: date
) -> Iterable[Day]:
    for number in range(DAYS):
        day = monday + timedelta(days=number)
        is_paired = any(day in row.period for row in rows)
        yield Day(day, notes.get((recruit.pk, day)), is_paired)


def _amiss(
    rows: Sequence[TutorPairing], latest: date | None, fit: dict[int, Fitness], standing: Standing, day: date
) -> Iterable[str]:
    """Say what of a pairing asks for somebody on the day: a tutor not in date, no note for a week, training paused."""
    for row in rows:
        if day not in row.period:
            continue
        fitness = fit[row.tutor_id]
        if not fitness.carries:
            yield f"{display_name(row.tutor)} is not in date as a tutor. {fitness.words}"
        elif fitness.until is not None and fitness.until < row.period.last:
            yield (
                f"{display_name(row.tutor)} is in date until {long_date(fitness.until)}; the pairing goes on to "
                f"{long_date(row.period.last)}."
            )
        last = max(latest or date.min, row.valid_from - timedelta(days=1))
        if (day - last).days > QUIET_DAYS:
            yield f"No note of a shift for {(day - last).days} days."
        if standing.is_paused:
            yield "Training is paused, and the pairing goes on. End it, or resume training."


def _touched(days: Iterable[Day]) -> tuple[tuple[str, int], ...]:
    """Return the headings of the week with the number of shifts that touched each, in the order in which they came up."""
    counted = Counter(one["title"] for day in days if day.note for one in day.note.headings)
    return tuple(counted.items())


def _place(recruit: Recruit, standing: Standing, day: date) -> str:
    if not standing.phase or standing.since is None:
        return ""
    phase = plan_of(recruit.release).phase(standing.phase)
    return f"{phase.title}, week {(day - standing.since).days // DAYS + 1} of {phase.weeks}"


def _by_name(recruits: Any) -> list[Recruit]:
    found = recruits.select_related("officer", "release__programme")
    return sorted(found, key=lambda recruit: (recruit.officer.name.casefold(), str(recruit.pk)))
