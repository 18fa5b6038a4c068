"""What the tests of erasure do again and again: somebody leaves, an erasure is asked for, approved and carried out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from cpd_records import activities
from cpd_records.erasures.asking import ask_for_erasure, decide_erasure
from cpd_records.erasures.foreseeing import Foreseen, foresee, foresee_within
from cpd_records.erasures.reaching import reach_of
from cpd_records.ledger.entries import append_entry
from cpd_records.models import (
    Activity,
    ErasureGround,
    ErasurePiece,
    ErasureRequest,
    ReadablePart,
)
from people import clock, work
from people.dated_rows import end_row
from people.erasure_plans import retention_classes, years_before
from people.models import Posting, User
from training_site.erasing import ALL_PLANS

TODAY = clock.today()
EVERY_CLASS = tuple(retention_classes())
OF_WHO_SERVES = tuple(code for code in EVERY_CLASS if code != "service")


def leave(officer: User, *, last_day: date | None = None) -> None:
    """End every posting and close the account, as the import of leavers does."""
    for posting in Posting.objects.in_force(clock.today()).filter(officer=officer):
        end_row(posting, by=None, last_day=last_day or clock.today() - timedelta(days=1), reason="Left")
    officer.is_active = False
    officer.save(update_fields=["is_active"])


def foreseen(officer: User, *, ground: str = ErasureGround.ORDER, classes: Collection[str] = OF_WHO_SERVES) -> Foreseen:
    return foresee(officer, ALL_PLANS, ground=ground, classes=classes, on=clock.today())


def shown(request: ErasureRequest) -> Foreseen:
    """What the second person sees on the page of a request."""
    return foresee_within(reach_of(request), ALL_PLANS, classes=request.classes)


def asked(
    officer: User, by: User, *, ground: str = ErasureGround.ORDER, classes: Collection[str] = OF_WHO_SERVES, **more: Any
) -> ErasureRequest:
    found = foreseen(officer, ground=ground, classes=classes)
    given = {"reason": "The court ordered it", "foreseen": found, "seen": found.digest, **more}
    return ask_for_erasure(officer, ground=ground, classes=classes, by=by, at=clock.now(), **given)


def approved(request: ErasureRequest, by: User) -> ErasureRequest:
    found = shown(request)
    decide_erasure(request, approve=True, reason="Checked", foreseen=found, seen=found.digest, by=by, at=clock.now())
    request.refresh_from_db()
    return request


def refused(request: ErasureRequest, by: User) -> None:
    found = shown(request)
    decide_erasure(request, approve=False, reason="Not due", foreseen=found, seen="", by=by, at=clock.now())


def worked_off() -> None:
    """Do whatever waits until nothing does."""
    while work.sweep_once():
        pass


def entry_of(officer: User, day: date, kind: str = "imported", **more: Any) -> ReadablePart:
    said = {"title": f"On {day}", "reason": "Wrong day", "by": uuid4(), "approved_by": uuid4()}
    with transaction.atomic():
        entry = append_entry(officer=officer.public_id, kind=kind, day=day, payload=said, **more)
    return ReadablePart.objects.get(entry=entry)


def an_activity(officer: User, day: date) -> Activity:
    activity = activities.log_activity(
        officer,
        title="A briefing",
        kind="briefing",
        day=TODAY,
        minutes=30,
        learned="Say so.",
        client_token=None,
        at=clock.now(),
    )
    Activity.objects.filter(pk=activity.pk).update(day=day)
    return activity


def long_ago(years: int, days: int = 0) -> date:
    return years_before(TODAY, years) - timedelta(days=days)


def carried_out(request: ErasureRequest, by: User) -> ErasureRequest:
    approved(request, by)
    worked_off()
    request.refresh_from_db()
    return request


def opened_piece(officer: User, asker: User, approver: User) -> ErasurePiece:
    """Carry out an erasure of one entry, and return its piece."""
    entry_of(officer, long_ago(9))
    carried_out(asked(officer, asker, ground=ErasureGround.RETENTION, classes=["cpd"]), approver)
    return ErasurePiece.objects.get()
