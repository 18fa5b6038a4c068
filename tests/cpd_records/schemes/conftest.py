"""Officers under schemes, with learning on their record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from cpd_records.ledger.entries import append_entry
from cpd_records.models import EntryKind, LedgerEntry, Scheme, SchemeInForce
from cpd_records.schemes.keeping import put_in_force
from people.models import User
from tests import factories

LONG_AGO = date(2020, 1, 1)
Record = Callable[..., LedgerEntry]


@pytest.fixture
def team(db: None) -> dict[str, User]:
    team_c = factories.unit("team-c")
    return {
        "officer": factories.person("Officer A. Demo", unit=team_c, rank="constable"),
        "sergeant": factories.person("Sergeant D. Demo", "supervisor", unit=team_c, rank="sergeant"),
        "elsewhere": factories.person("Sergeant X. Demo", "supervisor", unit=factories.unit("third")),
        "training_admin": factories.person("Training administrator E. Demo", "training-admin", unit=team_c),
        "second": factories.person("Training administrator F. Demo", "training-admin"),
        "auditor": factories.person("Auditor G. Demo", "auditor"),
        "system_admin": factories.person("System administrator H. Demo", "system-admin"),
    }


@pytest.fixture
def officer(team: dict[str, User]) -> User:
    return team["officer"]


@pytest.fixture
def recorded() -> Record:
    """Return a function that writes an entry about somebody: ``recorded(officer, "Briefing", "2026-05-01", 60, structured=False)``."""

    def record(
        who: User, title: str, day: str, minutes: int | None = 60, *, kind: str = EntryKind.CPD_ACTIVITY, **said: Any
    ) -> LedgerEntry:
        with transaction.atomic():
            return append_entry(
                kind=kind,
                officer=who.public_id,
                day=date.fromisoformat(day),
                minutes=minutes,
                payload={"title": title, "activity_kind": "briefing", **said},
            )

    return record


@pytest.fixture
def in_force(db: None) -> Callable[..., SchemeInForce]:
    """Return a function that puts a shipped scheme in force: ``in_force("like-nmc", unit=team_c)``."""

    def put(code: str, *, since: date = LONG_AGO, **whom: Any) -> SchemeInForce:
        return put_in_force(Scheme.objects.get(code=code), by=None, valid_from=since, reason="A test", **whom)

    return put
