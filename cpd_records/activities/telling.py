"""Telling people by mail what became of CPD: that it came back, was rejected or corrected, or waits for a second reviewer.

The mail names no title and no reason: it is read on locked phones. It says where to read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from cpd_records.models import ActivityStep, CorrectionRequest
from people import work
from people.mail import tell
from people.models import User

KIND = "cpd.tell"
Step = ActivityStep.Kind


@dataclass(frozen=True)
class Words:
    """Subject and sentence of a mail, and the page it leads to."""

    subject: str
    said: str
    page: str = "cpd_records:cpd_activity"


TO_OFFICER = {
    Step.RETURNED: Words(
        "CPD returned to you", "One of your CPD activities came back, with a reason. Change it or leave it."
    ),
    Step.REJECTED: Words(
        "CPD not accepted",
        "One of your CPD activities was rejected, by two people. Its page says why. Nothing you wrote was lost.",
    ),
    Step.CORRECTED: Words("CPD corrected", "The correction you asked for is on your record."),
    Step.DECLINED: Words("CPD not corrected", "The correction you asked for was not made. Its page says why."),
}
TO_SECOND = Words(
    "CPD to read as the second reviewer",
    "Somebody proposed to reject a CPD activity and named you to read it second. Nothing is rejected by one person alone.",
    "cpd_records:cpd_team_activity",
)


TO_SECOND_OF_A_CORRECTION = Words(
    "A CPD correction waits for a second person",
    "Somebody agreed to correct a CPD activity. The record is corrected once a second person has granted it.",
    "cpd_records:cpd_correction",
)


def tell_of(step: ActivityStep) -> None:
    """Ask for the mail about a step, once, in the transaction that wrote it."""
    work.ask(KIND, str(step.pk))


@work.background(KIND)
def tell_of_step(key: str) -> None:
    """Send the mail about a step to whom it concerns; to nobody where the account is closed or has no address."""
    step = ActivityStep.objects.select_related("activity__officer", "to").get(pk=key)
    if step.kind in (Step.PROPOSED, Step.AGREED):
        person, words = step.to, TO_SECOND if step.kind == Step.PROPOSED else TO_SECOND_OF_A_CORRECTION
    else:
        person, words = step.activity.officer, TO_OFFICER[Step(step.kind)]
    if isinstance(person, User):
        path = reverse(words.page, args=[_about(step)])
        tell(person, words.subject, words.said, path, name=f"activity-step-{step.pk}")


def _about(step: ActivityStep) -> UUID:
    """Return the number of the page's subject: of an agreement the correction, of everything else the activity."""
    if step.kind != Step.AGREED:
        return step.activity.pk
    requests = CorrectionRequest.objects.filter(activity=step.activity_id).order_by("asked_at")
    agreed = requests.filter(agreed_at=step.at).last() or requests.last()
    return agreed.pk if agreed else step.activity.pk
