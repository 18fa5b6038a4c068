"""What a scheme asks for, said in words for whoever reads its rules."""

from __future__ import annotations

from cpd_records.models import SchemeRules
from cpd_records.schemes.keeping import kinds_of_learning
from cpd_records.schemes.learning import EVERYTHING, Category
from cpd_records.schemes.progress import NO_TARGET
from cpd_records.schemes.reading_rules import read_rules
from cpd_records.schemes.rules import ASKABLE, Measure, ProRataBy, Rules, units
from cpd_records.schemes.words import amount_in_words, category_in_words, joined


def rules_in_words(row: SchemeRules) -> list[tuple[str, list[str]]]:
    """Return ``(heading, sentences)`` of a scheme's rules."""
    return sentences_of(read_rules(row.rules))


def sentences_of(rules: Rules) -> list[tuple[str, list[str]]]:
    """Return ``(heading, sentences)``; a heading without sentences is left out."""
    parts = [
        ("Period", [_period(rules)]),
        ("Targets", _targets(rules) or [NO_TARGET]),
        (
            "At most",
            [
                f"{part.title}: at most {_amount(rules, part.measure, part.most)} counts towards a target."
                for part in rules.maxima
            ],
        ),
        ("Never counts", [f"{part.title}." for part in rules.never]),
        ("Part-time, joining and absence", _pro_rata(rules)),
        ("Declaration", _declaration(rules)),
        ("Asked when an activity is submitted", _asks(rules)),
        (
            "Gaps",
            [f"{rules.gap_months} months or more without an entry are to be explained."] if rules.gap_months else [],
        ),
    ]
    return [(heading, sentences) for heading, sentences in parts if sentences]


def category_words(category: Category) -> str:
    """Return which learning is meant, kinds by their own words: 'Reading or watching, self-declared'."""
    if category == EVERYTHING:
        return "everything"
    kinds = dict(kinds_of_learning())
    without = category_in_words(Category(**{**category.tests, "kind": ""}))  # type: ignore[arg-type]
    words = [] if without == "everything" else [without]
    return ", ".join([kinds.get(category.kind, category.kind), *words] if category.kind else words)


def _period(rules: Rules) -> str:
    years = rules.period.years
    length = "year" if years == 1 else f"{years} years"
    if rules.period.starts_on is None:
        return f"The last {'12 months' if years == 1 else length}, counted back from any day."
    first = rules.period.starts_on
    return f"Every {length} from {first.day} {first:%B}; one began in {first.year}."


def _targets(rules: Rules) -> list[str]:
    sentences = []
    for target in rules.targets:
        of = "" if target.of == EVERYTHING else f" What counts: {category_words(target.of)}."
        carried = ""
        if target.carry_most:
            periods = "the next period" if target.carry_periods == 1 else f"the next {target.carry_periods} periods"
            most = amount_in_words(target.measure, units(rules, target.measure, target.carry_most))
            carried = f" Up to {most} beyond it is carried over for {periods}."
        sentences.append(f"{target.title}: at least {_amount(rules, target.measure, target.amount)}.{of}{carried}")
    if any(target.measure == Measure.POINTS for target in rules.targets):
        sentences.append(f"An hour is worth {amount_in_words(Measure.POINTS, rules.points_per_hour * 60)}.")
    return sentences


def _pro_rata(rules: Rules) -> list[str]:
    rule = rules.pro_rata
    if rule is None:
        return []
    for_what = [
        words
        for is_on, words in (
            (rule.part_time, "part-time work"),
            (rule.joiners, "joining during the period"),
            (rule.absence, "absence"),
        )
        if is_on
    ]
    if not for_what:
        return []
    by = (
        "days"
        if rule.by == ProRataBy.DAYS
        else "months; a month counts where somebody was there for more than half of it"
    )
    return [f"Targets are reduced for {joined(for_what)}, by {by}. Maxima are not."]


def _declaration(rules: Rules) -> list[str]:
    rule = rules.declaration
    if rule is None:
        return []
    opens = (
        f"from {rule.days_before_end} days before the period ends"
        if rule.days_before_end
        else "from the day the period ends"
    )
    until = f"until {rule.days_after_end} days after" if rule.days_after_end else "until it ends"
    by = " A supervisor confirms it." if rule.confirmed else ""
    return [
        f"‘{rule.words}’",
        f"Declared {opens} {until}.{by}"
        if rule.days_before_end or rule.days_after_end
        else f"Declared on the day the period ends.{by}",
    ]


def _asks(rules: Rules) -> list[str]:
    asked = rules.asked_at_submission
    return [words + "." for name, words in ASKABLE.items() if name in asked]


def _amount(rules: Rules, measure: Measure, amount: int) -> str:
    return amount_in_words(measure, units(rules, measure, amount))
