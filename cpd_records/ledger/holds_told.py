"""Legal holds in words, with whom they are on and who decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cpd_records.models import LegalHold, LegalHoldEnd
from people.models import User


@dataclass(frozen=True, slots=True)
class HoldTold:
    """A hold with the names of those whom it names by public id; ``end`` is None while it stands."""

    hold: LegalHold
    officer: str
    service_number: str
    placed_by: str
    end: LegalHoldEnd | None


def holds_told(holds: Iterable[LegalHold]) -> list[HoldTold]:
    """Return the holds in the order given; three queries however many."""
    rows = list(holds)
    named: dict[UUID, User] = {
        person.public_id: person
        for person in User.objects.filter(public_id__in={who for row in rows for who in (row.officer, row.placed_by)})
    }
    ends = {end.hold_id: end for end in LegalHoldEnd.objects.filter(hold__in=rows).select_related("lifted_by")}
    return [
        HoldTold(
            hold=row,
            officer=named[row.officer].name if row.officer in named else "Somebody whose name was erased",
            service_number=named[row.officer].service_number if row.officer in named else "",
            placed_by=named[row.placed_by].name if row.placed_by in named else "somebody whose name was erased",
            end=ends.get(row.pk),
        )
        for row in rows
    ]
