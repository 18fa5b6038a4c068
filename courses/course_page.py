"""What a course's page says to one reader: the one button, the state beside it, what stands in the way.

The part that is the same for everybody is rendered once for each release and kept in the cache under its digest.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from courses.catalogue import in_sentence, listed
from courses.course_lines import Line, module_lines, step_address, step_to_resume
from courses.enrolments import Prerequisite, missing_courses
from courses.models import CompletionRule, Release, StepDone
from courses.outlines import KEPT_FOR, SHAPE, Outline, Step
from courses.progress import missing_for_completion
from courses.standing import CourseStanding, NewerRelease, ReaderStanding
from people import access
from people.dates import long_date
from people.durations import hours
from people.kept import kept
from people.prepared import prepared

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class CourseState:
    """``act`` is what the one button does: ``sign-in``, ``enrol``, ``continue``, ``start``, ``again``, ``retake`` or ``none``."""

    act: str
    lines: tuple[Line, ...]
    done: int = 0
    total: int = 0
    following: Step | None = None
    address: str = ""
    prerequisites: tuple[Prerequisite, ...] = ()
    to_retake: NewerRelease | None = None
    to_acknowledge: NewerRelease | None = None
    awaits_supervisor: bool = False


def course_state(
    course: CourseStanding,
    reader: ReaderStanding | None,
    outline: Outline,
    user: AbstractBaseUser | AnonymousUser,
    *,
    at: datetime,
) -> CourseState:
    """Return what the page offers this reader. At most two queries more than what is given."""
    if reader is None:
        return _for_visitor(course, outline, user, at=at)
    done = steps_done_on(reader)
    following = step_to_resume(outline, reader.place, done)
    lines = tuple(module_lines(outline, done, is_reader=True, following=following))
    to_retake, to_acknowledge = reader.retake, None if reader.retake else reader.acknowledge
    counted = sum(step.slug in done for step in outline.steps)
    target = following if reader.is_open else outline.steps[0] if outline.steps else None
    if to_retake:
        act = "retake"
    elif not reader.is_open:
        act = "none" if course.is_withdrawn else "again"
    elif following is None:
        act = "none"
    else:
        act = "continue" if counted or reader.place else "start"
    return CourseState(
        act=act,
        lines=lines,
        done=counted,
        total=len(outline.steps),
        following=following,
        address=step_address(outline, target) if target else "",
        to_retake=to_retake,
        to_acknowledge=to_acknowledge,
        awaits_supervisor=reader.is_open
        and outline.completion == CompletionRule.SUPERVISOR
        and not missing_for_completion(outline, done),
    )


@prepared
def steps_done(enrolment: UUID) -> QuerySet[StepDone, Any]:
    return StepDone.objects.filter(enrolment=enrolment).values_list("step")


def steps_done_on(reader: ReaderStanding) -> Collection[str]:
    return {step for (step,) in steps_done(enrolment=reader.id)}


def course_body(outline: Outline) -> tuple[SafeString, SafeString]:
    """Return what everybody shares: content warning and outcomes, then description and references."""
    key = f"courses.body.{SHAPE}.{outline.release}.{outline.digest}"
    return kept(key, lambda: _render_body(outline), seconds=KEPT_FOR)


def _render_body(outline: Outline) -> tuple[SafeString, SafeString]:
    html = Release.objects.values_list("description_html", flat=True).get(pk=outline.release)
    outcomes = [in_sentence(outcome["text"]) for outcome in outline.particulars.get("outcomes") or []]
    shown = {"shown": outline.particulars, "outcomes": outcomes, "description": mark_safe(html)}  # noqa: S308 - cleaned when frozen
    return (
        render_to_string("courses/parts/course_body.html", shown),
        render_to_string("courses/parts/course_background.html", shown),
    )


def particulars(course: CourseStanding, reader: ReaderStanding | None, outline: Outline) -> list[tuple[str, ...]]:
    """Return what 'About this course' lists: label, value, and sometimes a note."""
    shown = outline.particulars
    local = "Local default, not a national standard"
    defaults = shown.get("local_defaults") or []
    extra = shown.get("extra_minutes")
    rows: list[tuple[str, ...]] = [
        ("Hours", hours(outline.minutes), f"{hours(extra)} of it: {shown['extra_for']}" if extra else "")
    ]
    if shown.get("audience"):
        audience = listed([in_sentence(group) for group in shown["audience"]])
        rows.append(("For", audience[:1].upper() + audience[1:]))
    if awarded := shown.get("leads_to"):
        rows.append(("Leads to", listed([one["title"] for one in awarded]), "Awarded when you finish"))
    months = outline.validity_months
    rows.append(
        (
            "Lasts",
            f"{months} months" if months else "Does not expire",
            local if months and "validity_months" in defaults else "",
        )
    )
    rows += [("Code", outline.code), ("Release", _release_words(course, reader, outline))]
    reviewed = reader.reviewed_on if reader else course.reviewed_on
    by = f" by {course.reviewed_by}" if course.reviewed_by and course.number == outline.number else ""
    if reviewed:
        rows.append(("Law checked", f"{long_date(reviewed)}{by}"))
    else:
        rows.append(("Law checked", "Illustrative content, to be reviewed by the force"))
    return rows


def steps_heading(outline: Outline) -> str:
    """Say how much there is: 'Six modules, 21 steps'."""
    modules, steps = len(outline.module_titles), len(outline.steps)
    words = NUMBER_WORDS[modules] if modules < len(NUMBER_WORDS) else str(modules)
    counted = f"{words.capitalize()} module{'' if modules == 1 else 's'}, " if modules else ""
    return f"{counted}{steps} step{'' if steps == 1 else 's'}"


def _release_words(course: CourseStanding, reader: ReaderStanding | None, outline: Outline) -> str:
    if course.number == outline.number and course.released_at:
        return f"{outline.number}, of {long_date(timezone.localdate(course.released_at))}"
    return str(outline.number)


def _for_visitor(
    course: CourseStanding, outline: Outline, user: AbstractBaseUser | AnonymousUser, *, at: datetime
) -> CourseState:
    lines = tuple(module_lines(outline, (), is_reader=False, following=None))
    if course.is_withdrawn:
        return CourseState("none", lines, total=len(outline.steps))
    if not access.is_person(user):
        return CourseState("sign-in", lines, total=len(outline.steps))
    missing = tuple(missing_courses(user, outline.particulars.get("requires") or [], on=at))
    return CourseState("none" if missing else "enrol", lines, total=len(outline.steps), prerequisites=missing)
