"""What waits for somebody's word: courses and questions under review, CPD handed in to them, courses of their people to confirm."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from assessments.reviews import questions_waiting_for
from courses.authoring import lists_to_decide
from courses.confirmations import waiting_for_confirmation
from cpd_records.certificates.late import late_for
from cpd_records.models import Activity, ActivityState, Attendance, CorrectionRequest, ErasureRequest, RecordProposal
from cpd_records.models.verifying import may_be_named
from people import access, clock
from people.dates import long_date
from people.models import User


@dataclass(frozen=True, slots=True)
class Decision:
    """Something somebody else waits for: what, how many, where."""

    title: str
    detail: str
    address: str


def decisions_waiting(officer: User) -> list[Decision]:
    """Return what waits for this person's word, by the parts they play; never their own work. Empty for who decides nothing."""
    found = briefings_to_confirm(officer)
    if access.has_any_role(officer, access.SUBJECT_REVIEWER, access.APPROVER):
        found += _reviews(officer)
    found += _cpd_to_verify(officer)
    found += _changes_to_decide(officer)
    found += _late_certificates(officer)
    found += _erasures_to_decide(officer)
    if access.has_role(officer, access.SUPERVISOR):
        found += _courses_to_confirm(officer)
    return found


def briefings_to_confirm(officer: User) -> list[Decision]:
    """Return the briefings that somebody says this person attended, each waiting for their word."""
    waiting = Attendance.objects.of(officer).asked().select_related("briefing__recorded_by").order_by("pk")
    return [
        Decision(
            f"Were you there? {one.briefing.title}",
            f"{long_date(one.briefing.day)}. Recorded by {one.briefing.recorded_by.get_short_name()}.",
            reverse("cpd_records:cpd_briefing", args=[one.briefing_id]),
        )
        for one in waiting
    ]


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


def _cpd_to_verify(officer: User) -> list[Decision]:
    """CPD of their people for a supervisor; what was handed in to them by name for everybody else with the knowledge."""
    named = Activity.objects.waiting_for(officer)
    if access.has_role(officer, access.SUPERVISOR):
        theirs = Activity.objects.readable_by_supervisor(officer).filter(state=ActivityState.SUBMITTED)
        count = theirs.count() + named.filter(state=ActivityState.PROPOSED).count()
        detail = "Your people handed in a summary."
    elif may_be_named(officer):
        count = named.count()
        detail = "Somebody named you, because you know the subject."
    else:
        return []
    address = reverse("cpd_records:cpd_team")
    found = []
    if count:
        title = f"{count} CPD {'activity' if count == 1 else 'activities'} to verify"
        found.append(Decision(title, detail, address))
    corrections = CorrectionRequest.objects.waiting_for(officer).count()
    if corrections:
        title = f"{corrections} correction{'' if corrections == 1 else 's'} of CPD to decide on"
        found.append(Decision(title, "What is on the record stays until you decide.", address))
    return found


def _changes_to_decide(officer: User) -> list[Decision]:
    """Changes of records that an administrator other than their author decides."""
    waiting = RecordProposal.objects.waiting_for(officer).count()
    if not waiting:
        return []
    title = f"{waiting} change{'' if waiting == 1 else 's'} of records to decide on"
    return [Decision(title, "Another administrator proposed it.", reverse("cpd_records:proposals"))]


def _late_certificates(officer: User) -> list[Decision]:
    """Certificates whose file is not made in its time, for those who can do something about it."""
    late = late_for(officer, at=clock.now()).count()
    if not late:
        return []
    title = f"{late} certificate{'' if late == 1 else 's'} not made in time"
    return [Decision(title, "Whose, and what is in the way.", reverse("cpd_records:late_certificates"))]


def _erasures_to_decide(officer: User) -> list[Decision]:
    """Erasures that another disclosure officer asked for and nobody has decided."""
    waiting = ErasureRequest.objects.waiting_for(officer).count()
    if not waiting:
        return []
    title = f"{waiting} erasure{'' if waiting == 1 else 's'} to decide on"
    return [Decision(title, "Asked for by another disclosure officer.", reverse("erasures-waiting"))]


def _courses_to_confirm(officer: User) -> list[Decision]:
    found = []
    for enrolment in waiting_for_confirmation(officer):
        title = f"Confirm: {enrolment.release.title}"
        detail = f"{enrolment.officer.get_short_name()} has done every step."
        found.append(Decision(title, detail, reverse("courses:confirm", args=[enrolment.pk])))
    return found
