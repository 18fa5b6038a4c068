"""Asking that records of an officer be erased, and deciding about it: two disclosure officers, neither of them about themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cpd_records.erasures.foreseeing import Foreseen
from cpd_records.erasures.reaching import is_held, last_day_of
from cpd_records.erasures.refusals import CHANGED, HELD, NOT_FOR_YOU, ErasureNotAllowed
from cpd_records.erasures.telling import ask_for_a_decision
from cpd_records.models import ErasureDecision, ErasureEnd, ErasureGround, ErasureRequest
from cpd_records.models.erasures import REASON_LENGTH
from people import access, work
from people.erasure_plans import retention_classes, serves
from people.models import User

# The waiting work that carries a request out, by its id; what it does is put together where all apps are known.
CARRY_OUT = "erasure.carry_out"
ENDED = "It has ended already. Nothing was changed."


@transaction.atomic
def ask_for_erasure(
    officer: User,
    *,
    ground: str,
    classes: Collection[str],
    reason: str,
    foreseen: Foreseen,
    seen: str,
    by: User,
    at: datetime,
) -> ErasureRequest:
    """Ask that records of these classes go, as they stand today; nothing goes until somebody else approves, and they are told.

    ``foreseen`` is what a preview just found, ``seen`` the digest of the one they were shown: refused where they differ, where nothing
    would go, and while a legal hold stands.
    """
    request = write_request(
        officer, ground=ground, classes=classes, reason=reason, foreseen=foreseen, seen=seen, by=by, at=at
    )
    ask_for_a_decision([request])
    return request


def write_request(
    officer: User,
    *,
    ground: str,
    classes: Collection[str],
    reason: str,
    foreseen: Foreseen,
    seen: str,
    by: User,
    at: datetime,
) -> ErasureRequest:
    """Write one request, as ``ask_for_erasure`` does, inside the caller's transaction; whoever asks tells those who decide."""
    said = _allowed(officer, reason, by)
    if ground not in ErasureGround.values:
        raise ErasureNotAllowed("Choose on what ground.", "ground")
    known = [code for code in retention_classes() if code in classes]
    if not known or len(known) != len(set(classes)):
        raise ErasureNotAllowed("Choose at least one class of records.", "classes")
    if not any(foreseen.counts.get(code) for code in known):
        raise ErasureNotAllowed("Nothing of these classes would go, so there is nothing to ask for.", "classes")
    if "service" in known and serves(officer):
        raise ErasureNotAllowed(
            "The service record of somebody who serves is not erased: their account is open, or a posting runs on.",
            "classes",
        )
    if seen != foreseen.digest:
        raise ErasureNotAllowed(CHANGED)
    User.objects.select_for_update().get(pk=officer.pk)
    if is_held(officer):
        raise ErasureNotAllowed(HELD)
    if ErasureRequest.objects.filter(officer=officer, closed_at__isnull=True).exists():
        raise ErasureNotAllowed("An erasure of this officer's records is under way already. It has to end first.")
    return ErasureRequest.objects.create(
        officer=officer,
        ground=ground,
        reason=said,
        classes=known,
        on=timezone.localdate(at),
        left_on=last_day_of(officer),
        asked_by=by,
        asked_at=at,
    )


@transaction.atomic
def decide_erasure(
    request: ErasureRequest, *, approve: bool, reason: str, foreseen: Foreseen, seen: str, by: User, at: datetime
) -> ErasureDecision:
    """Approve or refuse a request, as somebody other than who asked and whom it is about; approved, it is carried out in the background.

    ``foreseen`` is what would go now, of which how many of each class are kept with the decision; ``seen`` is the digest of what they
    were shown, and where that differs nothing is approved. Nor while a legal hold stands. What is made after ``at`` stays.
    """
    said = _allowed(request.officer, reason, by)
    current = _locked(request)
    if current.asked_by_id == by.pk:
        raise ErasureNotAllowed("You asked for it. Somebody else has to decide.")
    if ErasureDecision.objects.filter(request=current).exists():
        raise ErasureNotAllowed("It was decided already. Nothing was changed.")
    if current.closed_at is not None:
        raise ErasureNotAllowed(ENDED)
    if approve and is_held(current.officer):
        raise ErasureNotAllowed(HELD)
    if approve and seen != foreseen.digest:
        raise ErasureNotAllowed(CHANGED)
    outcome = ErasureDecision.Outcome.APPROVED if approve else ErasureDecision.Outcome.REFUSED
    decision = ErasureDecision.objects.create(
        request=current,
        outcome=outcome,
        reason=said,
        foreseen=foreseen.counts,
        officer_id=current.officer_id,
        asked_by_id=current.asked_by_id,
        by=by,
        at=at,
    )
    if approve:
        work.ask(CARRY_OUT, str(current.pk))
    else:
        ErasureRequest.objects.filter(pk=current.pk).update(closed_at=at)
    return decision


@transaction.atomic
def end_erasure(request: ErasureRequest, *, reason: str, by: User, at: datetime) -> ErasureEnd:
    """Take a request back, as who asked, or cancel one that a legal hold holds back, as any disclosure officer; what went stays gone."""
    said = _allowed(request.officer, reason, by)
    current = _locked(request)
    if current.closed_at is not None:
        raise ErasureNotAllowed(ENDED)
    if current.asked_by_id == by.pk:
        how = ErasureEnd.How.TAKEN_BACK
    elif is_held(current.officer):
        how = ErasureEnd.How.CANCELLED
    else:
        raise ErasureNotAllowed("Only who asked takes a request back. While it waits for a decision you can refuse it.")
    ErasureRequest.objects.filter(pk=current.pk).update(closed_at=at)
    return ErasureEnd.objects.create(request=current, officer_id=current.officer_id, how=how, reason=said, by=by, at=at)


def _locked(request: ErasureRequest) -> ErasureRequest:
    """Lock the officer and then the request, in the order in which pieces and holds do."""
    User.objects.select_for_update().get(pk=request.officer_id)
    return ErasureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)


def _allowed(officer: User, reason: str, by: User) -> str:
    """Return the reason as it is kept; refuse who may not, and a reason that says nothing or too much."""
    if not access.has_role(by, access.DISCLOSURE_OFFICER):
        raise ErasureNotAllowed(NOT_FOR_YOU)
    if access.is_own(by, officer):
        raise ErasureNotAllowed("Nobody decides about an erasure of their own records. Ask another disclosure officer.")
    said = " ".join(reason.split())
    if not said:
        raise ErasureNotAllowed("Say why, in a sentence.", "reason")
    if len(said) > REASON_LENGTH:
        raise ErasureNotAllowed(f"Say why in {REASON_LENGTH} characters at most.", "reason")
    return said
