"""What currency is reckoned from: statements compiled once, since composing them costs most of a small answer.

``at`` is when rows were known, ``WHENEVER`` for now; ``size`` cuts the ledger, and without it what waits for the seal is in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

import people.any_of  # noqa: F401  # the lookup
from cpd_records.currency.values import Verdict
from cpd_records.models import (
    CurrencyException,
    EntryKind,
    Erasure,
    Exemption,
    QualificationNeed,
    QualificationRule,
    ReadablePart,
    Requirement,
    Restriction,
)
from people.models import Absence, Posting, RankHeld, Role, RoleHeld, UnitPlace
from people.prepared import Prepared, prepared

WHENEVER = datetime.max.replace(tzinfo=UTC)
RULINGS: tuple[tuple[type[Any], Verdict], ...] = (
    (CurrencyException, Verdict.EXCEPTED),
    (Exemption, Verdict.EXEMPT),
    (Restriction, Verdict.RESTRICTED),
)
RULING = (
    "officer_id",
    "code",
    "leads_to",
    "valid_from",
    "valid_until",
    "reason",
    "conditions_said",
    "by_short_name",
    "by_name",
    "supersedes_id",
)
RULE = (
    "qualification__code",
    "qualification__title",
    "qualification__short_title",
    "qualification__order",
    "valid_from",
    "validity_months",
    "warning_days",
    "grace_days",
    "early_renewal_days",
    "absence_stops_clock",
    "lapse",
)
AWARD = ("entry_id", "corrects", "officer", "subject", "day", "minutes", "valid_until", "index", "said")
AWARDS = (EntryKind.QUALIFICATION, EntryKind.CORRECTION)
# Of up to so many officers the plan of a compiled statement, made for about ten, is right.
FEW = 120
Rows = QuerySet[Any, Any]


@prepared
def requirement_rows(on: date, at: datetime) -> Rows:
    """Requirements from the day on: code, first and last day, role, rank, unit, whether it stops duty."""
    return _from_day(Requirement, on, at).values_list(
        "qualification__code", "valid_from", "valid_until", "role__code", "rank__code", "unit_id", "stops_duty"
    )


@prepared
def rule_rows(at: datetime) -> Rows:
    return _standing(QualificationRule, at).order_by("valid_from").values_list(*RULE)


@prepared
def need_rows(at: datetime) -> Rows:
    """Code, the code it needs, first and last day."""
    rows = _standing(QualificationNeed, at).order_by("valid_from")
    return rows.values_list("qualification__code", "needed__code", "valid_from", "valid_until")


@prepared
def place_rows(on: date, at: datetime) -> Rows:
    """The unit tree of the day: unit and the one above."""
    return UnitPlace.objects.in_force(on, at).values_list("unit_id", "parent_id")


@prepared
def duty_rows() -> Rows:
    return Role.objects.exclude(duty="").values_list("code", "title", "may", "duty")


@prepared
def assignment_rows(officers: Any, on: date, at: datetime) -> Rows:
    """Roles, ranks and units from the day on, and every absence: officer, sort, which one, first and last day."""

    def rows(model: type[Any], sort: str, what: Any) -> Rows:
        chosen = _standing(model, at) if sort == "away" else _from_day(model, on, at)
        chosen = chosen.filter(officer__any_of=officers).annotate(
            sort=Value(sort, CharField()), what=Cast(what, TextField())
        )
        return chosen.order_by().values_list("officer_id", "sort", "what", "valid_from", "valid_until")

    return rows(RoleHeld, "role", F("role__code")).union(
        rows(RankHeld, "rank", F("rank__code")),
        rows(Posting, "unit", F("unit_id")),
        rows(Absence, "away", Value("")),
        all=True,
    )


@prepared
def ruling_rows(officers: Any, on: date, at: datetime) -> Rows:
    """Exceptions, exemptions and restrictions from the day on."""
    chosen = [
        _from_day(model, on, at)
        .filter(officer__any_of=officers)
        .annotate(
            code=F("qualification__code"),
            leads_to=Value(verdict.value, CharField()),
            conditions_said=F("conditions") if verdict == Verdict.EXCEPTED else Value("", CharField()),
            by_short_name=F("recorded_by__short_name"),
            by_name=F("recorded_by__name"),
        )
        .order_by()
        .values_list(*RULING)
        for model, verdict in RULINGS
    ]
    return chosen[0].union(*chosen[1:], all=True)


@prepared
def award_rows(officers: Any) -> Rows:
    """Awards and their corrections in the order they were recorded; ``said`` is what a correction says, '' of an award."""
    return _awards(officer__any_of=officers)


@prepared
def sealed_award_rows(officers: Any, size: int) -> Rows:
    return _awards(officer__any_of=officers, entry__place__index__lt=size)


@prepared
def erasure_rows(officers: Any) -> Rows:
    """Officers and how many entries of theirs were erased."""
    return _erasures(officer__any_of=officers)


@prepared
def sealed_erasure_rows(officers: Any, size: int) -> Rows:
    return _erasures(officer__any_of=officers, entry__place__index__lt=size)


def of_officers(rows: Prepared, officers: Collection[Any], **values: Any) -> Iterable[tuple[Any, ...]]:
    """Run a statement about officers: for few as it is compiled, for many composed anew, so that the database plans for their number."""
    ask = rows if len(officers) <= FEW else rows.queryset
    return ask(officers=list(officers), **values)


def _awards(**which: Any) -> Rows:
    rows = ReadablePart.objects.filter(kind__in=AWARDS, **which).annotate(
        index=F("entry__place__index"),
        said=Case(When(kind=EntryKind.CORRECTION, then=F("payload")), default=Value("", TextField())),
    )
    return rows.order_by("recorded_at", "entry_id").values_list(*AWARD)


def _erasures(**which: Any) -> Rows:
    return Erasure.objects.filter(**which).order_by().values_list("officer").annotate(count=Count("entry"))


def _standing(model: type[Any], at: datetime) -> QuerySet[Any, Any]:
    """The rows that stand, as known."""
    rows: QuerySet[Any, Any] = model.objects.known(at).filter(is_void=False)
    return rows


def _from_day(model: type[Any], on: date, at: datetime) -> QuerySet[Any, Any]:
    """The rows that stand and are true on the day or later."""
    return _standing(model, at).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
