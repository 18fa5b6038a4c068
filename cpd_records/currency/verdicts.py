"""The verdict on a qualification, from values alone: what was awarded, the rules, what it needs, rulings and absences.

A verdict is reckoned as a course of stretches from the day asked about on, so that the day on which it changes, or ends to carry, is
exact, dependencies included. Nothing here knows a database; ``docs/currency.md`` says the same in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from cpd_records.currency.days import (
    ONE_DAY,
    Days,
    days_after,
    days_before,
    days_counted,
    earliest,
    months_after,
    stands_still,
)
from cpd_records.currency.values import Award, Held, Holding, Rule, Ruling, Subject, Verdict

_BY_DAY = attrgetter("day")


class Stretch(NamedTuple):
    """From ``first`` until the next stretch the verdict is this. ``cause`` is the ruling, or the code of the needed qualification
    that does not carry; None where its own dates decide."""

    first: date
    verdict: Verdict
    cause: Ruling | str | None = None


Course = tuple[Stretch, ...]


class ByDates(NamedTuple):
    """What a qualification's own dates lead to, the same for everybody with the same last day."""

    course: Course
    grace_until: date | None
    lapses_on: date | None
    changes_on: date | None


# By code, last day, and whether it was set by decision: for one day asked about.
Memo = dict[tuple[str, date | None, bool], ByDates]


@dataclass(slots=True)
class Finding:
    """The verdict on one qualification on ``on``. ``grace_until`` is the last day of grace, None where there is none;
    ``own_verdict`` is what its own dates alone lead to. ``lapses_on`` is the first day on which it no longer carries, None where it
    never does or does not carry already; ``changes_on`` the next day on which the verdict, or a date beside it, is another.
    """

    subject: Subject
    on: date
    course: Course
    holding: Holding | None
    grace_until: date | None
    own_verdict: Verdict
    lapses_on: date | None
    changes_on: date | None

    @property
    def verdict(self) -> Verdict:
        return self.course[0].verdict

    @property
    def carries(self) -> bool:
        return self.course[0].verdict.carries

    @property
    def valid_from(self) -> date | None:
        return self.holding.award.day if self.holding else None

    @property
    def valid_until(self) -> date | None:
        return self.holding.valid_until if self.holding else None

    def on_day(self, day: date) -> Stretch:
        """Return the stretch of a day not before ``on``."""
        found = self.course[0]
        for stretch in self.course:
            if stretch.first > day:
                break
            found = stretch
        return found

    def first_day_not_carrying(self, since: date) -> date | None:
        """Return the first day from ``since`` on on which it does not carry."""
        if not self.on_day(since).verdict.carries:
            return since
        return _first_not_carrying(self.course, since)


def holding_of(subject: Subject, awards: Sequence[Award], absences: Sequence[Days], *, on: date) -> Holding | None:
    """Return what the awards up to ``on`` amount to: the one that lasts longest, or None without any.

    Each lasts as the rule of its own day says. One made within the rule's days of early renewal counts from the last day of what it
    renews, so the anniversary is kept; any other counts from its own day.
    """
    best: Award | None = None
    until: date | None = None
    entries: tuple[UUID, ...] = ()
    stopped: tuple[date, int] | None = None
    kept = False
    for award in awards if len(awards) < 2 else sorted(awards, key=_BY_DAY):
        day = award.day
        if day > on:
            break
        rule = subject.rule_on(day)
        ends, rests_on, stands, keeps = award.valid_until, award.entries, None, False
        if ends is None and rule.validity_months is not None:
            start = day
            if rule.early_renewal_days and until is not None and day <= until:
                keeps = (until - day).days <= rule.early_renewal_days
                if keeps:
                    start, rests_on = until, entries + rests_on
            ends = months_after(start, rule.validity_months)
            if absences and rule.absence_stops_clock:
                count = (ends - start).days
                ends, stands = days_counted(start, count, absences), stands_still(start, count, absences)
        if best is None or (until is not None and (ends is None or ends > until)):
            best, until, entries, stopped, kept = award, ends, rests_on, stands, keeps
    return Holding(best, until, entries, stopped, kept) if best is not None else None


def find_all(
    subjects: Mapping[str, Subject],
    held: Held,
    wanted: Sequence[str],
    *,
    on: date,
    is_circular: bool = False,
    memo: Memo | None = None,
) -> dict[str, Finding]:
    """Return the finding on each of ``wanted`` on a day, by code.

    ``wanted`` has the needed before what needs them (``needed_first``); where needs run in a circle, which the verbs refuse,
    ``is_circular`` has it reckoned until nothing changes: the members of a circle carry one another, and what fails one fails all.
    ``memo`` keeps between officers what is the same for them; one for each day and each set of subjects.
    """
    memo = {} if memo is None else memo
    own = {code: _own(subjects[code], held, on, memo) for code in wanted}
    found: dict[str, Finding] = {}
    for _round in range(len(wanted) + 1 if is_circular else 1):
        before = {code: finding.course for code, finding in found.items()}
        for code in wanted:
            finding = own[code]
            rulings = held.rulings.get(code, ())
            found[code] = _with_others(finding, found, rulings, on) if finding.subject.needs or rulings else finding
        if is_circular and before == {code: finding.course for code, finding in found.items()}:
            break
    return found


def _own(subject: Subject, held: Held, on: date, memo: Memo) -> Finding:
    """Return the finding by the qualification's own dates alone."""
    awards = held.awards.get(subject.code)
    holding = holding_of(subject, awards, held.absences, on=on) if awards else None
    if holding is None:
        return Finding(subject, on, (Stretch(on, Verdict.NEVER_HELD),), None, None, Verdict.NEVER_HELD, None, None)
    by_decision = holding.award.ends_by_decision
    if held.absences:
        found = _by_dates(subject, holding.valid_until, by_decision, held.absences, on)
    else:
        key = (subject.code, holding.valid_until, by_decision)
        known = memo.get(key)
        found = known or _by_dates(subject, holding.valid_until, by_decision, (), on)
        memo[key] = found
    course, grace_until, lapses_on, changes_on = found
    return Finding(subject, on, course, holding, grace_until, course[0].verdict, lapses_on, changes_on)


def _by_dates(subject: Subject, until: date | None, by_decision: bool, absences: Sequence[Days], on: date) -> ByDates:
    """Reckon what a last day leads to from ``on`` on, rule by rule."""
    rule: Rule | None = subject.rule_on(on)
    since, grace_until, stretches = on, None, list[Stretch]()
    while rule is not None:
        ends = _end_of_grace(rule, until, by_decision, absences)
        if since == on and ends != until:
            grace_until = ends
        stretches = [stretch for stretch in stretches if stretch.first < since]
        stretches += _under_one_rule(rule, until, ends, since)
        following = subject.rule_after(since)
        rule = subject.rule_on(following) if following else None
        since = following or since
    course = _compressed(stretches)
    return ByDates(course, grace_until, _lapse(course), _change(course, subject, on))


def _end_of_grace(rule: Rule, until: date | None, by_decision: bool, absences: Sequence[Days]) -> date | None:
    """Return the last day on which it carries by its own dates: the last day of grace, or of validity where there is none."""
    if until is None or not rule.grace_days or by_decision:
        return until
    if rule.absence_stops_clock and absences:
        return days_counted(until, rule.grace_days, absences)
    return days_after(until, rule.grace_days)


def _under_one_rule(rule: Rule, until: date | None, grace_until: date | None, since: date) -> list[Stretch]:
    """Return the stretches from ``since`` on under one rule; ``grace_until`` None where the clock stands still in grace."""
    if until is None:
        return [Stretch(since, Verdict.IN_DATE)]
    found, due = [], days_before(until, rule.warning_days)
    if since < due:
        found.append(Stretch(since, Verdict.IN_DATE))
        since = due
    if since <= until:
        found.append(Stretch(since, Verdict.DUE))
        since = days_after(until, 1)
    if grace_until is None or since <= grace_until:
        found.append(Stretch(since, Verdict.IN_GRACE))
        if grace_until is None:
            return found
        since = days_after(grace_until, 1)
    return [*found, Stretch(since, Verdict.EXPIRED)]


def _lapse(course: Course) -> date | None:
    return _first_not_carrying(course, course[0].first) if course[0].verdict.carries else None


def _first_not_carrying(course: Course, since: date) -> date | None:
    return next((one.first for one in course if one.first > since and not one.verdict.carries), None)


def _change(course: Course, subject: Subject, on: date) -> date | None:
    return earliest(course[1].first if len(course) > 1 else None, subject.rule_after(on))


def _with_others(finding: Finding, found: Mapping[str, Finding], rulings: Sequence[Ruling], on: date) -> Finding:
    """Return the finding once needs and rulings are reckoned in."""
    course = _course(finding, found, rulings, on)
    if course == finding.course:
        return finding
    lapses_on, changes_on = _lapse(course), _change(course, finding.subject, on)
    return replace(finding, course=course, lapses_on=lapses_on, changes_on=changes_on)


def _course(finding: Finding, found: Mapping[str, Finding], rulings: Sequence[Ruling], on: date) -> Course:
    """Return the course once needs and rulings are reckoned in: every day on which any of them changes is looked at."""
    subject = finding.subject
    days = {stretch.first for stretch in finding.course}
    days.update(rule.first for rule in subject.rules if rule.first > on)
    for code, period in subject.needs:
        _add_ends(days, period, on)
        if code in found:
            days.update(stretch.first for stretch in found[code].course)
    for ruling in rulings:
        _add_ends(days, ruling.days, on)
    return _compressed([_on_a_day(finding, found, rulings, day) for day in sorted(days)])


def _add_ends(days: set[date], period: Days, on: date) -> None:
    if period.first > on:
        days.add(period.first)
    if period.last is not None and on <= period.last < date.max:
        days.add(period.last + ONE_DAY)


def _on_a_day(finding: Finding, found: Mapping[str, Finding], rulings: Sequence[Ruling], day: date) -> Stretch:
    """Return the verdict of one day. Order: restriction, exemption, own dates with what is needed, exception."""
    in_force = {ruling.verdict: ruling for ruling in rulings if ruling.days.has(day)}
    for verdict in (Verdict.RESTRICTED, Verdict.EXEMPT):
        if verdict in in_force:
            return Stretch(day, verdict, in_force[verdict])
    own = finding.on_day(day)
    result = Stretch(day, own.verdict)
    if own.verdict.carries:
        failing = failing_needs(finding.subject, found, day)
        if failing:
            result = Stretch(day, Verdict.EXPIRED, failing[0])
    if not result.verdict.carries and Verdict.EXCEPTED in in_force:
        return Stretch(day, Verdict.EXCEPTED, in_force[Verdict.EXCEPTED])
    return result


def failing_needs(subject: Subject, found: Mapping[str, Finding], day: date) -> list[str]:
    """Return the codes of needed qualifications that do not carry this one on the day, the worst first."""
    has_grace = subject.rule_on(day).grace_days > 0
    failing: list[tuple[int, str]] = []
    for code, period in subject.needs:
        needed = found.get(code)
        if needed is None or not period.has(day):
            continue
        verdict = needed.on_day(day).verdict
        if not (verdict.carries if has_grace else verdict.carries_fully):
            failing.append((verdict.rank, code))
    return [code for _rank, code in sorted(failing)]


def _compressed(stretches: Sequence[Stretch]) -> Course:
    """Return the stretches, neighbours that say the same as one."""
    found: list[Stretch] = []
    for stretch in stretches:
        if not found or (stretch.verdict, stretch.cause) != (found[-1].verdict, found[-1].cause):
            found.append(stretch)
    return tuple(found)


def needed_first(subjects: Mapping[str, Subject]) -> tuple[tuple[str, ...], bool]:
    """Return the codes with every needed one before what needs it, and whether needs run in a circle somewhere."""
    order: list[str] = []
    state: dict[str, int] = {}
    is_circular = False
    for start in sorted(subjects):
        waiting = [start]
        while waiting:
            code = waiting[-1]
            if state.get(code) == 2:
                waiting.pop()
                continue
            if state.get(code) == 1:
                state[code] = 2
                order.append(code)
                waiting.pop()
                continue
            state[code] = 1
            for needed, _period in subjects[code].needs:
                if needed in subjects and state.get(needed) == 1:
                    is_circular = True
                elif needed in subjects and needed not in state:
                    waiting.append(needed)
    return tuple(order), is_circular


def with_needed(
    subjects: Mapping[str, Subject], codes: Iterable[str], *, on: date, later_too: bool = False
) -> set[str]:
    """Return the codes and everything they need on the day (or, ``later_too``, will need), however far down."""
    found: set[str] = set()
    waiting = [code for code in codes if code in subjects]
    while waiting:
        code = waiting.pop()
        if code in found:
            continue
        found.add(code)
        for needed, days in subjects[code].needs:
            ahead = later_too and (days.last is None or days.last >= on)
            if needed in subjects and (ahead or days.has(on)):
                waiting.append(needed)
    return found
