"""Nominating an officer for a course that leads to a qualification: by their supervisor, once while it is open, never oneself.

It ends when the officer finishes the course, declines with a reason, or somebody who supervises them withdraws it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assessments.models import Attempt, AttemptState
from courses.models import Course, CourseWithdrawal, Enrolment, Nomination, NominationOutcome
from cpd_records.activity_rules import cleaned_text, says_something
from people import access
from people.dates import long_date
from people.models import User

REASON_LENGTH = 300


class NominationRefused(Exception):
    """A nomination cannot be made or ended; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Way:
    """A course that leads to a qualification: its key, code, address and title as it is offered now."""

    id: int
    code: str
    slug: str
    title: str

    @property
    def address(self) -> str:
        return f"/catalogue/{self.slug}/"


def ways_to_qualifications() -> dict[str, list[Way]]:
    """Return the courses on offer that lead to each qualification, by its code. One query, of those courses alone."""
    withdrawn = CourseWithdrawal.objects.filter(ended_at__isnull=True).values("course")
    rows = (
        Course.objects.filter(current_release__isnull=False)
        .exclude(current_release__leads_to=[])
        .exclude(pk__in=withdrawn)
        .order_by("code")
        .values_list("pk", "code", "slug", "current_release__title", "current_release__leads_to")
    )
    found: dict[str, list[Way]] = {}
    for pk, code, slug, title, leads_to in rows:
        for qualification in leads_to:
            found.setdefault(qualification, []).append(Way(pk, code, slug, title))
    return found


def open_nominations(officers: Collection[int]) -> dict[tuple[int, int], Nomination]:
    """Return the open nominations of officers, by officer and course. One query."""
    rows = Nomination.objects.open().filter(officer__in=list(officers)).select_related("nominated_by", "course")
    return {(row.officer_id, row.course_id): row for row in rows}


def course_called(slug: str) -> Course | None:
    """Return the course of an address, on offer or not."""
    return Course.objects.filter(slug=slug).first()


def own_nomination(user: User, number: int) -> Nomination | None:
    """Return a nomination of one's own by its number, open or ended."""
    rows = Nomination.objects.of(user).filter(pk=number)
    return rows.select_related("officer", "nominated_by", "closed_by", "course__current_release").first()


def nomination_of_people_of(user: User, officer: UUID, number: int) -> Nomination | None:
    """Return a nomination of somebody whom ``user`` supervises today."""
    rows = Nomination.objects.of_people_of(user).filter(officer__public_id=officer, pk=number)
    return rows.select_related("officer").first()


def courses_open_to(*officers: int) -> set[tuple[int, int]]:
    """Return which officers are on which courses, by key; how far they are is theirs and their trainer's to know."""
    return set(Enrolment.objects.open().filter(officer__in=officers).values_list("officer", "course"))


def courses_being_marked(*officers: int) -> set[tuple[int, int]]:
    """Return which officers wait, on which courses, for a person to mark a test they handed in, by key. Never how it went."""
    waiting = Attempt.objects.filter(
        officer__in=officers,
        state__in=(AttemptState.SUBMITTED, AttemptState.EXPIRED),
        marked_at__isnull=True,
        context_ref__startswith="course:",
    )
    found = set()
    for officer, context in waiting.values_list("officer", "context_ref"):
        course = context.split(":")[1]
        if course.isdigit():
            found.add((officer, int(course)))
    return found


def last_declined(officer: User) -> dict[int, Nomination]:
    """Return by course what the officer declined and was not nominated for again; the supervisor reads why."""
    latest = {row.course_id: row for row in Nomination.objects.filter(officer=officer).order_by("nominated_at", "pk")}
    return {course: row for course, row in latest.items() if row.outcome == NominationOutcome.DECLINED}


def nominate(officer: User, course: Course, *, qualification: str, by: User, at: datetime, reason: str) -> Nomination:
    """Nominate an officer for a course that leads to the qualification of that code. Raises ``NominationRefused``."""
    if access.is_own(by, officer):
        raise NominationRefused("You cannot nominate yourself. Enrol on the course from the catalogue instead.")
    if not access.supervises(by, officer):
        raise NominationRefused("Only somebody who supervises this officer today can nominate them.")
    reason = _checked(reason, missing="Say why the officer is nominated, in a sentence. They read it.")
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if not any(way.id == course.pk for way in ways_to_qualifications().get(qualification, ())):
            raise NominationRefused("This course does not lead to that qualification now. Choose another course.")
        if Enrolment.objects.open().filter(officer=officer, course=course).exists():
            raise NominationRefused(
                f"{officer.get_short_name()} is on this course already. Nobody needs to be nominated."
            )
        earlier = Nomination.objects.open().filter(officer=officer, course=course).first()
        if earlier is not None:
            raise NominationRefused(
                f"{officer.get_short_name()} was nominated for this course already, on {_day(earlier.nominated_at)}."
            )
        return Nomination.objects.create(
            officer=officer,
            course=course,
            qualification=qualification,
            nominated_by=by,
            nominated_at=at,
            reason=reason,
        )


def decline(nomination: Nomination, *, by: User, at: datetime, reason: str) -> Nomination:
    """Decline a nomination of one's own, with a reason that the supervisor reads."""
    if not access.is_own(by, nomination.officer):
        raise NominationRefused("Only the officer who was nominated can decline.")
    reason = _checked(reason, missing="Say why you decline, in a sentence. Your supervisor reads it.")
    return _close(nomination, NominationOutcome.DECLINED, by=by, at=at, reason=reason)


def withdraw(nomination: Nomination, *, by: User, at: datetime) -> Nomination:
    """Withdraw a nomination of somebody one supervises today, whoever made it."""
    if access.is_own(by, nomination.officer):
        raise NominationRefused("You cannot withdraw a nomination of your own. Decline it with a reason instead.")
    if not access.supervises(by, nomination.officer):
        raise NominationRefused("Only somebody who supervises this officer today can withdraw the nomination.")
    return _close(nomination, NominationOutcome.WITHDRAWN, by=by, at=at)


def end_by_completion(enrolment: Enrolment, *, at: datetime) -> None:
    """End what finishing a course has answered: nominations for it, and those for a qualification it has awarded."""
    open_ones = Nomination.objects.open().filter(officer=enrolment.officer_id)
    answered = open_ones.filter(course=enrolment.course_id)
    if enrolment.release.leads_to:
        answered |= open_ones.filter(qualification__in=enrolment.release.leads_to)
    answered.update(closed_at=at, closed_by=enrolment.officer_id, outcome=NominationOutcome.FINISHED)


@transaction.atomic
def _close(
    nomination: Nomination, outcome: NominationOutcome, *, by: User, at: datetime, reason: str = ""
) -> Nomination:
    locked: Nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    if locked.closed_at is not None:
        ended = NominationOutcome(locked.outcome).label.lower()
        raise NominationRefused(f"This nomination has ended already, on {_day(locked.closed_at)}: {ended}.")
    locked.closed_at, locked.closed_by, locked.outcome, locked.closing_reason = at, by, outcome, reason
    locked.save(update_fields=["closed_at", "closed_by", "outcome", "closing_reason"])
    return locked


def _checked(reason: str, *, missing: str) -> str:
    line = " ".join(cleaned_text(reason).split())
    if not says_something(line):
        raise NominationRefused(missing)
    if len(line) > REASON_LENGTH:
        raise NominationRefused(f"The reason is {len(line):,} characters long and {REASON_LENGTH} fit. Shorten it.")
    return line


def _day(moment: datetime) -> str:
    day = timezone.localdate(moment)
    return f"{long_date(day)}"
