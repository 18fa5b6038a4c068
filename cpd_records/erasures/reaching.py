"""What a request for erasure reaches: which records of a plan go, by its ground, its day and the moment it was approved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cpd_records.models import ErasureGround, ErasureRequest, LegalHold
from people import clock
from people.erasure_plans import Plan, due_rows, end_of_service, made_by, rows_of, serves
from people.models import User


@dataclass(frozen=True, slots=True)
class Reach:
    """On what ground, due by which day, and of which officer. ``left_on`` is their last day of service, None while they serve.

    ``approved_at`` is None until somebody approved it: what was made after that moment nobody approved, so it stays.
    """

    officer: User
    ground: str
    on: date
    left_on: date | None
    is_serving: bool
    approved_at: datetime | None = None


def reach_of(request: ErasureRequest) -> Reach:
    """Return what a request reaches: all there is until it is approved, afterwards what was there then."""
    # As it was when it was asked: the postings that say it may have gone in an earlier piece. Whoever came back serves.
    is_serving = serves(request.officer)
    left_on = None if is_serving else request.left_on
    decision = getattr(request, "decision", None)
    approved_at = decision.at if decision is not None and decision.is_approved else None
    return Reach(request.officer, request.ground, request.on, left_on, is_serving, approved_at)


def reach_now(officer: User, *, ground: str, on: date) -> Reach:
    """Return what a request would reach that is asked for on a ground now."""
    return Reach(officer, ground, on, last_day_of(officer), serves(officer))


def goes(plan: Plan, reach: Reach) -> Any:
    """Return the records of a plan that go.

    What is still going on stays while its officer serves, because somebody is in the middle of it; also where it ends after the approval.
    """
    is_ended_only = reach.ground == ErasureGround.RETENTION
    rows = due_rows(plan, reach.officer, on=reach.on, left_on=reach.left_on, ended_only=is_ended_only)
    if plan.going_on is not None and reach.is_serving:
        rows = rows.exclude(plan.going_on(reach.approved_at or clock.now()))
    return rows if reach.approved_at is None else made_by(plan, rows, reach.approved_at)


def still_going_on(plan: Plan, reach: Reach) -> Any:
    """Return the records of a plan that stay because they have not ended and their officer serves."""
    rows = rows_of(plan, reach.officer)
    if plan.going_on is None or not reach.is_serving:
        return rows.none()
    return rows.filter(plan.going_on(reach.approved_at or clock.now()))


def last_day_of(officer: User) -> date | None:
    """Return somebody's last day of service, None while they serve; from an earlier erasure where it took the postings that said it."""
    if serves(officer):
        return None
    said = ErasureRequest.objects.filter(officer=officer, left_on__isnull=False).order_by("-asked_at")
    return end_of_service(officer) or said.values_list("left_on", flat=True).first()


def is_held(officer: User) -> bool:
    """Return whether a legal hold stands on somebody."""
    return LegalHold.objects.standing().filter(officer=officer.public_id).exists()


def held_among(officers: Iterable[User]) -> set[UUID]:
    """Return the public ids of those among them on whom a legal hold stands. One query."""
    ids = [officer.public_id for officer in officers]
    return set(LegalHold.objects.standing().filter(officer__in=ids).values_list("officer", flat=True))
