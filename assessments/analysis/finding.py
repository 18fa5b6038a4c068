"""Finding the assessment somebody names."""

from __future__ import annotations

from uuid import UUID

from assessments.models import Assessment


def assessment_named(name: str) -> Assessment | None:
    """Return the assessment with this code or UUID."""
    try:
        return Assessment.objects.filter(pk=UUID(name)).first()
    except ValueError:
        # PostgreSQL takes no NUL, and no code holds one.
        return None if "\x00" in name else Assessment.objects.filter(code=name).first()
