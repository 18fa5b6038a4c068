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
from cpd_records.currency.verdicts import Finding, Memo, find_all, needed_first, with_needed

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
    """What decides which requirements meet an officer on a day: roles, ranks (acting too), and the unit with all above it.

    Of the units only those to which a requirement is tied stand here, so that many officers are in the same place.
    """

    roles: frozenset[str]
    ranks: frozenset[str]
    units: frozenset[int]
    is_posted: bool = False

    def meets(self, asked: Asked) -> bool:
        """Return whether the requirement is for this officer, leaving its days aside.

        Nothing is asked of somebody without role, rank and posting: they have not joined, or have left.
        """
        return (
            (self.is_posted or bool(self.roles or self.ranks))
            and (not asked.role or asked.role in self.roles)
            and (not asked.rank or asked.rank in self.ranks)
            and (asked.unit is None or asked.unit in self.units)
        )


@dataclass(frozen=True, slots=True)
class Met:
    """The requirements that meet everybody in one place: all of them, those of the day, and these with what they need on it."""

    asked: tuple[Asked, ...]
    codes: frozenset[str]
    required: frozenset[str]
    with_needed: frozenset[str]


@dataclass
class Policy:
    """The rules of one day as known at one time, the same for every officer. What is the same for many is reckoned once."""

    on: date
    subjects: Mapping[str, Subject]
    asked: Sequence[Asked]
    duties: Mapping[str, DutyRole]
    parents: Mapping[int, int | None]

    def __post_init__(self) -> None:
        self._order, self._is_circular = needed_first(self.subjects)
        self._asked_units = frozenset(one.unit for one in self.asked if one.unit is not None)
        self._memo: Memo = {}
        self._met: dict[Place, Met] = {}
        self._above: dict[int, frozenset[int]] = {}
        self._ordered: dict[frozenset[str], tuple[str, ...]] = {}
        self._through: dict[tuple[Place, str], tuple[Asked, ...]] = {}

    def met_by(self, place: Place) -> Met:
        """Return the requirements that are for an officer in this place."""
        if place not in self._met:
            asked = tuple(one for one in self.asked if one.code in self.subjects and place.meets(one))
            required = frozenset(one.code for one in asked if one.days.has(self.on))
            needed = frozenset(with_needed(self.subjects, required, on=self.on))
            self._met[place] = Met(asked, frozenset(one.code for one in asked) | needed, required, needed)
        return self._met[place]

    def through(self, place: Place, duty: DutyRole) -> tuple[Asked, ...]:
        """Return those that end what a duty role allows. Requirements that name no role count for every post."""
        key = (place, duty.code)
        if key not in self._through:
            self._through[key] = tuple(
                one
                for one in self.met_by(place).asked
                if one.stops_duty and (one.role == duty.code or (not one.role and duty.duty == POST))
            )
        return self._through[key]

    def above(self, unit: int) -> frozenset[int]:
        """Return those of the unit and all it stands under to which a requirement is tied."""
        if unit not in self._above:
            found: set[int] = set()
            at: int | None = unit
            while at is not None and at not in found:
                found.add(at)
                at = self.parents.get(at)
            self._above[unit] = self._asked_units & found
        return self._above[unit]

    def find(self, held: Held, wanted: frozenset[str]) -> dict[str, Finding]:
        """Return the findings on the codes and on everything they need or will need."""
        if wanted not in self._ordered:
            closed = with_needed(self.subjects, wanted, on=self.on, later_too=True)
            self._ordered[wanted] = tuple(code for code in self._order if code in closed)
        return find_all(
            self.subjects, held, self._ordered[wanted], on=self.on, is_circular=self._is_circular, memo=self._memo
        )


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

    def posted_on(self, on: date) -> tuple[int | None, date | None]:
        """Return the unit of the day, None without a posting, and the last day of that posting."""
        return next(((unit, days.last) for unit, days in self.units if days.has(on)), (None, None))

    def place(self, policy: Policy) -> Place:
        on = policy.on
        posted = [policy.above(unit) for unit, days in self.units if days.has(on)]
        return Place(
            frozenset([role for role, days in self.roles if days.has(on)]),
            frozenset([rank for rank, days in self.ranks if days.has(on)]),
            frozenset().union(*posted),
            bool(posted),
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
    """Everything found about one officer on a day: ``shown`` are the codes required, ``needed`` by those (themselves included), or held."""

    found: dict[str, Finding]
    required: frozenset[str]
    shown: frozenset[str]
    roles: list[RoleFinding]
    needed: frozenset[str] = frozenset()


def weigh(facts: OfficerFacts, policy: Policy) -> Weighed:
    """Return how an officer stands on the policy's day in all that is required, needed by it or held, and in every duty role held."""
    on, place, awards = policy.on, facts.place(policy), facts.held.awards
    met = policy.met_by(place)
    others = [code for code in awards if code not in met.with_needed and code in policy.subjects]
    held = [code for code in others if any(award.day <= on for award in awards[code])]
    found = policy.find(facts.held, met.codes.union(held) if held else met.codes)
    ends: dict[str, date | None] = {}
    for code, days in facts.roles:
        if days.has(on) and code in policy.duties and (code not in ends or ends[code] is not None):
            # Held twice, for two units, it is one role, until the later of the two.
            other = ends.get(code)
            ends[code] = days.last if other is None or days.last is None else max(days.last, other)
    roles = [_role(policy.duties[code], last, place, found, policy) for code, last in ends.items()]
    return Weighed(found, met.required, met.with_needed.union(held), roles, met.with_needed)


def _role(duty: DutyRole, last: date | None, place: Place, found: Mapping[str, Finding], policy: Policy) -> RoleFinding:
    """Weigh one duty role: its verdict is the worst of what is required through it and what that needs."""
    on, through = policy.on, policy.through(place, duty)
    required = frozenset([one.code for one in through if one.days.has(on)])
    counted = frozenset(_with_needed_by_own_dates(required, found, policy))
    verdict = min((found[code].verdict for code in counted), key=_rank, default=Verdict.IN_DATE)
    until = None
    if verdict.carries:
        fails_on = earliest(*[_fails_on(one, found[one.code], on) for one in through])
        until = earliest(last, fails_on - ONE_DAY if fails_on else None)
    changes = [found[code].changes_on for code in counted] + [_next_end(one.days, on) for one in through]
    return RoleFinding(duty, verdict, until, earliest(*changes), required, counted)


def _rank(verdict: Verdict) -> int:
    return verdict.rank


def _with_needed_by_own_dates(required: Iterable[str], found: Mapping[str, Finding], policy: Policy) -> set[str]:
    """Return the codes and what they need. A ruling stands in for a qualification whole, so what that needs is not followed."""
    counted: set[str] = set()
    waiting = list(required)
    while waiting:
        code = waiting.pop()
        if code in counted:
            continue
        counted.add(code)
        needs = policy.subjects[code].needs
        if needs and found[code].verdict not in (Verdict.EXEMPT, Verdict.EXCEPTED):
            waiting.extend(need for need, days in needs if need in found and days.has(policy.on))
    return counted


def _fails_on(one: Asked, finding: Finding, on: date) -> date | None:
    """Return the first day on which the requirement stands and is not met."""
    if one.days.first <= on and one.days.last is None:
        return finding.lapses_on if finding.carries else on
    if one.days.last is not None and one.days.last < on:
        return None
    day = finding.first_day_not_carrying(max(one.days.first, on))
    return None if day is None or (one.days.last is not None and day > one.days.last) else day


def _next_end(days: Days, on: date) -> date | None:
    """Return the next day after ``on`` on which the period begins or has ended."""
    if days.first > on:
        return days.first
    return days.last + ONE_DAY if days.last is not None and on <= days.last < date.max else None
