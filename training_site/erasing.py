"""Everything that goes when an officer's records are erased, app by app from above; what packages of others hold; the name last."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

import assessments.erasing
import courses.erasing
import cpd_records.erasing
import people.erasing
from cpd_records.erasures.asking import CARRY_OUT
from cpd_records.erasures.carrying_out import carry_out
from cpd_records.erasures.due import LIST_WORK, list_due
from people import clock
from people.erasing import ERASED_NAME
from people.erasure_plans import Plan
from people.work import background

PLANS = (
    Plan("mfa.Authenticator", "user", "Second factors", "service", made="created_at"),
    Plan("account.EmailAddress", "user", "E-mail addresses", "service"),
    Plan("wagtailusers.UserProfile", "user", "Settings of the authoring pages", "service"),
    # The authoring pages' log of who edited the person's page calls it by the name.
    Plan(
        "wagtailcore.ModelLogEntry",
        "object_id",
        "Log of changes to the account",
        "service",
        made="timestamp",
        only=Q(content_type__app_label="people", content_type__model="user") & ~Q(label=ERASED_NAME),
        blanks={"label": ERASED_NAME, "data": {}},
    ),
)
ALL_PLANS = (
    *courses.erasing.PLANS,
    *assessments.erasing.PLANS,
    *cpd_records.erasing.PLANS,
    *people.erasing.PLANS,
    *PLANS,
    people.erasing.PERSON,
)
ALL_STAYS = {
    row: reason
    for app in (courses.erasing, assessments.erasing, cpd_records.erasing, people.erasing)
    for reason, rows in app.STAYS.items()
    for row in rows
}


@background(CARRY_OUT)
def carry_out_erasure(key: str) -> None:
    """Carry out the approved request whose id is ``key``. Where a legal hold stops it, it waits for another approval, and for no clock."""
    carry_out(UUID(key), ALL_PLANS)


@background(LIST_WORK)
def list_due_for_day(key: str) -> None:
    """Make the list of what is due for disposal anew; ``key`` is the day that asks (ISO). Done twice, it is the same list."""
    list_due(ALL_PLANS, at=clock.now())
