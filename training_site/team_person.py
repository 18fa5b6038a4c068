"""One person as their supervisor sees them: the verdict first, then the chain of reasons with its entries, then everything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from courses.models import Nomination
from courses.nominations import (
    REASON_LENGTH,
    Way,
    courses_being_marked,
    courses_open_to,
    last_declined,
    open_nominations,
    ways_to_qualifications,
)
from courses.programmes.recruits import own_path
from cpd_records.currency import CurrencyAnswer, QualificationVerdict, RoleVerdict, Verdict, currency_of
from cpd_records.models import CurrencyException, Qualification, SealedPlace
from cpd_records.qualifications.reading import absences_shown, rulings_shown
from cpd_records.qualifications.rules import rule_on
from cpd_records.qualifications.rulings import has_rank, highest_rank
from cpd_records.readiness.words import first_of
from cpd_records.reminders.finding import last_reminded
from people.dated_rows import with_first_rows
from people.models import Posting, RankHeld, User

RENEWED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """A qualification in the chain: ``icon`` is its verdict's state, ``numbers`` are places of its entries in the ledger."""

    code: str
    title: str
    state: str
    sentences: tuple[str, ...]
    numbers: tuple[int, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether it needs nobody."""
        return self.state in {Verdict.IN_DATE.value, Verdict.EXEMPT.value}


@dataclass(frozen=True, slots=True)
class OneWay:
    """A course that leads to a qualification, and how far the officer is with it: nominated, declined, on it, or waiting for a mark."""

    way: Way
    nominated: Nomination | None
    declined: Nomination | None
    is_on_it: bool
    is_being_marked: bool = False


@dataclass(frozen=True, slots=True)
class ToRenew:
    """Something to renew or gain: when the officer was last reminded of it, and the courses that lead to it."""

    code: str
    title: str
    reminded_on: date | None
    ways: tuple[OneWay, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """An exception that may be granted for a qualification that does not carry: by whom, for at most how many days.

    ``is_theirs``: whoever looks holds that rank.
    """

    code: str
    title: str
    rank: str
    days: int
    is_theirs: bool


def person_page(
    officer: User, *, on: date, known_at: datetime | None, today: date, by: User | None = None
) -> dict[str, Any]:
    """Return what the page shows to ``by``; without, there is nothing to press.

    ``first`` is the role the page answers about: the worst; None where no duty is held. ``remedy`` is what would change its 'no'.
    """
    answer = currency_of(officer, on=on, known_at=known_at)
    first = answer.roles[0] if answer.roles else None
    failing = [one for one in answer.qualifications if one.is_required and not one.carries]
    shown = [one for one in answer.qualifications if one.is_required or one.is_needed]
    rest = [one for one in answer.qualifications if not (one.is_required or one.is_needed)]
    numbers = _numbers([*shown, *rest])
    is_today = on == today and known_at is None
    reasons = [_reason(one, numbers) for one in shown]
    to_renew = _to_renew(officer, answer) if is_today else []
    remedy = _remedy(first, answer, to_renew) if by is not None else None
    return {
        "officer": officer,
        "answer": answer,
        "first": first,
        "first_state": state_of(first) if first else "",
        "others": [(role, state_of(role)) for role in answer.roles[1:]],
        "reasons": reasons,
        "in_date": [reason for reason in reasons if reason.is_quiet],
        "rest": [_reason(one, numbers) for one in rest],
        "badge": badge_of(officer, on=on),
        "is_today": is_today,
        "path": own_path(officer, on=today) if is_today else None,
        "failing": failing,
        "failing_titles": first_of([one.title for one in failing]) if failing else "",
        "remedy": remedy,
        "restrictions": with_first_rows(rulings_shown(officer, "restriction", today=today), "recorded_by")
        if is_today
        else (),
        "absences": absences_shown(officer, today=today) if is_today else (),
        "exceptions": _running_exceptions(officer, on=on) if is_today else (),
        "to_renew": [item for item in to_renew if item != remedy][:RENEWED_SHOWN],
        "may_be_excepted": _may_be_excepted(failing, by=by, on=on) if is_today else (),
    }


def state_of(role: RoleVerdict) -> str:
    """Return the look of a role's answer: no, yes, or yes by exception."""
    if not role.carries:
        return "no"
    return "excepted" if role.verdict == Verdict.EXCEPTED else "yes"


def badge_of(officer: User, *, on: date) -> str:
    """Return rank and shoulder number as they were on the day."""
    rank = (
        RankHeld.objects.in_force(on)
        .filter(officer=officer)
        .order_by("-is_acting")
        .values_list("rank__title", flat=True)
    )
    number = Posting.objects.in_force(on).filter(officer=officer).values_list("shoulder_number", flat=True)
    return " ".join(filter(None, (rank.first(), number.first())))


def qualification_of(code: str) -> Qualification | None:
    return Qualification.objects.filter(code=code).first()


def ends_on_of(officer: User, code: str, *, on: date) -> date | None:
    """Return the last day of a qualification as it stands, or None where none is held."""
    found = [one for one in currency_of(officer, on=on).qualifications if one.code == code]
    return found[0].valid_until if found else None


def exception_of(officer: User, number: int) -> CurrencyException | None:
    """Return a standing exception of the officer's by its number."""
    rows = CurrencyException.objects.known().filter(officer=officer, pk=number, is_void=False)
    return rows.select_related("qualification", "officer").first()


def why_nominated(officer: User, code: str, *, on: date) -> str:
    """Return in a sentence why an officer is nominated: what currency says of the qualification on the day."""
    for one in currency_of(officer, on=on).qualifications:
        if one.code == code:
            return f"{one.title}: {one.reasons[0]}"[:REASON_LENGTH]
    return "Nothing of it is recorded, and it is not required of you today."


def ways_for(asked: Sequence[tuple[int, str]]) -> list[tuple[OneWay, ...]]:
    """Return the courses that lead to each qualification, for officers by key, in the order asked. Four queries."""
    officers = {officer for officer, _code in asked}
    ways, nominated, on_course = ways_to_qualifications(), open_nominations(officers), courses_open_to(*officers)
    marked = courses_being_marked(*officers)
    return [
        tuple(
            OneWay(
                way, nominated.get((officer, way.id)), None, (officer, way.id) in on_course, (officer, way.id) in marked
            )
            for way in ways.get(code, ())
        )
        for officer, code in asked
    ]


def _to_renew(officer: User, answer: CurrencyAnswer) -> list[ToRenew]:
    """Return what the officer has to renew or gain, the worst first."""
    asked = [
        one
        for one in answer.qualifications
        if (one.is_required or one.is_needed) and one.verdict.value not in {"in_date", "exempt", "restricted"}
    ]
    reminded = last_reminded(officer)
    ways, nominated = ways_to_qualifications(), open_nominations([officer.pk])
    declined, on_course = last_declined(officer), courses_open_to(officer.pk)
    marked = courses_being_marked(officer.pk)
    return [
        ToRenew(
            one.code,
            one.title,
            reminded.get(one.code),
            tuple(
                OneWay(
                    way,
                    nominated.get((officer.pk, way.id)),
                    declined.get(way.id),
                    (officer.pk, way.id) in on_course,
                    (officer.pk, way.id) in marked,
                )
                for way in ways.get(one.code, ())
            ),
        )
        for one in asked
    ]


def _remedy(first: RoleVerdict | None, answer: CurrencyAnswer, to_renew: Sequence[ToRenew]) -> ToRenew | None:
    """Return what to renew or gain so that the role's 'no' becomes a 'yes': not what only waits for something it needs."""
    if first is None or first.carries:
        return None
    counted = [one for one in answer.qualifications if first.may in one.stops and not one.verdict.carries_fully]
    at_the_root = {one.code for one in counted if one.verdict != Verdict.EXPIRED or _has_ended(one, answer.on)}
    return next((item for item in to_renew if item.code in at_the_root), None)


def _has_ended(one: QualificationVerdict, on: date) -> bool:
    ends = one.grace_until or one.valid_until
    return ends is not None and ends < on


def _reason(one: QualificationVerdict, numbers: dict[UUID, int]) -> Reason:
    return Reason(
        one.code,
        one.title,
        one.verdict.value,
        one.beside_its_word,
        tuple(numbers[entry] for entry in one.entries if entry in numbers),
    )


def _numbers(found: Iterable[QualificationVerdict]) -> dict[UUID, int]:
    entries = [entry for one in found for entry in one.entries]
    return dict(SealedPlace.objects.filter(entry__in=entries).values_list("entry_id", "index"))


def _running_exceptions(officer: User, *, on: date) -> list[CurrencyException]:
    rows = CurrencyException.objects.in_force(on).filter(officer=officer)
    return with_first_rows(rows.select_related("qualification", "recorded_by").order_by("valid_until"), "recorded_by")


def _may_be_excepted(failing: Iterable[QualificationVerdict], *, by: User | None, on: date) -> list[Open]:
    found = []
    held = highest_rank(by, on=on) if by is not None else None
    named = {row.code: row for row in Qualification.objects.filter(code__in=[one.code for one in failing])}
    for one in failing:
        rule = rule_on(named[one.code], on)
        if rule is not None and rule.exception_allowed:
            rank = rule.exception_rank.title.lower() if rule.exception_rank else ""
            is_theirs = by is not None and has_rank(held, rule.exception_rank)
            found.append(Open(one.code, one.title, rank, rule.exception_days, is_theirs))
    return found
