"""What waits for somebody's word: courses and questions under review, CPD handed in to them, courses of their people to confirm."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from assessments.reviews import questions_waiting_for
from courses.authoring import lists_to_decide
from courses.confirmations import waiting_for_confirmation
from courses.course_page import long_date
from cpd_records.models import Activity, ActivityState
from people import access
from people.models import User


@dataclass(frozen=True, slots=True)
class Decision:
    """Something somebody else waits for: what, how many, where."""

    title: str
    detail: str
    address: str


def decisions_waiting(officer: User) -> list[Decision]:
    """Return what waits for this person's word, by the parts they play; never their own work. Empty for who decides nothing."""
    found = []
    if access.has_any_role(officer, access.SUBJECT_REVIEWER, access.APPROVER):
        found += _reviews(officer)
    if access.has_role(officer, access.SUPERVISOR):
        found += _of_their_people(officer)
    return found


def _reviews(officer: User) -> list[Decision]:
    found = []
    for review_list, task in lists_to_decide(officer):
        verb = "Approve" if task.role == access.APPROVER else "Review"
        sent = long_date(timezone.localdate(review_list.requested_at))
        by = f" by {review_list.requested_by.get_short_name()}" if review_list.requested_by else ""
        address = reverse("courses_admin:review", args=[review_list.pk])
        found.append(Decision(f"{verb}: {review_list.draft['title']}", f"Submitted on {sent}{by}.", address))
    questions = len(questions_waiting_for(officer))
    if questions:
        title = f"{questions} question{'' if questions == 1 else 's'} to review"
        found.append(
            Decision(title, "Approve them, or send them back with a reason.", reverse("courses_admin:waiting"))
        )
    return found


def _of_their_people(officer: User) -> list[Decision]:
    found = []
    waiting = Activity.objects.readable_by_supervisor(officer).filter(state=ActivityState.SUBMITTED).count()
    if waiting:
        title = f"{waiting} CPD {'activity' if waiting == 1 else 'activities'} to verify"
        found.append(Decision(title, "Your people handed in a summary.", reverse("cpd_records:cpd_team")))
    for enrolment in waiting_for_confirmation(officer):
        title = f"Confirm: {enrolment.release.title}"
        detail = f"{enrolment.officer.get_short_name()} has done every step."
        found.append(Decision(title, detail, reverse("courses:confirm", args=[enrolment.pk])))
    return found
