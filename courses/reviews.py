"""Reviewing a course: submitting freezes a list, a subject reviewer and then an approver decide about that list.

What may stop a submission is in ``courses.readiness``; who may decide is in ``courses.review_decisions``; what a list brings out is in
``courses.releases``.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.models import WorkflowState

from courses import freezing
from courses.models.releases import ReleaseDemand, ReviewList
from courses.review_decisions import NotUnderReview, NotYours, withdraw
from people import access

if TYPE_CHECKING:
    from courses.models.pages import CoursePage
    from courses.models.workflow import CourseTaskState
    from people.models import User


class AlreadyUnderReview(Exception):
    """A course is under review once at a time."""


class NoWorkflow(Exception):
    """The family of this course has not been set up."""


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
