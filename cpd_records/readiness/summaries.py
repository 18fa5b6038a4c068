"""The head of the board, and what of an answer it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from cpd_records.currency import CurrencyAnswer, QualificationVerdict, Verdict
from cpd_records.currency.groups import Posted, Summary, summary_of
from people.models import Role

SOON_DAYS = 90
FALLS_DAYS = 30
NOT_CARRYING = tuple(str(verdict.value) for verdict in (Verdict.EXPIRED, Verdict.NEVER_HELD, Verdict.RESTRICTED))


@dataclass(frozen=True, slots=True)
class DutyCount:
    """How many of ``holders`` of a role, or of any post, may act in it; ``excepted`` of them only by exception."""

    able: int
    holders: int
    excepted: int = 0


@dataclass(slots=True)
class Totals:
    """What the head of the board says. ``authorities`` are by role code; ``falling`` counts dates within 30 days."""

    posts: DutyCount = field(default_factory=lambda: DutyCount(0, 0))
    authorities: dict[str, DutyCount] = field(default_factory=dict)
    falling: int = 0


def asked_of(answer: CurrencyAnswer, code: str = "") -> list[QualificationVerdict]:
    """Return what is required of the officer; with a code, only that."""
    return [one for one in answer.qualifications if one.is_required and (not code or one.code == code)]


def summed(answer: CurrencyAnswer, code: str = "") -> Summary | None:
    """Return the answer's summary, or None where a qualification is asked about that is not required of the officer."""
    asked = asked_of(answer, code)
    if code:
        return summary_of(asked, ()) if asked else None
    return summary_of(asked, ((role.duty, role.verdict) for role in answer.roles))


def totals_of(answers: Mapping[int, CurrencyAnswer], code: str = "") -> Totals:
    """Return the head of the board from verdicts."""
    posted = [
        summary_of((), ((role.duty, role.verdict) for role in answer.roles)).posted for answer in answers.values()
    ]
    authorities: dict[str, list[tuple[bool, bool]]] = {}
    falling = 0
    for answer in answers.values():
        for role in answer.roles:
            if role.duty == "authority":
                authorities.setdefault(role.role, []).append((role.carries, role.verdict == Verdict.EXCEPTED))
        for one in asked_of(answer, code):
            falling += one.lapses_on is not None and one.lapses_on <= answer.on + timedelta(days=FALLS_DAYS)
    excepted = posted.count(Posted.EXCEPTED)
    able = posted.count(Posted.ABLE) + excepted
    return Totals(
        DutyCount(able, able + posted.count(Posted.BARRED), excepted),
        {
            role: DutyCount(sum(able for able, _excepted in held), len(held), sum(able and only for able, only in held))
            for role, held in authorities.items()
        },
        falling,
    )


def together(one: Totals, other: Totals) -> Totals:
    """Return the head of two boards as one."""
    roles: Iterable[str] = one.authorities.keys() | other.authorities.keys()
    none = DutyCount(0, 0)
    return Totals(
        _sum(one.posts, other.posts),
        {role: _sum(one.authorities.get(role, none), other.authorities.get(role, none)) for role in roles},
        one.falling + other.falling,
    )


def most_held(totals: Totals) -> tuple[Role, DutyCount] | None:
    """Return the authority that most of them hold, such as Taser, and how many may use it."""
    if not totals.authorities:
        return None
    code = max(totals.authorities, key=lambda role: (totals.authorities[role].holders, role))
    return Role.objects.get(code=code), totals.authorities[code]


def _sum(one: DutyCount, other: DutyCount) -> DutyCount:
    return DutyCount(one.able + other.able, one.holders + other.holders, one.excepted + other.excepted)
