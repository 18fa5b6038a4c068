"""What verdicts are reckoned from: rules, awards, rulings and absences as values, and the eight verdicts. Nothing here knows a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Self
from uuid import UUID

from cpd_records.currency.days import Days


class Verdict(StrEnum):
    """The eight verdicts, the worst first.

    ``rank`` is 0 for the worst; ``carries`` says whether the officer may act on it, ``carries_fully`` whether it also carries a
    qualification that has no grace of its own.
    """

    rank: int
    carries: bool
    carries_fully: bool

    RESTRICTED = "restricted"
    EXPIRED = "expired"
    NEVER_HELD = "never_held"
    EXCEPTED = "excepted"
    IN_GRACE = "in_grace"
    DUE = "due"
    IN_DATE = "in_date"
    EXEMPT = "exempt"

    def __new__(cls, value: str) -> Self:
        verdict = str.__new__(cls, value)
        verdict._value_ = value
        verdict.rank = len(cls.__members__)
        verdict.carries = value not in {"restricted", "expired", "never_held"}
        verdict.carries_fully = value in {"due", "in_date", "exempt"}
        return verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as ``QualificationRule`` has it, from ``first`` on."""

    first: date
    validity_months: int | None
    warning_days: int = 90
    grace_days: int = 0
    early_renewal_days: int = 0
    absence_stops_clock: bool = False
    lapse: str = ""


class Award(NamedTuple):
    """One award as its last correction has it. ``valid_until`` is its own last day where one was given, else the rule decides."""

    day: date
    valid_until: date | None
    minutes: int | None
    entries: tuple[UUID, ...]
    ends_by_decision: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """An exception, exemption or restriction: ``verdict`` is what it leads to."""

    verdict: Verdict
    days: Days
    reason: str = ""
    conditions: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A qualification: ``rules`` in the order of their first days, each until the next; ``needs`` by code, for some days."""

    code: str
    title: str
    short_title: str
    rules: tuple[Rule, ...]
    needs: tuple[tuple[str, Days], ...] = ()
    order: int = 0

    def rule_on(self, day: date) -> Rule:
        """Return the rule in force on the day; before the first one, that."""
        found = self.rules[0]
        for rule in self.rules:
            if rule.first > day:
                break
            found = rule
        return found

    def rule_after(self, day: date) -> date | None:
        """Return the next day after ``day`` on which another rule begins."""
        return next((rule.first for rule in self.rules if rule.first > day), None)


@dataclass(frozen=True, slots=True)
class Lasting:
    """A qualification and how long an award of it lasts; ``months`` None does not lapse."""

    code: str
    title: str
    months: int | None

    @property
    def lasts(self) -> str:
        """In words: '24 months', 'does not lapse'."""
        return "does not lapse" if self.months is None else f"{self.months} month{'' if self.months == 1 else 's'}"


class Holding(NamedTuple):
    """What the awards up to a day amount to. ``valid_until`` None: it does not lapse, or the clock stands still from the day
    ``stopped`` on, with so many days left."""

    award: Award
    valid_until: date | None
    entries: tuple[UUID, ...]
    stopped: tuple[date, int] | None = None
    kept_anniversary: bool = False


@dataclass(slots=True)
class Held:
    """What is known of one officer for verdicts: awards and rulings by code, absences in order and joined."""

    awards: Mapping[str, Sequence[Award]]
    rulings: Mapping[str, Sequence[Ruling]] = field(default_factory=dict)
    absences: Sequence[Days] = ()
