"""By how much a target is reduced for somebody who was not there, at full time, for the whole of a period. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from cpd_records.schemes.periods import A_DAY, Span, months_of
from cpd_records.schemes.rules import Measure, ProRata, ProRataBy, Target

FULL_TIME = 100
QUARTER_HOUR = 15
ALL = Fraction(1)


@dataclass(frozen=True)
class Presence:
    """When somebody was there: since when, away in which spans, working how many per cent in which spans."""

    joined_on: date | None = None
    away: tuple[Span, ...] = ()
    part_time: tuple[tuple[Span, int], ...] = ()


def share_of(rule: ProRata | None, presence: Presence, span: Span) -> Fraction:
    """Return which part of a period's targets is asked of somebody, 0 to 1."""
    if rule is None or not _could_reduce(rule, presence, span):
        return ALL
    weights = list(_weights(rule, presence, span))
    if rule.by == ProRataBy.DAYS:
        return Fraction(sum(weights), FULL_TIME * len(weights))
    months = months_of(span)
    return sum((_month(weights, month, span) for month in months), Fraction(0)) / len(months)


def reduced(target: Target, share: Fraction) -> int:
    """Return what is asked of a target, rounded down in the officer's favour: minutes to quarter hours, else to whole ones.

    Something remains asked of anybody who was there at all.
    """
    if share == ALL:
        return target.amount
    if share == 0:
        return 0
    step = QUARTER_HOUR if target.measure == Measure.MINUTES else 1
    least = min(step, target.amount)
    return max(int(target.amount * share) // step * step, least)


def why_reduced(rule: ProRata | None, presence: Presence, span: Span) -> list[str]:
    """Return what reduced the targets of a period, as words after 'reduced for'."""
    if rule is None:
        return []
    words = []
    if rule.joiners and presence.joined_on is not None and presence.joined_on > span.starts_on:
        words.append("joining during the period")
    if rule.absence and any(_meet(away, span) for away in presence.away):
        words.append("absence")
    if rule.part_time and any(_meet(part, span) and percent < FULL_TIME for part, percent in presence.part_time):
        words.append("part-time work")
    return words


def _could_reduce(rule: ProRata, presence: Presence, span: Span) -> bool:
    return bool(why_reduced(rule, presence, span))


def _meet(one: Span, other: Span) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _weights(rule: ProRata, presence: Presence, span: Span) -> Iterator[int]:
    """Yield for each day of the period how much of full time was worked, in per cent."""
    joined_on = presence.joined_on if rule.joiners else None
    away = [part for part in presence.away if _meet(part, span)] if rule.absence else []
    part_time = [part for part in presence.part_time if _meet(part[0], span)] if rule.part_time else []
    day = span.starts_on
    while day <= span.ends_on:
        if (joined_on is not None and day < joined_on) or any(day in part for part in away):
            yield 0
        else:
            yield min((percent for part, percent in part_time if day in part), default=FULL_TIME)
        day += A_DAY


def _month(weights: list[int], month: Span, span: Span) -> Fraction:
    """Return what a month weighs: nothing unless somebody was there on more than half its days, else their mean over these days."""
    first = (month.starts_on - span.starts_on).days
    there = [weight for weight in weights[first : first + month.days] if weight]
    return Fraction(sum(there), FULL_TIME * len(there)) if len(there) * 2 > month.days else Fraction(0)
