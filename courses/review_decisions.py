"""Who may decide about a list under review, and what a decision writes down. The workflow asks here, whatever way somebody came.

How a course gets into review, and the screens' own steps through it, are in ``courses.reviews``.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from wagtail.models import Revision

from courses import freezing, releases
from courses.models.releases import CLOSING_DECISIONS, Decision, ReviewDecision, ReviewList
from people import access

if TYPE_CHECKING:
    from courses.models.pages import CoursePage
    from people.models import User


class NotYours(PermissionDenied):
    """Somebody may not decide about this list."""


class NotUnderReview(Exception):
    """There is nothing to decide, or not yet."""


class CommentNeeded(Exception):
    """A course is not sent back without a word."""


ROLE_WORDS = {access.SUBJECT_REVIEWER: "a subject reviewer", access.APPROVER: "an approver"}


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
    review_list: ReviewList | None, decision: Decision, *, role: str, by: User, at: datetime, comment: str
) -> ReviewList:
    """Record a decision about the list of a task. Called for every way Wagtail has of deciding a task."""
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
