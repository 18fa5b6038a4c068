"""Recording that the force has reviewed a release: until then its pages say 'illustrative content, to be reviewed by the force'."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from courses import review_decisions
from courses.models import Course, CourseReview, CourseWithdrawal, Release
from people import access, clock

if TYPE_CHECKING:
    from people.models import User


class BadReviewDate(ValueError):
    """A review date that could not be right."""


def record_review(
    release: Release,
    *,
    by: User,
    reviewed_on: date,
    at: datetime,
    next_review_on: date | None = None,
    reviewer_title: str = "",
    note: str = "",
) -> CourseReview:
    """Record when the force reviewed a release, and when it is looked at again. An approver of the family does, never an author."""
    if release.review_list is not None:
        reason = review_decisions.why_not_decide(release.review_list, access.APPROVER, by)
        if reason:
            raise review_decisions.NotYours(reason)
    elif not access.has_role(by, access.APPROVER, family=release.course.family):
        raise review_decisions.NotYours("Only an approver of this family records a review.")
    if reviewed_on > clock.today():
        raise BadReviewDate("The review is in the future. Write the day it was done.")
    if next_review_on is not None and next_review_on <= reviewed_on:
        raise BadReviewDate("The next review is not after this one. Check both days.")
    return CourseReview.objects.create(
        release=release,
        reviewed_on=reviewed_on,
        reviewed_by=by,
        reviewer_title=reviewer_title.strip(),
        next_review_on=next_review_on,
        note=note.strip(),
        recorded_at=at,
    )


def review_of(release: Release) -> CourseReview | None:
    """Return the last review recorded of a release, or None."""
    return release.reviews.select_related("reviewed_by").last()


def with_review_dates(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Return the courses that are out, with when the force last reviewed the current release, when again, and if withdrawn."""
    review = CourseReview.objects.filter(release=OuterRef("current_release")).order_by("-recorded_at")
    withdrawal = CourseWithdrawal.objects.filter(course=OuterRef("pk"), ended_at__isnull=True)
    return (
        courses.filter(current_release__isnull=False)
        .select_related("current_release")
        .annotate(
            reviewed_on=Subquery(review.values("reviewed_on")[:1]),
            next_review_on=Subquery(review.values("next_review_on")[:1]),
            is_withdrawn=Exists(withdrawal),
        )
        .order_by("family", "code")
    )
