"""What an officer was on any day, read once: posted where in the tree of that day, in which roles and ranks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from people.models import DatedRow, Posting, RankHeld, RoleHeld, UnitPlace, User


@dataclass
class Career:
    """The standing rows of one officer, and the tree's; ``holds`` asks them without a further query."""

    postings: list[Any] = field(default_factory=list)
    roles: list[Any] = field(default_factory=list)
    ranks: list[Any] = field(default_factory=list)
    places: list[Any] = field(default_factory=list)

    def holds(self, row: Any, day: date) -> bool:
        """Return whether the officer held the role and the rank that ``row`` names, and was posted to its unit or below it."""
        if row.role_id is not None and not any(held.role_id == row.role_id and is_on(held, day) for held in self.roles):
            return False
        if row.rank_id is not None and not any(held.rank_id == row.rank_id and is_on(held, day) for held in self.ranks):
            return False
        return row.unit_id is None or row.unit_id in self._units_above(day)

    def _units_above(self, day: date) -> set[int]:
        """Return the units the officer was posted to on the day, with those they stand below."""
        parents = {place.unit_id: place.parent_id for place in self.places if is_on(place, day)}
        found: set[int] = set()
        waiting = [held.unit_id for held in self.postings if is_on(held, day)]
        while waiting:
            unit = waiting.pop()
            if unit is not None and unit not in found:
                found.add(unit)
                waiting.append(parents.get(unit))
        return found


def career_of(officer: User, named_by: list[Any], *, known_at: datetime | None = None) -> Career:
    """Read what is needed to ask whether rows that name a role, a rank or a unit mean the officer, as known at a time (None: now).

    At most four queries.
    """
    by_unit = any(row.unit_id for row in named_by)
    by_role, by_rank = any(row.role_id for row in named_by), any(row.rank_id for row in named_by)
    return Career(
        postings=list(standing_rows(Posting, known_at).filter(officer=officer)) if by_unit else [],
        places=list(standing_rows(UnitPlace, known_at)) if by_unit else [],
        roles=list(standing_rows(RoleHeld, known_at).filter(officer=officer)) if by_role else [],
        ranks=list(standing_rows(RankHeld, known_at).filter(officer=officer)) if by_rank else [],
    )


def is_on(row: DatedRow, day: date) -> bool:
    """Return whether a row was true on the day."""
    return row.valid_from <= day and (row.valid_until is None or day <= row.valid_until)


def standing_rows(model: Any, known_at: datetime | None = None) -> Any:
    """Return the rows of a dated model that stand, as known at a time; None is now."""
    return model.objects.known(known_at).filter(is_void=False)
