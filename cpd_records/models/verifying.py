"""Who may be named to verify somebody's CPD: not only the supervisor, but anybody with the knowledge. Never oneself."""

from __future__ import annotations

from datetime import date

from people import access, clock
from people.models import Rank, RankHeld, User

# Holding one of these roles, or this rank or a higher one (acting too), is enough to be named.
NAMED_ROLES = (access.SUPERVISOR, access.TRAINER, access.ASSESSOR, access.IQA)
LEAST_RANK = "sergeant"


def may_be_named(person: User, *, on: date | None = None) -> bool:
    """Return whether the person may be named as a verifier on the day, for anybody but themselves."""
    if not person.is_active:
        return False
    day = on or clock.today()
    if any(held.code in NAMED_ROLES for held in access.roles(person, on=day)):
        return True
    least = Rank.objects.filter(code=LEAST_RANK).values("order")
    return RankHeld.objects.in_force(day).filter(officer=person, rank__order__gte=least).exists()
