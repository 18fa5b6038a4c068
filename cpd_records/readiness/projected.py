"""The board of thousands today, counted and ordered in the database from the projection's line for each officer.

Whoever the projection has not followed yet, because something changed at midnight or they were posted a moment ago, is left out of
what is counted there, reckoned afresh, and put in their place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Lower

from cpd_records.currency import CurrencyAnswer, Verdict, currency_of_many
from cpd_records.currency.following import Followed, chunks_waiting, moving_since, where_followed
from cpd_records.currency.groups import NEEDS_A_LOOK, Group, Posted, Summary
from cpd_records.currency.in_short import answers_in_short
from cpd_records.currency.rows import FEW
from cpd_records.models import OfficerStanding, RoleStanding, Standing
from cpd_records.readiness.summaries import (
    FALLS_DAYS,
    NOT_CARRYING,
    DutyCount,
    Totals,
    summed,
    together,
    totals_of,
)
from people.models import Posting, User
from people.prepared import prepared

LOOKING = tuple(str(verdict.value) for verdict in NEEDS_A_LOOK)
ABLE = (Posted.ABLE.value, Posted.EXCEPTED.value)
# One place on the board: what it is ordered by, and the officer last.
Key = tuple[Any, ...]
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class ProjectedBoard:
    """The people posted today to ``units``, without ``user``, by everything asked of them or by one ``code``."""

    user: User
    units: frozenset[int]
    on: date
    code: str = ""

    @cached_property
    def afresh(self) -> Mapping[int, CurrencyAnswer]:
        """The answers about those the projection is behind with."""
        behind = self._behind
        if not behind:
            return {}
        posted = Posting.objects.in_force(self.on).filter(
            officer__any_of=behind, unit__any_of=self.units, officer__is_active=True
        )
        keys = sorted(posted.exclude(officer=self.user).values_list("officer_id", flat=True))
        return currency_of_many(keys, on=self.on) if keys else {}

    @cached_property
    def counts(self) -> Mapping[Group, int]:
        """How many people are in each group."""
        if self.code:
            by_verdict = self._asked.order_by().values_list("verdict").annotate(count=Count("pk"))
            counted: Counter[Group] = Counter()
            for verdict, count in by_verdict:
                counted[_group(verdict)] += count
        else:
            counted = Counter({group: self._counted[group.name] for group in Group})
        counted.update(summary.group for summary in self._summaries_afresh.values())
        return +counted

    @cached_property
    def totals(self) -> Totals:
        able, excepted = self._counted["able"], self._counted["excepted"]
        authorities: dict[str, Counter[str]] = {}
        for role, verdict, count in self._authorities:
            authorities.setdefault(role, Counter())[verdict] += count
        counted = Totals(
            DutyCount(able, self._counted["holders"], excepted),
            {
                role: DutyCount(
                    sum(count for verdict, count in held.items() if verdict not in NOT_CARRYING),
                    sum(held.values()),
                    held[Verdict.EXCEPTED.value],
                )
                for role, held in authorities.items()
            },
            self._falling,
        )
        return together(counted, totals_of(self.afresh, self.code)) if self.afresh else counted

    def window(self, order: str, first: int, most: int) -> list[tuple[int, Summary]]:
        """Return officers and their summaries from place ``first`` of the order (worst, dates or name) on.

        Those reckoned afresh are put among the rows: of these, as many before the window are read as could have moved it.
        """
        summaries = self._summaries_afresh
        since = max(0, first - len(summaries))
        rows = self._ordered(order)[since : first + most]
        found = [
            (
                place_of(order, key, Summary(Group(group), failing, falls), name),
                key,
                Summary(Group(group), failing, falls),
            )
            for key, group, failing, falls, name in rows
        ]
        if summaries:
            names = self._names(summaries) if order == "name" else {}
            found += [(place_of(order, key, one, names.get(key, "")), key, one) for key, one in summaries.items()]
            found.sort(key=lambda place: place[0])
        return [(key, summary) for _key_, key, summary in found[first - since : first - since + most]]

    def answers(self, officers: Sequence[int]) -> dict[int, CurrencyAnswer]:
        """Return what the board says of some officers."""
        known = [key for key in officers if key not in self.afresh]
        return answers_in_short(known, on=self.on) | {key: self.afresh[key] for key in officers if key in self.afresh}

    @cached_property
    def is_catching_up(self) -> bool:
        """Whether something that concerns everybody, such as another rule, is being taken in: numbers may be of before it."""
        return self._followed.row_at is None or bool(chunks_waiting())

    @property
    def size(self) -> int:
        """The size of the tree that the projection has taken in."""
        return self._followed.size

    @cached_property
    def _followed(self) -> Followed:
        return where_followed()

    @cached_property
    def _behind(self) -> list[int]:
        """Whom the projection has not followed to now: on the way over midnight, or posted since."""
        found = set(self._lines.filter(changes_on__lte=self.on).values_list("officer_id", flat=True))
        followed = self._followed
        if followed.row_at is not None:
            found.update(Posting.objects.filter(recorded_at__gt=followed.row_at).values_list("officer_id", flat=True))
            if followed.day is not None and followed.day < self.on:
                found.update(moving_since(followed, self.on))
        return sorted(found)

    @cached_property
    def _counted(self) -> Mapping[str, int]:
        rows = _counts(self._counting) if self._people is None else _counts_of(officers=self._people)
        (counted,) = rows
        return dict(zip(COUNTED, counted, strict=True))

    @property
    def _falling(self) -> int:
        last = self.on + timedelta(days=FALLS_DAYS)
        if self.code:
            return self._asked.filter(lapses_on__gt=self.on, lapses_on__lte=last).count()
        if self._people is not None:
            rows: Iterable[tuple[Any, ...]] = _falling_of(officers=self._people, on=self.on, last=last)
        else:
            rows = _falling(Standing.objects.filter(officer__in=self._counting.values("pk")), self.on, last)
        ((count,),) = rows
        return int(count)

    @property
    def _authorities(self) -> Iterable[tuple[Any, ...]]:
        """Role, verdict, and how many hold it so."""
        if self._people is not None:
            return _authorities_of(officers=self._people)
        return _authorities(RoleStanding.objects.filter(officer__in=self._counting.values("pk")))

    @property
    def _counting(self) -> QuerySet[OfficerStanding]:
        """The people that the database counts: those of the units, without the user and those reckoned afresh."""
        return self._without(self._lines, "pk")

    @cached_property
    def _people(self) -> list[int] | None:
        """The keys of those it counts, where they are few enough units to be asked about by compiled statements."""
        if len(self.units) > FEW:
            return None
        found = [officer for (officer,) in _keys_in(units=sorted(self.units))]
        return [officer for officer in found if officer != self.user.pk and officer not in set(self._behind)]

    @cached_property
    def _summaries_afresh(self) -> Mapping[int, Summary]:
        return {key: found for key, answer in self.afresh.items() if (found := summed(answer, self.code)) is not None}

    @property
    def _lines(self) -> QuerySet[OfficerStanding]:
        return OfficerStanding.objects.filter(unit__any_of=self.units).exclude(pk__in=closed_accounts())

    @property
    def _asked(self) -> QuerySet[Standing]:
        """What is required of them, as rows; with a code, only that."""
        rows = Standing.objects.filter(is_required=True, officer__in=self._lines.values("pk"))
        rows = rows.filter(qualification__code=self.code) if self.code else rows
        return self._without(rows, "officer")

    def _ordered(self, order: str) -> QuerySet[Any, tuple[int, int, int, date | None, str]]:
        """Officer, group, failing, first day, and the name it is ordered by."""
        rows: QuerySet[Any, Any]
        if self.code:
            carries = ~Q(verdict__in=NOT_CARRYING)
            rows = self._asked.annotate(
                place=Case(
                    When(verdict__in=NOT_CARRYING, then=Value(int(Group.CANNOT))),
                    When(verdict__in=LOOKING, then=Value(int(Group.DUE))),
                    default=Value(int(Group.IN_DATE)),
                    output_field=IntegerField(),
                ),
                fails=Case(When(carries, then=Value(0)), default=Value(1), output_field=IntegerField()),
                falls=Case(When(carries, then=F("lapses_on")), default=Coalesce("grace_until", "valid_until")),
            )
        else:
            rows = self._without(self._lines, "pk").annotate(place=F("group"), fails=F("failing"), falls=F("first"))
        rows = rows.annotate(name=Lower("officer__name"))
        if order == "name":
            rows = rows.order_by("name", "officer_id")
        elif order == "dates":
            rows = rows.order_by(F("falls").asc(nulls_last=True), "officer_id")
        else:
            rows = rows.order_by("place", "-fails", F("falls").asc(nulls_last=True), "officer_id")
        return rows.values_list("officer_id", "place", "fails", "falls", "name")

    def _without(self, rows: QuerySet[Any, Any], key: str) -> QuerySet[Any, Any]:
        """Leave out the user, and whoever is reckoned afresh."""
        rows = rows.exclude(**{key: self.user.pk})
        return rows.exclude(**{f"{key}__in": self._behind}) if self._behind else rows

    def _names(self, officers: Mapping[int, Summary]) -> dict[int, str]:
        return dict(User.objects.filter(pk__any_of=list(officers)).annotate(low=Lower("name")).values_list("pk", "low"))


COUNTED = (*(group.name for group in Group), "holders", "able", "excepted")


def _counts(lines: QuerySet[OfficerStanding]) -> Rows:
    """One row: how many people in each group, how many hold a post, may act in it, may only by exception."""
    rows = lines.order_by().annotate(one=Value(1)).values("one")
    return rows.annotate(
        **{group.name: Count("pk", filter=Q(group=group)) for group in Group},
        holders=Count("pk", filter=~Q(posted=Posted.NONE.value)),
        able=Count("pk", filter=Q(posted__in=ABLE)),
        excepted=Count("pk", filter=Q(posted=Posted.EXCEPTED.value)),
    ).values_list(*COUNTED)


def _authorities(rows: QuerySet[RoleStanding]) -> Rows:
    """Of each authority, such as Taser, how many hold it with which verdict."""
    rows = rows.filter(role__duty="authority").order_by()
    return rows.values_list("role__code", "verdict").annotate(count=Count("pk"))


def _falling(rows: QuerySet[Standing], on: Any, last: Any) -> Rows:
    """One row: how many dates fall after the day, up to the last one."""
    falls = rows.filter(is_required=True, lapses_on__gt=on, lapses_on__lte=last).order_by()
    return falls.annotate(one=Value(1)).values("one").annotate(count=Count("pk")).values_list("count")


@prepared
def _keys_in(units: Any) -> Rows:
    rows = OfficerStanding.objects.filter(unit__any_of=units).exclude(pk__in=closed_accounts())
    return rows.order_by().values_list("pk")


@prepared
def _counts_of(officers: Any) -> Rows:
    return _counts(OfficerStanding.objects.filter(pk__any_of=officers))


@prepared
def _authorities_of(officers: Any) -> Rows:
    return _authorities(RoleStanding.objects.filter(officer__any_of=officers))


@prepared
def _falling_of(officers: Any, on: date, last: date) -> Rows:
    return _falling(Standing.objects.filter(officer__any_of=officers), on, last)


def closed_accounts() -> QuerySet[User, Any]:
    """Who is on no board: few, found by an index of their own, where a join would read everybody's row."""
    return User.objects.filter(is_active=False).values("pk")


def place_of(order: str, officer: int, one: Summary, name: str) -> Key:
    """Return by what somebody's place on a board is decided, lowest first; ``name`` in small letters."""
    falls = (one.first is None, one.first or date.max)
    if order == "name":
        return (name, officer)
    if order == "dates":
        return (*falls, officer)
    return (one.group, -one.failing, *falls, officer)


def _group(verdict: str) -> Group:
    return Group.CANNOT if verdict in NOT_CARRYING else Group.DUE if verdict in LOOKING else Group.IN_DATE
