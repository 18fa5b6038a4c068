"""How it went for everybody who began with an intake, also those who moved to a later one: the way to patrol, weeks lost and causes.

A cohort is never ordered by how anybody did: recruits stand by name, intakes by the day they began.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from courses.models import Intake, Recruit, RecruitState
from courses.programme_reports.lost import PAUSED, Loss, StateRow, losses, weeks
from courses.programmes.boards import DIFFICULT
from courses.programmes.moving import CAUSES, Cause
from courses.programmes.recruits import due_on
from courses.programmes.releasing import plan_of
from courses.programmes.states import ENDS, Kind, Standing, standing_of
from courses.programmes.values import INDEPENDENT_PATROL, Phase, Plan

PAUSED_WORDS = "Training paused"


@dataclass(frozen=True, slots=True)
class Way:
    """One recruit's way as a report tells it: where they stand, when each phase was entered first, what was lost."""

    recruit: Recruit
    plan: Plan
    standing: Standing
    entered: dict[str, date]
    losses: tuple[Loss, ...]
    moved: int
    on: date

    @property
    def phase(self) -> Phase | None:
        return self.plan.phase(self.standing.phase) if self.standing.phase else None

    @property
    def patrol_on(self) -> date | None:
        return self.standing.patrol_since

    @property
    def weeks_to_patrol(self) -> float | None:
        return weeks((self.patrol_on - self.recruit.began_on).days) if self.patrol_on else None

    @property
    def days_lost(self) -> int:
        return sum(loss.days for loss in self.losses)

    @property
    def causes(self) -> list[str]:
        """Why, each once, in the order in which it came."""
        return list(dict.fromkeys(cause_words(loss.cause) for loss in self.losses))

    @property
    def is_behind(self) -> bool:
        since, phase = self.standing.since, self.phase
        return bool(phase and since and not self.is_difficult and self.on > due_on(self.plan, phase.slug, since))

    @property
    def is_difficult(self) -> bool:
        return self.standing.ended is None and any(self.standing.has(kind) for kind in DIFFICULT)


@dataclass(frozen=True, slots=True)
class PhaseCount:
    """How many of a cohort entered a phase, are in it, and went on from it."""

    title: str
    weeks: int
    entered: int
    here: int
    went_on: int


@dataclass(frozen=True, slots=True)
class CauseCount:
    """Days lost for one cause: how often, by how many people."""

    words: str
    times: int
    people: int
    days: int

    @property
    def weeks(self) -> float:
        return weeks(self.days)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who began with an intake, on a day."""

    intake: Intake
    plan: Plan
    on: date
    ways: tuple[Way, ...]

    @property
    def began(self) -> int:
        return len(self.ways)

    @property
    def in_training(self) -> int:
        return sum(way.standing.ended is None for way in self.ways)

    @property
    def behind(self) -> int:
        return sum(way.is_behind for way in self.ways)

    @property
    def difficult(self) -> int:
        return sum(way.is_difficult for way in self.ways)

    @property
    def moved(self) -> int:
        return sum(bool(way.moved) for way in self.ways)

    @property
    def ended(self) -> dict[str, int]:
        """How many were confirmed, discharged, left."""
        found = Counter(way.standing.ended for way in self.ways if way.standing.ended)
        return {kind.value: found[kind] for kind in ENDS}

    @property
    def patrol(self) -> list[float]:
        """Weeks from the first day to independent patrol, of those it was granted to; the least first."""
        return sorted(way.weeks_to_patrol for way in self.ways if way.weeks_to_patrol is not None)

    @property
    def patrol_median(self) -> float | None:
        return round(median(self.patrol), 1) if self.patrol else None

    @property
    def planned_weeks(self) -> int | None:
        """Weeks the programme plans until independent patrol is granted; None where it grants none."""
        total = 0
        for phase in self.plan.phases:
            total += phase.weeks
            if phase.grants == INDEPENDENT_PATROL:
                return total
        return None

    @property
    def phases(self) -> list[PhaseCount]:
        """The phases in their order, with how many entered, are there and went on."""
        slugs = [phase.slug for phase in self.plan.phases]
        found = []
        for place, phase in enumerate(self.plan.phases):
            later = slugs[place + 1 :]
            entered = sum(phase.slug in way.entered for way in self.ways)
            here = sum(way.standing.phase == phase.slug for way in self.ways)
            went_on = sum(any(slug in way.entered for slug in later) for way in self.ways)
            found.append(PhaseCount(phase.title, phase.weeks, entered, here, went_on))
        return found

    @property
    def causes(self) -> list[CauseCount]:
        """Days lost by cause, in the order in which causes are listed."""
        order = [cause.value for cause in Cause] + [PAUSED]
        found: dict[str, list[tuple[Any, Loss]]] = defaultdict(list)
        for way in self.ways:
            for loss in way.losses:
                found[loss.cause].append((way.recruit.pk, loss))
        return [
            CauseCount(
                cause_words(cause),
                len(found[cause]),
                len({recruit for recruit, _loss in found[cause]}),
                sum(loss.days for _recruit, loss in found[cause]),
            )
            for cause in order
            if cause in found
        ]

    @property
    def days_lost(self) -> int:
        return sum(way.days_lost for way in self.ways)

    @property
    def weeks_lost(self) -> float:
        return weeks(self.days_lost)


def cause_words(cause: str) -> str:
    return PAUSED_WORDS if cause == PAUSED else CAUSES[Cause(cause)]


def cohort_of(intake: Intake, on: date) -> Cohort:
    """Return how it went for those who began with an intake, as the record is now, by the day."""
    return cohorts([intake], on)[0]


def cohorts(intakes: Sequence[Intake], on: date) -> list[Cohort]:
    """Return the cohorts of many intakes, the earliest first; two queries, however many there are."""
    wanted = {intake.pk for intake in intakes}
    began = _recruits_of(wanted)
    rows: dict[Any, list[StateRow]] = defaultdict(list)
    known = RecruitState.objects.known().filter(is_void=False, recruit__in=_who_was_in(wanted))
    names = ("recruit_id", *StateRow._fields)
    for recruit, *values in known.order_by("valid_from", "pk").values_list(*names):
        rows[recruit].append(StateRow(*values))
    plans = {intake.release_id: plan_of(intake.release) for intake in intakes}
    ways: dict[int | None, list[Way]] = defaultdict(list)
    for recruit in began:
        first = next((row.intake_id for row in rows[recruit.pk] if row.kind == Kind.INTAKE), None)
        if first in wanted and recruit.began_on <= on:
            ways[first].append(_way(recruit, plans[recruit.release_id], rows[recruit.pk], on))
    ordered = sorted(intakes, key=lambda intake: (intake.starts_on, intake.name))
    return [Cohort(intake, plans[intake.release_id], on, tuple(ways[intake.pk])) for intake in ordered]


def _who_was_in(intakes: Iterable[int]) -> Any:
    """Return whoever was ever in one of the intakes, as a subquery."""
    return RecruitState.objects.filter(kind=Kind.INTAKE, intake__in=intakes).values("recruit")


def _recruits_of(intakes: Iterable[int]) -> list[Recruit]:
    found = Recruit.objects.filter(pk__in=_who_was_in(intakes)).select_related("officer")
    return sorted(found, key=lambda recruit: (recruit.officer.name.casefold(), str(recruit.pk)))


def _way(recruit: Recruit, plan: Plan, rows: Sequence[StateRow], on: date) -> Way:
    entered: dict[str, date] = {}
    for row in rows:
        if row.kind == Kind.PHASE and row.valid_from <= on:
            entered.setdefault(row.phase, row.valid_from)
    return Way(
        recruit=recruit,
        plan=plan,
        standing=standing_of(row for row in rows if _is_in_force(row, on)),
        entered=entered,
        losses=tuple(losses(rows, on)),
        moved=sum(row.kind == Kind.INTAKE and bool(row.cause) and row.valid_from <= on for row in rows),
        on=on,
    )


def _is_in_force(row: StateRow, on: date) -> bool:
    return row.valid_from <= on and (row.valid_until is None or row.valid_until >= on)
