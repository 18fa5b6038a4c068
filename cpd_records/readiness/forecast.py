"""Who lapses next: what is carried on a day and ends within 30, 60 or 90 days of it.

Of thousands today it is read from the projection; of fewer people and on any other day it is reckoned one by one, as known at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from cpd_records.models import Qualification, Standing
from cpd_records.readiness.question import Question
from cpd_records.readiness.reckoned import RestsOn, answers_about, footing_of, footing_of_projection
from cpd_records.readiness.scope import are_many, officers_posted_to, units_in
from cpd_records.readiness.summaries import asked_of
from people.models import User

WINDOWS = (30, 60, 90)


class _Ending(NamedTuple):
    """Something required of somebody that ends: ``place`` is the qualification's, ``last_day`` the last on which it carries."""

    officer: int
    code: str
    title: str
    place: int
    last_day: date


@dataclass(frozen=True, slots=True)
class Falling:
    """Something somebody must hold that ends: ``last_day`` is the last day on which it carries."""

    officer: int
    public_id: UUID
    name: str
    code: str
    title: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """``by_requirement`` has title and how many fall within 30, 60 and 90 days; ``falling`` are those of the window, earliest first.

    ``rests_on`` says what the answer rests on.
    """

    window: int
    by_requirement: tuple[tuple[str, tuple[int, ...]], ...]
    falling: Sequence[Falling]
    rests_on: RestsOn

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(counts[place] for _title, counts in self.by_requirement) for place in range(len(WINDOWS)))


def forecast_of(user: User, question: Question, *, window: int = 30) -> Forecast:
    """Return what falls for the people ``user`` supervises in the ``window`` days (30, 60 or 90) after the day asked about.

    Raises ``NotYourUnit``.
    """
    units = units_in(user, question.unit)
    ask = _projected if question.is_today and are_many(units) else _reckoned
    endings, rests_on = ask(units, user, question)
    counts: dict[str, Counter[int]] = {}
    for ending in sorted(endings, key=attrgetter("place", "code")):
        ahead = (ending.last_day - question.on).days
        counts.setdefault(ending.title, Counter()).update(days for days in WINDOWS if ahead <= days)
    coming = [ending for ending in endings if (ending.last_day - question.on).days <= window]
    return Forecast(
        window,
        tuple((title, tuple(found[days] for days in WINDOWS)) for title, found in counts.items()),
        _named(sorted(coming, key=attrgetter("last_day", "place", "officer"))),
        rests_on,
    )


def _projected(units: set[int], user: User, question: Question) -> tuple[list[_Ending], RestsOn]:
    rows = Standing.objects.filter(
        officer__any_of=officers_posted_to(units, on=question.on, without=user),
        is_required=True,
        lapses_on__gt=question.on,
        lapses_on__lte=_first_day_too_late(question.on),
    )
    if question.code:
        rows = rows.filter(qualification__code=question.code)
    of_qualification = ("qualification__code", "qualification__title", "qualification__order")
    endings = [
        _Ending(officer, code, title, place, _day_before(lapses_on))
        for officer, code, title, place, lapses_on in rows.values_list("officer_id", *of_qualification, "lapses_on")
    ]
    return endings, footing_of_projection()


def _reckoned(units: set[int], user: User, question: Question) -> tuple[list[_Ending], RestsOn]:
    answers = answers_about(units, on=question.on, known_at=question.known_at, without=user)
    places = dict(Qualification.objects.values_list("code", "order"))
    endings = [
        _Ending(officer, one.code, one.title, places[one.code], _day_before(one.lapses_on))
        for officer, answer in answers.items()
        for one in asked_of(answer, question.code)
        if one.lapses_on is not None and question.on < one.lapses_on <= _first_day_too_late(question.on)
    ]
    return endings, footing_of(answers, question.known_at)


def _named(endings: Sequence[_Ending]) -> tuple[Falling, ...]:
    rows = User.objects.filter(pk__any_of=sorted({ending.officer for ending in endings}))
    people = {
        key: (public_id, short_name or name)
        for key, public_id, short_name, name in rows.values_list("pk", "public_id", "short_name", "name")
    }
    return tuple(
        Falling(ending.officer, *people[ending.officer], ending.code, ending.title, ending.last_day)
        for ending in endings
    )


def _first_day_too_late(on: date) -> date:
    """Return the last first day without, for something that ends within the longest window."""
    return on + timedelta(days=max(WINDOWS) + 1)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
