"""An intake at a glance: who is on course, behind or in difficulty, each with the reason; never in an order of merit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from courses.models import Intake, Recruit, RecruitState
from courses.programmes.needs import Need, needs_of_many, unmet
from courses.programmes.recruits import due_on, standings_on
from courses.programmes.releasing import plan_of
from courses.programmes.states import WORDS, Kind, Standing
from courses.programmes.values import Phase, Plan
from people.dates import long_date


class Group(StrEnum):
    """How it goes. The order is that of the board."""

    DIFFICULTY = "difficulty"
    BEHIND = "behind"
    PAUSED = "paused"
    ON_COURSE = "on_course"
    ENDED = "ended"


HEADINGS = {
    Group.DIFFICULTY: "In difficulty",
    Group.BEHIND: "Behind",
    Group.PAUSED: "Paused",
    Group.ON_COURSE: "On course",
    Group.ENDED: "No longer in training",
}
DIFFICULT = (Kind.DISCHARGE_CONSIDERED, Kind.EXTENDED, Kind.ACTION_PLAN)


@dataclass(frozen=True, slots=True)
class Member:
    """A recruit on the board: the group, the reason in a sentence, and the phase with its week."""

    recruit: Recruit
    group: Group
    reason: str
    phase: str
    week: int
    missing: int

    @property
    def place(self) -> str:
        return f"{self.phase}, week {self.week}" if self.phase else ""


@dataclass(frozen=True, slots=True)
class Board:
    """An intake on a day. ``groups`` are those that have somebody, each with its heading."""

    intake: Intake
    plan: Plan
    on: date
    groups: tuple[tuple[str, tuple[Member, ...]], ...]

    @property
    def count(self) -> int:
        return sum(len(members) for _heading, members in self.groups)

    def size(self, group: Group) -> int:
        return next((len(members) for heading, members in self.groups if heading == HEADINGS[group]), 0)


def board_of(intake: Intake, on: date) -> Board:
    """Return the board of an intake on a day: everybody who was ever in it and did not move on. As many queries for 3 as for 260."""
    recruits = members_of(intake, on)
    standings = standings_on(recruits, on)
    plans = {recruit.release_id: plan_of(recruit.release) for recruit in recruits}
    pairs = [
        (recruit, plans[recruit.release_id].phase(standings[recruit.pk].phase))
        for recruit in recruits
        if standings[recruit.pk].phase
    ]
    needs = needs_of_many(pairs, on=on) if pairs else {}
    found: dict[Group, list[Member]] = {group: [] for group in Group}
    for recruit in recruits:
        member = _member(recruit, standings[recruit.pk], plans[recruit.release_id], needs.get(recruit.pk, []), on)
        found[member.group].append(member)
    groups = tuple((HEADINGS[group], tuple(members)) for group, members in found.items() if members)
    return Board(intake, plan_of(intake.release), on, groups)


def members_of(intake: Intake, on: date) -> list[Recruit]:
    """Return whom the intake has on the day, or had when they ended their training, by name."""
    rows = RecruitState.objects.known().filter(kind=Kind.INTAKE, is_void=False, valid_from__lte=on)
    last: dict[UUID, RecruitState] = {}
    for row in rows.filter(recruit__in=rows.filter(intake=intake).values("recruit")).order_by("valid_from"):
        last[row.recruit_id] = row
    here = [key for key, row in last.items() if row.intake_id == intake.pk]
    recruits = Recruit.objects.filter(pk__in=here).select_related("officer", "release__programme")
    return sorted(recruits, key=lambda recruit: (recruit.officer.name.casefold(), str(recruit.pk)))


def _member(recruit: Recruit, standing: Standing, plan: Plan, needs: Sequence[Need], on: date) -> Member:
    phase = plan.phase(standing.phase) if standing.phase else None
    week = (on - standing.since).days // 7 + 1 if standing.since else 0
    missing = unmet(needs)
    group, reason = _how(standing, plan, phase, missing, on)
    return Member(recruit, group, reason, phase.title if phase else "", week, len(missing))


def _how(standing: Standing, plan: Plan, phase: Phase | None, missing: Sequence[Need], on: date) -> tuple[Group, str]:
    if standing.ended is not None and standing.ended_on is not None:
        return Group.ENDED, f"{WORDS[standing.ended]} on {long_date(standing.ended_on)}."
    for one in standing.beside:
        if one.kind in DIFFICULT:
            until = f" until {long_date(one.until)}" if one.until else ""
            return Group.DIFFICULTY, f"{WORDS[one.kind]}{until}: {one.reason}"
    if standing.is_paused:
        return Group.PAUSED, "Training is paused."
    if phase is None or standing.since is None:
        return Group.PAUSED, "Not begun yet."
    due = due_on(plan, phase.slug, standing.since)
    if on > due:
        first = (
            f" {missing[0].title}: {missing[0].reason}" if missing else " Everything is there: decide about the phase."
        )
        return Group.BEHIND, f"‘{phase.title}’ was to end on {long_date(due)}.{first}"
    if missing:
        return Group.ON_COURSE, f"{len(missing)} still needed by {long_date(due)}."
    return Group.ON_COURSE, f"Everything ‘{phase.title}’ needs is there."
