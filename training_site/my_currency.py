"""What an officer reads of their own currency: may I do it today, all that is required of me, on any day; and who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from cpd_records.currency import CurrencyAnswer, QualificationVerdict, RoleVerdict, Verdict, currency_of
from people.models import Look, User
from training_site.words import day_as

LOOKS_SHOWN = 3
LOOKS_SINCE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class MayI:
    """A role as a question: ``title`` is what the officer asks, ``state`` and ``word`` the answer, ``reason`` in a sentence or two."""

    title: str
    state: str
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class InDate:
    """How many of what is required an officer is in date for, or exempt from."""

    met: int
    asked: int


def may_i(answer: CurrencyAnswer) -> list[MayI]:
    """Return the officer's duty roles as questions, those with a 'no' first."""
    return [MayI(_question(role), state_of(role), _answer_word(role), " ".join(role.reasons)) for role in answer.roles]


def state_of(role: RoleVerdict) -> str:
    """Return the look of the answer: yes, no, never held, or by exception."""
    if role.verdict == Verdict.NEVER_HELD:
        return "never-held"
    if not role.carries:
        return "no"
    return "excepted" if role.verdict == Verdict.EXCEPTED else "yes"


def in_date_of(answer: CurrencyAnswer) -> InDate:
    """Return how many requirements are in date. An exemption counts; what is in grace or held by exception is not in date."""
    asked = [one for one in answer.qualifications if one.is_required]
    return InDate(sum(one.verdict.carries_fully for one in asked), len(asked))


@dataclass(frozen=True, slots=True)
class AtAGlance:
    """What a record says first: ``roles`` as questions, how many requirements are met, and which are ``due``, the worst first."""

    roles: list[MayI]
    in_date: InDate
    due: list[QualificationVerdict]


def at_a_glance(answer: CurrencyAnswer) -> AtAGlance:
    return AtAGlance(may_i(answer), in_date_of(answer), due_of(answer))


def due_of(answer: CurrencyAnswer) -> list[QualificationVerdict]:
    """Return what is required, or needed for it, and waits for the officer: all but what is quietly in date, or not theirs to renew."""
    quiet = (Verdict.IN_DATE, Verdict.EXEMPT, Verdict.RESTRICTED)
    asked = [one for one in answer.qualifications if one.is_required or one.is_needed]
    return [one for one in asked if one.verdict not in quiet]


def last_days_by_entry(answer: CurrencyAnswer) -> dict[UUID, date]:
    """Return the last day in date by the entry of the award it rests on."""
    return {one.award: one.valid_until for one in answer.qualifications if one.award and one.valid_until}


def required_of(answer: CurrencyAnswer) -> list[QualificationVerdict]:
    """Return what is required, the worst first."""
    return [one for one in answer.qualifications if one.is_required]


def needed_of(answer: CurrencyAnswer) -> list[QualificationVerdict]:
    """Return what nothing names but something required needs, such as the eyesight check for Taser; the worst first."""
    return [one for one in answer.qualifications if one.is_needed]


def held_of(answer: CurrencyAnswer) -> list[QualificationVerdict]:
    """Return what is held and neither required nor needed."""
    return [one for one in answer.qualifications if not one.is_required and not one.is_needed]


def answer_for(officer: User, *, on: date, known_at: datetime | None = None) -> CurrencyAnswer:
    return currency_of(officer, on=on, known_at=known_at)


def looks_at(officer: User, *, at: datetime) -> tuple[list[Look], int]:
    """Return the last looks at the officer's record, and how many there were in a year."""
    looks = Look.objects.of(officer).filter(at__gte=at - LOOKS_SINCE)
    return list(looks[:LOOKS_SHOWN]), looks.count()


def all_looks(officer: User) -> list[Look]:
    """Return every look at the officer's record, the latest first, at most a thousand."""
    return list(Look.objects.of(officer)[:1000])


def _question(role: RoleVerdict) -> str:
    return role.may[:1].upper() + role.may[1:] if role.may else role.title


def _answer_word(role: RoleVerdict) -> str:
    state = state_of(role)
    if state == "excepted" and role.until is not None:
        return f"Yes, until {day_as(role.until, 'j F')}"
    return {"never-held": "Never held", "no": "No", "excepted": "Yes, by exception", "yes": "Yes"}[state]
