"""Legal holds: while one stands on an officer, nothing of theirs is erased. Placed and lifted by disclosure officers, with reasons.

A hold is not told to the officer: it may be there because of them.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cpd_records.erasures.reading import pending_of
from cpd_records.erasures.stopping import stop_approved
from cpd_records.erasures.telling import ask_for_a_decision
from cpd_records.ledger.kept_under_hold import LET_GO
from cpd_records.models import LegalHold, LegalHoldEnd
from people import access, work
from people.models import User

LONGEST_REASON = 300
NOT_FOR_YOU = "Disclosure officers place and lift legal holds, and auditors read them. You hold neither role."


class HoldRefused(Exception):
    """A hold cannot be placed or lifted. The message is a sentence; ``field`` names what it is about, '' for the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def place_hold(officer: User, *, reason: str, by: User, at: datetime) -> LegalHold:
    """Keep everything of an officer from erasure until the hold is lifted. At most one stands at a time.

    What they delete or change of their own from then on is kept as well, out of their sight (``kept_under_hold``).
    An erasure that was approved is stopped for good: what is left of it waits for another decision.
    """
    said = _allowed(officer, reason, by)
    User.objects.select_for_update().get(pk=officer.pk)
    if LegalHold.objects.standing().filter(officer=officer.public_id).exists():
        raise HoldRefused(
            "A hold stands on this officer already. It keeps everything; lift it when its reason has ended."
        )
    hold = LegalHold.objects.create(officer=officer.public_id, reason=said, placed_by=by.public_id, placed_at=at)
    stop_approved(officer, at=at)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, reason: str, by: User, at: datetime) -> LegalHoldEnd:
    """End a hold, with the reason why what it kept may be erased again when its time comes.

    An erasure that waited meanwhile can be decided now, and those who decide are told. What the officer deleted meanwhile goes for good.
    """
    officer = User.objects.filter(public_id=hold.officer).first()
    said = _allowed(officer, reason, by)
    current = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if current.ended_at is not None:
        raise HoldRefused("This hold was lifted already. Nothing was changed.")
    current.ended_at = at
    current.save(update_fields=["ended_at"])
    waiting = pending_of(current.officer)
    if waiting is not None:
        ask_for_a_decision([waiting])
    work.ask(LET_GO, f"{current.officer}@{current.pk}")
    return LegalHoldEnd.objects.create(hold=current, reason=said, lifted_by=by, at=at)


def _allowed(officer: User | None, reason: str, by: User) -> str:
    """Return the reason as it is kept; refuse who may not, and a reason that says nothing or too much."""
    if not access.has_role(by, access.DISCLOSURE_OFFICER):
        raise HoldRefused(NOT_FOR_YOU)
    if officer is not None and access.is_own(by, officer):
        raise HoldRefused("Nobody decides about a hold on their own record. Ask another disclosure officer.")
    said = " ".join(reason.split())
    if not said:
        raise HoldRefused("Say why, in a sentence.", "reason")
    if len(said) > LONGEST_REASON:
        raise HoldRefused(f"Say why in {LONGEST_REASON} characters at most.", "reason")
    return said
