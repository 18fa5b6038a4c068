"""Recording that somebody looked at another's record, and telling the officer who did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

import people.any_of  # noqa: F401  # the lookup
from people.models import Look, User
from people.prepared import prepared

IN_ONE_STATEMENT = 1000


def record_looks(officers: Iterable[int], *, by: User, at: datetime, where: str, saw: str) -> None:
    """Record that ``by`` saw something of these people's records (user keys); one's own is no look.

    Once an hour for the same sight, so that a board left open does not fill the officer's page: what was recorded already is asked for
    first, which is cheaper than writing it in vain. One statement for a thousand people.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    others = [officer for officer in dict.fromkeys(officers) if officer != by.pk]
    seen = {officer for (officer,) in _seen(officers=others, looker=by.pk, where=where, saw=saw, hour=hour)}
    looks = [
        Look(officer_id=officer, looker=by, where=where, saw=saw, hour=hour, at=at)
        for officer in others
        if officer not in seen
    ]
    if not looks:
        return
    Look.objects.bulk_create(looks, batch_size=IN_ONE_STATEMENT, ignore_conflicts=True)


@prepared
def _seen(officers: Any, looker: int, where: str, saw: str, hour: datetime) -> QuerySet[Look, Any]:
    rows = Look.objects.filter(officer__any_of=officers, looker=looker, where=where, saw=saw, hour=hour)
    return rows.values_list("officer_id")


def count_looks(officer: User, *, since: datetime) -> int:
    """Return how often others looked at the officer's record since then."""
    return Look.objects.of(officer).filter(at__gte=since).count()
