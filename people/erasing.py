"""What of this app goes when an officer's records are erased; the row of the person stays, blanked, because others' records name it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from people.erasure_plans import Files, Plan
from people.models import User

ERASED_NAME = "Name erased"


def _unusable(row: User, at: datetime) -> str:
    return f"!{row.public_id.hex}"


PLANS = (
    Plan("people.RankHeld", "officer", "Ranks", "service", made="recorded_at", is_chain=True),
    Plan("people.RoleHeld", "officer", "Roles", "service", made="recorded_at", is_chain=True),
    Plan("people.Posting", "officer", "Postings", "service", made="recorded_at", is_chain=True),
    Plan("people.Absence", "officer", "Absences", "service", made="recorded_at", is_chain=True),
    Plan("people.WorkingPattern", "officer", "Working pattern", "service", made="recorded_at", is_chain=True),
    Plan("people.Adjustment", "officer", "Reasonable adjustments", "service", made="recorded_at", is_chain=True),
    Plan("people.Delegation", "officer", "Teams lent", "service", made="recorded_at", is_chain=True),
    Plan("people.Delegation", "delegate", "Teams borrowed", "service", made="recorded_at", is_chain=True),
    Plan(
        "people.SubjectExport", "officer", "Copies of everything held", "service", made="asked_at", files=Files("path")
    ),
    Plan("people.Look", "officer", "Who looked at the record", "service", made="at"),
)
# The last of all: whoever is named by records of others is named no more.
PERSON = Plan(
    "people.User",
    "pk",
    "Name and sign-in",
    "service",
    made="joined_at",
    only=~Q(name=ERASED_NAME),
    blanks={
        "name": ERASED_NAME,
        "short_name": "",
        "email": lambda row, at: f"{row.public_id.hex}@erased.invalid",
        "service_number": lambda row, at: f"E{row.public_id.hex[:18]}",
        "password": _unusable,
        "is_active": False,
        "is_superuser": False,
    },
)
# By reason: rows ('app.Model', way to the person) that stay.
STAYS = {
    "It says who looked at another's record, and goes with that person's.": (("people.Look", "looker"),),
}
