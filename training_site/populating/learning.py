"""What the officers of an invented force learned, day by day: qualifications renewed more or less in time, courses, CPD."""

from __future__ import annotations

import random
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cpd_records.models import QualificationNeed, QualificationRule, Requirement
from training_site.populating.careers import Career

# Kinds of what is learned, in the byte that names it: a place among the qualifications (twice), the releases, the CPD titles.
COURSE, IMPORTED, COMPLETION, CPD = 0, 64, 128, 192
DAYS_IN_A_MONTH = 30.44
NEVER_IN_A_THOUSAND = 15
MISSED_IN_A_THOUSAND = 40
LATE_IN_A_THOUSAND = 120
COURSE_DAYS, CPD_DAYS = 420, 180
# Days from an activity to its verification: logged in the evening, handed in the day after, verified on the next.
TO_VERIFY = 2
ACTIVITIES = (
    ("Briefing on recording grounds", "briefing", 45, "I name the fact that links the person to the item, first."),
    ("Reading: keeping a decision log", "reading", 30, "I write the option I did not take, and why."),
    ("Workshop on talking with people in crisis", "briefing", 180, "I ask one question at a time and wait."),
    ("Team talk after a missing person search", "briefing", 60, "I record who gave each fact, and when."),
    ("Coached by a colleague on statements", "on_the_job", 90, "I let the witness finish before I write."),
    ("Shadowed the custody desk", "on_the_job", 240, "I bring the property list ready."),
    ("Reading: hearing loss and interviews", "reading", 25, "I ask where to sit before I ask anything else."),
    ("Podcast on handovers", "other", 20, "I hand over times, not impressions."),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is asked of whom, from the requirements in force: codes by role, by rank and of everybody, with all they need."""

    codes: Sequence[str]
    months: Mapping[str, int | None]
    by_role: Mapping[str, frozenset[str]]
    by_rank: Mapping[str, frozenset[str]]
    of_everybody: frozenset[str]

    def since(self, career: Career) -> dict[str, date]:
        """Return the day from which each qualification is asked of an officer, as the last rank and the roles have it."""
        found: dict[str, date] = {}
        rank = career.ranks[-1]
        groups = [(self.of_everybody, career.joined), (self.by_rank.get(str(rank.what), frozenset()), rank.first)]
        groups += [(self.by_role.get(str(role.what), frozenset()), role.first) for role in career.roles]
        for codes, first in groups:
            for code in codes:
                found[code] = min(first, found.get(code, first))
        return dict(sorted(found.items()))


def asked_now() -> Asked:
    """Return what the requirements in the database ask, those tied to a unit left aside."""
    needs: dict[str, set[str]] = {}
    for code, needed in QualificationNeed.objects.known().values_list("qualification__code", "needed__code"):
        needs.setdefault(code, set()).add(needed)

    def closed(code: str) -> set[str]:
        return {code}.union(*(closed(needed) for needed in needs.get(code, ())))

    by_role: dict[str, set[str]] = {}
    by_rank: dict[str, set[str]] = {}
    everybody: set[str] = set()
    rows = Requirement.objects.known().filter(unit__isnull=True)
    for code, role, rank in rows.values_list("qualification__code", "role__code", "rank__code"):
        (by_role.setdefault(role, set()) if role else by_rank.setdefault(rank, set()) if rank else everybody).update(
            closed(code)
        )
    rules = QualificationRule.objects.known().order_by("qualification__code")
    months = dict(rules.values_list("qualification__code", "validity_months"))
    return Asked(
        sorted(months),
        months,
        {role: frozenset(codes) for role, codes in by_role.items()},
        {rank: frozenset(codes) for rank, codes in by_rank.items()},
        frozenset(everybody),
    )


@dataclass
class Calendar:
    """Every day's learning as numbers, so that years of tens of thousands fit in memory; ``open`` are activities not verified yet."""

    first: date
    until: date
    days: list[array[int]] = field(init=False)
    open: list[tuple[int, int, date]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.days = [array("Q") for _ in range((self.until - self.first).days + 1)]

    def put(self, officer: int, what: int, day: date, recorded: date) -> None:
        self.days[(recorded - self.first).days].append(officer << 32 | what << 16 | (recorded - day).days)


def unpacked(number: int) -> tuple[int, int, int]:
    """Return officer, what, and how many days before it was recorded it happened."""
    return number >> 32, number >> 16 & 0xFFFF, number & 0xFFFF


def plan_learning(career: Career, asked: Asked, calendar: Calendar, *, releases: int, seed: int) -> None:
    """Put into the calendar what an officer learned."""
    luck = random.Random(f"{seed}/learning/{career.number}")
    last = min(career.left or calendar.until, calendar.until)
    for code, since in asked.since(career).items():
        _renewals(career, asked.codes.index(code), asked.months[code], since, last, calendar, luck)
    if releases:
        day = career.joined + timedelta(days=luck.randrange(10, COURSE_DAYS))
        turn = luck.randrange(releases)
        while day <= last:
            calendar.put(career.number, COMPLETION + turn % releases, day, day)
            turn, day = turn + 1, day + timedelta(days=luck.randrange(COURSE_DAYS // 2, COURSE_DAYS * 3 // 2))
    if career.supervisor is not None:
        day = career.joined + timedelta(days=luck.randrange(5, CPD_DAYS))
        while day <= last:
            what = CPD + luck.randrange(len(ACTIVITIES))
            verified = day + timedelta(days=TO_VERIFY)
            if verified <= calendar.until:
                calendar.put(career.number, what, day, verified)
            else:
                calendar.open.append((career.number, what, day))
            day += timedelta(days=luck.randrange(CPD_DAYS // 2, CPD_DAYS * 3 // 2))


def _renewals(
    career: Career, place: int, months: int | None, since: date, last: date, calendar: Calendar, luck: random.Random
) -> None:
    if luck.randrange(1000) < NEVER_IN_A_THOUSAND:
        return
    length = int((months or 36) * DAYS_IN_A_MONTH)
    if career.was_there and since <= calendar.first:
        # What was held before came over from the former system on the first day.
        day = calendar.first - timedelta(days=luck.randrange(1, length))
        calendar.put(career.number, IMPORTED + place, day, calendar.first)
    else:
        day = since + timedelta(days=luck.randrange(40))
        if day > last:
            return
        calendar.put(career.number, COURSE + place, day, day)
    if months is None:
        return
    while True:
        chance = luck.randrange(1000)
        if chance < MISSED_IN_A_THOUSAND:
            day += timedelta(days=length + luck.randrange(90, 300))
        elif chance < LATE_IN_A_THOUSAND:
            day += timedelta(days=length + luck.randrange(1, 45))
        else:
            day += timedelta(days=length - luck.randrange(min(60, length // 2)))
        if day > last:
            return
        recorded = max(day, calendar.first)
        calendar.put(career.number, COURSE + place, day, recorded)
