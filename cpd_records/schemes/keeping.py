"""Keeping schemes: what one asks for from a day on, and for whom it is in force. Rows with two times, so past periods keep their rules."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cpd_records.activity_rules import cleaned_text, says_something
from cpd_records.models import ActivityKind, Scheme, SchemeInForce, SchemeRules
from cpd_records.schemes.careers import standing_rows
from cpd_records.schemes.reading_rules import read_rules
from cpd_records.schemes.record import COURSE_KIND
from cpd_records.schemes.rules import Rules, as_data
from people.dated_rows import PeriodsOverlap, add_row, correct_row, day_before, end_row
from people.dates import long_date
from people.models import Rank, Role, Unit, User

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
CODE_LENGTH = 40


class SchemeRefused(Exception):
    """Something about a scheme cannot be done. The message is a sentence for the person; ``field`` is what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def kinds_of_learning() -> list[tuple[str, str]]:
    """Return the kinds a category may name, with their words."""
    return [(COURSE_KIND, "Course"), *((str(code), str(label)) for code, label in ActivityKind.choices)]


@transaction.atomic
def create_scheme(
    code: str, *, title: str, source: str, rules: Rules, by: User | None, valid_from: date, reason: str = ""
) -> Scheme:
    """Create a scheme of the force's own with its first rules; in force for nobody. Raises ``SchemeRefused``."""
    title, source = _line(title), _line(source)
    if not says_something(title):
        raise SchemeRefused("Give the scheme a name in a few words.", "title")
    if Scheme.objects.filter(code=code).exists():
        raise SchemeRefused(f"There is a scheme '{code}' already. Choose another short name.", "code")
    scheme = Scheme.objects.create(code=code, title=title, source=source, is_local_default=True)
    change_rules(scheme, rules, by=by, valid_from=valid_from, reason=reason or "First rules")
    return scheme


@transaction.atomic
def change_rules(scheme: Scheme, rules: Rules, *, by: User | None, valid_from: date, reason: str) -> SchemeRules:
    """Record what the scheme asks for from a day on, until the day its rules change again. A reason is kept with it.

    Raises ``SchemeRefused``, and ``reading_rules.RulesRefused`` for rules no scheme can have.
    """
    _refuse_far_day(valid_from)
    data = as_data(read_rules(as_data(rules), kinds={code for code, _words in kinds_of_learning()}))
    reason = _reason(reason)
    Scheme.objects.select_for_update().get(pk=scheme.pk)
    standing = standing_rows(SchemeRules).filter(scheme=scheme)
    running = standing.in_force(valid_from).first()
    if running is not None and as_data(read_rules(running.rules)) == data:
        raise SchemeRefused("These are the rules already. Change something, or leave without saving.")
    if running is not None and running.valid_from == valid_from:
        return correct_row(running, by=by, reason=reason, rules=data)
    if running is not None:
        until = running.valid_until
        end_row(running, by=by, last_day=day_before(valid_from), reason=reason)
    else:
        later = standing.filter(valid_from__gt=valid_from).order_by("valid_from").first()
        until = day_before(later.valid_from) if later is not None else None
    return add_row(
        SchemeRules,
        subject={"scheme": scheme},
        by=by,
        valid_from=valid_from,
        valid_until=until,
        reason=reason,
        rules=data,
    )


@transaction.atomic
def put_in_force(
    scheme: Scheme,
    *,
    by: User | None,
    valid_from: date,
    valid_until: date | None = None,
    unit: Unit | None = None,
    role: Role | None = None,
    rank: Rank | None = None,
    reason: str,
) -> SchemeInForce:
    """Put a scheme in force from a day for the whole force, or for one unit and those below it, one role or one rank."""
    _refuse_far_day(valid_from)
    if valid_until is not None and valid_until < valid_from:
        raise SchemeRefused("The last day is before the first. Check both dates.", "valid_until")
    if sum(part is not None for part in (unit, role, rank)) > 1:
        raise SchemeRefused("Choose a unit, a role or a rank, not several. Put it in force once for each.", "unit")
    if not SchemeRules.objects.in_force(valid_from).filter(scheme=scheme).exists():
        raise SchemeRefused(
            f"{scheme.title} has no rules on {long_date(valid_from)}. Record its rules from that day first.",
            "valid_from",
        )
    try:
        return add_row(
            SchemeInForce,
            subject={"scheme": scheme, "unit": unit, "role": role, "rank": rank},
            by=by,
            valid_from=valid_from,
            valid_until=valid_until,
            reason=_reason(reason),
        )
    except PeriodsOverlap:
        raise SchemeRefused(
            f"{scheme.title} is in force for them already in part of that time. End that first.", "valid_from"
        ) from None


def take_out_of_force(row: SchemeInForce, *, by: User | None, last_day: date, reason: str) -> SchemeInForce:
    """Record the last day on which a scheme is in force for some; before its first day it never was."""
    if row.valid_until is not None and row.valid_until <= last_day:
        raise SchemeRefused(f"It ends on {long_date(row.valid_until)} already.", "last_day")
    return end_row(row, by=by, last_day=last_day, reason=_reason(reason))


def _reason(text: str) -> str:
    reason = _line(text)
    if not says_something(reason):
        raise SchemeRefused("Say why, in a sentence.", "reason")
    if len(reason) > 300:
        raise SchemeRefused(f"The reason is {len(reason):,} characters long and 300 fit. Shorten it.", "reason")
    return reason


def _line(text: str) -> str:
    return " ".join(cleaned_text(text).split())


def _refuse_far_day(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise SchemeRefused(f"Choose a day from {long_date(FIRST_DAY)} to {long_date(LAST_DAY)}.", "valid_from")
