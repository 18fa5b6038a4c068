"""When the law changes: marking the questions and lessons that rest on a section, and recording that they were checked.

Anybody who writes, reviews or approves for a family may mark what belongs to it, and mark it as checked: whoever said that the law
changed included, for neither judges anybody's own work. A question or lesson that has to change goes its usual way of review.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from assessments.authors import WORKING_ROLES
from assessments.question_types.words import says_something, wrong_in
from courses.citing import Citing, citing
from courses.freezing import course_of
from courses.models import Course, CoursePage, LawChange, LawCheck, LawMark
from people import access
from people.kept import forget, kept
from people.models import User

NOTICED_SECONDS = 60
# What is chosen where everything that is found is to be marked.
EVERYTHING = "everything"


class LawChangeRefused(Exception):
    """Something about a change of law was refused; the message is a sentence for the person."""


@dataclass(frozen=True)
class LawNotice:
    """What learners read on a lesson that waits to be checked."""

    provision: str
    what: str
    at: datetime


def mark_for_review(
    *, act: str, provision: str, what: str, chosen: Collection[str], by: User, at: datetime
) -> LawChange:
    """Record that a provision changed and mark what was chosen among what cites it; all of it or nothing.

    ``chosen`` are keys, or ``EVERYTHING`` for all that is not marked yet. A course that has not come out becomes known by its code.
    """
    what = " ".join(what.split())
    if not says_something(what):
        raise LawChangeRefused("Say what changed, in a sentence that learners may read.")
    if len(what) > 500 or wrong_in(what):
        raise LawChangeRefused(wrong_in(what) or "Say what changed in 500 characters or fewer.")
    found = {one.key: one for one in citing(by, act, provision)}
    if EVERYTHING in chosen:
        wanted = [one for one in found.values() if not one.is_marked]
    else:
        wanted = [found[key] for key in chosen if key in found]
    if not wanted or (EVERYTHING not in chosen and len(wanted) < len(set(chosen))):
        raise LawChangeRefused("Choose what is to be checked among what is listed. Nothing was marked.")
    for one in wanted:
        _refuse_others(by, one.family)
    with transaction.atomic():
        change = LawChange.objects.create(
            act=" ".join(act.split())[:255], provision=" ".join(provision.split())[:255], what=what, by=by, at=at
        )
        courses = _courses_of(wanted)
        LawMark.objects.bulk_create(
            [
                LawMark(
                    change=change,
                    question_id=one.question,
                    course_id=courses[one.course] if one.course else None,
                    step=one.step,
                    family=one.family,
                    title=one.title[:300],
                    cites=one.cites[:520],
                )
                for one in wanted
            ]
        )
        _forget_notices(courses.values())
    return change


def mark_as_checked(mark: LawMark, *, by: User, at: datetime, note: str = "") -> LawCheck:
    """Record that somebody of the family has checked what was marked; the second of two is told."""
    _refuse_others(by, mark.family)
    if len(note) > 500 or wrong_in(note):
        raise LawChangeRefused(wrong_in(note) or "Shorten the note to 500 characters or fewer.")
    try:
        with transaction.atomic():
            check = LawCheck.objects.create(mark=mark, by=by, at=at, note=note.strip())
    except IntegrityError as twice:
        known = LawCheck.objects.select_related("by").get(mark=mark)
        raise LawChangeRefused(f"{known.by.get_short_name()} has marked it as checked meanwhile.") from twice
    _forget_notices([mark.course_id])
    return check


def open_marks(user: User, *, limit: int | None = None) -> QuerySet[LawMark]:
    """Return what waits to be checked in this person's families, what was marked first in front."""
    if not access.has_any_role(user, *WORKING_ROLES):
        return LawMark.objects.none()
    marks = LawMark.objects.visible_to(user).still_open().select_related("change__by", "course", "question")
    return marks.order_by("change__at", "pk")[:limit]


def address_of(mark: LawMark) -> str:
    """Return where what was marked is worked on."""
    if mark.question_id is not None:
        return reverse("assessments_admin:question", args=[mark.question_id])
    if mark.course is not None and mark.course.page_id is not None:
        return reverse("wagtailadmin_explore", args=[mark.course.page_id])
    return ""


def notices_on(course: int, step: str) -> list[LawNotice]:
    """Return what learners are told on a step that waits to be checked; kept for a minute, for every lesson page asks."""
    by_step = kept(_key(course), lambda: _notices(course), seconds=NOTICED_SECONDS)
    return by_step.get(step, [])


def _courses_of(wanted: Iterable[Citing]) -> dict[str, int]:
    """Return the ids of the courses of what was chosen, by code; a course that was only ever a page is made."""
    by_code = {one.course: one for one in wanted if one.course}
    known = dict(Course.objects.filter(code__in=by_code).values_list("code", "pk"))
    for code, one in by_code.items():
        if code not in known:
            page = CoursePage.objects.get(pk=one.page)
            known[code] = course_of(page, family=one.family).pk
    return known


def _notices(course: int) -> dict[str, list[LawNotice]]:
    marks = LawMark.objects.filter(course=course).still_open().select_related("change").order_by("change__at")
    found: dict[str, list[LawNotice]] = {}
    for mark in marks:
        found.setdefault(mark.step, []).append(LawNotice(mark.cites, mark.change.what, mark.change.at))
    return found


def _forget_notices(courses: Iterable[int | None]) -> None:
    for course in {course for course in courses if course is not None}:
        transaction.on_commit(lambda course=course: forget(_key(course)))  # type: ignore[misc]


def _key(course: int) -> str:
    return f"law-notices:{course}"


def _refuse_others(by: User, family: str) -> None:
    if not any(held.code in WORKING_ROLES and held.family in ("", family) for held in access.roles(by)):
        raise LawChangeRefused(
            "Trainers, subject reviewers and approvers of its family say what has to be checked, and that it was."
        )
