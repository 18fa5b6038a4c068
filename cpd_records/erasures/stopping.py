"""Stopping what was approved: a legal hold ends the approval. What is left waits as a request of its own, for another decision."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cpd_records.models import ErasureDecision, ErasureEnd, ErasureRequest, LegalHold
from people.models import User


@transaction.atomic
def stop_approved(officer: User, *, at: datetime) -> ErasureRequest | None:
    """Stop the erasure of an officer that was approved, because a hold stands; return the request that waits in its place, if any.

    Nothing goes by an approval from before the hold, however long it stands: whoever decides next sees what there is then.
    """
    User.objects.select_for_update().get(pk=officer.pk)
    hold = LegalHold.objects.standing().filter(officer=officer.public_id).first()
    current = (
        ErasureRequest.objects.select_for_update(of=("self",))
        .filter(officer=officer, closed_at__isnull=True, decision__outcome=ErasureDecision.Outcome.APPROVED)
        .first()
    )
    if hold is None or current is None:
        return None
    ErasureRequest.objects.filter(pk=current.pk).update(closed_at=at)
    following = ErasureRequest.objects.create(
        officer=officer,
        ground=current.ground,
        reason=current.reason,
        classes=current.classes,
        on=current.on,
        left_on=current.left_on,
        asked_by_id=current.asked_by_id,
        asked_at=current.asked_at,
    )
    ErasureEnd.objects.create(
        request=current, officer=officer, how=ErasureEnd.How.STOPPED, hold=hold, followed_by=following, at=at
    )
    return following
