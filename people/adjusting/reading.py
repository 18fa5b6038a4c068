"""What pages of adjustments show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from people.adjustments import adjustments_of, as_told, in_words
from people.models import Adjustment, User


@dataclass(frozen=True)
class Line:
    """A row as it was recorded. ``standing`` says what became of it; empty where it stands as it is."""

    row: Adjustment
    words: list[str]
    standing: str


def administered_people() -> QuerySet[User]:
    """Everybody who may sit an assessment."""
    return User.objects.filter(is_active=True)


def present_of(officer: User, *, today: date) -> list[str]:
    """Return what holds today, in sentences; nothing for most people."""
    return in_words(adjustments_of(officer, on=today))


def standing_of(officer: User, *, today: date) -> QuerySet[Adjustment]:
    """Return rows that hold today or will: those that can be corrected or ended."""
    rows: QuerySet[Adjustment] = Adjustment.objects.known().filter(officer=officer, is_void=False)
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today)).order_by("valid_from")


def history_of(officer: User) -> list[Line]:
    """Return everything that was ever recorded, the latest first. One query."""
    rows = Adjustment.objects.filter(officer=officer).select_related("recorded_by", "superseded_by")
    return [Line(row, in_words(as_told(row)), _standing(row)) for row in rows.order_by("-recorded_at", "-pk")]


def _standing(row: Adjustment) -> str:
    if row.is_void:
        return "Taken back before it began"
    return "Recorded otherwise since" if hasattr(row, "superseded_by") else ""
