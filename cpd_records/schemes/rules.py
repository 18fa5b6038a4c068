"""What a scheme asks for, as values, and how they are read from the JSON it is kept as. Pure.

Reading checks everything and refuses with sentences that name the place; ``as_data`` is the one canonical form. ``docs/cpd-schemes.md``
describes the shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from cpd_records.schemes.learning import EVERYTHING, Category


class Measure(StrEnum):
    """In what a target is counted. Points are minutes at ``points_per_hour``."""

    MINUTES = "minutes"
    ENTRIES = "entries"
    POINTS = "points"


class ProRataBy(StrEnum):
    """By which parts of a period a target is reduced."""

    DAYS = "days"
    MONTHS = "months"


# What a scheme may ask for when an activity is submitted: names of fields of ``Activity``.
ASKABLE = {
    "is_structured": "Structured or not",
    "is_participatory": "With others or alone",
    "is_core": "Core or individual",
    "on_duty": "On duty or in own time",
    "applied": "How it was or will be applied",
    "reflection": "A reflection",
    "competencies": "Competencies",
    "principles": "Ethical principles",
    "pdr_objective": "An objective of the PDR",
    "role": "The role it is for",
    "no_evidence_reason": "Evidence, or why there is none",
}
# What a category needs to know is asked at submission, so that the rule can be applied. A reflection is the officer's own to write.
ASKED_FOR = {
    "structured": "is_structured",
    "participatory": "is_participatory",
    "core": "is_core",
}


@dataclass(frozen=True)
class Period:
    """Fixed: periods of ``years`` on the anniversaries of ``starts_on``, which is a first day of one. Rolling: the last ``years``."""

    years: int
    starts_on: date | None = None

    @property
    def is_rolling(self) -> bool:
        return self.starts_on is None


@dataclass(frozen=True)
class Target:
    """At least ``amount`` (in ``measure``) of a category in each period.

    What goes beyond it may be carried over, at most ``carry_most``, for ``carry_periods`` periods after; 0 means not at all.
    """

    title: str
    measure: Measure
    amount: int
    of: Category = EVERYTHING
    carry_most: int = 0
    carry_periods: int = 0


@dataclass(frozen=True)
class Maximum:
    """Of a category at most ``most`` counts towards each target of the same measure."""

    title: str
    measure: Measure
    most: int
    of: Category


@dataclass(frozen=True)
class Never:
    """What never counts; ``title`` is the reason as words: 'Self-declared without a reflection'."""

    title: str
    of: Category


@dataclass(frozen=True)
class ProRata:
    """By what targets are reduced for those who were not there, at full time, for the whole period."""

    by: ProRataBy
    part_time: bool = True
    joiners: bool = True
    absence: bool = True


@dataclass(frozen=True)
class DeclarationRule:
    """A declaration in ``words``, from so many days before a period's end until so many after; confirmed by somebody else, or not."""

    words: str
    days_before_end: int = 0
    days_after_end: int = 0
    confirmed: bool = False


@dataclass(frozen=True)
class Rules:
    """Everything a scheme asks for. ``gap_months``: months without an entry after which the officer explains; 0 means never."""

    period: Period
    targets: tuple[Target, ...] = ()
    maxima: tuple[Maximum, ...] = ()
    never: tuple[Never, ...] = ()
    points_per_hour: int = 0
    pro_rata: ProRata | None = None
    declaration: DeclarationRule | None = None
    asks: frozenset[str] = frozenset()
    gap_months: int = 0

    @property
    def asked_at_submission(self) -> frozenset[str]:
        """Names of fields an officer must answer: those asked for, and those that a category needs to know."""
        categories = [
            *(part.of for part in self.targets),
            *(part.of for part in self.maxima),
            *(part.of for part in self.never),
        ]
        needed = {ASKED_FOR[test] for category in categories for test in category.tests if test in ASKED_FOR}
        return self.asks | frozenset(needed)


def units(rules: Rules, measure: Measure, amount: int) -> int:
    """Return an amount in the whole units that are counted: minutes, entries, sixtieths of a point."""
    return amount * 60 if measure == Measure.POINTS else amount


def units_of(rules: Rules, measure: Measure, minutes: int) -> int:
    """Return what one entry of so many minutes is worth in the units that are counted."""
    if measure == Measure.ENTRIES:
        return 1
    return minutes * rules.points_per_hour if measure == Measure.POINTS else minutes


def as_data(rules: Rules) -> dict[str, Any]:
    """Return the rules as the JSON they are kept as; ``reading_rules.read_rules`` reads it back."""
    period: dict[str, Any] = {"years": rules.period.years}
    if rules.period.starts_on is not None:
        period["starts_on"] = rules.period.starts_on.isoformat()
    return {
        "period": period,
        "targets": [
            {
                "title": target.title,
                "measure": target.measure.value,
                "amount": target.amount,
                "of": _category(target.of),
                "carry_most": target.carry_most,
                "carry_periods": target.carry_periods,
            }
            for target in rules.targets
        ],
        "maxima": [
            {"title": part.title, "measure": part.measure.value, "most": part.most, "of": _category(part.of)}
            for part in rules.maxima
        ],
        "never": [{"title": part.title, "of": _category(part.of)} for part in rules.never],
        "points_per_hour": rules.points_per_hour,
        "pro_rata": None
        if rules.pro_rata is None
        else {
            "by": rules.pro_rata.by.value,
            "part_time": rules.pro_rata.part_time,
            "joiners": rules.pro_rata.joiners,
            "absence": rules.pro_rata.absence,
        },
        "declaration": None
        if rules.declaration is None
        else {
            "words": rules.declaration.words,
            "days_before_end": rules.declaration.days_before_end,
            "days_after_end": rules.declaration.days_after_end,
            "confirmed": rules.declaration.confirmed,
        },
        "asks": sorted(rules.asks),
        "gap_months": rules.gap_months,
    }


def _category(category: Category) -> dict[str, Any]:
    return {name: value if isinstance(value, bool) else str(value) for name, value in category.tests.items()}
