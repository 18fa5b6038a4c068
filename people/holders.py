"""Who holds a role: asked when people are to be told that something waits for them. Who may act is asked in ``people.access``."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from people import clock
from people.models import RoleHeld, User


def holders_of(*codes: str, family: str, on: date | None = None) -> QuerySet[User]:
    """Return the people who hold one of the roles on a day (today by default) for a family of courses or for all, and may sign in."""
    held = RoleHeld.objects.in_force(on or clock.today()).filter(role__code__in=codes, family__in=("", family))
    return User.objects.filter(pk__in=held.values("officer"), is_active=True).order_by("pk")
