"""From what is known of officers and rules to the answer: which qualifications are asked of whom, and the verdict on each role.

Nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from cpd_records.currency.days import ONE_DAY, Days, earliest
from cpd_records.currency.sentences import reasons_for, why
from cpd_records.currency.values import Held, Subject, Verdict
from cpd_records.currency.verdicts import Finding, find_all, needed_first, with_needed

POST = "post"
# What a person sees first: the worst, and among equals what is asked of them.
Worst = tuple[int, bool, int, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement: ``code`` is asked of those with the role, the rank and a posting to the unit or below it.

    What is empty does not narrow it.
    """

    code: str
    days: Days
    role: str = ""
    rank: str = ""
    unit: int | None = None


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
        """Return whether the requirement is for this officer, leaving its days aside."""
        return (
            (not asked.role or asked.role in self.roles)
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


@dataclass(frozen=True, slots=True)
class QualificationVerdict:
    """The verdict on one qualification. ``lapses_on`` is the first day on which it no longer carries, None where there is none."""

    code: str
    title: str
    short_title: str
    verdict: Verdict
    carries: bool
    is_required: bool
    valid_from: date | None
    valid_until: date | None
    grace_until: date | None
    lapses_on: date | None
    reasons: tuple[str, ...]
    entries: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class RoleVerdict:
    """Whether the officer ``may`` on the day, and ``until`` which day as things are known (None: no end is known, or not now)."""

    role: str
    title: str
    may: str
    duty: str
    verdict: Verdict
    carries: bool
    until: date | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CurrencyAnswer:
    """One officer's currency on a day. ``size`` and ``known_at`` say what it rests on; ``erased`` counts entries that went."""

    officer: UUID
    on: date
    known_at: datetime | None
    size: int
    unsealed: int
    provisional: bool
    erased: int
    is_away: bool
    roles: tuple[RoleVerdict, ...]
    qualifications: tuple[QualificationVerdict, ...]

    def as_json(self, officer: str) -> dict[str, object]:
        """Return the object that ``currency PERSON --json`` prints; ``officer`` is what the person is called there."""
        return {
            "officer": officer,
            "on": self.on.isoformat(),
            "known_at": self.known_at.isoformat() if self.known_at else None,
            "roles": [
                {"role": role.role, "verdict": role.verdict.value, "reasons": list(role.reasons)} for role in self.roles
            ],
            "qualifications": [
                {
                    "code": found.code,
                    "verdict": found.verdict.value,
                    "valid_from": _day_text(found.valid_from),
                    "valid_until": _day_text(found.valid_until),
                    "grace_until": _day_text(found.grace_until),
                    "reasons": list(found.reasons),
                    "entries": [str(entry) for entry in found.entries],
                }
                for found in self.qualifications
            ],
        }


def answer_for(
    facts: OfficerFacts, policy: Policy, *, on: date, known_at: datetime | None, size: int, provisional: bool
) -> CurrencyAnswer:
    """Return the whole answer about one officer: what is required, needed by it or held, and every duty role held on the day."""
    asked = policy.met_by(facts.place(policy, on=on))
    required = {one.code for one in asked if one.days.has(on) and one.code in policy.subjects}
    held = {code for code in facts.held.awards if code in policy.subjects and _had(facts.held, code, on)}
    shown = with_needed(policy.subjects, required, on=on) | held
    found = policy.find(facts.held, shown | {one.code for one in asked if one.code in policy.subjects}, on=on)
    qualifications = [
        _qualification(found[code], found, is_required=code in required, erased=facts.erased) for code in shown
    ]
    roles = [
        _role(policy.duties[code], days, asked, found, policy, on=on, erased=facts.erased)
        for code, days in facts.roles
        if days.has(on) and code in policy.duties
    ]
    return CurrencyAnswer(
        officer=facts.officer,
        on=on,
        known_at=known_at,
        size=size,
        unsealed=facts.unsealed,
        provisional=provisional,
        erased=facts.erased,
        is_away=any(absence.has(on) for absence in facts.held.absences),
        roles=tuple(sorted(_once(roles), key=lambda role: (role.verdict.rank, role.title))),
        qualifications=tuple(sorted(qualifications, key=lambda one: _worst_first(one, policy))),
    )


def _had(held: Held, code: str, on: date) -> bool:
    return any(award.day <= on for award in held.awards[code])


def _worst_first(one: QualificationVerdict, policy: Policy) -> Worst:
    return (one.verdict.rank, not one.is_required, policy.subjects[one.code].order, one.code)


def _once(roles: Sequence[RoleVerdict]) -> list[RoleVerdict]:
    """A role held for two units is one role; the longer of the two decides until when."""
    kept: dict[str, RoleVerdict] = {}
    for role in roles:
        other = kept.get(role.role)
        if other is None or (role.until is None) or (other.until is not None and role.until > other.until):
            kept[role.role] = role
    return list(kept.values())


def _qualification(
    finding: Finding, found: Mapping[str, Finding], *, is_required: bool, erased: int
) -> QualificationVerdict:
    return QualificationVerdict(
        code=finding.subject.code,
        title=finding.subject.title,
        short_title=finding.subject.short_title,
        verdict=finding.verdict,
        carries=finding.carries,
        is_required=is_required,
        valid_from=finding.valid_from,
        valid_until=finding.valid_until,
        grace_until=finding.grace_until,
        lapses_on=finding.lapses_on,
        reasons=reasons_for(finding, found, erased=erased),
        entries=_entries(finding, found),
    )


def _entries(finding: Finding, found: Mapping[str, Finding]) -> tuple[UUID, ...]:
    """Return the entries the verdict rests on: its own, and those of a needed one that does not carry it, however far down."""
    entries: dict[UUID, None] = {}
    seen: set[str] = set()
    at: Finding | None = finding
    while at is not None and at.subject.code not in seen:
        seen.add(at.subject.code)
        entries.update(dict.fromkeys(at.holding.entries if at.holding else ()))
        cause = at.course[0].cause
        at = found.get(cause) if isinstance(cause, str) else None
    return tuple(entries)


def _role(
    duty: DutyRole,
    days: Days,
    asked: Sequence[Asked],
    found: Mapping[str, Finding],
    policy: Policy,
    *,
    on: date,
    erased: int,
) -> RoleVerdict:
    """Return the verdict on one duty role: the worst of what is required through it and what that needs."""
    through = [
        one for one in asked if one.code in found and (one.role == duty.code or (not one.role and duty.duty == POST))
    ]
    now = {one.code for one in through if one.days.has(on)}
    counted = _with_needed_by_own_dates(now, found, policy, on)
    if not now:
        return RoleVerdict(
            duty.code,
            duty.title,
            duty.may,
            duty.duty,
            Verdict.IN_DATE,
            True,
            days.last,
            ("Nothing is required for it.",),
        )
    verdict = min((found[code].verdict for code in counted), key=lambda one: one.rank)
    carries = verdict.carries
    fails_on = earliest(*(_fails_on(one, found[one.code], on) for one in through)) if carries else None
    until = earliest(days.last, fails_on - ONE_DAY if fails_on else None) if carries else None
    reasons = _reasons(verdict, now, counted, found, policy, erased)
    return RoleVerdict(duty.code, duty.title, duty.may, duty.duty, verdict, carries, until, reasons)


def _with_needed_by_own_dates(now: set[str], found: Mapping[str, Finding], policy: Policy, on: date) -> set[str]:
    """Return the codes and what they need. A ruling stands in for a qualification whole, so what that needs is not followed."""
    counted: set[str] = set()
    waiting = list(now)
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


def _reasons(
    verdict: Verdict,
    now: set[str],
    counted: set[str],
    found: Mapping[str, Finding],
    policy: Policy,
    erased: int,
) -> tuple[str, ...]:
    """Return why: everything that does not carry; else what carries only just; else what ends first."""
    ordered = sorted(counted, key=lambda code: (found[code].verdict.rank, policy.subjects[code].order, code))
    if not verdict.carries:
        told = [code for code in ordered if code in now and not found[code].carries]
    else:
        told = [code for code in ordered if found[code].verdict.rank <= Verdict.DUE.rank]
    if not told:
        ending = [code for code in ordered if found[code].lapses_on is not None]
        told = [min(ending, key=lambda code: (found[code].lapses_on, code))] if ending else ordered[:1]
    said: dict[str, None] = {}
    for code in told:
        said.update(dict.fromkeys(why(found[code], found, erased=erased, named=True)))
    return tuple(said)


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None
