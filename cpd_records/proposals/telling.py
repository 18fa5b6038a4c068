"""Mail about proposals: to those who may decide, to who proposed it, and to the officer whose record was changed.

A mail names no person, no qualification and no reason: it is read on locked phones. It says where to read them.
"""

from __future__ import annotations

from django.urls import reverse

from cpd_records.models import RecordProposal
from cpd_records.models.proposals import DECIDERS
from people import access, clock, work
from people.mail import tell
from people.models import RoleHeld, User

ASK, TELL_AUTHOR, TELL_OFFICER = "proposals.ask", "proposals.tell_author", "proposals.tell_officer"
State = RecordProposal.State
# The holder's page with all that was ever recorded.
EVERYTHING = "/my/record/?show=everything#timeline"


def ask_for_a_decision(proposal: RecordProposal) -> None:
    """Ask for the mail to everybody who may decide, in the transaction of the proposal."""
    deciders = RoleHeld.objects.in_force(clock.today()).filter(role__code__in=DECIDERS).values("officer")
    told = User.objects.filter(pk__in=deciders, is_active=True)
    told = told.exclude(pk__in=[proposal.officer_id, proposal.proposed_by_id])
    work.ask_many(ASK, [f"{proposal.pk}:{person}" for person in told.values_list("pk", flat=True)])


def tell_of_decision(proposal: RecordProposal) -> None:
    """Ask for the mail to who proposed it, and where it was approved to the officer, in the transaction of the decision."""
    work.ask(TELL_AUTHOR, str(proposal.pk))
    if proposal.state == State.APPROVED:
        work.ask(TELL_OFFICER, str(proposal.pk))


@work.background(ASK)
def ask_one(key: str) -> None:
    """Tell one person of one proposal, ``proposal:person``; nothing where it was decided meanwhile, or is not theirs to decide."""
    number, person = key.split(":")
    to = User.objects.get(pk=person)
    proposal = RecordProposal.objects.waiting_for(to).filter(pk=number).first() if access.is_person(to) else None
    if proposal is not None:
        tell(
            to,
            "A change of a record waits for a second person",
            "Somebody proposed a change of somebody's record. It counts for nothing until a second administrator approves it.",
            reverse("cpd_records:proposal", args=[proposal.pk]),
            name=f"proposal-{proposal.pk}-{to.pk}",
        )


@work.background(TELL_AUTHOR)
def tell_author(key: str) -> None:
    """Tell who proposed a change what became of it."""
    proposal = RecordProposal.objects.select_related("proposed_by").get(pk=key)
    is_approved = proposal.state == State.APPROVED
    said = (
        "The change of a record that you proposed was approved. It is an entry of the ledger."
        if is_approved
        else "The change of a record that you proposed was refused. Its page says why. The record stays as it is."
    )
    tell(
        proposal.proposed_by,
        f"What you proposed was {'approved' if is_approved else 'refused'}",
        said,
        reverse("cpd_records:proposal", args=[proposal.pk]),
        name=f"proposal-{proposal.pk}-author",
    )


@work.background(TELL_OFFICER)
def tell_officer(key: str) -> None:
    """Tell the officer that their record was changed, and where to read what, why, and by which two."""
    proposal = RecordProposal.objects.select_related("officer").get(pk=key)
    tell(
        proposal.officer,
        "Your record was changed",
        "Two people put something on your record right. Your record says what it said before, what it says now, why, and who they are. "
        "If you think it is wrong, tell your supervisor or a training administrator.",
        EVERYTHING,
        name=f"proposal-{proposal.pk}-officer",
    )
