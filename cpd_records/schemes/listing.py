"""Which schemes there are and for whom they are in force: rules are no secret, everybody may read them."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from cpd_records.models import Scheme, SchemeInForce


def every_scheme() -> QuerySet[Scheme]:
    return Scheme.objects.all()


def in_force_on(day: date) -> QuerySet[SchemeInForce]:
    """Return the rows in force on the day, each with its scheme and whom it holds for."""
    return SchemeInForce.objects.in_force(day).select_related("scheme", "unit", "role", "rank")
