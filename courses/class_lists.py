"""Who is on a course: which release, where they are, when they last did something, how many attempts are left."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import Coalesce, Greatest

from assessments.models import Attempt
from courses.enrolments import context_stem
from courses.models import Enrolment, ReleaseStep, StepKind
from courses.progress import context_of
from people.models import User


@dataclass(frozen=True)
class ClassLine:
    """One person on a course. ``attempts_left`` names each limited assessment with what is left of it."""

    enrolment: UUID
    officer: User
    release: int
    is_current: bool
    place: str
    done: int
    steps: int
    last_active_at: datetime
    closed_at: datetime | None
    outcome: str
    attempts_left: list[tuple[str, int]]


def enrolments_of_class(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Order enrolments for a class list: those still open first, longest silent first, so that who needs a word is on top."""
    return (
        enrolments.select_related("officer", "release", "course")
        .annotate(
            last_done=Max("steps_done__at"),
            done_count=Count("steps_done", distinct=True),
            last_active=Greatest(
                F("enrolled_at"), Coalesce(F("place_at"), F("enrolled_at")), Coalesce(F("last_done"), F("enrolled_at"))
            ),
        )
        .order_by(F("closed_at").desc(nulls_first=True), "last_active", "officer__name")
    )


def class_lines(enrolments: list[Enrolment]) -> list[ClassLine]:
    """Return the lines of a page of a class list, in three queries however many people are on it."""
    steps = _steps_of({enrolment.release_id for enrolment in enrolments})
    used = _attempts_used(enrolments)
    return [_line(enrolment, steps[enrolment.release_id], used) for enrolment in enrolments]


def _line(enrolment: Any, steps: list[ReleaseStep], used: Counter[tuple[int, str]]) -> ClassLine:
    titles = {step.slug: step.title for step in steps}
    left = []
    for step in steps:
        version = step.assessment_version
        if step.kind == StepKind.ASSESSMENT and version is not None and version.attempts is not None:
            ref = context_of(context_stem(enrolment), step.slug)
            left.append((step.title, max(0, version.attempts - used[enrolment.officer_id, ref])))
    return ClassLine(
        enrolment=enrolment.pk,
        officer=enrolment.officer,
        release=enrolment.release.number,
        is_current=enrolment.release_id == enrolment.course.current_release_id,
        place=titles.get(enrolment.place, ""),
        done=min(enrolment.done_count, len(steps)),
        steps=len(steps),
        last_active_at=enrolment.last_active,
        closed_at=enrolment.closed_at,
        outcome=enrolment.get_outcome_display() if enrolment.outcome else "",
        attempts_left=left if enrolment.closed_at is None else [],
    )


def _steps_of(releases: set[int]) -> dict[int, list[ReleaseStep]]:
    found: dict[int, list[ReleaseStep]] = defaultdict(list)
    rows = ReleaseStep.objects.filter(release__in=releases).select_related("assessment_version")
    for step in rows.only("release", "slug", "title", "kind", "position", "assessment_version__attempts"):
        found[step.release_id].append(step)
    return found


def _attempts_used(enrolments: list[Enrolment]) -> Counter[tuple[int, str]]:
    """Return how many attempts each officer has used up, by officer and by what the attempt counts for."""
    courses = {enrolment.course_id for enrolment in enrolments}
    used: Counter[tuple[int, str]] = Counter()
    for course in courses:
        attempts = Attempt.objects.filter(
            officer__in=[enrolment.officer_id for enrolment in enrolments], context_ref__startswith=f"course:{course}:"
        ).counted()
        used.update(attempts.values_list("officer_id", "context_ref"))
    return used
