"""Mail to disclosure officers that an erasure waits for a second person.

A mail names no person and no reason: it is read on locked phones. It says where to read them. Several asked for in one act are one mail.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from cpd_records.models import ErasureRequest
from people import access, clock, work
from people.mail import tell
from people.models import RoleHeld, User

ASK = "erasure.ask"
WAITS = "Nothing is erased until a second disclosure officer has seen what would go and approves it."


def ask_for_a_decision(requests: Sequence[ErasureRequest]) -> None:
    """Ask for the mail to every other disclosure officer, in the transaction of the asking; ``requests`` were asked for in one act."""
    first = requests[0]
    deciders = RoleHeld.objects.in_force(clock.today()).filter(role__code=access.DISCLOSURE_OFFICER).values("officer")
    told = User.objects.filter(pk__in=deciders, is_active=True).exclude(pk=first.asked_by_id)
    # Whom one is about hears nothing of that one: where it is the only one, there is nothing to be told of.
    told = told.exclude(pk__in=[first.officer_id] if len(requests) == 1 else [])
    work.ask_many(ASK, [f"{first.pk}:{person}" for person in told.values_list("pk", flat=True)])


@work.background(ASK)
def tell_decider(key: str) -> None:
    """Tell one person of what was asked for with one request, ``request:person``; nothing where none of it is theirs to decide now."""
    number, person = key.split(":")
    to, first = User.objects.get(pk=person), ErasureRequest.objects.get(pk=number)
    if not access.is_person(to):
        return
    alike = ErasureRequest.objects.waiting_for(to).filter(asked_by=first.asked_by_id, asked_at=first.asked_at)
    waiting = list(alike.values_list("pk", flat=True)[:2])
    if not waiting:
        return
    if len(waiting) == 1:
        subject, said = (
            "An erasure waits for a second person",
            "Another disclosure officer asked that records be erased.",
        )
        path = reverse("erasure", args=waiting)
    else:
        subject = "Erasures wait for a second person"
        said = "Another disclosure officer asked that records of several people be erased."
        path = reverse("erasures-waiting")
    tell(to, subject, f"{said} {WAITS}", path, name=f"erasure-{first.pk}-{to.pk}")
