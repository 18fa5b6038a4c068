"""Programmes as those who keep them find them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from courses.models import Programme, ProgrammeRelease


def every_programme() -> QuerySet[Programme]:
    """Return all programmes that came out, with their current release."""
    return Programme.objects.filter(current_release__isnull=False).select_related("current_release")


def programme_called(code: str) -> Programme | None:
    return Programme.objects.filter(code=code).select_related("current_release").first()


def is_code_taken(code: str) -> bool:
    return Programme.objects.filter(code__iexact=code).exists()


def releases_of(programme: Programme) -> list[tuple[ProgrammeRelease, Any]]:
    """Return the releases, the newest first, each with its open withdrawal or None; ``on_it`` counts recruits in training."""
    on_it = Count("recruits", filter=Q(recruits__closed_at__isnull=True))
    releases = ProgrammeRelease.objects.filter(programme=programme).annotate(on_it=on_it)
    found = releases.select_related("released_by").prefetch_related("withdrawals").order_by("-number")
    return [(one, next((row for row in one.withdrawals.all() if row.ended_at is None), None)) for one in found]  # type: ignore[attr-defined]
