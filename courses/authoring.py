"""What waits for an author or a reviewer: their drafts with what stops publication, and the lists they may decide about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from wagtail.models import Page, Revision

from courses import review_decisions, reviews
from courses.differences import difference_of
from courses.models import CoursePage, ReviewList
from courses.readiness import Problem, what_stops_publication

if TYPE_CHECKING:
    from courses.models.workflow import FamilyTask
    from people.models import User

# How far back somebody's own changes are looked for.
LOOKED_AT = 400


@dataclass(frozen=True)
class Draft:
    """A course somebody changed that has not come out so, and what stops it."""

    page: CoursePage
    changed_at: datetime
    problems: list[Problem]


@dataclass(frozen=True)
class Waiting:
    """A list somebody may decide about, and what it changes, in one sentence."""

    review_list: ReviewList
    task: str
    changes: str


def drafts_of(user: User, *, limit: int | None = None) -> list[Draft]:
    """Return the courses this person changed since they last came out, newest change first; not those under review."""
    drafts = []
    for page, changed_at in _changed_courses(user):
        if page.workflow_in_progress or not page.permissions_for_user(user).can_edit() or not is_unreleased(page):
            continue
        drafts.append(Draft(page, changed_at, what_stops_publication(page)))
        if limit is not None and len(drafts) == limit:
            break
    return drafts


def lists_to_decide(user: User) -> Iterator[tuple[ReviewList, FamilyTask]]:
    """Yield the lists this person may decide about now with the task each is at, oldest first; never their own."""
    for review_list in ReviewList.objects.visible_to(user).still_open().select_related("course", "requested_by"):
        state = reviews.task_waiting(review_list)
        if state is None:
            continue
        task = state.task.specific
        if not review_decisions.why_not_decide(review_list, task.role, user):
            yield review_list, task


def waiting_for(user: User, *, limit: int | None = None) -> list[Waiting]:
    """Return the lists this person may decide about now, oldest first; never their own."""
    return [
        Waiting(review_list, task.get_verbose_name(), difference_of(review_list).in_words())
        for review_list, task in islice(lists_to_decide(user), limit)
    ]


def _changed_courses(user: User) -> list[tuple[CoursePage, datetime]]:
    """Return courses with the time of this person's last change in them, newest first."""
    mine = (
        Revision.page_revisions.filter(user=user)
        .order_by("-created_at")
        .values_list("object_id", "created_at")[:LOOKED_AT]
    )
    last: dict[int, datetime] = {}
    for object_id, created_at in mine:
        last.setdefault(int(object_id), created_at)
    paths = dict(Page.objects.filter(pk__in=last).values_list("pk", "path"))
    courses = {page.path: page for page in CoursePage.objects.all()}
    found: dict[str, datetime] = {}
    for pk, changed_at in last.items():
        path = paths.get(pk, "")
        above = next((root for root in _and_above(path) if root in courses), None)
        if above is not None:
            found.setdefault(above, changed_at)
    return [(courses[path], changed_at) for path, changed_at in found.items()]


def _and_above(path: str) -> list[str]:
    return [path[:end] for end in range(len(path), 0, -Page.steplen)]


def is_unreleased(page: CoursePage) -> bool:
    """Return whether any part of a course was saved, added or taken away since its current release."""
    course = getattr(page, "course", None)
    if course is None or course.current_release is None or course.current_release.review_list is None:
        return True
    released = {item["page"]: item["revision"] for item in course.current_release.review_list.items}
    now = dict(
        Page.objects.descendant_of(page, inclusive=True).filter(expired=False).values_list("pk", "latest_revision_id")
    )
    # Submitting saves the course page once more without a change to it.
    released[page.pk] = now[page.pk] if not page.has_unpublished_changes else released.get(page.pk)
    return released != now
