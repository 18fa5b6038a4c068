"""Where a recruit stands, from the rows in force, and which moves follow lawfully. Pure: knows no database.

A recruit's states are rows with two times, one sequence for each kind: the intake they belong to, the phase they are in, and what
stands beside these (a plan of action, a longer probation, a pause). What ends it all is one of three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from courses.programmes.values import Phase, Plan
from people.dates import long_date


class Kind(StrEnum):
    """What a row says. Rows of one kind never overlap for a recruit."""

    INTAKE = "intake"
    PHASE = "phase"
    ACTION_PLAN = "action_plan"
    EXTENDED = "extended"
    PAUSED = "paused"
    DISCHARGE_CONSIDERED = "discharge_considered"
    PATROL = "patrol"
    CONFIRMED = "confirmed"
    DISCHARGED = "discharged"
    LEFT = "left"


WORDS = {
    Kind.INTAKE: "In the intake",
    Kind.PHASE: "In the phase",
    Kind.ACTION_PLAN: "Action plan",
    Kind.EXTENDED: "Probation extended",
    Kind.PAUSED: "Paused",
    Kind.DISCHARGE_CONSIDERED: "Discharge considered (regulation 13)",
    Kind.PATROL: "Independent patrol granted",
    Kind.CONFIRMED: "Confirmed in rank",
    Kind.DISCHARGED: "Discharged",
    Kind.LEFT: "Left",
}
BESIDE = (Kind.ACTION_PLAN, Kind.EXTENDED, Kind.PAUSED, Kind.DISCHARGE_CONSIDERED)
ENDS = (Kind.CONFIRMED, Kind.DISCHARGED, Kind.LEFT)


class Row(Protocol):
    """A row in force; ``RecruitState`` rows are such."""

    @property
    def kind(self) -> str: ...
    @property
    def phase(self) -> str: ...
    @property
    def intake_id(self) -> int | None: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...
    @property
    def reason(self) -> str: ...


class IllegalMove(Exception):
    """A move that does not follow from where the recruit stands; the message says why."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the phase, with its last day where one is set, and why."""

    kind: Kind
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a recruit stands on a day."""

    phase: str = ""
    since: date | None = None
    intake: int | None = None
    beside: tuple[Beside, ...] = ()
    patrol_since: date | None = None
    ended: Kind | None = None
    ended_on: date | None = None

    def has(self, kind: Kind) -> bool:
        return any(one.kind == kind for one in self.beside)

    @property
    def is_paused(self) -> bool:
        return self.has(Kind.PAUSED)


def standing_of(rows: Iterable[Row]) -> Standing:
    """Return where a recruit stands, from the rows in force on the day."""
    by_kind: dict[Kind, Row] = {Kind(row.kind): row for row in rows}
    phase, intake, patrol = by_kind.get(Kind.PHASE), by_kind.get(Kind.INTAKE), by_kind.get(Kind.PATROL)
    ended = next((by_kind[kind] for kind in ENDS if kind in by_kind), None)
    return Standing(
        phase=phase.phase if phase else "",
        since=phase.valid_from if phase else None,
        intake=intake.intake_id if intake else None,
        beside=tuple(
            Beside(kind, by_kind[kind].valid_until, by_kind[kind].reason) for kind in BESIDE if kind in by_kind
        ),
        patrol_since=patrol.valid_from if patrol else None,
        ended=Kind(ended.kind) if ended else None,
        ended_on=ended.valid_from if ended else None,
    )


def next_phase(plan: Plan, standing: Standing) -> Phase | None:
    """Return the phase that follows the present one; None after the last. Refuses where the recruit is in none, or cannot move."""
    _refuse_ended(standing)
    if standing.is_paused:
        raise IllegalMove("Their training is paused. Resume it first, then decide about the phase.")
    if not standing.phase:
        raise IllegalMove("They are in no phase on that day. Choose a day after they began.")
    return plan.after(standing.phase)


def refuse_beginning(standing: Standing, kind: Kind, *, plan: Plan) -> None:
    """Refuse a state that cannot begin where the recruit stands."""
    _refuse_ended(standing)
    if kind in BESIDE and standing.has(kind):
        raise IllegalMove(f"{WORDS[kind]}: that stands already. End it first, or correct it.")
    if kind is Kind.PATROL and standing.patrol_since is not None:
        day = standing.patrol_since
        raise IllegalMove(f"Independent patrol was granted on {long_date(day)} already.")
    if kind is Kind.CONFIRMED and (not standing.phase or plan.after(standing.phase) is not None):
        last = plan.phases[-1].title
        raise IllegalMove(f"Only somebody in the last phase, ‘{last}’, can be confirmed in rank.")
    if kind is Kind.CONFIRMED and standing.is_paused:
        raise IllegalMove("Their training is paused. Resume it first, then confirm them.")
    if kind is Kind.DISCHARGED and not standing.has(Kind.DISCHARGE_CONSIDERED):
        raise IllegalMove(
            "A discharge follows its consideration under regulation 13. Record that it is considered first."
        )


def refuse_ending(standing: Standing, kind: Kind) -> None:
    """Refuse to end what does not stand."""
    if not standing.has(kind):
        raise IllegalMove(f"{WORDS[kind]}: that does not stand on this day, so there is nothing to end.")


def refuse_back_course(standing: Standing, *, present: date, later: date) -> None:
    """Refuse a move to an intake that does not begin later than the present one."""
    _refuse_ended(standing)
    if standing.intake is None:
        raise IllegalMove("They are in no intake on that day. Enrol them in one instead.")
    if later <= present:
        raise IllegalMove("Back-coursing moves somebody to an intake that began later than theirs. Choose a later one.")


def _refuse_ended(standing: Standing) -> None:
    if standing.ended is not None and standing.ended_on is not None:
        day = standing.ended_on
        raise IllegalMove(f"{WORDS[standing.ended]} on {long_date(day)}: nothing follows after that.")
