"""How an enrolment stands against what is live: withdrawn, overtaken by a newer release, to be acknowledged or taken again.

One or two queries answer for a learner's page; nothing of it is part of a release.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from courses.models import (
    Course,
    Enrolment,
    EnrolmentOutcome,
    Release,
    ReleaseAcknowledgement,
    ReleaseDemand,
)
from cpd_records.completions.standing import certificate_of, corrected_completions
from people.prepared import prepared

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """A course as anybody meets it now. ``release`` is None before the first release."""

    id: int
    code: str
    slug: str
    family: str
    release: int | None
    digest: str
    number: int
    released_at: datetime | None
    withdrawn_because: str | None
    withdrawn_at: datetime | None
    reviewed_on: date | None
    reviewed_by: str

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


@dataclass(frozen=True, slots=True)
class NewerRelease:
    """A release that asks something of those on an older one: its number, day, reason."""

    id: int
    number: int
    released_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ReaderStanding:
    """An officer's enrolment as their pages need it: the open one, else the last completed one.

    ``completion`` is the completion's entry, ``revocation`` the withdrawal of its certificate; ``is_taken_back`` where the completion was
    declared never true, and then there is no certificate.
    ``retake`` is the newest release that must be taken instead, ``acknowledge`` the newest whose changes are still to be read.
    """

    id: UUID
    officer_id: int
    course_id: int
    code: str
    slug: str
    release: int
    digest: str
    number: int
    title: str
    occasion: int
    attempts_since: int
    enrolled_at: datetime
    place: str
    place_at: datetime | None
    closed_at: datetime | None
    certificate: UUID | None
    valid_until: date | None
    completion: UUID | None
    revocation: int | None
    newest_number: int
    withdrawn_because: str | None = None
    reviewed_on: date | None = None
    is_taken_back: bool = False
    retake: NewerRelease | None = None
    acknowledge: NewerRelease | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_overtaken(self) -> bool:
        return self.newest_number > self.number

    @property
    def context_ref(self) -> str:
        return f"course:{self.course_id}:{self.attempts_since}"


READER = (
    "id",
    "officer_id",
    "course_id",
    "course__code",
    "course__slug",
    "release_id",
    "release__digest",
    "release__number",
    "release__title",
    "occasion",
    "attempts_since",
    "enrolled_at",
    "place",
    "place_at",
    "closed_at",
    "completion__certificate_id",
    "completion__certificate__valid_until",
    "completion__entry_id",
    "completion__certificate__revocation__pk",
    "course__current_release__number",
)
COURSE = (
    "id",
    "code",
    "slug",
    "family",
    "current_release_id",
    "current_release__digest",
    "current_release__number",
    "current_release__released_at",
)


@prepared
def courses_at(slug: str) -> QuerySet[Course, Any]:
    """The course at an address with its open withdrawal and its last review; joins rather than subqueries, for every page asks."""
    return (
        Course.objects.filter(slug=slug)
        .order_by(
            F("withdrawals__ended_at").asc(nulls_first=True),
            F("current_release__reviews__recorded_at").desc(nulls_last=True),
        )
        .values_list(
            *COURSE,
            "withdrawals__reason",
            "withdrawals__at",
            "withdrawals__ended_at",
            "current_release__reviews__reviewed_on",
            "current_release__reviews__reviewed_by__name",
            "current_release__reviews__reviewer_title",
        )[:1]
    )


@prepared
def enrolments_read(officer: int, slug: str) -> QuerySet[Enrolment, Any]:
    """An officer's enrolment on the course at an address, the open one first, with the course's withdrawal and the last review."""
    return (
        Enrolment.objects.filter(officer=officer, course__slug=slug, outcome__in=("", EnrolmentOutcome.COMPLETED))
        .order_by(
            F("closed_at").desc(nulls_first=True),
            F("course__withdrawals__ended_at").asc(nulls_first=True),
            F("release__reviews__recorded_at").desc(nulls_last=True),
        )
        .values_list(
            *READER, "course__withdrawals__reason", "course__withdrawals__ended_at", "release__reviews__reviewed_on"
        )[:1]
    )


def course_standing(slug: str) -> CourseStanding | None:
    """Return how the course at this address stands now, or None where there is none. One query."""
    for *course, reason, at, ended_at, reviewed_on, name, title in courses_at(slug=slug):
        course[5], course[6] = course[5] or "", course[6] or 0
        by = f"{title} {name}".strip() if title else name or ""
        withdrawn = (reason, at) if ended_at is None else (None, None)
        values: tuple[Any, ...] = (*course, *withdrawn, reviewed_on, by)
        return CourseStanding(*values)
    return None


def reader_standing(user: AbstractBaseUser | AnonymousUser, slug: str) -> ReaderStanding | None:
    """Return the person's own enrolment on a course: the open one, else the last completed one.

    One query, a second where it was completed, and one more where a newer release has come out.
    """
    if user.pk is None:
        return None
    for *enrolment, reason, ended_at, reviewed_on in enrolments_read(officer=user.pk, slug=slug):
        values: tuple[Any, ...] = (*enrolment, reason if ended_at is None else None, reviewed_on)
        return with_demands([_as_corrected(ReaderStanding(*values))])[0]
    return None


def _as_corrected(reader: ReaderStanding) -> ReaderStanding:
    """Return the same as the completion's corrections have it."""
    if reader.completion is None:
        return reader
    corrected = corrected_completions([reader.completion])
    now = corrected.get(reader.completion)
    if reader.revocation is not None or (corrected and now is None):
        return replace(reader, certificate=None, valid_until=None, is_taken_back=True)
    certificate = certificate_of(reader.completion) if now is not None else None
    if now is None or certificate is None:
        return reader
    return replace(reader, certificate=certificate.pk, valid_until=now.valid_until)


def open_standings(user: AbstractBaseUser | AnonymousUser) -> list[ReaderStanding]:
    """Return the person's open enrolments with what newer releases ask of them. Two queries at most."""
    rows = Enrolment.objects.of(user).open().values_list(*READER)
    return with_demands([ReaderStanding(*row) for row in rows])


def with_demands(readers: list[ReaderStanding]) -> list[ReaderStanding]:
    """Return the same with what newer releases ask; no query where none is newer."""
    overtaken = {reader.course_id: reader for reader in readers if reader.is_overtaken}
    if not overtaken:
        return readers
    acknowledged = ReleaseAcknowledgement.objects.filter(
        release=OuterRef("pk"), enrolment__in=[reader.id for reader in overtaken.values()]
    )
    rows = (
        Release.objects.filter(course__in=overtaken)
        .exclude(demand=ReleaseDemand.NONE)
        .annotate(is_acknowledged=Exists(acknowledged))
        .order_by("number")
        .values_list("course_id", "demand", "is_acknowledged", "id", "number", "released_at", "demand_reason")
    )
    retakes: dict[int, NewerRelease] = {}
    changes: dict[int, NewerRelease] = {}
    for course, demand, is_acknowledged, pk, number, released_at, reason in rows:
        newer = NewerRelease(pk, number, released_at, reason)
        if newer.number <= overtaken[course].number:
            continue
        if demand == ReleaseDemand.RETAKE:
            retakes[course] = newer
        elif not is_acknowledged:
            changes[course] = newer
    return [
        replace(reader, retake=retakes.get(reader.course_id), acknowledge=changes.get(reader.course_id))
        if reader.course_id in overtaken
        else reader
        for reader in readers
    ]


def enrolment_behind(standing: ReaderStanding) -> Enrolment:
    """Return the row for the verbs that change it."""
    return Enrolment.objects.select_related("release", "course", "officer").get(pk=standing.id)


def course_behind(standing: CourseStanding) -> Course:
    return Course.objects.select_related("current_release").get(pk=standing.id)


def release_behind(number: int, standing: ReaderStanding) -> Release | None:
    """Return a release of the course one is on, by its number."""
    return Release.objects.filter(course=standing.course_id, number=number).first()
