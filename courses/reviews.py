"""Reviewing a course: submitting freezes a list, a subject reviewer and then an approver decide about that list.

What may stop a submission is in ``courses.readiness``; what a list brings out is in ``courses.releases``.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Revision, WorkflowState

from courses import freezing, releases
from courses.models.releases import CLOSING_DECISIONS, Decision, ReleaseDemand, ReviewDecision, ReviewList
from people import access

if TYPE_CHECKING:
    from courses.models.pages import CoursePage
    from courses.models.workflow import CourseTaskState
    from people.models import User


class NotYours(PermissionDenied):
    """Somebody may not decide about this list."""


class NotUnderReview(Exception):
    """There is nothing to decide, or not yet."""


class CommentNeeded(Exception):
    """A course is not sent back without a word."""


class AlreadyUnderReview(Exception):
    """A course is under review once at a time."""


class NoWorkflow(Exception):
    """The family of this course has not been set up."""


ROLE_WORDS = {access.SUBJECT_REVIEWER: "a subject reviewer", access.APPROVER: "an approver"}


def submit_course(
    page: CoursePage,
    *,
    by: User,
    at: datetime,
    demand: str = ReleaseDemand.NONE,
    demand_reason: str = "",
    note: str = "",
) -> ReviewList:
    """Freeze what is saved last and send it to the subject reviewers of the family; return the list under review.

    ``demand`` is what the release will ask of those who are in an older one. Raises ``AlreadyUnderReview``, ``NoWorkflow``, or
    ``freezing.NotReady`` with everything that stops publication.
    """
    state = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise AlreadyUnderReview(
            "This course is under review already. Withdraw that submission before you send another."
        )
    workflow = page.get_workflow()
    if workflow is None:
        raise NoWorkflow("The family of this course has no workflow yet. Your system administrator can set it up.")
    frozen = freezing.prepare(page)
    with transaction.atomic():
        if state is not None:
            # Sent back: a new list goes through both tasks again, so the old round ends here.
            state.cancel(user=by)
        revision = frozen.page.save_revision(user=by, changed=page.has_unpublished_changes)
        page.refresh_from_db()
        review_list = freezing.write_list(
            frozen, revision=revision.pk, by=by, at=at, demand=demand, demand_reason=demand_reason, note=note
        )
        workflow.start(page, by)
    return review_list


def list_to_decide(page: CoursePage, *, by: User | None, at: datetime) -> ReviewList:
    """Return the course's list under review; freeze one where there is none."""
    found = ReviewList.objects.still_open().filter(course__page=page.pk).last()
    if found is not None and (found.course_revision == page.latest_revision_id or found.decisions.exists()):
        return found
    return freezing.write_list(freezing.prepare(page), revision=freezing.saved_revision(page, by=by), by=by, at=at)


def why_not_decide(review_list: ReviewList, role: str, user: Any) -> str:
    """Return why this person may not decide about the list in that role, as a sentence; empty when they may."""
    if not access.is_person(user):
        return "Sign in first."
    if not access.has_role(user, role, family=review_list.course.family):
        return f"You are not {ROLE_WORDS[role]} for this family, so somebody who is decides about it."
    if review_list.requested_by_id == user.pk:
        return "You submitted this course, so somebody else decides about it."
    if user.pk in review_list.editors:
        return "You worked on what is listed here, so somebody else decides about it."
    return ""


def decide(
    state: CourseTaskState, decision: Decision, *, role: str, by: User, at: datetime, comment: str
) -> ReviewList:
    """Record a decision about the list of a task. Called for every way Wagtail has of deciding a task."""
    review_list = state.review_list
    if review_list is None:
        raise NotUnderReview("There is no list under review here.")
    taken = set(review_list.decisions.values_list("decision", flat=True))
    if taken & set(CLOSING_DECISIONS):
        raise NotUnderReview("This list has been decided already.")
    reason = why_not_decide(review_list, role, by)
    if reason:
        raise NotYours(reason)
    if decision == Decision.APPROVED and Decision.REVIEWED not in taken:
        raise NotUnderReview("The subject review of this list has not been done yet.")
    if decision == Decision.SENT_BACK and not comment.strip():
        raise CommentNeeded("Write what has to change, so that the trainer knows what to do.")
    ReviewDecision.objects.create(review_list=review_list, decision=decision, by=by, at=at, comment=comment.strip())
    return review_list


def withdraw(review_list: ReviewList | None, *, by: User | None, at: datetime, comment: str = "") -> None:
    """Record that a list was taken back before it was decided; nothing for one that was."""
    if review_list is None or review_list.decisions.filter(decision__in=CLOSING_DECISIONS).exists():
        return
    ReviewDecision.objects.create(
        review_list=review_list, decision=Decision.WITHDRAWN, by=by, at=at, comment=comment.strip()
    )


def bring_out(review_list: ReviewList, *, user: Any = None) -> None:
    """Publish the course page as the approved list has it, now or on the day its authors set. The signal does the rest."""
    revision = Revision.objects.get(pk=review_list.course_revision)
    revision.publish(user=user, skip_permission_checks=True)
    releases.ask_for_go_live(revision.pk)


# --- What the screen of the list calls --------------------------------------------------------------------------------


def pass_review(review_list: ReviewList, *, by: User, at: datetime, comment: str = "") -> None:
    """Pass the subject review: the list goes on to the approvers."""
    _waiting(review_list, access.SUBJECT_REVIEWER).approve(user=by, comment=comment, at=at)


def approve(review_list: ReviewList, *, by: User, at: datetime, comment: str = "") -> None:
    """Approve the list: it is released now, or on the day set for it."""
    _waiting(review_list, access.APPROVER).approve(user=by, comment=comment, at=at)


def send_back(review_list: ReviewList, *, by: User, at: datetime, comment: str) -> None:
    """Send the course back to its authors with what has to change."""
    _waiting(review_list).reject(user=by, comment=comment, at=at)


def withdraw_submission(review_list: ReviewList, *, by: User, at: datetime) -> None:
    """Take a submission back: by who submitted it, another trainer of the family, or the system administrator."""
    may = access.has_role(by, access.TRAINER, family=review_list.course.family) or access.has_role(
        by, access.SYSTEM_ADMIN
    )
    if not may:
        raise NotYours("Only trainers of this family can withdraw the submission. You can send it back instead.")
    with transaction.atomic():
        state = _waiting(review_list)
        withdraw(review_list, by=by, at=at)
        state.workflow_state.cancel(user=by)


def task_waiting(review_list: ReviewList) -> CourseTaskState | None:
    """Return the task that waits for a decision about the list, or None."""
    state: CourseTaskState | None = (
        review_list.task_states.filter(status=WorkflowState.STATUS_IN_PROGRESS)
        .select_related("task", "workflow_state")
        .last()
    )
    return state


def _waiting(review_list: ReviewList, role: str = "") -> CourseTaskState:
    state = task_waiting(review_list)
    if state is None:
        raise NotUnderReview("This list is not under review any more.")
    if role and state.task.specific.role != role:
        raise NotUnderReview(
            "The subject review of this list has not been done yet."
            if role == access.APPROVER
            else "This list has passed the subject review already."
        )
    return state
