"""Recording that somebody looked at another's record, and telling the officer who did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from people.models import Look, User

IN_ONE_STATEMENT = 1000


def record_looks(officers: Iterable[int], *, by: User, at: datetime, where: str, saw: str) -> None:
    """Record that ``by`` saw something of these people's records (user keys); one's own is no look.

    Once an hour for the same sight, so that a board left open does not fill the officer's page. One statement for a thousand people.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    looks = [
        Look(officer_id=officer, looker=by, where=where, saw=saw, hour=hour, at=at)
        for officer in dict.fromkeys(officers)
        if officer != by.pk
    ]
    Look.objects.bulk_create(looks, batch_size=IN_ONE_STATEMENT, ignore_conflicts=True)


def count_looks(officer: User, *, since: datetime) -> int:
    """Return how often others looked at the officer's record since then."""
    return Look.objects.of(officer).filter(at__gte=since).count()
