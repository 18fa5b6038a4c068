"""Legal holds in words, with whom they are on and who decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from cpd_records.models import KeptUnderHold, LegalHold, LegalHoldEnd
from people.models import User


@dataclass(frozen=True, slots=True)
class HoldTold:
    """A hold with the names of those whom it names by public id; ``end`` is None while it stands.

    ``kept`` is how many things are kept that their officer deleted or changed of their own under it.
    """

    hold: LegalHold
    officer: str
    service_number: str
    placed_by: str
    end: LegalHoldEnd | None
    kept: int = 0


def holds_told(holds: Iterable[LegalHold]) -> list[HoldTold]:
    """Return the holds in the order given; four queries however many."""
    rows = list(holds)
    named: dict[UUID, User] = {
        person.public_id: person
        for person in User.objects.filter(public_id__in={who for row in rows for who in (row.officer, row.placed_by)})
    }
    ends = {end.hold_id: end for end in LegalHoldEnd.objects.filter(hold__in=rows).select_related("lifted_by")}
    still = KeptUnderHold.objects.filter(hold__in=rows, let_go_at__isnull=True).order_by()
    kept = dict(still.values_list("hold").annotate(Count("pk")))
    return [
        HoldTold(
            hold=row,
            officer=named[row.officer].name if row.officer in named else "Somebody whose name was erased",
            service_number=named[row.officer].service_number if row.officer in named else "",
            placed_by=named[row.placed_by].name if row.placed_by in named else "somebody whose name was erased",
            end=ends.get(row.pk),
            kept=kept.get(row.pk, 0),
        )
        for row in rows
    ]
