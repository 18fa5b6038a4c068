"""The engine against a naive model that goes through the calendar day by day, on random histories."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import hypothesis.strategies as st
from hypothesis import given, settings

from cpd_records.currency.days import Days, joined
from cpd_records.currency.values import Award, Held, Rule, Ruling, Subject, Verdict
from cpd_records.currency.verdicts import find_all, needed_first

BASE = date(2024, 1, 25)
CODES = ("A", "B", "C", "D")
HORIZON = 260
FOR_EVER = 5000
ORDER = [Verdict.RESTRICTED, Verdict.EXPIRED, Verdict.NEVER_HELD, Verdict.EXCEPTED, Verdict.IN_GRACE, Verdict.DUE]


def after(days: int) -> date:
    return BASE + timedelta(days=days)


class Naive:
    """What the words of docs/currency.md say, a day at a time, without a thought for speed."""

    def __init__(self, subjects: Mapping[str, Subject], held: Held, on: date) -> None:
        self.subjects, self.held, self.on = subjects, held, on
        self.until = {code: self._until(code) for code in subjects}

    def _until(self, code: str) -> date | str | None:
        """The last day in date: 'never' before any award, None without end."""
        lasts: date | str | None = "never"
        for award in sorted(self.held.awards.get(code, ()), key=lambda award: award.day):
            if award.day > self.on:
                continue
            until = self._of_award(self.subjects[code].rule_on(award.day), award, lasts)
            if lasts == "never" or (lasts is not None and (until is None or until > lasts)):  # type: ignore[operator]
                lasts = until
        return lasts

    def _of_award(self, rule: Rule, award: Award, before: date | str | None) -> date | None:
        if award.valid_until is not None:
            return award.valid_until
        if rule.validity_months is None:
            return None
        start = award.day
        if isinstance(before, date) and award.day <= before <= award.day + timedelta(days=rule.early_renewal_days):
            start = before if rule.early_renewal_days else start
        months, end = start.month - 1 + rule.validity_months, start.day
        while True:
            try:
                last = date(start.year + months // 12, months % 12 + 1, end)
                break
            except ValueError:
                end -= 1
        return self._walk(start, (last - start).days) if rule.absence_stops_clock else last

    def _walk(self, start: date, count: int) -> date | None:
        day, left = start, count
        for _step in range(FOR_EVER):
            if not left:
                return day
            day += timedelta(days=1)
            left -= not any(absence.has(day) for absence in self.held.absences)
        return None

    def own(self, code: str, day: date) -> Verdict:
        until, rule = self.until[code], self.subjects[code].rule_on(day)
        if until == "never":
            return Verdict.NEVER_HELD
        if until is None:
            return Verdict.IN_DATE
        assert isinstance(until, date)
        if day <= until:
            return Verdict.DUE if day >= until - timedelta(days=rule.warning_days) else Verdict.IN_DATE
        grace = self._walk(until, rule.grace_days) if rule.absence_stops_clock else until + timedelta(rule.grace_days)
        return Verdict.IN_GRACE if grace is None or day <= grace else Verdict.EXPIRED

    def verdict(self, code: str, day: date) -> Verdict:
        ruled = {ruling.verdict for ruling in self.held.rulings.get(code, ()) if ruling.days.has(day)}
        if Verdict.RESTRICTED in ruled:
            return Verdict.RESTRICTED
        if Verdict.EXEMPT in ruled:
            return Verdict.EXEMPT
        found = self.own(code, day)
        if found in (Verdict.IN_DATE, Verdict.DUE, Verdict.IN_GRACE):
            enough = {Verdict.IN_DATE, Verdict.DUE, Verdict.EXEMPT}
            if self.subjects[code].rule_on(day).grace_days:
                enough |= {Verdict.IN_GRACE, Verdict.EXCEPTED}
            needed = [other for other, days in self.subjects[code].needs if days.has(day)]
            if any(self.verdict(other, day) not in enough for other in needed):
                found = Verdict.EXPIRED
        if found in (Verdict.EXPIRED, Verdict.NEVER_HELD) and Verdict.EXCEPTED in ruled:
            return Verdict.EXCEPTED
        return found


number = st.integers
periods = st.builds(
    lambda first, length: Days(after(first), after(first + length) if length >= 0 else None),
    number(0, 300),
    number(-1, 80),
)


@st.composite
def rules(draw: st.DrawFn) -> tuple[Rule, ...]:
    def one(first: date) -> Rule:
        return Rule(
            first,
            draw(st.sampled_from([None, 1, 2, 3])),
            warning_days=draw(number(0, 40)),
            grace_days=draw(st.sampled_from([0, 0, 10, 25])),
            early_renewal_days=draw(st.sampled_from([0, 0, 15])),
            absence_stops_clock=draw(st.booleans()),
        )

    found = [one(date(2000, 1, 1))]
    if draw(st.booleans()):
        found.append(one(after(draw(number(1, 250)))))
    return tuple(found)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, Subject], Held, date]:
    subjects: dict[str, Subject] = {}
    for place, code in enumerate(CODES):
        needs = [
            (other, draw(st.one_of(st.just(Days(date(2000, 1, 1))), periods)))
            for other in CODES[:place]
            if draw(st.booleans())
        ]
        subjects[code] = Subject(code, code, code, draw(rules()), tuple(needs), place)
    awards: dict[str, Sequence[Award]] = {}
    rulings: dict[str, Sequence[Ruling]] = {}
    for code in CODES:
        awards[code] = [
            Award(after(first), after(first + own) if own else None, None, (uuid.UUID(int=first),))
            for first, own in draw(st.lists(st.tuples(number(0, 200), st.sampled_from([0, 0, 0, 20])), max_size=3))
        ]
        kinds = draw(
            st.lists(st.sampled_from([Verdict.EXCEPTED, Verdict.EXEMPT, Verdict.RESTRICTED]), max_size=2, unique=True)
        )
        rulings[code] = [Ruling(kind, draw(periods)) for kind in kinds]
    absences = joined(draw(st.lists(periods, max_size=2)))
    return subjects, Held(awards, rulings, absences), after(draw(number(0, 220)))


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_every_day_to_come_has_the_verdict_of_the_naive_model(world: tuple[dict[str, Subject], Held, date]) -> None:
    subjects, held, on = world
    naive = Naive(subjects, held, on)
    found = find_all(subjects, held, needed_first(subjects)[0], on=on)
    for code in CODES:
        expected = [naive.verdict(code, on + timedelta(days=ahead)) for ahead in range(HORIZON)]
        said = [found[code].on_day(on + timedelta(days=ahead)).verdict for ahead in range(HORIZON)]
        assert said == expected, code
        carrying = [verdict.carries for verdict in expected]
        lapse = carrying.index(False) if carrying[0] and False in carrying else None
        if lapse is not None:
            assert found[code].lapses_on == on + timedelta(days=lapse)
        changes = next((ahead for ahead, verdict in enumerate(expected) if verdict != expected[0]), None)
        if changes is not None:
            assert found[code].changes_on is not None
            assert on < found[code].changes_on <= on + timedelta(days=changes)


@settings(max_examples=60, deadline=None)
@given(worlds(), number(0, 200))
def test_asking_later_says_the_same_as_looking_ahead_where_nothing_was_awarded(
    world: tuple[dict[str, Subject], Held, date], ahead: int
) -> None:
    subjects, held, on = world
    later = on + timedelta(days=ahead)
    still = {code: [award for award in awards if award.day <= on] for code, awards in held.awards.items()}
    held = Held(still, held.rulings, held.absences)
    order = needed_first(subjects)[0]
    now, then = (find_all(subjects, held, order, on=day) for day in (on, later))
    for code in CODES:
        assert now[code].on_day(later).verdict == then[code].verdict


@settings(max_examples=60, deadline=None)
@given(worlds(), st.sampled_from(CODES), number(0, 200))
def test_one_more_award_never_makes_a_verdict_worse(
    world: tuple[dict[str, Subject], Held, date], code: str, first: int
) -> None:
    subjects, held, on = world
    plain = {
        one.code: Subject(
            one.code, one.title, one.short_title, tuple(_never_early(rule) for rule in one.rules), one.needs, one.order
        )
        for one in subjects.values()
    }
    order = needed_first(plain)[0]
    before = find_all(plain, held, order, on=on)
    more = {**held.awards, code: [*held.awards[code], Award(after(first), None, None, ())]}
    now = find_all(plain, Held(more, held.rulings, held.absences), order, on=on)
    assert all(now[one].verdict.rank >= _rank_without_exception(before[one].verdict) for one in CODES)


def _never_early(rule: Rule) -> Rule:
    return Rule(rule.first, rule.validity_months, rule.warning_days, rule.grace_days, 0, rule.absence_stops_clock)


def _rank_without_exception(verdict: Verdict) -> int:
    """Never held and expired are equally far from carrying; an award may turn the one into the other."""
    return Verdict.EXPIRED.rank if verdict == Verdict.NEVER_HELD else verdict.rank
