"""When the law changes: finding every question and lesson that rests on a section, marking them, and recording that they were checked.

Anybody who writes, reviews or approves for a family may mark what belongs to it, and mark it as checked: whoever said that the law
changed included, for neither judges anybody's own work. A question or lesson that has to change goes its usual way of review.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from assessments.authors import WORKING_ROLES
from assessments.models import Citation, LegalReference, QuestionLine
from assessments.question_types.words import says_something, wrong_in
from courses.models import Course, LawChange, LawCheck, LawMark, ReleaseStep, StepKind
from courses.provisions import is_cited
from people import access
from people.kept import forget, kept
from people.models import User

NOTICED_SECONDS = 60


class LawChangeRefused(Exception):
    """Something about a change of law was refused; the message is a sentence for the person."""


@dataclass(frozen=True)
class Citing:
    """A question or lesson that cites a provision. ``key`` names it in a form: ``question:<id>`` or ``lesson:<course id>:<step>``."""

    key: str
    kind: str
    title: str
    detail: str
    cites: str
    family: str
    address: str
    question: UUID | None = None
    course: int | None = None
    step: str = ""
    is_marked: bool = False


@dataclass(frozen=True)
class LawNotice:
    """What learners read on a lesson that waits to be checked."""

    provision: str
    what: str
    at: datetime


def citing(user: User, act: str, provision: str) -> list[Citing]:
    """Return every question, and every lesson as last released, of this person's families that cites the provision, by kind and name."""
    if not act.strip():
        return []
    return [*_questions_citing(user, act, provision), *_lessons_citing(user, act, provision)]


def mark_for_review(
    *, act: str, provision: str, what: str, chosen: Collection[str], by: User, at: datetime
) -> LawChange:
    """Record that a provision changed and mark what was chosen among what cites it; all of it or nothing."""
    what = " ".join(what.split())
    if not says_something(what):
        raise LawChangeRefused("Say what changed, in a sentence that learners may read.")
    if len(what) > 500 or wrong_in(what):
        raise LawChangeRefused(wrong_in(what) or "Say what changed in 500 characters or fewer.")
    found = {one.key: one for one in citing(by, act, provision)}
    wanted = [found[key] for key in chosen if key in found]
    if not wanted or len(wanted) < len(set(chosen)):
        raise LawChangeRefused("Choose what is to be checked among what is listed. Nothing was marked.")
    for one in wanted:
        _refuse_others(by, one.family)
    with transaction.atomic():
        change = LawChange.objects.create(
            act=" ".join(act.split())[:255], provision=" ".join(provision.split())[:255], what=what, by=by, at=at
        )
        LawMark.objects.bulk_create(
            [
                LawMark(
                    change=change,
                    question_id=one.question,
                    course_id=one.course,
                    step=one.step,
                    family=one.family,
                    title=one.title[:300],
                    cites=one.cites[:520],
                )
                for one in wanted
            ]
        )
    _forget_notices(one.course for one in wanted)
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


def _questions_citing(user: User, act: str, provision: str) -> list[Citing]:
    cited = {
        (row.bank, row.code): str(row)
        for row in LegalReference.objects.visible_to(user)
        if is_cited(row.act, row.provision, wanted_act=act, wanted_provision=provision)
    }
    if not cited:
        return []
    codes = {code for _bank, code in cited}
    pairs = Citation.objects.filter(code__in=codes).values_list("question", "question__bank", "code")
    names: dict[UUID, str] = {}
    for question, bank, code in pairs:
        if (bank, code) in cited:
            names.setdefault(question, cited[bank, code])
    lines = QuestionLine.objects.visible_to(user).filter(question__in=names).exclude(state="retired")
    marked = set(LawMark.objects.still_open().filter(question__in=names).values_list("question", flat=True))
    return [
        Citing(
            key=f"question:{line.question_id}",
            kind="Question",
            title=line.code,
            detail=str(line.version.definition.get("stem", "")),
            cites=names[line.question_id],
            family=line.family,
            address=reverse("assessments_admin:question", args=[line.question_id]),
            question=line.question_id,
            is_marked=line.question_id in marked,
        )
        for line in lines.select_related("version").order_by("code")
    ]


def _lessons_citing(user: User, act: str, provision: str) -> list[Citing]:
    courses = {course.pk: course for course in Course.objects.run_by(user).filter(current_release__isnull=False)}
    releases = {course.current_release_id: course for course in courses.values()}
    steps = ReleaseStep.objects.filter(release__in=releases, kind=StepKind.LESSON).exclude(references=[])
    marked = set(LawMark.objects.still_open().filter(course__in=courses).values_list("course", "step"))
    found = []
    for step in steps.only("release", "slug", "title", "references").order_by("release__course__code", "position"):
        course = releases[step.release_id]
        cites = [
            ", ".join(part for part in (row["title"], row.get("provision")) if part)
            for row in step.references
            if is_cited(row["title"], row.get("provision") or "", wanted_act=act, wanted_provision=provision)
        ]
        if cites:
            found.append(
                Citing(
                    key=f"lesson:{course.pk}:{step.slug}",
                    kind="Lesson",
                    title=f"{course.code}: {step.title}",
                    detail="",
                    cites=cites[0],
                    family=course.family,
                    address=reverse("wagtailadmin_explore", args=[course.page_id]) if course.page_id else "",
                    course=course.pk,
                    step=step.slug,
                    is_marked=(course.pk, step.slug) in marked,
                )
            )
    return found
