"""The answer, in words: the verdict on each qualification and each duty role, with reasons and the entries it rests on.

Nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from cpd_records.currency.sentences import NEVER_HELD, reasons_for, why
from cpd_records.currency.values import Verdict
from cpd_records.currency.verdicts import Finding, failing_needs
from cpd_records.currency.weighing import OfficerFacts, Policy, RoleFinding, Weighed, weigh

# What a person sees first: the worst, and among equals what is asked of them.
Worst = tuple[int, bool, int, str]


@dataclass(frozen=True, slots=True)
class QualificationVerdict:
    """The verdict on one qualification. ``is_needed``: nothing names it, but something required needs it.

    ``lapses_on`` is the first day on which it no longer carries, None where there is none; ``lapse`` is what follows then, as the rule
    in force says it. ``award`` is the entry of the award that decides, None where there is none or entries were not read. ``stops`` says
    what the officer may not do without it, by the duty roles it counts for: 'carry Taser'.
    """

    code: str
    title: str
    short_title: str
    verdict: Verdict
    carries: bool
    is_required: bool
    is_needed: bool
    valid_from: date | None
    valid_until: date | None
    grace_until: date | None
    lapses_on: date | None
    reasons: tuple[str, ...]
    entries: tuple[UUID, ...]
    award: UUID | None
    lapse: str
    stops: tuple[str, ...] = ()

    @property
    def beside_its_word(self) -> tuple[str, ...]:
        """The reasons where the word of the verdict stands beside them: 'never held' is not said twice."""
        return without_its_word(self.reasons)


def without_its_word(reasons: Sequence[str]) -> tuple[str, ...]:
    """Return the reasons without a 'Never held.' at their beginning, for where a badge says it."""
    return tuple(reason.removeprefix(f"{NEVER_HELD} ") for reason in reasons)


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
            "known_at": _time_text(self.known_at),
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
            # What the answer rests on.
            "size": self.size,
            "unsealed": self.unsealed,
            "provisional": self.provisional,
            "erased": self.erased,
        }


def answer_for(
    facts: OfficerFacts, policy: Policy, *, known_at: datetime | None, size: int, provisional: bool
) -> CurrencyAnswer:
    """Return the whole answer about one officer, in words."""
    weighed = weigh(facts, policy)
    on, found = policy.on, weighed.found
    qualifications = [_qualification(found[code], found, weighed, erased=facts.erased) for code in weighed.shown]
    roles = [_role(role, found, policy, erased=facts.erased) for role in weighed.roles]
    return CurrencyAnswer(
        officer=facts.officer,
        on=on,
        known_at=known_at,
        size=size,
        unsealed=facts.unsealed,
        provisional=provisional,
        erased=facts.erased,
        is_away=any(absence.has(on) for absence in facts.held.absences),
        roles=tuple(sorted(roles, key=lambda role: (role.verdict.rank, role.title))),
        qualifications=tuple(sorted(qualifications, key=lambda one: _worst_first(one, policy))),
    )


def _worst_first(one: QualificationVerdict, policy: Policy) -> Worst:
    return (one.verdict.rank, not one.is_required, policy.subjects[one.code].order, one.code)


def _qualification(
    finding: Finding, found: Mapping[str, Finding], weighed: Weighed, *, erased: int
) -> QualificationVerdict:
    is_required = finding.subject.code in weighed.required
    return QualificationVerdict(
        code=finding.subject.code,
        title=finding.subject.title,
        short_title=finding.subject.short_title,
        verdict=finding.verdict,
        carries=finding.carries,
        is_required=is_required,
        is_needed=not is_required and finding.subject.code in weighed.needed,
        valid_from=finding.valid_from,
        valid_until=finding.valid_until,
        grace_until=finding.grace_until,
        lapses_on=finding.lapses_on,
        reasons=reasons_for(finding, found, erased=erased),
        entries=_entries(finding, found),
        award=next(iter(finding.holding.award.entries), None) if finding.holding else None,
        lapse=finding.subject.rule_on(finding.on).lapse,
        stops=tuple(
            sorted(role.duty.may for role in weighed.roles if finding.subject.code in role.counted and role.duty.may)
        ),
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


def _role(role: RoleFinding, found: Mapping[str, Finding], policy: Policy, *, erased: int) -> RoleVerdict:
    duty = role.duty
    reasons = _reasons(role, found, policy, erased) if role.required else ("Nothing is required for it.",)
    return RoleVerdict(
        duty.code, duty.title, duty.may, duty.duty, role.verdict, role.verdict.carries, role.until, reasons
    )


def _reasons(role: RoleFinding, found: Mapping[str, Finding], policy: Policy, erased: int) -> tuple[str, ...]:
    """Return why: everything that does not carry; else what carries only just; else what ends first."""
    ordered = sorted(role.counted, key=lambda code: (found[code].verdict.rank, policy.subjects[code].order, code))
    if not role.verdict.carries:
        behind = _behind_never_held(role, found)
        told = [code for code in ordered if not found[code].carries and (code in role.required or code in behind)]
    else:
        told = [code for code in ordered if found[code].verdict.rank <= Verdict.DUE.rank]
    if not told:
        ending = [(ends, code) for code in ordered if (ends := found[code].lapses_on) is not None]
        told = [min(ending)[1]] if ending else ordered[:1]
    said: dict[str, None] = {}
    for code in told:
        said.update(dict.fromkeys(why(found[code], found, erased=erased, named=True)))
    return tuple(said)


def _behind_never_held(role: RoleFinding, found: Mapping[str, Finding]) -> set[str]:
    """Return what something never held needs: its own sentence does not name it, and the role may be worse for it."""
    never = [found[code] for code in role.counted if found[code].own_verdict == Verdict.NEVER_HELD]
    return {code for finding in never for code in failing_needs(finding.subject, found, finding.on)}


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _time_text(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
