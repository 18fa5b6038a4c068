"""Reading a scheme's rules from JSON: everything is checked, and each refusal is a sentence that names its place. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from cpd_records.schemes.learning import EVERYTHING, UNKNOWN_WORDS, Category, Source
from cpd_records.schemes.rules import (
    ASKABLE,
    DeclarationRule,
    Maximum,
    Measure,
    Never,
    Period,
    ProRata,
    ProRataBy,
    Rules,
    Target,
)

MOST_PARTS = 12
MOST_YEARS = 5
TITLE_LENGTH = 80
WORDS_LENGTH = 1000
MOST_AMOUNT = {Measure.MINUTES: 600_000, Measure.ENTRIES: 10_000, Measure.POINTS: 10_000}
MOST_PERIODS = 3
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Problem:
    """What is wrong with the rules, and where: 'targets.0.amount', or '' for the whole."""

    place: str
    words: str


class RulesRefused(ValueError):
    """Rules that a scheme cannot have; ``problems`` are all that were found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.words for problem in problems))
        self.problems = problems


def read_rules(data: Any, *, kinds: Collection[str] | None = None) -> Rules:
    """Return the rules; raise ``RulesRefused`` with every problem. ``kinds`` are the kinds of learning there are; None checks none."""
    reader = _Reader(kinds)
    rules = reader.rules(data)
    problems = reader.problems
    if not problems:
        problems = list(_contradictions(rules))
    if problems:
        raise RulesRefused(problems)
    return rules


class _Reader:
    """Reads value by value and collects what is wrong, so that a form can show everything at once."""

    def __init__(self, kinds: Collection[str] | None) -> None:
        self.kinds = kinds
        self.problems: list[Problem] = []

    def refuse(self, place: str, words: str) -> None:
        self.problems.append(Problem(place, words))

    def rules(self, data: Any) -> Rules:
        known = (
            "period targets maxima never points_per_hour pro_rata declaration asks gap_months".split()  # noqa: SIM905
        )
        whole = self.part(data, "", known)
        return Rules(
            period=self.period(whole.get("period")),
            targets=tuple(self.target(part, place) for place, part in self.parts(whole, "targets")),
            maxima=tuple(self.maximum(part, place) for place, part in self.parts(whole, "maxima")),
            never=tuple(self.never(part, place) for place, part in self.parts(whole, "never")),
            points_per_hour=self.number(whole, "points_per_hour", 0, 100, "Points an hour"),
            pro_rata=self.pro_rata(whole.get("pro_rata")),
            declaration=self.declaration(whole.get("declaration")),
            asks=self.asks(whole.get("asks", [])),
            gap_months=self.number(whole, "gap_months", 0, 24, "Months without an entry"),
        )

    def period(self, data: Any) -> Period:
        part = self.part(data, "period", ("years", "starts_on"))
        years = self.number(part, "years", 1, MOST_YEARS, "The years of a period", place="period.years")
        text = part.get("starts_on")
        if text is None:
            return Period(years)
        try:
            starts_on = date.fromisoformat(text)
        except (TypeError, ValueError):
            self.refuse("period.starts_on", "The first day of a period is a day, for example 1 April 2026.")
            return Period(years)
        if not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
            self.refuse("period.starts_on", f"The first day lies between {FIRST_YEAR} and {LAST_YEAR}.")
        if (starts_on.month, starts_on.day) == (2, 29):
            self.refuse(
                "period.starts_on", "29 February is not in every year. Choose 28 February or 1 March as the first day."
            )
        return Period(years, starts_on)

    def target(self, data: Any, place: str) -> Target:
        part = self.part(data, place, ("title", "measure", "amount", "of", "carry_most", "carry_periods"))
        measure = self.measure(part, place)
        most = MOST_AMOUNT[measure]
        return Target(
            title=self.title(part, place),
            measure=measure,
            amount=self.number(part, "amount", 1, most, "A target", place=f"{place}.amount"),
            of=self.category(part.get("of", {}), f"{place}.of"),
            carry_most=self.number(part, "carry_most", 0, most, "What is carried over", place=f"{place}.carry_most"),
            carry_periods=self.number(
                part, "carry_periods", 0, MOST_PERIODS, "The periods it is carried for", place=f"{place}.carry_periods"
            ),
        )

    def maximum(self, data: Any, place: str) -> Maximum:
        part = self.part(data, place, ("title", "measure", "most", "of"))
        measure = self.measure(part, place)
        return Maximum(
            title=self.title(part, place),
            measure=measure,
            most=self.number(part, "most", 0, MOST_AMOUNT[measure], "A maximum", place=f"{place}.most"),
            of=self.category(part.get("of", {}), f"{place}.of", needed="Say what the maximum is of."),
        )

    def never(self, data: Any, place: str) -> Never:
        part = self.part(data, place, ("title", "of"))
        return Never(
            title=self.title(part, place),
            of=self.category(part.get("of", {}), f"{place}.of", needed="Say what never counts."),
        )

    def pro_rata(self, data: Any) -> ProRata | None:
        if data is None:
            return None
        part = self.part(data, "pro_rata", ("by", "part_time", "joiners", "absence"))
        by = part.get("by", ProRataBy.DAYS.value)
        if by not in set(ProRataBy):
            self.refuse("pro_rata.by", "Targets are reduced by days or by months.")
            by = ProRataBy.DAYS
        return ProRata(
            ProRataBy(by),
            part_time=self.truth(part, "part_time", "pro_rata"),
            joiners=self.truth(part, "joiners", "pro_rata"),
            absence=self.truth(part, "absence", "pro_rata"),
        )

    def declaration(self, data: Any) -> DeclarationRule | None:
        if data is None:
            return None
        part = self.part(data, "declaration", ("words", "days_before_end", "days_after_end", "confirmed"))
        words = self.text(part.get("words"), "declaration.words", WORDS_LENGTH, "Write what the officer declares.")
        days = self.number(
            part, "days_after_end", 0, 366, "The days after the period", place="declaration.days_after_end"
        )
        before = self.number(
            part, "days_before_end", 0, 366, "The days before the period's end", place="declaration.days_before_end"
        )
        return DeclarationRule(
            words, before, days, confirmed=self.truth(part, "confirmed", "declaration", default=False)
        )

    def asks(self, data: Any) -> frozenset[str]:
        if not isinstance(data, list) or any(name not in ASKABLE for name in data if isinstance(name, str)):
            self.refuse("asks", f"What is asked at submission is of: {', '.join(sorted(ASKABLE))}.")
            return frozenset()
        if not all(isinstance(name, str) for name in data):
            self.refuse("asks", "What is asked at submission is a list of names.")
            return frozenset()
        return frozenset(data)

    def category(self, data: Any, place: str, *, needed: str = "") -> Category:
        part = self.part(data, place, ("source", *UNKNOWN_WORDS))
        found: dict[str, Any] = {}
        for name, value in part.items():
            if name == "source":
                if value in set(Source):
                    found[name] = Source(value)
                else:
                    self.refuse(f"{place}.source", "A source is 'course', 'self', 'supervisor' or 'imported'.")
            elif name == "kind":
                if isinstance(value, str) and value and (self.kinds is None or value in self.kinds):
                    found[name] = value
                else:
                    self.refuse(f"{place}.kind", f"There is no kind of learning '{str(value)[:40]}'.")
            elif name in UNKNOWN_WORDS:
                if isinstance(value, bool):
                    found[name] = value
                else:
                    self.refuse(f"{place}.{name}", f"'{name}' is yes or no.")
        category = Category(**found)
        if needed and category == EVERYTHING:
            self.refuse(place, needed)
        return category

    def measure(self, part: Mapping[str, Any], place: str) -> Measure:
        value = part.get("measure")
        if not isinstance(value, str) or value not in set(Measure):
            self.refuse(f"{place}.measure", "It is counted in minutes, entries or points.")
            return Measure.MINUTES
        return Measure(value)

    def title(self, part: Mapping[str, Any], place: str) -> str:
        return self.text(part.get("title"), f"{place}.title", TITLE_LENGTH, "Give it a name in a few words.")

    def text(self, value: Any, place: str, most: int, missing: str) -> str:
        if not isinstance(value, str) or not value.strip():
            self.refuse(place, missing)
            return ""
        if len(value) > most:
            self.refuse(place, f"This is {len(value):,} characters long and {most:,} fit. Shorten it.")
        return value.strip()

    def number(self, part: Mapping[str, Any], name: str, least: int, most: int, what: str, *, place: str = "") -> int:
        value = part.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse(place or name, f"{what}: a whole number from {least:,} to {most:,}.")
            return least
        return value

    def truth(self, part: Mapping[str, Any], name: str, place: str, *, default: bool = True) -> bool:
        value = part.get(name, default)
        if not isinstance(value, bool):
            self.refuse(f"{place}.{name}", f"'{name}' is yes or no.")
            return default
        return value

    def part(self, data: Any, place: str, known: Collection[str]) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            self.refuse(place, f"'{place or 'rules'}' is an object.")
            return {}
        for name in data:
            if name not in known:
                self.refuse(place, f"There is no '{str(name)[:40]}' in '{place or 'rules'}'.")
        return {name: value for name, value in data.items() if name in known}

    def parts(self, whole: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
        data = whole.get(name, [])
        if not isinstance(data, list) or len(data) > MOST_PARTS:
            self.refuse(name, f"'{name}' is a list of at most {MOST_PARTS}.")
            return
        for number, part in enumerate(data):
            yield f"{name}.{number}", part


def _contradictions(rules: Rules) -> Iterator[Problem]:
    """Yield what cannot stand together although each part can stand alone."""
    titles: set[str] = set()
    for number, target in enumerate(rules.targets):
        place = f"targets.{number}"
        if target.title in titles:
            yield Problem(f"{place}.title", f"Two targets are called '{target.title}'. Give one another name.")
        titles.add(target.title)
        if target.measure == Measure.POINTS and not rules.points_per_hour:
            yield Problem(f"{place}.measure", "Say how many points an hour is worth, or count in minutes.")
        if bool(target.carry_most) != bool(target.carry_periods):
            yield Problem(f"{place}.carry_most", "Carry-over needs both a cap and for how many periods it lasts.")
        if target.carry_most and rules.period.is_rolling:
            yield Problem(f"{place}.carry_most", "A rolling period has no end, so nothing is carried over from it.")
    if rules.declaration is not None and rules.period.is_rolling:
        yield Problem("declaration.words", "A rolling period has no end to declare by. Choose a fixed period.")
    measures = {target.measure for target in rules.targets}
    for number, maximum in enumerate(rules.maxima):
        if maximum.measure not in measures:
            yield Problem(
                f"maxima.{number}.measure",
                f"No target is counted in {maximum.measure.value}, so this maximum would hold for nothing.",
            )
    numbered = list(enumerate(rules.maxima))
    for (_first, one), (second, other) in combinations(numbered, 2):
        if one.measure == other.measure and not _are_tidy(one.of, other.of):
            yield Problem(
                f"maxima.{second}.of",
                f"'{one.title}' and '{other.title}' overlap: something could be in both, and neither is part of the other. "
                "Add a condition to one of them.",
            )


def _are_tidy(one: Category, other: Category) -> bool:
    return one.is_within(other) or other.is_within(one) or one.is_apart_from(other)
