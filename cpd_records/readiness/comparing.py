"""Units beside each other, with numbers and how they moved. Small units are not compared: a share of four people says who they are.

Today's figures are read from the projection, those of any other day are reckoned one by one, as known at any time. The figure before is
what was counted in the night 90 days earlier, or in the last one before that was counted; where nothing was counted yet and the unit is
small enough, it is reckoned from the record; else it is the first that was counted. Each says its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from cpd_records.currency import currency_of_many
from cpd_records.models import ReadinessCount
from cpd_records.readiness.question import Question
from cpd_records.readiness.reckoned import RestsOn, footing_of, footing_of_projection, moment_of
from cpd_records.readiness.scope import UnitChoice, units_in, units_of
from cpd_records.readiness.summaries import NOT_CARRYING, asked_of
from people import clock, work
from people.models import Posting, User
from people.unit_tree import parents_of_units

# Below the first, a unit is not shown by itself; below the second, its numbers are shown and no share.
FEWEST_PEOPLE = 5
FEWEST_FOR_A_SHARE = 20
TREND_DAYS = 90
MOST_RECKONED = 400
COUNT_WORK = "readiness.count"


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """``asked`` requirements of ``people``, of which ``met`` carry today; the same ``before``, None where nobody knows."""

    unit: UnitChoice
    people: int
    asked: int
    met: int
    asked_before: int | None = None
    met_before: int | None = None
    before: date | None = None

    @property
    def share(self) -> int | None:
        """Requirements met, in whole per cent; None for a unit too small for a share."""
        return _share(self.met, self.asked) if self.people >= FEWEST_FOR_A_SHARE else None

    @property
    def change(self) -> int | None:
        """Percentage points since ``before``; None where unknown or too small."""
        if self.share is None or self.asked_before is None or self.met_before is None or not self.asked_before:
            return None
        before = _share(self.met_before, self.asked_before)
        return None if before is None else self.share - before

    @property
    def met_change(self) -> int | None:
        """Requirements met more than ``before``, for a unit too small for a share: its numbers are shown, so is how they moved."""
        return None if self.met_before is None or not self.asked_before else self.met - self.met_before

    @property
    def moved(self) -> str:
        """How it moved in words, in 100 where a share is given, else in requirements met; '' where nobody knows."""
        number, unit = (self.change, " in 100") if self.share is not None else (self.met_change, " met")
        if number is None:
            return ""
        return "The same" if not number else f"{abs(number)} {'more' if number > 0 else 'fewer'}{unit}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``units`` in the order of the tree; ``left_out`` counts units too small to stand by themselves.

    ``counted_since`` is the first day one of the user's units was counted, None before the first night. ``rests_on`` says what the
    figures of the day asked about rest on.
    """

    units: tuple[UnitFigures, ...]
    left_out: int
    counted_since: date | None
    rests_on: RestsOn


def compare_units(user: User, question: Question) -> Comparison:
    """Return the units right below the one asked about (None: below the top of the user's tree), and that unit itself first.

    Raises ``NotYourUnit``.
    """
    units_in(user, question.unit)  # refuses a unit that is not the user's
    # The supervisor is one of the unit's people: the figures count them, so the number of people does.
    choices = units_of(user, on=question.on, with_self=True, known_at=moment_of(question.known_at))
    chosen = _level(choices, question.unit)
    shown = [choice for choice in chosen if choice.people >= FEWEST_PEOPLE]
    counted = _counted_before(question).filter(unit__in=[choice.id for choice in chosen])
    if question.is_today:
        now = figures_of({choice.id for choice in shown}, on=question.on)
        rests_on = footing_of_projection()
    else:
        now, rests_on = _reckoned({choice.id for choice in shown}, question.on, question.known_at)
    then = _figures_before(shown, question)
    figures = tuple(
        UnitFigures(choice, choice.people, *now.get(choice.id, (0, 0)), *then.get(choice.id, (None, None, None)))
        for choice in shown
    )
    return Comparison(figures, len(chosen) - len(shown), counted.aggregate(day=Min("day"))["day"], rests_on)


def figures_of(units: Iterable[int], *, on: date) -> dict[int, tuple[int, int]]:
    """Return requirements asked and met today by unit, everything below it included, from the projection."""
    above = _ancestors(on)
    by_unit = (
        Posting.objects.in_force(on)
        .filter(officer__is_active=True, officer__standings__is_required=True)
        .order_by()
        .values_list("unit_id")
        .annotate(
            asked=Count("officer__standings"),
            met=Count("officer__standings", filter=~Q(officer__standings__verdict__in=NOT_CARRYING)),
        )
    )
    wanted = set(units)
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for unit, asked, met in by_unit:
        for place in above(unit):
            if place in wanted:
                found[place][0] += asked
                found[place][1] += met
    return {unit: (asked, met) for unit, (asked, met) in found.items()}


@work.background(COUNT_WORK)
def count_for_day(key: str) -> None:
    """Count on the day ``key`` (ISO); a day gone by can no longer be counted and is left out."""
    if date.fromisoformat(key) == clock.today():
        count_readiness(on=clock.today())


@transaction.atomic
def count_readiness(*, on: date) -> int:
    """Keep today's figures of every unit that has people, for the trend of later days; once a day, and again changes nothing."""
    units = set(parents_of_units(on))
    rows = [
        ReadinessCount(unit_id=unit, day=on, asked=asked, met=met)
        for unit, (asked, met) in figures_of(units, on=on).items()
    ]
    ReadinessCount.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def _counted_before(question: Question) -> QuerySet[ReadinessCount]:
    """Return the nightly counts of before the day asked about that were made by the time it is asked as known."""
    rows = ReadinessCount.objects.filter(day__lt=question.on)
    return rows if question.known_at is None else rows.filter(day__lte=timezone.localdate(question.known_at))


def _figures_before(shown: Iterable[UnitChoice], question: Question) -> Mapping[int, tuple[int, int, date]]:
    """Return requirements asked and met by unit, with the day they are of: 90 days before, or the nearest there is."""
    shown, day = list(shown), question.on - timedelta(days=TREND_DAYS)
    counted = _counted_before(question).filter(unit__in=[choice.id for choice in shown])
    kept = _figures_of_days(counted.filter(day__lte=day).values_list("unit_id").annotate(Max("day")))
    for choice in shown:
        if choice.id not in kept and FEWEST_FOR_A_SHARE <= choice.people <= MOST_RECKONED:
            found, _rests_on = _reckoned({choice.id}, day, question.known_at)
            asked, met = found.get(choice.id, (0, 0))
            if asked:
                kept[choice.id] = asked, met, day
    first = counted.exclude(unit__in=list(kept)).values_list("unit_id").annotate(Min("day"))
    return kept | _figures_of_days(first)


def _figures_of_days(days: Iterable[tuple[int, date]]) -> dict[int, tuple[int, int, date]]:
    """Return what was counted of each unit on the day named with it."""
    wanted = dict(days)
    rows = ReadinessCount.objects.filter(unit__in=list(wanted), day__in=set(wanted.values()))
    found = rows.values_list("unit_id", "asked", "met", "day")
    return {unit: (asked, met, on) for unit, asked, met, on in found if wanted[unit] == on}


def _reckoned(units: set[int], day: date, known_at: datetime | None) -> tuple[dict[int, tuple[int, int]], RestsOn]:
    """Return requirements asked and met on a day by unit, everything below it included, as known at a time, and what that rests on."""
    moment = moment_of(known_at)
    above = _ancestors(day, moment)
    rows = Posting.objects.in_force(day, moment).filter(officer__is_active=True).values_list("officer_id", "unit_id")
    places = {officer: [unit for unit in above(where) if unit in units] for officer, where in rows}
    answers = currency_of_many([officer for officer in places if places[officer]], on=day, known_at=known_at)
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for officer, answer in answers.items():
        asked = asked_of(answer)
        for unit in places[officer]:
            found[unit][0] += len(asked)
            found[unit][1] += sum(one.carries for one in asked)
    return {unit: (asked, met) for unit, (asked, met) in found.items()}, footing_of(answers, known_at)


def _level(choices: list[UnitChoice], unit: int | None) -> list[UnitChoice]:
    """Return the unit and those right below it; without a unit, the tops, or what is below the only top."""
    if unit is None:
        tops = [choice for choice in choices if not choice.depth]
        if len(tops) != 1:
            return tops
        unit = tops[0].id
    place = next(number for number, choice in enumerate(choices) if choice.id == unit)
    found = [choices[place]]
    for choice in choices[place + 1 :]:
        if choice.depth <= choices[place].depth:
            break
        if choice.depth == choices[place].depth + 1:
            found.append(choice)
    return found


def _ancestors(on: date, known_at: datetime | None = None) -> Callable[[int], tuple[int, ...]]:
    """Return a function from a unit to itself and everything it stands under, read once."""
    parents = parents_of_units(on, known_at)
    known: dict[int, tuple[int, ...]] = {}

    def above(unit: int) -> tuple[int, ...]:
        if unit not in known:
            found: list[int] = []
            at: int | None = unit
            while at is not None and at not in found:
                found.append(at)
                at = parents.get(at)
            known[unit] = tuple(found)
        return known[unit]

    return above


def _share(met: int, asked: int) -> int | None:
    return round(100 * met / asked) if asked else None
