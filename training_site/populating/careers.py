"""The careers of an invented force: who works where from when to when, in which rank and roles. Every choice follows from the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from training_site.populating.units import AREA, DIRECTORATE, FORCE, FUNCTION, SHIFT, PlannedUnit

RANK_OF_HEAD = {
    FORCE: "commissioner",
    DIRECTORATE: "assistant-commissioner",
    AREA: "chief-superintendent",
    FUNCTION: "inspector",
    SHIFT: "sergeant",
}
# An authority, how many in a thousand carry it, and the posts in which they do ('' for any).
AUTHORITIES = (
    ("standard-driver", 350, ""),
    ("response-driver", 250, "response-officer"),
    ("taser-officer", 250, "response-officer"),
    ("public-order-3", 200, ""),
    ("public-order-2", 60, "response-officer"),
    ("pursuit-driver", 30, "response-officer"),
    ("firearms-officer", 30, "response-officer"),
    ("method-of-entry", 30, "response-officer"),
    ("tutor-constable", 40, ""),
    ("child-abuse-investigator", 100, "detective"),
)
BEFORE_IN_A_THOUSAND = 650
LEAVERS_IN_A_THOUSAND = 40
ABSENT_IN_A_THOUSAND = 25


@dataclass(frozen=True, slots=True)
class Held:
    """Something held from ``first`` to ``last`` (None: still): a unit's place in the list, a rank's or a role's code."""

    what: int | str
    first: date
    last: date | None = None


@dataclass(slots=True)
class Career:
    """One officer's time in the force. ``number`` counts from 0, ``joined`` is not before the history begins for who was there already.

    ``heads`` is the unit they supervise; ``supervisor`` the number of who verifies their CPD, None for the head of the force.
    """

    number: int
    joined: date
    was_there: bool
    left: date | None
    heads: int | None
    supervisor: int | None
    postings: list[Held] = field(default_factory=list)
    ranks: list[Held] = field(default_factory=list)
    roles: list[Held] = field(default_factory=list)
    absences: list[Held] = field(default_factory=list)


def plan_careers(
    officers: int, units: Sequence[PlannedUnit], *, first: date, until: date, seed: int
) -> Iterator[Career]:
    """Yield the officers' careers: whoever heads a unit first, then the others, shift by shift in turn."""
    heads = dict(zip(range(len(units)), range(officers), strict=False))
    shifts = [place for place, unit in enumerate(units) if unit.level == SHIFT]
    by_post: dict[str, list[int]] = {}
    for place in shifts:
        by_post.setdefault(units[place].post, []).append(place)
    for number in range(officers):
        luck = random.Random(f"{seed}/career/{number}")
        if number < len(units):
            unit = units[number]
            above = heads.get(unit.parent) if unit.parent is not None else None
            yield _head(number, number, unit, above, first=first, until=until, luck=luck)
        else:
            place = shifts[(number - len(units)) % len(shifts)]
            yield _constable(number, place, units, by_post, heads.get(place), first=first, until=until, luck=luck)


def _head(
    number: int, place: int, unit: PlannedUnit, above: int | None, *, first: date, until: date, luck: random.Random
) -> Career:
    career = Career(number, first, True, None, place, above)
    career.postings.append(Held(place, first))
    career.roles.append(Held("supervisor", first))
    if unit.post:
        career.roles.append(Held(unit.post, first))
    rank = RANK_OF_HEAD[unit.level]
    days = (until - first).days
    if unit.level == SHIFT and days > 2 and luck.random() < 0.5:
        promoted = first + timedelta(days=luck.randrange(1, days))
        career.ranks += [Held("constable", first, promoted - timedelta(days=1)), Held(rank, promoted)]
    else:
        career.ranks.append(Held(rank, first))
    return career


def _constable(
    number: int,
    place: int,
    units: Sequence[PlannedUnit],
    by_post: dict[str, list[int]],
    supervisor: int | None,
    *,
    first: date,
    until: date,
    luck: random.Random,
) -> Career:
    days = max(1, (until - first).days)
    was_there = luck.randrange(1000) < BEFORE_IN_A_THOUSAND
    joined = first if was_there else first + timedelta(days=luck.randrange(days))
    served = (until - joined).days
    left = None
    if served > 60 and luck.randrange(1000) < LEAVERS_IN_A_THOUSAND:
        left = joined + timedelta(days=luck.randrange(30, served))
    career = Career(number, joined, was_there, left, None, supervisor)
    post = units[place].post
    # One move in about four years; the first place is another shift of the same work.
    moves = sorted(
        {joined + timedelta(days=luck.randrange(1, served)) for _ in range(served // 1461)} if served > 1 else ()
    )
    begin = joined
    for moved in moves:
        if left is not None and moved > left:
            break
        career.postings.append(Held(luck.choice(by_post[post]), begin, moved - timedelta(days=1)))
        begin = moved
    career.postings.append(Held(place, begin, left))
    career.ranks.append(Held("constable", joined, left))
    career.roles.append(Held(post, joined, left))
    for role, in_a_thousand, among in AUTHORITIES:
        if among in ("", post) and luck.randrange(1000) < in_a_thousand:
            career.roles.append(Held(role, joined + timedelta(days=luck.randrange(max(1, served // 3))), left))
    if served > 400 and luck.randrange(1000) < ABSENT_IN_A_THOUSAND:
        away = joined + timedelta(days=luck.randrange(served - 300))
        career.absences.append(Held("parental", away, away + timedelta(days=luck.randrange(90, 270))))
    career.roles = [held for held in career.roles if held.last is None or held.last >= held.first]
    return career
