"""How long qualifications last: by their rule on a day, and for one officer to the day once they are awarded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cpd_records.currency.awards import EVERYTHING, awards_of
from cpd_records.currency.days import Days, joined, months_after
from cpd_records.currency.facts import subjects_of
from cpd_records.currency.values import Award, Lasting, Subject
from cpd_records.currency.verdicts import holding_of
from cpd_records.models import Qualification, QualificationRule
from people.models import Absence, User


def lasting_on(day: date, codes: Collection[str] | None = None) -> dict[str, Lasting]:
    """Return the qualifications that have a rule on the day, by code in their order; only those of ``codes`` where given. One query."""
    rules = QualificationRule.objects.in_force(day).order_by("qualification__order", "qualification__code")
    if codes is not None:
        rules = rules.filter(qualification__code__in=list(codes))
    rows = rules.values_list("qualification__code", "qualification__title", "validity_months")
    return {code: Lasting(code, title, months) for code, title, months in rows}


def qualifications_of(codes: Collection[str]) -> dict[str, Qualification]:
    """Return the qualifications of the codes, by code."""
    return {row.code: row for row in Qualification.objects.filter(code__in=list(codes))}


def last_days(officer: User, codes: Collection[str], *, awarded_on: date) -> dict[str, date | None]:
    """Return the last day each qualification would have if it were awarded on a day, beside what the officer holds already.

    By the rule of that day, with the anniversary kept where it is renewed early; None does not lapse. Where an absence without an end
    stops the clock, the day is the one without the absence. Codes without a rule are left out.
    """
    subjects = subjects_of(EVERYTHING)
    awards = awards_of([officer.public_id], EVERYTHING)[0].get(officer.public_id, {})
    absences = _absences_of(officer)
    fresh = Award(awarded_on, None, None, ())
    return {
        code: _last_day(subjects[code], [*awards.get(code, ()), fresh], absences, on=awarded_on)
        for code in codes
        if code in subjects
    }


@dataclass(frozen=True, slots=True)
class Longest:
    """How long an award may last at most: the qualification by its short title, its months, and the day they end."""

    title: str
    months: int
    last_day: date


def longest_of(officer: User, code: str, *, awarded_on: date, without: UUID | None = None) -> Longest | None:
    """Return how long an award of a day lasts at most by the rule of that day; None where it does not lapse, or there is no rule.

    An anniversary that early renewal keeps, and absences that stop the clock, make it longer. ``without`` is an award that is put
    right, and so does not count beside itself.
    """
    subject = subjects_of(EVERYTHING).get(code)
    months = subject.rule_on(awarded_on).validity_months if subject is not None else None
    if subject is None or months is None:
        return None
    fresh = Award(awarded_on, None, None, ())
    held = awards_of([officer.public_id], EVERYTHING)[0].get(officer.public_id, {}).get(code, ())
    others = [award for award in held if without not in award.entries]
    absences = _absences_of(officer)
    beside = holding_of(subject, [*others, fresh], absences, on=awarded_on)
    # What lasts longer already says nothing of the award itself.
    counted = others if beside is not None and beside.award is fresh else []
    last_day = _last_day(subject, [*counted, fresh], absences, on=awarded_on)
    return Longest(subject.short_title, months, last_day) if last_day is not None else None


@dataclass(frozen=True, slots=True)
class HeldAward:
    """What an officer holds of a qualification: the award's ``entry`` and day, and the last day, None where it does not lapse."""

    code: str
    title: str
    entry: UUID
    day: date
    valid_until: date | None


def held_awards(officer: User, *, on: date) -> dict[str, HeldAward]:
    """Return by code what the officer's awards up to a day amount to, in date or not: the one that lasts longest of each.

    Where an absence without an end stops the clock, the last day is the one without the absence.
    """
    subjects = subjects_of(EVERYTHING)
    awards = awards_of([officer.public_id], EVERYTHING)[0].get(officer.public_id, {})
    absences = _absences_of(officer)
    found = {}
    for code, rows in awards.items():
        subject = subjects.get(code)
        holding = holding_of(subject, rows, absences, on=on) if subject is not None else None
        if subject is None or holding is None:
            continue
        entry, day = holding.award.entries[0], holding.award.day
        months = subject.rule_on(day).validity_months
        stands_still = holding.stopped is not None and holding.valid_until is None and months is not None
        until = months_after(day, months or 0) if stands_still else holding.valid_until
        found[code] = HeldAward(code, subject.title, entry, day, until)
    return found


def _absences_of(officer: User) -> tuple[Days, ...]:
    rows = Absence.objects.known().filter(officer=officer, is_void=False).values_list("valid_from", "valid_until")
    return joined([Days(first, last) for first, last in rows])


def _last_day(subject: Subject, awards: Collection[Award], absences: Collection[Days], *, on: date) -> date | None:
    holding = holding_of(subject, list(awards), tuple(absences), on=on)
    if holding is None:
        raise ValueError("What was awarded on a day is held on that day.")
    months = subject.rule_on(on).validity_months
    if holding.stopped is not None and holding.valid_until is None and months is not None:
        return months_after(on, months)
    return holding.valid_until
