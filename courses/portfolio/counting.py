"""What the headings of a portfolio have come to: how many items are sufficient, returned or waiting. The verdict itself is pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from courses.models import ItemState, PortfolioClaim, PortfolioSignOff
from courses.programmes.values import HeadingNeeded, Phase
from people.dates import long_date


@dataclass(frozen=True, slots=True)
class HeadingCount:
    """A heading with what stands under it. ``sufficient``, ``returned`` and ``waiting`` are numbers of items."""

    heading: HeadingNeeded
    sufficient: int = 0
    returned: int = 0
    waiting: int = 0

    @property
    def is_met(self) -> bool:
        return self.sufficient >= self.heading.needed

    @property
    def reason(self) -> str:
        """Say where the heading stands: '1 of 2 items judged sufficient; 1 returned.'"""
        noun = "item" if self.heading.needed == 1 else "items"
        parts = [f"{self.sufficient} of {self.heading.needed} {noun} judged sufficient"]
        if self.waiting:
            parts.append(f"{self.waiting} {'waits' if self.waiting == 1 else 'wait'} to be judged")
        if self.returned:
            parts.append(f"{self.returned} returned")
        return "; ".join(parts) + "."


@dataclass(frozen=True, slots=True)
class PhaseCount:
    """The portfolio of a phase: every heading with its count, and the sign-off that stands, if any."""

    phase: Phase
    headings: tuple[HeadingCount, ...]
    signed_on: date | None = None

    @property
    def met(self) -> int:
        return sum(one.is_met for one in self.headings)

    @property
    def is_met(self) -> bool:
        return self.met == len(self.headings)

    @property
    def unmet(self) -> list[HeadingCount]:
        return [one for one in self.headings if not one.is_met]

    @property
    def reason(self) -> str:
        if self.signed_on is not None:
            return f"Signed off on {long_date(self.signed_on)}."
        if self.is_met:
            return "Every heading is met. It waits to be signed off."
        return f"{self.met} of {len(self.headings)} headings met."


@dataclass(slots=True)
class Tallies:
    """Counts of many recruits, read at once: by recruit, phase and heading, in each state; and the days of sign-offs."""

    items: dict[tuple[UUID, str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    signed: dict[tuple[UUID, str], date] = field(default_factory=dict)

    def of(self, recruit: UUID, phase: Phase) -> PhaseCount:
        """Return what a recruit's portfolio of a phase has come to."""
        counted = []
        for heading in phase.portfolio:
            found = self.items.get((recruit, phase.slug, heading.slug), {})
            states = (ItemState.SUFFICIENT, ItemState.RETURNED, ItemState.WAITING)
            counted.append(HeadingCount(heading, *(found.get(state, 0) for state in states)))
        return PhaseCount(phase, tuple(counted), self.signed.get((recruit, phase.slug)))


def tallies_of(recruits: Sequence[Any], *, on: date) -> Tallies:
    """Return the counts of many recruits by key, as decided by the day. Two queries, however many.

    What was judged after the day counts as waiting on it.
    """
    tallies = Tallies()
    late = Q(version__item__decided_on__gt=on)
    rows = (
        PortfolioClaim.objects.filter(
            version__item__recruit__in=recruits,
            version__item__current=F("version"),
            version__item__state__in=ItemState.values,
        )
        .values_list("version__item__recruit", "version__item__phase", "heading", "version__item__state")
        .annotate(number=Count("pk"), late=Count("pk", filter=late))
        .order_by()
    )
    for recruit, phase, heading, state, number, decided_later in rows:
        found = tallies.items[recruit, phase, heading]
        found[state] = found.get(state, 0) + number - decided_later
        found[ItemState.WAITING] = found.get(ItemState.WAITING, 0) + decided_later
    signed = PortfolioSignOff.objects.filter(recruit__in=recruits, ended_at__isnull=True, signed_on__lte=on)
    tallies.signed = {(row[0], row[1]): row[2] for row in signed.values_list("recruit", "phase", "signed_on")}
    return tallies
