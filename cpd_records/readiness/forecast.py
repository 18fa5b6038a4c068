"""Who lapses next: what is carried today and ends within 30, 60 or 90 days. Read from the projection, for any number of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cpd_records.models import Standing
from cpd_records.readiness.scope import officers_in
from people import clock
from people.models import User

WINDOWS = (30, 60, 90)
COLUMNS = (
    "officer_id",
    "officer__public_id",
    "officer__short_name",
    "officer__name",
    "qualification__code",
    "qualification__title",
    "lapses_on",
)


@dataclass(frozen=True, slots=True)
class Falling:
    """Something somebody must hold that ends: ``last_day`` is the last day on which it carries."""

    officer: int
    public_id: UUID
    name: str
    code: str
    title: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """``by_requirement`` has title and how many fall within 30, 60 and 90 days; ``falling`` are those of the window, earliest first."""

    window: int
    by_requirement: tuple[tuple[str, tuple[int, ...]], ...]
    falling: Sequence[Falling]

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(counts[place] for _title, counts in self.by_requirement) for place in range(len(WINDOWS)))


def forecast_of(user: User, unit: int | None, *, window: int = 30, code: str = "") -> Forecast:
    """Return what falls for the people ``user`` supervises in the next ``window`` days (30, 60 or 90). Raises ``NotYourUnit``."""
    today = clock.today()
    officers = officers_in(user, unit, on=today)
    rows = Standing.objects.filter(
        officer__any_of=officers,
        is_required=True,
        lapses_on__gt=today,
        lapses_on__lte=today + timedelta(days=max(WINDOWS) + 1),
    )
    if code:
        rows = rows.filter(qualification__code=code)
    counts: dict[str, Counter[int]] = {}
    for title, lapses_on in rows.order_by("qualification__order", "qualification__code").values_list(
        "qualification__title", "lapses_on"
    ):
        ahead = (_day_before(lapses_on) - today).days
        counts.setdefault(title, Counter()).update(days for days in WINDOWS if ahead <= days)
    coming = rows.filter(lapses_on__lte=today + timedelta(days=window + 1))
    falling = [
        Falling(officer, public_id, short_name or name, code, title, _day_before(lapses_on))
        for officer, public_id, short_name, name, code, title, lapses_on in coming.order_by(
            "lapses_on", "qualification__order", "officer_id"
        ).values_list(*COLUMNS)
    ]
    return Forecast(
        window, tuple((title, tuple(found[days] for days in WINDOWS)) for title, found in counts.items()), falling
    )


def _day_before(day: Any) -> date:
    before: date = day - timedelta(days=1)
    return before
