"""Who of an invented force is excepted, exempt or restricted as its history ends: a few in a thousand, so that every verdict is met."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from cpd_records.models import CurrencyException, Exemption, Qualification, Restriction
from people.models import Rank, User
from training_site.populating.careers import Career
from training_site.populating.people_rows import Stamps

IN_A_THOUSAND = 4
DAYS_BEFORE, DAYS_OF_EXCEPTION = 10, 60


def write_rulings(
    careers: Sequence[Career], people: Sequence[User], *, first: date, until: date, seed: int, stamps: Stamps
) -> None:
    """Insert the rulings as the verbs write them: by the inspector above, recorded some days before the end."""
    day = max(first, until - timedelta(days=DAYS_BEFORE))
    subjects = {row.code: row for row in Qualification.objects.filter(code__in=["FALP", "DEI", "DRV-S"])}
    inspector = Rank.objects.get(code="inspector")
    excepted, exempt, restricted = [], [], []
    for career in careers:
        if career.heads is not None or career.left is not None or career.joined > day or career.supervisor is None:
            continue
        chance = random.Random(f"{seed}/ruling/{career.number}").randrange(1000)
        above = careers[career.supervisor].supervisor
        if chance >= 3 * IN_A_THOUSAND or above is None:
            continue
        dated = {"officer": people[career.number], "valid_from": day, "recorded_by": people[above]}
        if chance < IN_A_THOUSAND:
            row = CurrencyException(
                **dated,
                qualification=subjects["FALP"],
                valid_until=day + timedelta(days=DAYS_OF_EXCEPTION),
                reason="The course is booked.",
                conditions="Not on single patrol.",
                approver_rank=inspector,
                recorded_at=stamps.on(day),
            )
            excepted.append(row)
        elif chance < 2 * IN_A_THOUSAND:
            exempt.append(
                Exemption(
                    **dated,
                    qualification=subjects["DEI"],
                    reason="Part of foundation learning this year.",
                    recorded_at=stamps.on(day),
                )
            )
        else:
            restricted.append(
                Restriction(
                    **dated,
                    qualification=subjects["DRV-S"],
                    reason="Not to drive until a question about the licence is settled.",
                    recorded_at=stamps.on(day),
                )
            )
    CurrencyException.objects.bulk_create(excepted, batch_size=500)
    Exemption.objects.bulk_create(exempt, batch_size=500)
    Restriction.objects.bulk_create(restricted, batch_size=500)
