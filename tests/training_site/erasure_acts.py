"""What the tests of erasure do again and again: somebody leaves, an erasure is asked for, approved and carried out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from cpd_records.erasures.asking import ask_for_erasure, decide_erasure
from cpd_records.erasures.foreseeing import Foreseen, foresee
from cpd_records.models import ErasureGround, ErasureRequest
from people import clock, work
from people.dated_rows import end_row
from people.erasure_plans import retention_classes
from people.models import Posting, User
from training_site.erasing import ALL_PLANS

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


def asked(
    officer: User, by: User, *, ground: str = ErasureGround.ORDER, classes: Collection[str] = OF_WHO_SERVES, **more: Any
) -> ErasureRequest:
    found = foreseen(officer, ground=ground, classes=classes).count
    given = {"reason": "The court ordered it", "foreseen": found, **more}
    return ask_for_erasure(officer, ground=ground, classes=classes, by=by, at=clock.now(), **given)


def approved(request: ErasureRequest, by: User) -> ErasureRequest:
    found = foreseen(request.officer, ground=request.ground, classes=request.classes)
    decide_erasure(request, approve=True, reason="Checked", foreseen=found.counts, by=by, at=clock.now())
    request.refresh_from_db()
    return request


def refused(request: ErasureRequest, by: User) -> None:
    decide_erasure(request, approve=False, reason="Not due", foreseen={}, by=by, at=clock.now())


def worked_off() -> None:
    """Do whatever waits until nothing does."""
    while work.sweep_once():
        pass
