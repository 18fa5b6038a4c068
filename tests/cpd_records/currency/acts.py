"""What the tests of currency do again and again, through the product's own verbs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction

from cpd_records.ledger.sealing import seal_now
from cpd_records.models import LedgerEntry, Qualification
from cpd_records.qualifications.awarding import award_qualification
from cpd_records.qualifications.requirements import require
from cpd_records.qualifications.rules import Terms, add_need, create_qualification
from people import clock
from people.models import Role, User

LONG_AGO = date(2001, 1, 1)


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


@contextmanager
def on_day(day: date) -> Iterator[datetime]:
    """Let it be noon of the day."""
    moment = at_noon(day)
    with clock.sample_time(moment):
        yield moment


def qualification(code: str) -> Qualification:
    return Qualification.objects.get(code=code)


def make_qualification(code: str, title: str = "", *needs: str, since: date = LONG_AGO, **terms: Any) -> Qualification:
    """Make one with a rule of 12 months, unless ``terms`` say otherwise."""
    said = Terms(**{"validity_months": 12, "lapse": "Action", **terms})
    made = create_qualification(code, title or code, title or code, terms=said, by=None, valid_from=since)
    for needed in needs:
        add_need(made, qualification(needed), by=None, valid_from=since)
    return made


def award(officer: User, code: str, day: date, **more: Any) -> LedgerEntry:
    with transaction.atomic():
        return award_qualification(
            officer, qualification(code), day=day, by=None, **{"basis": "imported", "minutes": 60, **more}
        )


def ask_of_role(code: str, role: str, **more: Any) -> None:
    require(qualification(code), role=Role.objects.get(code=role), by=None, **{"valid_from": LONG_AGO, **more})


def seal() -> None:
    seal_now()
