"""Enrolling on a course, leaving it, and what a newer release asks of those who are in.

An enrolment is an officer on a course on one occasion: at most one is open, finished ones stay. It keeps the release it began on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import Attempt, AttemptState
from courses.completions import finishes
from courses.models import (
    Completion,
    Course,
    CourseWithdrawal,
    Enrolment,
    EnrolmentOutcome,
    Release,
    ReleaseAcknowledgement,
    ReleaseDemand,
    StepDone,
)
from people import access
from people.dates import long_date
from people.models import User


class EnrolmentRefused(Exception):
    """Something about enrolling or leaving is refused; the message says what, why, and what to do."""


class CourseWithdrawn(EnrolmentRefused):
    pass


class NotReleased(EnrolmentRefused):
    pass


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A course to finish first. ``slug`` is empty where no such course has come out yet."""

    code: str
    title: str
    slug: str


class PrerequisitesMissing(EnrolmentRefused):
    """``missing`` are the courses to finish first."""

    def __init__(self, missing: list[Prerequisite]) -> None:
        self.missing = missing
        names = " and ".join(f"‘{course.title}’" for course in missing)
        super().__init__(f"This course builds on {names}. Finish that first, then enrol here.")


class NotYours(EnrolmentRefused):
    pass


class AlreadyClosed(EnrolmentRefused):
    pass


class AttemptOpen(EnrolmentRefused):
    pass


def enrol(officer: User, course: Course, *, by: User, at: datetime) -> Enrolment:
    """Enrol an officer on the current release and return the enrolment; one still open is returned as it is.

    A first enrolment is occasion 1; after a completion the next is a refresher. Coming back after leaving keeps the steps already done
    and the attempts already used. ``by`` is the officer, a trainer of the family or a training administrator.
    """
    if by.pk != officer.pk and not _may_enrol_others(by, course):
        raise NotYours("You can enrol yourself. Trainers of the course and training administrators enrol others.")
    return enrol_as_assigned(officer, course, by=by, at=at)


def enrol_as_assigned(officer: User, course: Course, *, by: User, at: datetime) -> Enrolment:
    """Enrol an officer whom something else than a wish brings to the course, such as the phase of a programme; else as ``enrol``."""
    running = Enrolment.objects.of(officer).open().filter(course=course).first()
    if running is not None:
        return running
    release = _release_to_start(course)
    missing = missing_courses(officer, release.particulars.get("requires") or [], on=at)
    if missing:
        raise PrerequisitesMissing(missing)
    try:
        with transaction.atomic():
            return _open_occasion(officer, course, release, by=by, at=at)
    except IntegrityError:
        # The other half of a double click came first: its enrolment is the answer to both.
        return Enrolment.objects.of(officer).open().get(course=course)


def leave(enrolment: Enrolment, *, by: User, at: datetime) -> Enrolment:
    """Close an open enrolment; what was done stays and counts again on coming back. Refused while a test is running."""
    if by.pk != enrolment.officer_id and not _may_enrol_others(by, enrolment.course):
        raise NotYours("This enrolment is not yours to close.")
    if enrolment.closed_at is not None:
        raise AlreadyClosed("This enrolment is already closed. Nothing was changed.")
    if open_attempts(enrolment).exists():
        raise AttemptOpen("You have a test running on this course. Submit it first, then leave.")
    return close_enrolment(enrolment, outcome=EnrolmentOutcome.LEFT, at=at)


def retake(enrolment: Enrolment, *, by: User, at: datetime) -> Enrolment:
    """Move from a release that must be taken again to the current one: a new occasion, with nothing carried over."""
    if by.pk != enrolment.officer_id:
        raise NotYours("Only the person enrolled can start the newer release.")
    if enrolment.closed_at is not None:
        return enrol(enrolment.officer, enrolment.course, by=by, at=at)
    if not demands_on(enrolment).filter(demand=ReleaseDemand.RETAKE).exists():
        raise EnrolmentRefused("You may finish the release you started. Nothing was changed.")
    if open_attempts(enrolment).exists():
        raise AttemptOpen("You have a test running on the older release. Submit it first, then start the newer one.")
    release = _release_to_start(enrolment.course)
    with transaction.atomic():
        close_enrolment(enrolment, outcome=EnrolmentOutcome.REPLACED, at=at)
        return _open_occasion(enrolment.officer, enrolment.course, release, by=by, at=at)


def acknowledge_release(enrolment: Enrolment, release: Release, *, by: User, at: datetime) -> ReleaseAcknowledgement:
    """Record that the learner has read what a newer release changed; twice is once."""
    if by.pk != enrolment.officer_id:
        raise NotYours("Only the person enrolled can say that they have read what changed.")
    if not demands_on(enrolment).filter(pk=release.pk).exists():
        raise EnrolmentRefused("This release asks nothing of you. Nothing was changed.")
    acknowledgement, _new = ReleaseAcknowledgement.objects.get_or_create(
        enrolment=enrolment, release=release, defaults={"at": at}
    )
    return acknowledgement


def demands_on(enrolment: Enrolment) -> QuerySet[Release]:
    """Return the newer releases that ask something of this enrolment."""
    return Release.objects.filter(course=enrolment.course_id, number__gt=enrolment.release.number).exclude(
        demand=ReleaseDemand.NONE
    )


def is_overruled(enrolment: Enrolment) -> bool:
    """Return whether a newer release must be taken instead, so that this one can no longer be completed."""
    return demands_on(enrolment).filter(demand=ReleaseDemand.RETAKE).exists()


def awaits_acknowledgement(enrolment: Enrolment) -> bool:
    """Return whether a newer release's changes are still to be acknowledged."""
    return (
        demands_on(enrolment)
        .filter(demand=ReleaseDemand.ACKNOWLEDGE)
        .exclude(pk__in=enrolment.acknowledgements.values("release"))
        .exists()
    )


def close_enrolment(enrolment: Enrolment, *, outcome: EnrolmentOutcome, at: datetime) -> Enrolment:
    """Set once when and why an enrolment ended."""
    enrolment.closed_at, enrolment.outcome = at, outcome
    enrolment.save(update_fields=["closed_at", "outcome"])
    return enrolment


def open_attempts(enrolment: Enrolment) -> QuerySet[Attempt]:
    """Return attempts of this enrolment's officer on this course that are still running."""
    return Attempt.objects.filter(
        officer=enrolment.officer_id, state=AttemptState.OPEN, context_ref__startswith=context_stem(enrolment) + ":"
    )


def context_stem(enrolment: Enrolment) -> str:
    """Return the opaque name under which the attempts of this enrolment are counted."""
    return f"course:{enrolment.course_id}:{enrolment.attempts_since}"


def missing_courses(officer: User, codes: Sequence[str], *, on: datetime) -> list[Prerequisite]:
    """Return those of the courses that the officer has not finished, or whose validity has run out by the day."""
    if not codes:
        return []
    day = timezone.localdate(on)
    rows = finishes(Completion.objects.filter(enrolment__officer=officer, enrolment__course__code__in=codes))
    held = {one.completion.enrolment.course.code for one in rows if one.valid_until is None or one.valid_until >= day}
    wanted = [code for code in codes if code not in held]
    known = {
        course.code: Prerequisite(course.code, course.current_release.title, course.slug)
        for course in Course.objects.filter(code__in=wanted, current_release__isnull=False).select_related(
            "current_release"
        )
        if course.current_release
    }
    return [known.get(code, Prerequisite(code, code, "")) for code in wanted]


def _release_to_start(course: Course) -> Release:
    withdrawal = CourseWithdrawal.objects.filter(course=course, ended_at__isnull=True).first()
    if withdrawal is not None:
        day = timezone.localdate(withdrawal.at)
        raise CourseWithdrawn(
            f"This course was withdrawn on {long_date(day)}, so nobody new can enrol. Look in the catalogue for another."
        )
    if course.current_release is None:
        raise NotReleased("This course is still being written. You can enrol when its first release comes out.")
    return course.current_release


def _open_occasion(officer: User, course: Course, release: Release, *, by: User, at: datetime) -> Enrolment:
    last = Enrolment.objects.of(officer).filter(course=course).order_by("-occasion").first()
    occasion = last.occasion + 1 if last else 1
    came_back = last is not None and last.outcome == EnrolmentOutcome.LEFT
    enrolment = Enrolment.objects.create(
        officer=officer,
        course=course,
        release=release,
        occasion=occasion,
        attempts_since=last.attempts_since if last and came_back else occasion,
        enrolled_at=at,
        enrolled_by=by,
        place=last.place if last and came_back else "",
    )
    if last is not None and came_back:
        steps = release.steps.values("slug")
        StepDone.objects.bulk_create(
            StepDone(enrolment=enrolment, step=done.step, at=done.at) for done in last.steps_done.filter(step__in=steps)
        )
    return enrolment


def _may_enrol_others(by: User, course: Course) -> bool:
    return access.has_role(by, access.TRAINING_ADMIN) or access.has_role(by, access.TRAINER, family=course.family)
