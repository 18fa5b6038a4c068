"""What a qualification is and by which rule it lasts: new rules are new rows from a day on, never changes of old ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction

from cpd_records.models import Qualification, QualificationNeed, QualificationRule, RuleStatus
from cpd_records.qualifications.refusals import QualificationRefused, checked_words, refuse_unless_system_admin
from people.dated_rows import PeriodsOverlap, add_row, correct_row, day_before, end_row
from people.dates import long_date
from people.models import Rank, User

CODE = re.compile(r"[A-Z0-9][A-Z0-9/-]{0,19}")
MOST_DAYS = 3660
MOST_MONTHS = 600
MOST_MINUTES = 60_000


@dataclass(frozen=True)
class Terms:
    """What a rule says; see ``QualificationRule``. ``validity_months`` None does not lapse."""

    validity_months: int | None
    lapse: str
    initial_minutes: int | None = None
    refresher_minutes: int | None = None
    warning_days: int = 90
    grace_days: int = 0
    early_renewal_days: int = 0
    absence_stops_clock: bool = False
    exception_allowed: bool = False
    exception_rank: Rank | None = None
    exception_days: int = 90
    applies_to: str = ""
    status: str = RuleStatus.ILLUSTRATIVE
    source: str = ""

    @classmethod
    def of(cls, rule: QualificationRule) -> Terms:
        """Return what a rule says, to change some of it."""
        return cls(**{name: getattr(rule, name) for name in cls.__dataclass_fields__})


def rule_on(qualification: Qualification, day: date) -> QualificationRule | None:
    """Return the rule in force on the day as known now, or None."""
    return QualificationRule.objects.in_force(day).filter(qualification=qualification).first()


@transaction.atomic
def create_qualification(
    code: str,
    title: str,
    short_title: str,
    *,
    terms: Terms,
    by: User | None,
    valid_from: date,
    order: int | None = None,
) -> Qualification:
    """Create a qualification with its first rule; ``short_title`` heads a column of the board. Raises ``QualificationRefused``."""
    refuse_unless_system_admin(by)
    code = code.strip().upper()
    if not CODE.fullmatch(code):
        raise QualificationRefused("A code has up to 20 capital letters, figures, strokes and hyphens.", "code")
    if Qualification.objects.filter(code=code).exists():
        raise QualificationRefused(f"There is a qualification {code} already. Choose another code.", "code")
    title = checked_words(title, field="title", what="The title", most=120, missing="Say what it is called.")
    short_title = checked_words(
        short_title, field="short_title", what="The short title", most=24, missing="Give a short title for tables."
    )
    place = order if order is not None else (Qualification.objects.count() + 1) * 10
    qualification = Qualification.objects.create(code=code, title=title, short_title=short_title, order=place)
    add_row(
        QualificationRule,
        subject={"qualification": qualification},
        by=by,
        valid_from=valid_from,
        **checked_terms(terms),
    )
    return qualification


@transaction.atomic
def change_rule(
    qualification: Qualification, *, terms: Terms, by: User | None, valid_from: date, reason: str = ""
) -> QualificationRule:
    """Let another rule be in force from a day on; the one in force until then ends the day before.

    Awards made before the day last as the former rule said. Refused where a later rule begins after that day already.
    """
    refuse_unless_system_admin(by)
    Qualification.objects.select_for_update().get(pk=qualification.pk)
    fields, reason = checked_terms(terms), checked_words(reason, field="reason", what="The reason")
    rows = QualificationRule.objects.known().filter(qualification=qualification, is_void=False)
    later = rows.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    if later is not None:
        raise QualificationRefused(
            f"Another rule begins on {long_date(later.valid_from)}. Choose that day or a later one.", "valid_from"
        )
    running = rows.filter(valid_from__lte=valid_from).order_by("-valid_from").first()
    if running is not None and running.valid_from == valid_from:
        corrected: QualificationRule = correct_row(running, by=by, reason=reason, valid_until=None, **fields)
        return corrected
    if running is not None and (running.valid_until is None or running.valid_until >= valid_from):
        end_row(running, by=by, last_day=day_before(valid_from), reason=reason or "Another rule")
    return add_row(
        QualificationRule,
        subject={"qualification": qualification},
        by=by,
        valid_from=valid_from,
        reason=reason,
        **fields,
    )


@transaction.atomic
def add_need(
    qualification: Qualification, needed: Qualification, *, by: User | None, valid_from: date, reason: str = ""
) -> QualificationNeed:
    """Record that a qualification carries only while another does. Refused where that one needs this one, however far down."""
    refuse_unless_system_admin(by)
    reason = checked_words(reason, field="reason", what="The reason")
    # One at a time, or two needs recorded at once could close a circle that neither saw.
    list(Qualification.objects.select_for_update().order_by("pk").values_list("pk"))
    if qualification.pk == needed.pk:
        raise QualificationRefused(f"{qualification.short_title} cannot need itself.", "needed")
    if qualification.pk in needed_by(needed):
        raise QualificationRefused(
            f"{needed.short_title} needs {qualification.short_title} already, so it cannot be needed by it. "
            "End that first.",
            "needed",
        )
    try:
        return add_row(
            QualificationNeed,
            subject={"qualification": qualification, "needed": needed},
            by=by,
            valid_from=valid_from,
            reason=reason,
        )
    except PeriodsOverlap as overlap:
        raise QualificationRefused(
            f"{qualification.short_title} needs {needed.short_title} already in that time.", "needed"
        ) from overlap


def end_need(need: QualificationNeed, *, by: User | None, last_day: date, reason: str = "") -> QualificationNeed:
    """Record the last day on which a qualification needs another; before its first day it never did."""
    refuse_unless_system_admin(by)
    if need.valid_until is not None and last_day >= need.valid_until:
        raise QualificationRefused(f"It ends on {long_date(need.valid_until)} already.", "last_day")
    return end_row(need, by=by, last_day=last_day, reason=checked_words(reason, field="reason", what="The reason"))


def needed_by(qualification: Qualification) -> set[int]:
    """Return the keys of everything a qualification needs at any time, however far down."""
    direct: dict[int, set[int]] = {}
    rows = QualificationNeed.objects.known().filter(is_void=False)
    for one, other in rows.values_list("qualification_id", "needed_id"):
        direct.setdefault(one, set()).add(other)
    found: set[int] = set()
    waiting = [qualification.pk]
    while waiting:
        for other in direct.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def checked_terms(terms: Terms) -> Mapping[str, Any]:
    """Return what a rule says as it is kept, or refuse the first thing that cannot be."""
    for field, least, most, what in (
        ("validity_months", 1, MOST_MONTHS, "Validity"),
        ("warning_days", 0, MOST_DAYS, "Warning"),
        ("grace_days", 0, MOST_DAYS, "Grace"),
        ("early_renewal_days", 0, MOST_DAYS, "Early renewal"),
        ("exception_days", 1, MOST_DAYS, "The longest exception"),
    ):
        value = getattr(terms, field)
        if value is not None and not least <= value <= most:
            raise QualificationRefused(f"{what} is a whole number from {least} to {most:,}.", field)
    for field, what in (("initial_minutes", "Initial training"), ("refresher_minutes", "A refresher")):
        minutes = getattr(terms, field)
        if minutes is not None and not 0 < minutes <= MOST_MINUTES:
            raise QualificationRefused(f"{what} takes between one minute and {MOST_MINUTES // 60:,} hours.", field)
    if terms.status not in RuleStatus.values:
        raise QualificationRefused("Choose sourced, partly sourced or illustrative.", "status")
    words = {
        "lapse": checked_words(
            terms.lapse, field="lapse", what="What follows", most=200, missing="Say what follows when it lapses."
        ),
        "applies_to": checked_words(terms.applies_to, field="applies_to", what="Whom it is for", most=200),
        "source": checked_words(terms.source, field="source", what="The source", most=300),
    }
    if terms.status == RuleStatus.SOURCED and not words["source"]:
        raise QualificationRefused("A sourced rule names its source.", "source")
    fields = {name: getattr(terms, name) for name in asdict(terms) if name != "exception_rank"}
    return {**fields, "exception_rank": terms.exception_rank, **words}
