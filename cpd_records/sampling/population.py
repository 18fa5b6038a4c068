"""Of whom a sample is drawn: those a scheme held for, or everybody posted; who is left out and why; who is selected again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Min
from django.utils import timezone

from cpd_records.models import SELECTED, SampleMember, Scheme
from cpd_records.sampling.outcomes import came_to
from cpd_records.schemes.careers import standing_rows
from cpd_records.schemes.officers import officers_under
from cpd_records.schemes.periods import months_later
from people.models import Absence, Posting, User

Why = SampleMember.Why
# Whoever came out of their last sample with one of these is selected in the next.
SELECTED_AGAIN = frozenset({"advice", "returned", "rejected"})


@dataclass
class Population:
    """People by key. ``left_out`` says why somebody is not drawn from; ``again`` are selected without a lot."""

    people: dict[int, User]
    left_out: dict[int, SampleMember.Why] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)

    @property
    def drawn_from(self) -> list[User]:
        return [person for pk, person in self.people.items() if pk not in self.left_out]


def population_of(scheme: Scheme | None, *, ends_on: date, on: date, least_months: int) -> Population:
    """Return of whom a sample is drawn on the day ``on`` for a period that ends on another. Six queries, whatever the size.

    Those posted on the last day of the period (today, where it still runs) and under the scheme on that day. Left out: those away on
    the day of the draw, and those with fewer months of service than ``least_months``.
    """
    day = min(ends_on, on)
    posted = Posting.objects.in_force(day).values("officer")
    people = User.objects.filter(pk__in=posted, is_active=True)
    if scheme is not None:
        people = people.filter(pk__in=officers_under(scheme, on=day).values("pk"))
    found = Population(
        {person.pk: person for person in people.only("pk", "public_id", "joined_at").order_by("public_id")}
    )
    away = set(Absence.objects.in_force(on).values_list("officer", flat=True))
    first = dict(
        standing_rows(Posting).order_by().values_list("officer").annotate(first=Min("valid_from"))
        if least_months
        else ()
    )
    for pk, person in found.people.items():
        joined_on = first.get(pk) or timezone.localdate(person.joined_at)
        if pk in away:
            found.left_out[pk] = Why.ABSENT
        elif least_months and months_later(joined_on, least_months) > on:
            found.left_out[pk] = Why.NEW
    found.again = {pk for pk in _to_be_selected_again(scheme) if pk in found.people and pk not in found.left_out}
    return found


def _to_be_selected_again(scheme: Scheme | None) -> set[int]:
    """Return those whose last selection ended in advice, a return or a rejection."""
    last: dict[int, SampleMember] = {}
    selected = SampleMember.objects.filter(why__in=SELECTED, sample__scheme=scheme).prefetch_related("readings")
    for member in selected.order_by("sample__drawn_at"):
        last[member.officer_id] = member
    return {pk for pk, member in last.items() if came_to(member) in SELECTED_AGAIN}
