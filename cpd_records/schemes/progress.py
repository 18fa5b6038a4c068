"""How far somebody is with a scheme in the period of a day: targets, what counts, what is carried over, and where they stand. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cpd_records.schemes.counting import Part, count, excluded, in_order
from cpd_records.schemes.learning import Learning
from cpd_records.schemes.periods import A_DAY, Span, months_later, period_of
from cpd_records.schemes.pro_rata import Presence, reduced, share_of, why_reduced
from cpd_records.schemes.rules import DeclarationRule, Measure, Rules, Target, units
from cpd_records.schemes.words import amount_in_words, day_in_words, joined
from people.durations import hours

# Carry-over is followed back so many periods; none lasts longer than three.
PERIODS_BACK = 10
NO_TARGET = "Your force sets no target."

RulesOn = Callable[[date], Rules | None]


@dataclass(frozen=True)
class TargetProgress:
    """One target in one period, in the units of its measure (minutes, entries, sixtieths of a point).

    ``asked_in_full`` is the target before it was reduced, ``carried`` what counts from before, ``counted`` what counts of this period.
    """

    target: Target
    asked: int
    asked_in_full: int
    counted: int
    carried: int
    parts: tuple[Part, ...]
    standing: str

    @property
    def total(self) -> int:
        return self.counted + self.carried

    @property
    def left(self) -> int:
        return max(0, self.asked - self.total)

    @property
    def is_met(self) -> bool:
        return self.left == 0

    @property
    def asked_words(self) -> str:
        return self.in_words(self.asked)

    @property
    def counted_words(self) -> str:
        return self.in_words(self.counted)

    @property
    def carried_words(self) -> str:
        return self.in_words(self.carried)

    def in_words(self, amount: int) -> str:
        return amount_in_words(self.target.measure, amount)


@dataclass(frozen=True)
class EntryProgress:
    """One entry of the period: what it counts for, as ``(title of target, amount in words)``, and the one reason why not, or not more."""

    learning: Learning
    counts: tuple[tuple[str, str], ...]
    reason: str

    @property
    def length(self) -> str:
        return hours(self.learning.minutes)


@dataclass(frozen=True)
class DeclarationDue:
    """That the period is declared, in these words, no later than a day; ``opens_on`` is the first day one can."""

    rule: DeclarationRule
    opens_on: date
    due_by: date


@dataclass(frozen=True)
class Progress:
    """Where somebody stands in one period of one scheme. ``code`` and ``title`` are the scheme's; ``minutes`` is all that was recorded.

    ``share`` says by how much targets were reduced, as a sentence, '' where they were not. ``gaps`` are spans without an entry that
    the scheme wants explained.
    """

    code: str
    title: str
    source: str
    is_local_default: bool
    span: Span
    on: date
    is_over: bool
    is_rolling: bool
    minutes: int
    targets: tuple[TargetProgress, ...]
    entries: tuple[EntryProgress, ...]
    share: str
    declaration: DeclarationDue | None
    gaps: tuple[Span, ...]
    rules: Rules = field(repr=False)

    @property
    def is_met(self) -> bool:
        return all(target.is_met for target in self.targets)

    @property
    def finding(self) -> str:
        """What the picture shows, as one sentence."""
        if not self.targets:
            return f"{hours(self.minutes)} recorded. {NO_TARGET}"
        missed = [target for target in self.targets if not target.is_met]
        if not missed:
            return "Every target of this period is met." if len(self.targets) > 1 else self.targets[0].standing
        if len(self.targets) == 1:
            return missed[0].standing
        met = len(self.targets) - len(missed)
        return f"{met} of {len(self.targets)} targets met. {missed[0].target.title}: {_small(missed[0].standing)}"


@dataclass(frozen=True)
class Named:
    """What a scheme is called, as answers repeat it."""

    code: str
    title: str
    source: str = ""
    is_local_default: bool = True


def progress_in(
    scheme: Named,
    rules_on: RulesOn,
    learning: Iterable[Learning],
    presence: Presence,
    *,
    on: date,
    today: date | None = None,
) -> Progress | None:
    """Return the progress in the period that ``on`` falls in, with what was learned up to ``on``; None without rules on that day.

    ``rules_on`` gives the scheme's rules for somebody on a day, None where it was not in force for them: carry-over begins there.
    """
    rules = rules_on(on)
    if rules is None:
        return None
    everything = in_order(learning)
    span = period_of(rules.period, on)
    is_over = (today or on) > span.ends_on
    here = [it for it in everything if it.day in span and it.day <= on]
    share = share_of(rules.pro_rata, presence, span)
    carried = _carried_into(span, rules, rules_on, everything, presence)
    targets = []
    for target in rules.targets:
        parts = count(rules, target, here)
        asked = units(rules, target.measure, reduced(target, share))
        counted = sum(part.counted for part in parts)
        got = carried.get(target.title, 0)
        targets.append(
            TargetProgress(
                target=target,
                asked=asked,
                asked_in_full=units(rules, target.measure, target.amount),
                counted=counted,
                carried=got,
                parts=tuple(parts),
                standing=_standing(target, asked, counted + got, span, rules, is_over=is_over),
            )
        )
    why = why_reduced(rules.pro_rata, presence, span) if share != 1 else []
    return Progress(
        code=scheme.code,
        title=scheme.title,
        source=scheme.source,
        is_local_default=scheme.is_local_default,
        span=span,
        on=on,
        is_over=is_over,
        is_rolling=rules.period.is_rolling,
        minutes=sum(it.minutes for it in here if not excluded(rules, it)),
        targets=tuple(targets),
        entries=tuple(_entry(rules, it, targets) for it in here),
        share=f"Targets are reduced to {round(share * 100)} % for {joined(why)}." if why and rules.targets else "",
        declaration=_declaration(rules, span),
        gaps=_gaps(rules, here, presence, span, on),
        rules=rules,
    )


def _standing(target: Target, asked: int, total: int, span: Span, rules: Rules, *, is_over: bool) -> str:
    of = f"{amount_in_words(target.measure, total)} of {amount_in_words(target.measure, asked)}"
    if not asked:
        return "Nothing is asked of you in this period."
    if total >= asked:
        return f"{of}: met."
    left = amount_in_words(target.measure, asked - total)
    if rules.period.is_rolling:
        return f"{of} in the last {_years(rules.period.years)}: {left} to go."
    if is_over:
        return f"{of}: {left} short when the period ended on {day_in_words(span.ends_on)}."
    return f"{of}: {left} to go by {day_in_words(span.ends_on)}."


def _years(years: int) -> str:
    return "12 months" if years == 1 else f"{years} years"


def _small(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _entry(rules: Rules, it: Learning, targets: Sequence[TargetProgress]) -> EntryProgress:
    found = [(target, part) for target in targets for part in target.parts if part.learning.id == it.id]
    counts = tuple((target.target.title, target.in_words(part.counted)) for target, part in found if part.counted)
    said = [part.reason for _target, part in found if part.reason and part.is_meant]
    if said:
        return EntryProgress(it, counts, said[0])
    if not counts and found:
        return EntryProgress(it, counts, found[0][1].reason)
    return EntryProgress(it, counts, excluded(rules, it))


@dataclass
class _Lot:
    """What was left over in one period: so many units, for so many periods more."""

    units: int
    periods: int


def _carried_into(
    span: Span, rules: Rules, rules_on: RulesOn, learning: list[Learning], presence: Presence
) -> dict[str, int]:
    """Return by title of target what counts in a period from before it; the oldest is used up first."""
    if not any(target.carry_most for target in rules.targets):
        return {}
    before: list[tuple[Span, Rules]] = []
    begins = span.starts_on
    while len(before) < PERIODS_BACK:
        earlier = rules_on(begins - A_DAY)
        if earlier is None or earlier.period.is_rolling:
            break
        found = period_of(earlier.period, begins - A_DAY)
        before.append((Span(found.starts_on, begins - A_DAY), earlier))
        begins = found.starts_on
    lots: dict[str, list[_Lot]] = {}
    for past, then in reversed(before):
        share = share_of(then.pro_rata, presence, past)
        here = [it for it in learning if it.day in past]
        lots = {
            target.title: _left_over(then, target, here, reduced(target, share), lots.get(target.title, []))
            for target in then.targets
            if target.carry_most
        }
    caps = {target.title: units(rules, target.measure, target.carry_most) for target in rules.targets}
    return {title: min(caps.get(title, 0), sum(lot.units for lot in held)) for title, held in lots.items()}


def _left_over(rules: Rules, target: Target, here: list[Learning], amount: int, lots: list[_Lot]) -> list[_Lot]:
    """Return what one period leaves to those after it: what is left of earlier lots and has not expired, and its own surplus."""
    cap = units(rules, target.measure, target.carry_most)
    asked, usable = units(rules, target.measure, amount), cap
    left: list[_Lot] = []
    for lot in lots:
        held = min(lot.units, usable)
        usable -= held
        used = min(held, asked)
        asked -= used
        if held > used and lot.periods > 1:
            left.append(_Lot(held - used, lot.periods - 1))
    surplus = sum(part.counted for part in count(rules, target, here)) - asked
    # Where nothing was asked of somebody, as before they joined, nothing is beyond it.
    if surplus > 0 and amount:
        left.append(_Lot(min(surplus, cap), target.carry_periods))
    return left


def _declaration(rules: Rules, span: Span) -> DeclarationDue | None:
    if rules.declaration is None:
        return None
    rule = rules.declaration
    opens_on = span.ends_on - timedelta(days=rule.days_before_end)
    return DeclarationDue(rule, opens_on, span.ends_on + timedelta(days=rule.days_after_end))


def _gaps(rules: Rules, here: list[Learning], presence: Presence, span: Span, on: date) -> tuple[Span, ...]:
    """Return the spans of so many months or more without an entry that the officer was there for."""
    if not rules.gap_months:
        return ()
    begins = max(span.starts_on, presence.joined_on or span.starts_on)
    days = [it.day for it in here if not excluded(rules, it)]
    gaps = []
    for day in [*days, min(on, span.ends_on) + A_DAY]:
        if day > begins and months_later(begins, rules.gap_months) <= day:
            gaps.append(Span(begins, day - A_DAY))
        begins = max(begins, day + A_DAY)
    return tuple(gaps)


def measures_of(progress: Progress) -> list[Measure]:
    """Return the measures of a scheme's targets, in the order of the targets: a picture is drawn for each."""
    return list(dict.fromkeys(target.target.measure for target in progress.targets))
