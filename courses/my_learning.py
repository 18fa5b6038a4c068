"""What an officer has before them: open courses, what is due, what is finished, which sittings are open.

Each function reads one section, so that a page can show the others when one fails. Nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from assessments.attempts import can_start
from assessments.models import AssessmentVersion, Attempt
from courses.completions import finishes
from courses.course_lines import step_to_resume
from courses.models import Completion, CourseWithdrawal, Release, ReleaseDemand, StepDone
from courses.outlines import Outline, Step, outlines_of
from courses.progress import context_of
from courses.standing import ReaderStanding, open_standings
from cpd_records.models import Activity, ActivityState
from people.dates import long_date
from people.durations import hours
from people.models import User

DUE_DAYS = 90


@dataclass(frozen=True, slots=True)
class OpenCourse:
    """A course somebody is on. ``waits`` is a sentence while the next step cannot be opened yet."""

    reader: ReaderStanding
    outline: Outline
    done: int
    following: Step | None
    opened_at: datetime
    opened_words: str
    waits: str = ""

    @property
    def total(self) -> int:
        return len(self.outline.steps)

    @property
    def is_begun(self) -> bool:
        return bool(self.done or self.reader.place)

    @property
    def address(self) -> str:
        return f"/learn/{self.outline.slug}/" if self.following else f"/catalogue/{self.outline.slug}/"


class DueKind(StrEnum):
    """What asks for something: a newer release, a certificate that ends, a requirement, a supervisor, a phase of initial training."""

    RELEASE = "release"
    CERTIFICATE = "certificate"
    REQUIREMENT = "requirement"
    NOMINATION = "nomination"
    PHASE = "phase"


@dataclass(frozen=True, slots=True)
class Due:
    """Something to renew or to begin, ``words`` and ``state`` its look. ``by`` is the last day it carries, where there is one.

    ``kind`` says what asks for it; ``course`` is the code of the course that answers it, empty where there is none. ``blocks``: until
    it is done something may not be done. ``nomination`` is the number of one the officer can decline.
    """

    course: str
    title: str
    address: str
    detail: str
    words: str
    is_expired: bool
    by: date | None = None
    button: str = "Open the course"
    kind: DueKind = DueKind.CERTIFICATE
    state: str = "due"
    blocks: bool = False
    nomination: int | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A completed course."""

    title: str
    address: str
    on: date
    minutes: int
    was_assessed: bool
    certificate: str
    is_certificate_ready: bool

    @property
    def detail(self) -> str:
        return f"{'Passed' if self.was_assessed else 'Completed'} {long_date(self.on)}. {hours(self.minutes)}."

    @property
    def side(self) -> str:
        """The certificate's link, or that it is being made."""
        if not self.is_certificate_ready:
            return "Certificate is being made"
        return format_html(
            '<a href="{}">Certificate (PDF)<span class="govuk-visually-hidden">: {}</span></a>',
            self.certificate,
            self.title,
        )


def open_courses(officer: User, *, at: datetime) -> list[OpenCourse]:
    """Return the officer's open courses, the last opened first. Two queries, and one for each test that waits."""
    readers = open_standings(officer)
    outlines = outlines_of({reader.release: reader.digest for reader in readers})
    done: dict[UUID, set[str]] = {reader.id: set() for reader in readers}
    for enrolment, step in StepDone.objects.filter(enrolment__in=list(done)).values_list("enrolment", "step"):
        done[enrolment].add(step)
    courses = []
    for reader in readers:
        outline = outlines[reader.release]
        following = step_to_resume(outline, reader.place, done[reader.id])
        opened_at = reader.place_at or reader.enrolled_at
        courses.append(
            OpenCourse(
                reader=reader,
                outline=outline,
                done=sum(step.slug in done[reader.id] for step in outline.steps),
                following=following,
                opened_at=opened_at,
                opened_words=_opened(opened_at, at, was_opened=reader.place_at is not None),
                waits=_waits(officer, reader, following, at=at),
            )
        )
    return sorted(courses, key=lambda course: course.opened_at, reverse=True)


def due_soon(officer: User, *, on: date) -> list[Due]:
    """Return what falls due in the next 90 days or has expired, and what newer releases ask; the earliest first."""
    latest: dict[str, tuple[str, str, date | None, int, int]] = {}
    for one in finishes(Completion.objects.filter(enrolment__officer=officer)):
        taken, release = one.completion.enrolment.course, one.completion.enrolment.release
        latest[taken.code] = (taken.slug, release.title, one.valid_until, taken.pk, release.number)
    withdrawn = set(CourseWithdrawal.objects.filter(ended_at__isnull=True).values_list("course", flat=True))
    retakes = _retakes({course for _s, _t, _u, course, _n in latest.values()})
    found = [*_asked_of_open(officer)]
    open_codes = {due.course for due in found}
    for code, (slug, title, until, course, number) in latest.items():
        address = f"/catalogue/{slug}/"
        newer = retakes.get(course, 0)
        if course in withdrawn or code in open_codes:
            continue
        if newer > number:
            found.append(
                Due(
                    code,
                    title,
                    address,
                    f"Release {newer} must be taken again.",
                    "Due now",
                    False,
                    kind=DueKind.RELEASE,
                )
            )
        elif until is not None and until < on:
            found.append(
                Due(
                    code,
                    title,
                    address,
                    f"Expired on {long_date(until)}.",
                    "Expired",
                    True,
                    until,
                    state="certificate-expired",
                    blocks=True,
                )
            )
        elif until is not None and until <= on + timedelta(days=DUE_DAYS):
            found.append(
                Due(code, title, address, f"In date to {long_date(until)}.", due_words(until, on), False, until)
            )
    return sorted(found, key=lambda due: (due.by or date.min, due.title))


def finished(officer: User) -> list[Finished]:
    """Return the courses the officer completed, the latest first, as the record has them now. Two queries."""
    return [
        Finished(
            one.completion.enrolment.release.title,
            f"/catalogue/{one.completion.enrolment.course.slug}/",
            one.day,
            one.minutes,
            one.completion.attempt is not None and one.completion.attempt.outcome == "passed",
            reverse("cpd_records:certificate", args=[one.certificate.pk]),
            one.certificate.is_ready,
        )
        for one in reversed(finishes(Completion.objects.filter(enrolment__officer=officer)))
    ]


def open_sittings(officer: User) -> list[Attempt]:
    """Return attempts that are running, the one that ends first at the head. One query."""
    rows = Attempt.objects.sat_by(officer).open().order_by(F("deadline_at").asc(nulls_last=True), "started_at")
    return list(rows.only("id", "context_title", "deadline_at", "context_ref"))


def _waits(officer: User, reader: ReaderStanding, following: Step | None, *, at: datetime) -> str:
    """Say why the next test cannot be opened yet, where one was sat already."""
    if following is None or following.assessment_version is None:
        return ""
    ref = context_of(reader.context_ref, following.slug)
    if not Attempt.objects.sat_by(officer).filter(context_ref=ref).exists():
        return ""
    version = AssessmentVersion.objects.select_related("assessment").get(pk=following.assessment_version)
    answer = can_start(version, officer, context_ref=ref, at=at)
    if answer.allowed or answer.open_attempt is not None:
        return ""
    return answer.reason


def _asked_of_open(officer: User) -> list[Due]:
    """Return what newer releases ask of the courses the officer is on."""
    found = []
    for reader in open_standings(officer):
        address = f"/catalogue/{reader.slug}/"
        if reader.retake:
            detail = f"Release {reader.newest_number} must be taken instead of release {reader.number}."
            found.append(Due(reader.code, reader.title, address, detail, "Due now", False, kind=DueKind.RELEASE))
        elif reader.acknowledge:
            detail = "A newer release changed something you must know. Read what changed."
            found.append(
                Due(
                    reader.code,
                    reader.title,
                    address,
                    detail,
                    "Due now",
                    False,
                    button="Read what changed",
                    kind=DueKind.RELEASE,
                )
            )
    return found


def _retakes(courses: set[int]) -> dict[int, int]:
    """Return by course the newest release that must be taken again."""
    rows = Release.objects.filter(course__in=courses, demand=ReleaseDemand.RETAKE).order_by("number")
    return dict(rows.values_list("course_id", "number"))


def _opened(opened_at: datetime, at: datetime, *, was_opened: bool) -> str:
    """Say when a course was last opened: 'Opened yesterday', 'Opened 19 November', 'Enrolled today'."""
    day, today = timezone.localdate(opened_at), timezone.localdate(at)
    verb = "Opened" if was_opened else "Enrolled"
    if day == today:
        return f"{verb} today"
    if day == today - timedelta(days=1):
        return f"{verb} yesterday"
    return f"{verb} {day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def due_words(until: date, on: date) -> str:
    days = (until - on).days
    return "Due today" if days == 0 else "Due tomorrow" if days == 1 else f"Due in {days} days"


def returned_activities(officer: User) -> list[Activity]:
    """Return the officer's CPD activities that came back with a reason."""
    return list(Activity.objects.of(officer).filter(state=ActivityState.RETURNED).with_reason().newest_first())
