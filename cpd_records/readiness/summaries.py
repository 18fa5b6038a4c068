"""One officer in a line: which group they stand in and how early something falls. From verdicts, or for thousands from the projection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum

from django.db.models import Count, Min, Q, QuerySet

from cpd_records.currency import CurrencyAnswer, QualificationVerdict, Verdict, currency_of_many
from cpd_records.models import RoleStanding, Standing
from people.models import Role

SOON_DAYS = 90
FALLS_DAYS = 30
NOT_CARRYING = tuple(str(verdict.value) for verdict in (Verdict.EXPIRED, Verdict.NEVER_HELD, Verdict.RESTRICTED))
NEEDS_A_LOOK = tuple(str(verdict.value) for verdict in (Verdict.DUE, Verdict.IN_GRACE, Verdict.EXCEPTED))


class Group(IntEnum):
    """The three groups of the board, the worst first."""

    CANNOT = 0
    DUE = 1
    IN_DATE = 2


@dataclass(frozen=True, slots=True)
class Summary:
    """``failing`` counts requirements that do not carry; ``first`` is the earliest day on which something lapses or lapsed."""

    officer: int
    group: Group
    failing: int = 0
    first: date | None = None

    @property
    def worst_first(self) -> tuple[int, int, date, int]:
        return (self.group, -self.failing, self.first or date.max, self.officer)

    @property
    def next_date_first(self) -> tuple[date, int]:
        return (self.first or date.max, self.officer)


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


def summary_of(officer: int, answer: CurrencyAnswer, code: str = "") -> Summary | None:
    """Return the officer's summary, or None where a qualification is asked about that is not required of them."""
    asked = asked_of(answer, code)
    if code and not asked:
        return None
    failing = [one for one in asked if not one.carries]
    roles = [] if code else [role for role in answer.roles if not role.carries]
    looking = [one for one in asked if one.carries and one.verdict.value in NEEDS_A_LOOK]
    dates = [day for one in failing or looking or asked if (day := _falls_on(one)) is not None]
    group = Group.CANNOT if failing or roles else Group.DUE if looking else Group.IN_DATE
    return Summary(officer, group, len(failing), min(dates, default=None))


def totals_of(answers: Mapping[int, CurrencyAnswer], code: str = "") -> Totals:
    """Return the head of the board from verdicts."""
    posts: list[bool] = []
    by_exception = 0
    authorities: dict[str, list[tuple[bool, bool]]] = {}
    falling = 0
    for answer in answers.values():
        held = [role for role in answer.roles if role.duty == "post"]
        if held:
            posts.append(all(role.carries for role in held))
            by_exception += posts[-1] and any(role.verdict == Verdict.EXCEPTED for role in held)
        for role in answer.roles:
            if role.duty == "authority":
                authorities.setdefault(role.role, []).append((role.carries, role.verdict == Verdict.EXCEPTED))
        for one in asked_of(answer, code):
            falling += one.lapses_on is not None and one.lapses_on <= answer.on + timedelta(days=FALLS_DAYS)
    return Totals(
        DutyCount(sum(posts), len(posts), by_exception),
        {
            role: DutyCount(sum(able for able, _excepted in held), len(held), sum(able and only for able, only in held))
            for role, held in authorities.items()
        },
        falling,
    )


def projected(officers: Sequence[int], *, on: date, code: str = "") -> tuple[list[Summary], Totals]:
    """Return summaries and totals of thousands for today from the projection, in six queries.

    Rows whose verdict changes by itself on or before ``on`` (the night's work is not done yet) are reckoned afresh.
    """
    asked = Standing.objects.filter(officer__any_of=officers, is_required=True)
    if code:
        asked = asked.filter(qualification__code=code)
    old = set(asked.filter(changes_on__lte=on).values_list("officer_id", flat=True))
    roles = RoleStanding.objects.filter(officer__any_of=officers)
    old |= set(roles.filter(changes_on__lte=on).values_list("officer_id", flat=True))

    failing = {
        officer: (count, first)
        for officer, count, first in asked.filter(verdict__in=NOT_CARRYING)
        .order_by()
        .values_list("officer_id")
        .annotate(count=Count("pk"), first=Min("valid_until"))
    }
    barred = set(roles.filter(verdict__in=NOT_CARRYING).values_list("officer_id", flat=True)) if not code else set()
    looking = dict(
        asked.filter(verdict__in=NEEDS_A_LOOK).order_by().values_list("officer_id").annotate(first=Min("lapses_on"))
    )
    those_asked = set(asked.values_list("officer_id", flat=True)) if code else set(officers)
    summaries = []
    for officer in officers:
        if officer in old or officer not in those_asked:
            continue
        if officer in failing or officer in barred:
            count, first = failing.get(officer, (0, None))
            summaries.append(Summary(officer, Group.CANNOT, count, first))
        elif officer in looking:
            summaries.append(Summary(officer, Group.DUE, 0, looking[officer]))
        else:
            summaries.append(Summary(officer, Group.IN_DATE))
    totals = _projected_totals(asked, roles, on=on, without=old)
    if old:
        afresh = currency_of_many(sorted(old), on=on)
        summaries += [found for key, answer in afresh.items() if (found := summary_of(key, answer, code))]
        totals = _together(totals, totals_of(afresh, code))
    return summaries, totals


def most_held(totals: Totals) -> tuple[Role, DutyCount] | None:
    """Return the authority that most of them hold, such as Taser, and how many may use it."""
    if not totals.authorities:
        return None
    code = max(totals.authorities, key=lambda role: (totals.authorities[role].holders, role))
    return Role.objects.get(code=code), totals.authorities[code]


def _projected_totals(
    asked: QuerySet[Standing], roles: QuerySet[RoleStanding], *, on: date, without: set[int]
) -> Totals:
    posts_bad = Q(verdict__in=NOT_CARRYING)
    kept = roles.exclude(officer__any_of=without) if without else roles
    by_officer = (
        kept.filter(role__duty="post")
        .order_by()
        .values_list("officer_id")
        .annotate(bad=Count("pk", filter=posts_bad), excepted=Count("pk", filter=Q(verdict=Verdict.EXCEPTED.value)))
        .values_list("bad", "excepted")
    )
    counted = Counter((bad > 0, excepted > 0) for bad, excepted in by_officer)
    able = sum(count for (bad, _only), count in counted.items() if not bad)
    authorities: dict[str, Counter[str]] = {}
    for role, verdict, count in (
        kept.filter(role__duty="authority").order_by().values_list("role__code", "verdict").annotate(count=Count("pk"))
    ):
        authorities.setdefault(role, Counter())[verdict] += count
    falling = asked.filter(lapses_on__gt=on, lapses_on__lte=on + timedelta(days=FALLS_DAYS))
    if without:
        falling = falling.exclude(officer__any_of=without)
    return Totals(
        DutyCount(able, sum(counted.values()), counted[(False, True)]),
        {
            role: DutyCount(
                sum(count for verdict, count in held.items() if verdict not in NOT_CARRYING),
                sum(held.values()),
                held[Verdict.EXCEPTED.value],
            )
            for role, held in authorities.items()
        },
        falling.count(),
    )


def _together(one: Totals, other: Totals) -> Totals:
    roles: Iterable[str] = one.authorities.keys() | other.authorities.keys()
    none = DutyCount(0, 0)
    return Totals(
        _sum(one.posts, other.posts),
        {role: _sum(one.authorities.get(role, none), other.authorities.get(role, none)) for role in roles},
        one.falling + other.falling,
    )


def _sum(one: DutyCount, other: DutyCount) -> DutyCount:
    return DutyCount(one.able + other.able, one.holders + other.holders, one.excepted + other.excepted)


def _falls_on(one: QualificationVerdict) -> date | None:
    return one.lapses_on if one.carries else one.grace_until or one.valid_until
