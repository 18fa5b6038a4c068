"""Qualifications, awards and rulings as values, in the field's words, for worked examples without a database."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cpd_records.currency.days import Days
from cpd_records.currency.sentences import reasons_for
from cpd_records.currency.values import Award, Held, Rule, Ruling, Subject, Verdict
from cpd_records.currency.verdicts import Finding, find_all, needed_first

LONG_AGO = date(2000, 1, 1)


def day(text: str) -> date:
    """Read '28 Feb 2026'."""
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    number, month, year = text.split()
    return date(int(year), months.index(month) + 1, int(number))


def days(text: str) -> Days:
    """Read '1 May 2026 to 30 Sep 2026', or '1 May 2026 on'."""
    if text.endswith(" on"):
        return Days(day(text[:-3]))
    first, last = text.split(" to ")
    return Days(day(first), day(last))


def rule(months: int | None, *, since: str = "", **more: Any) -> Rule:
    return Rule(day(since) if since else LONG_AGO, months, **more)


def subject(code: str, title: str, *rules: Rule, needs: Sequence[str] = (), order: int = 0) -> Subject:
    joined = tuple((needed, Days(LONG_AGO)) for needed in needs)
    return Subject(code, title, title, rules or (rule(12),), joined, order)


SAFETY = subject("PPST", "Safety training")
FIRST_AID = subject("FALP", "First aid")
FITNESS = subject("JRFT", "Fitness", rule(12, grace_days=30, lapse="Action plan"))
EYESIGHT = subject("EYE", "Eyesight", rule(24))
TASER = subject("CED", "Taser", rule(12, lapse="Authority ends"), needs=("PPST", "FALP", "JRFT", "EYE"))
DATA = subject("DP", "Data protection", rule(12, grace_days=30, early_renewal_days=30, lapse="Access review"))
PUBLIC_ORDER_3 = subject("POPS3", "Public order", rule(24, grace_days=60, lapse="Not on serials"), needs=("PPST",))
PIP1 = subject("PIP1", "PIP 1", rule(None))
PUBLIC_ORDER_2 = subject("POPS2", "Support unit", rule(12, grace_days=30), needs=("PPST", "JRFT"))
PUBLIC_ORDER_1 = subject("POPS1", "Level 1", rule(12), needs=("POPS2",))
ALL = (SAFETY, FIRST_AID, FITNESS, EYESIGHT, TASER, DATA, PUBLIC_ORDER_3, PIP1, PUBLIC_ORDER_2, PUBLIC_ORDER_1)


@dataclass
class Officer:
    """Awards as code: days (a last day of its own after 'until'), rulings and absences."""

    awards: dict[str, list[Award]] = field(default_factory=dict)
    rulings: dict[str, list[Ruling]] = field(default_factory=dict)
    absences: list[Days] = field(default_factory=list)

    def award(self, code: str, on: str, *, until: str = "", minutes: int | None = None) -> Officer:
        own = day(until) if until else None
        self.awards.setdefault(code, []).append(Award(day(on), own, minutes, (uuid.uuid4(),)))
        return self

    def ruling(self, code: str, verdict: Verdict, period: str, **more: str) -> Officer:
        self.rulings.setdefault(code, []).append(Ruling(verdict, days(period), **more))
        return self

    def away(self, period: str) -> Officer:
        self.absences.append(days(period))
        return self

    def find(self, on: str, subjects: Sequence[Subject] = ALL) -> dict[str, Finding]:
        by_code: Mapping[str, Subject] = {one.code: one for one in subjects}
        order, is_circular = needed_first(by_code)
        held = Held(self.awards, self.rulings, self.absences)
        return find_all(by_code, held, order, on=day(on), is_circular=is_circular)

    def verdict(self, code: str, on: str, subjects: Sequence[Subject] = ALL) -> Verdict:
        return self.find(on, subjects)[code].verdict

    def reasons(self, code: str, on: str, *, erased: int = 0) -> tuple[str, ...]:
        found = self.find(on)
        return reasons_for(found[code], found, erased=erased)


def taser_officer(since: str = "21 Jul 2026") -> Officer:
    """Somebody to whom everything Taser needs was awarded on one day."""
    officer = Officer()
    for code in ("PPST", "FALP", "JRFT", "EYE", "CED"):
        officer.award(code, since)
    return officer
