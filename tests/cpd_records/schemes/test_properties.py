"""What holds for every scheme and every record, against a model that counts minute by minute in whatever order it pleases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from cpd_records.schemes.counting import count
from cpd_records.schemes.learning import Category, Learning, Source
from cpd_records.schemes.periods import Span, months_of, period_of
from cpd_records.schemes.pro_rata import Presence, share_of
from cpd_records.schemes.progress import Named, Progress, progress_in
from cpd_records.schemes.reading_rules import RulesRefused, read_rules
from cpd_records.schemes.rules import Maximum, Measure, Never, Period, ProRata, ProRataBy, Rules, Target, as_data

TODAY = date(2027, 3, 31)
KINDS = ("briefing", "reading")
maybe = st.sampled_from([None, True, False])
fast = settings(max_examples=60, deadline=None)

learnings = st.lists(
    st.builds(
        Learning,
        id=st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number)),
        title=st.just("Something"),
        day=st.dates(date(2024, 4, 1), TODAY),
        minutes=st.integers(0, 12),
        source=st.sampled_from(Source),
        kind=st.sampled_from(["", *KINDS]),
        structured=maybe,
        participatory=maybe,
        reflective=maybe,
        mandatory=maybe,
    ),
    max_size=14,
    unique_by=lambda it: it.id,
)
categories = st.builds(
    Category,
    source=st.sampled_from([None, *Source]),
    kind=st.sampled_from(["", *KINDS]),
    structured=maybe,
    mandatory=maybe,
)


def _is_kept(rules: Rules) -> bool:
    try:
        return read_rules(as_data(rules)) == rules
    except RulesRefused:
        return False


rulebooks = st.builds(
    Rules,
    period=st.just(Period(1, date(2026, 4, 1))),
    targets=st.lists(
        st.builds(
            Target,
            title=st.sampled_from(["In all", "Structured", "Others"]),
            measure=st.sampled_from(Measure),
            amount=st.integers(1, 40),
            of=categories,
            carry_most=st.just(5),
            carry_periods=st.integers(1, 2),
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda target: target.title,
    ).map(tuple),
    maxima=st.lists(
        st.builds(
            Maximum,
            title=st.just("A part"),
            measure=st.sampled_from(Measure),
            most=st.integers(0, 15),
            of=categories.filter(lambda category: bool(category.tests)),
        ),
        max_size=3,
    ).map(tuple),
    never=st.lists(
        st.builds(Never, title=st.just("Never"), of=categories.filter(lambda category: bool(category.tests))),
        max_size=1,
    ).map(tuple),
    points_per_hour=st.integers(1, 2),
).filter(_is_kept)


def asked(rules: Rules, learning: Sequence[Learning]) -> Progress:
    found = progress_in(Named("x", "X"), lambda _day: rules, learning, Presence(), on=TODAY)
    assert found is not None
    return found


def worth(rules: Rules, target: Target, it: Learning) -> int:
    return {
        Measure.MINUTES: it.minutes,
        Measure.ENTRIES: 1,
        Measure.POINTS: it.minutes * rules.points_per_hour,
    }[target.measure]


def naive(rules: Rules, target: Target, learning: Sequence[Learning], chance: Random) -> int:
    """Count unit by unit, entries in any order: a unit counts where every maximum it is in has room for it."""
    scale = 60 if target.measure == Measure.POINTS else 1
    taken = [0] * len(rules.maxima)
    total = 0
    shuffled = list(learning)
    chance.shuffle(shuffled)
    for it in shuffled:
        if any(part.of.includes(it) for part in rules.never) or target.of.includes(it) is not True:
            continue
        within = [
            number
            for number, part in enumerate(rules.maxima)
            if part.measure == target.measure and part.of.includes(it)
        ]
        for _unit in range(worth(rules, target, it)):
            if all(taken[number] < rules.maxima[number].most * scale for number in within):
                total += 1
                for number in within:
                    taken[number] += 1
    return total


@fast
@given(rulebooks, learnings, st.randoms(use_true_random=False))
def test_what_counts_is_what_a_naive_count_finds(rules: Rules, learning: list[Learning], chance: Random) -> None:
    here = [it for it in learning if it.day >= date(2026, 4, 1)]
    for target, found in zip(rules.targets, asked(rules, learning).targets, strict=True):
        assert found.counted == naive(rules, target, here, chance)


@fast
@given(rulebooks, learnings, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(rules: Rules, learning: list[Learning], chance: Random) -> None:
    shuffled = list(learning)
    chance.shuffle(shuffled)
    assert asked(rules, shuffled) == asked(rules, learning)


@fast
@given(rulebooks, learnings)
def test_nothing_counts_twice(rules: Rules, learning: list[Learning]) -> None:
    assert asked(rules, [*learning, *learning]) == asked(rules, learning)
    for target in asked(rules, learning).targets:
        assert len({part.learning.id for part in target.parts}) == len(target.parts)
        assert all(0 <= part.counted <= part.worth for part in target.parts)
        assert sum(part.counted for part in target.parts) == target.counted


@fast
@given(rulebooks, learnings, learnings)
def test_more_learning_never_lowers_progress(rules: Rules, learning: list[Learning], more: list[Learning]) -> None:
    before = {target.target.title: target for target in asked(rules, learning).targets}
    for after in asked(rules, [*learning, *more]).targets:
        assert after.counted >= before[after.target.title].counted
        assert after.carried >= before[after.target.title].carried
        assert after.left <= before[after.target.title].left


@fast
@given(rulebooks, learnings)
def test_every_maximum_holds_in_every_target(rules: Rules, learning: list[Learning]) -> None:
    here = [it for it in learning if it.day >= date(2026, 4, 1)]
    for target in rules.targets:
        parts = count(rules, target, here)
        for maximum in rules.maxima:
            if maximum.measure == target.measure:
                scale = 60 if target.measure == Measure.POINTS else 1
                assert sum(part.counted for part in parts if maximum.of.includes(part.learning)) <= maximum.most * scale


@fast
@given(rulebooks, learnings)
def test_what_is_carried_over_never_exceeds_its_cap(rules: Rules, learning: list[Learning]) -> None:
    for found in asked(rules, learning).targets:
        scale = 60 if found.target.measure == Measure.POINTS else 1
        assert 0 <= found.carried <= found.target.carry_most * scale


@fast
@given(rulebooks, learnings)
def test_what_does_not_count_wholly_has_one_reason(rules: Rules, learning: list[Learning]) -> None:
    progress = asked(rules, learning)
    for target in progress.targets:
        assert all(
            part.reason for part in target.parts if part.counted < part.worth or (not part.counted and part.worth)
        )
    for entry in progress.entries:
        assert entry.counts or entry.reason


@fast
@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(1, 5), st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_every_day_is_in_one_period_and_periods_meet(starts_on: date, years: int, day: date) -> None:
    if (starts_on.month, starts_on.day) == (2, 29):
        return
    period = Period(years, starts_on)
    span = period_of(period, day)
    assert day in span
    assert period_of(period, span.starts_on) == period_of(period, span.ends_on) == span
    assert period_of(period, span.ends_on + timedelta(days=1)).starts_on == span.ends_on + timedelta(days=1)
    months = months_of(span)
    assert len(months) == 12 * years
    assert sum(month.days for month in months) == span.days


@fast
@given(
    st.sampled_from(ProRataBy),
    st.dates(date(2025, 4, 1), date(2027, 6, 1)),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90)), max_size=3),
    st.integers(1, 100),
)
def test_nobody_is_asked_for_more_than_all_nor_more_for_being_away(
    by: ProRataBy, joined_on: date, absences: list[tuple[int, int]], percent: int
) -> None:
    rule, span = ProRata(by), Span(date(2026, 4, 1), date(2027, 3, 31))
    away = tuple(
        Span(span.starts_on + timedelta(days=begins), span.starts_on + timedelta(days=begins + days))
        for begins, days in absences
    )
    part_time = ((span, percent),)
    share = share_of(rule, Presence(joined_on, away, part_time), span)
    assert 0 <= share <= 1
    assert share <= share_of(rule, Presence(joined_on, (), part_time), span)
    assert share <= share_of(rule, Presence(joined_on, away), span)
