"""Whose records are due for disposal, and how many of which class. A list for people to act on: it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cpd_records.erasures.foreseeing import Foreseen, foresee
from cpd_records.models import ErasureGround, ErasureRequest
from people.erasure_plans import Plan, last_days, officers_due
from people.models import User


def officers_with_something_due(plans: Sequence[Plan], *, on: date) -> list[int]:
    """Return the keys of those of whom some record's period has ended by a day, in the order in which they joined. A few queries a plan.

    Of an entry that goes with another record, that record decides: whoever is here for such an entry alone has nothing due.
    """
    said = ErasureRequest.objects.filter(officer__is_active=False).values_list("officer", "left_on")
    left = {officer: last_day for officer, last_day in said if last_day is not None}
    left |= last_days()
    found: set[int] = set()
    for plan in plans:
        found |= officers_due(plan, on=on, left=left)
    return sorted(found)


def due_for_disposal(plans: Sequence[Plan], keys: Sequence[int], *, on: date) -> Iterator[Foreseen]:
    """Yield what is due of each of these people, by class, in the order given; whoever has nothing due is left out."""
    people = User.objects.in_bulk(keys)
    for key in keys:
        if key in people:
            found = foresee(people[key], plans, ground=ErasureGround.RETENTION, on=on)
            if found.count:
                yield found
