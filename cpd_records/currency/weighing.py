"""Which qualifications are asked of whom on a day, and how each and each duty role stands: findings, before any words are put to them.

Nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from cpd_records.currency.days import ONE_DAY, Days, earliest
from cpd_records.currency.values import Held, Subject, Verdict
from cpd_records.currency.verdicts import Finding, find_all, needed_first, with_needed

POST = "post"


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement: ``code`` is asked of those with the role, the rank and a posting to the unit or below it.

    What is empty does not narrow it. ``stops_duty``: without it, what the role allows ends.
    """

    code: str
    days: Days
    role: str = ""
    rank: str = ""
    unit: int | None = None
    stops_duty: bool = True


@dataclass(frozen=True, slots=True)
class DutyRole:
    """A role that allows something: ``may`` goes on after 'may', ``duty`` is 'post' or 'authority'."""

    code: str
    title: str
    may: str
    duty: str


@dataclass(frozen=True, slots=True)
class Place:
    """What decides which requirements meet an officer on a day: roles, ranks (acting too), and the unit with all above it."""

    roles: frozenset[str]
    ranks: frozenset[str]
    units: frozenset[int]

    def meets(self, asked: Asked) -> bool:
        """Return whether the requirement is for this officer, leaving its days aside.

        Nothing is asked of somebody without role, rank and posting: they have not joined, or have left.
        """
        return (
            bool(self.roles or self.ranks or self.units)
            and (not asked.role or asked.role in self.roles)
            and (not asked.rank or asked.rank in self.ranks)
            and (asked.unit is None or asked.unit in self.units)
        )


@dataclass
class Policy:
    """The rules of one day as known at one time, the same for every officer."""

    subjects: Mapping[str, Subject]
    asked: Sequence[Asked]
    duties: Mapping[str, DutyRole]
    parents: Mapping[int, int | None]
    order: tuple[str, ...] = ()
    is_circular: bool = False
    _met: dict[Place, tuple[Asked, ...]] = field(default_factory=dict)
    _above: dict[int, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.order, self.is_circular = needed_first(self.subjects)

    def met_by(self, place: Place) -> tuple[Asked, ...]:
        """Return the requirements that are for an officer in this place, on whatever days."""
        if place not in self._met:
            self._met[place] = tuple(asked for asked in self.asked if place.meets(asked))
        return self._met[place]

    def above(self, unit: int) -> frozenset[int]:
        """Return the unit and every unit it stands under."""
        if unit not in self._above:
            found: set[int] = set()
            at: int | None = unit
            while at is not None and at not in found:
                found.add(at)
                at = self.parents.get(at)
            self._above[unit] = frozenset(found)
        return self._above[unit]

    def find(self, held: Held, wanted: Iterable[str], *, on: date) -> dict[str, Finding]:
        """Return the findings on the codes and on everything they need or will need."""
        closed = with_needed(self.subjects, wanted, on=on, later_too=True)
        ordered = [code for code in self.order if code in closed]
        return find_all(self.subjects, held, ordered, on=on, is_circular=self.is_circular)


@dataclass(slots=True)
class OfficerFacts:
    """What is known of one officer: ``roles``, ``ranks`` and ``units`` held at any time from the day asked about on."""

    officer: UUID
    held: Held
    roles: list[tuple[str, Days]] = field(default_factory=list)
    ranks: list[tuple[str, Days]] = field(default_factory=list)
    units: list[tuple[int, Days]] = field(default_factory=list)
    unsealed: int = 0
    erased: int = 0

    def place(self, policy: Policy, *, on: date) -> Place:
        units = [policy.above(unit) for unit, days in self.units if days.has(on)]
        return Place(
            frozenset(role for role, days in self.roles if days.has(on)),
            frozenset(rank for rank, days in self.ranks if days.has(on)),
            frozenset().union(*units),
        )


@dataclass(slots=True)
class RoleFinding:
    """How a duty role stands. ``required`` are the codes that count for it on the day, ``counted`` these and what they need."""

    duty: DutyRole
    verdict: Verdict
    until: date | None
    changes_on: date | None
    required: frozenset[str]
    counted: frozenset[str]


@dataclass(slots=True)
class Weighed:
    """Everything found about one officer on a day: ``shown`` are the codes required, needed by those, or held."""

    found: dict[str, Finding]
    required: set[str]
    shown: set[str]
    roles: list[RoleFinding]


def weigh(facts: OfficerFacts, policy: Policy, *, on: date) -> Weighed:
    """Return how an officer stands on a day in all that is required, needed by it or held, and in every duty role held."""
    asked = [one for one in policy.met_by(facts.place(policy, on=on)) if one.code in policy.subjects]
    required = {one.code for one in asked if one.days.has(on)}
    awards = facts.held.awards
    held = {code for code in awards if code in policy.subjects and any(award.day <= on for award in awards[code])}
    shown = with_needed(policy.subjects, required, on=on) | held
    found = policy.find(facts.held, shown | {one.code for one in asked}, on=on)
    ends: dict[str, date | None] = {}
    for code, days in facts.roles:
        if days.has(on) and code in policy.duties and (code not in ends or ends[code] is not None):
            # Held twice, for two units, it is one role, until the later of the two.
            other = ends.get(code)
            ends[code] = days.last if other is None or days.last is None else max(days.last, other)
    roles = [_role(policy.duties[code], last, asked, found, policy, on) for code, last in ends.items()]
    return Weighed(found, required, shown, roles)


def _role(
    duty: DutyRole, last: date | None, asked: Sequence[Asked], found: Mapping[str, Finding], policy: Policy, on: date
) -> RoleFinding:
    """Weigh one duty role: its verdict is the worst of what is required through it and what that needs.

    Requirements that name no role count for every post.
    """
    through = [one for one in asked if one.stops_duty and _counts_for(one, duty)]
    required = frozenset(one.code for one in through if one.days.has(on))
    counted = frozenset(_with_needed_by_own_dates(required, found, policy, on))
    verdict = min((found[code].verdict for code in counted), key=_rank, default=Verdict.IN_DATE)
    until = None
    if verdict.carries:
        fails_on = earliest(*(_fails_on(one, found[one.code], on) for one in through))
        until = earliest(last, fails_on - ONE_DAY if fails_on else None)
    changes = [found[code].changes_on for code in counted] + [_next_end(one.days, on) for one in through]
    return RoleFinding(duty, verdict, until, earliest(*changes), required, counted)


def _rank(verdict: Verdict) -> int:
    return verdict.rank


def _counts_for(one: Asked, duty: DutyRole) -> bool:
    return one.role == duty.code or (not one.role and duty.duty == POST)


def _with_needed_by_own_dates(
    required: Iterable[str], found: Mapping[str, Finding], policy: Policy, on: date
) -> set[str]:
    """Return the codes and what they need. A ruling stands in for a qualification whole, so what that needs is not followed."""
    counted: set[str] = set()
    waiting = list(required)
    while waiting:
        code = waiting.pop()
        if code in counted:
            continue
        counted.add(code)
        if found[code].verdict not in (Verdict.EXEMPT, Verdict.EXCEPTED):
            waiting.extend(need for need, days in policy.subjects[code].needs if need in found and days.has(on))
    return counted


def _fails_on(one: Asked, finding: Finding, on: date) -> date | None:
    """Return the first day on which the requirement stands and is not met."""
    if one.days.last is not None and one.days.last < on:
        return None
    day = finding.first_day_not_carrying(max(one.days.first, on))
    return None if day is None or (one.days.last is not None and day > one.days.last) else day


def _next_end(days: Days, on: date) -> date | None:
    """Return the next day after ``on`` on which the period begins or has ended."""
    if days.first > on:
        return days.first
    return days.last + ONE_DAY if days.last is not None and on <= days.last < date.max else None
