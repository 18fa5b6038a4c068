"""What a release holds, as pages use it: read once, kept in the cache under its digest, never personal.

Releases are immutable, so nothing here is ever invalidated; what is live (review, withdrawal, a newer release) is not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models.fields.json import KeyTransform

from assessments.blueprints import least_by_section
from assessments.models import Layout, Navigation
from courses.models import Release, ReleaseStep, StepKind
from courses.rendering import split_at_slots
from people.kept import kept, kept_many

# Raised when the shape of what is kept changes, so that a newer program never reads an older one's.
SHAPE = 2
KEPT_FOR = int(timedelta(days=7).total_seconds())

# Headings of running text; those of panels carry a class and are not places to send somebody back to.
HEADING = re.compile(r"<h2>(?P<text>.*?)</h2>", re.DOTALL)
MARKUP = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class AssessmentRules:
    """What a candidate is told before an assessment. Minutes, per cent, hours; None where there is no such rule.

    ``sections`` are those of the paper in their order, each with the per cent it has to reach.
    """

    title: str
    questions: int
    minutes: int | None
    pass_percent: int | None
    must_pass: bool
    attempts: int | None
    wait_hours: int
    feedback: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_whole: bool = False
    is_forward: bool = False
    sections: tuple[tuple[str, int | None], ...] = ()
    counts_confidence: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step as lists show it. ``module`` is the number of its module from 1, or 0 where it stands outside any."""

    id: int
    position: int
    slug: str
    kind: str
    title: str
    minutes: int
    point: str
    outcomes: tuple[str, ...]
    topics: tuple[str, ...]
    module: int
    digest: str
    assessment_version: int | None = None
    rules: AssessmentRules | None = None

    @property
    def is_assessment(self) -> bool:
        return self.kind == StepKind.ASSESSMENT

    @property
    def is_lesson(self) -> bool:
        return self.kind == StepKind.LESSON


@dataclass(frozen=True, slots=True)
class Module:
    """A module and its steps in order; a step outside any module is a module of one step without a number."""

    number: int
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Outline:
    """A release without its lessons' text. ``particulars`` is what the course page shows, as it read then."""

    release: int
    digest: str
    number: int
    code: str
    slug: str
    family: str
    title: str
    minutes: int
    validity_months: int | None
    completion: str
    particulars: dict[str, Any]
    steps: tuple[Step, ...]
    module_titles: tuple[str, ...]

    @cached_property
    def by_slug(self) -> dict[str, Step]:
        return {step.slug: step for step in self.steps}

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """Modules in the order of their first steps."""
        groups: list[tuple[int, list[Step]]] = []
        for step in self.steps:
            if groups and step.module and groups[-1][0] == step.module:
                groups[-1][1].append(step)
            else:
                groups.append((step.module, [step]))
        return tuple(
            Module(number, self.module_titles[number - 1] if number else steps[0].title, tuple(steps))
            for number, steps in groups
        )

    @property
    def assessments(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_assessment)

    def module_of(self, step: Step) -> Module:
        return next(module for module in self.modules if step in module.steps)

    def after(self, step: Step) -> Step | None:
        return self._beside(step, 1)

    def before(self, step: Step) -> Step | None:
        return self._beside(step, -1)

    def _beside(self, step: Step, way: int) -> Step | None:
        place = self.steps.index(step) + way
        return self.steps[place] if 0 <= place < len(self.steps) else None


@dataclass(frozen=True, slots=True)
class LessonPart:
    """A stretch of a lesson: ``html`` as it was released, or the name of a ``slot``.

    ``heading`` is the last section heading above a slot and ``anchor`` its id on the page, so that a wrong answer can point back to it.
    """

    html: str = ""
    slot: str = ""
    heading: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A step's content: parts in reading order, and what stands in its slots."""

    parts: tuple[LessonPart, ...]
    checks: dict[str, dict[str, Any]]
    reflections: dict[str, str]


def outline_of(release_id: int, digest: str) -> Outline:
    """Return the outline of a release, from the cache when it was read before; two queries when not."""
    return kept(_outline_key(release_id, digest), lambda: _read_outline(release_id), seconds=KEPT_FOR)


def outlines_of(releases: dict[int, str]) -> dict[int, Outline]:
    """Return the outlines of several releases (id to digest) by id; one look into the cache for all of them."""
    keys = {_outline_key(pk, digest): pk for pk, digest in releases.items()}
    found: dict[int, Outline] = {keys[key]: outline for key, outline in kept_many(keys, seconds=KEPT_FOR).items()}
    for pk, digest in releases.items():
        if pk not in found:
            found[pk] = outline_of(pk, digest)
    return found


def lesson_of(step: Step) -> Lesson:
    """Return what a step shows, from the cache when it was read before; one query when not."""
    return kept(f"courses.lesson.{SHAPE}.{step.id}.{step.digest}", lambda: _read_lesson(step.id), seconds=KEPT_FOR)


def _outline_key(release_id: int, digest: str) -> str:
    return f"courses.outline.{SHAPE}.{release_id}.{digest}"


def _read_lesson(step_id: int) -> Lesson:
    row = ReleaseStep.objects.values("html", "checks", "reflections").get(pk=step_id)
    return Lesson(tuple(_parts(row["html"])), row["checks"], row["reflections"])


def _parts(html: str) -> Iterator[LessonPart]:
    """Yield the parts in order, with an id on each section heading."""
    heading, anchor, count = "", "", 0

    def numbered(found: re.Match[str]) -> str:
        nonlocal heading, anchor, count
        count += 1
        heading, anchor = MARKUP.sub("", found["text"]).strip(), f"section-{count}"
        return f'<h2 id="{anchor}">{found["text"]}</h2>'

    for kind, content in split_at_slots(html):
        if kind == "html":
            yield LessonPart(html=HEADING.sub(numbered, content))
        else:
            yield LessonPart(slot=content, heading=heading, anchor=anchor)


def _read_outline(release_id: int) -> Outline:
    release = Release.objects.select_related("course").get(pk=release_id)
    rows = list(
        ReleaseStep.objects.filter(release=release)
        .select_related("assessment_version")
        .annotate(topics=KeyTransform("topics", "content"))
        .defer("content", "html", "text", "checks", "reflections", "references")
        .order_by("position")
    )
    modules: dict[str, int] = {}
    titles: list[str] = []
    for row in rows:
        if row.module_slug and row.module_slug not in modules:
            modules[row.module_slug] = len(modules) + 1
            titles.append(row.module_title)
    return Outline(
        release=release.pk,
        digest=release.digest,
        number=release.number,
        code=release.course.code,
        slug=release.course.slug,
        family=release.course.family,
        title=release.title,
        minutes=release.minutes,
        validity_months=release.validity_months,
        completion=release.completion,
        particulars=release.particulars,
        steps=tuple(_step(row, modules) for row in rows),
        module_titles=tuple(titles),
    )


def _step(row: Any, modules: dict[str, int]) -> Step:
    version = row.assessment_version
    rules = None
    if version is not None:
        rules = AssessmentRules(
            title=version.title,
            questions=sum(int(line["count"]) for line in version.draw),
            minutes=version.minutes,
            pass_percent=version.pass_percent,
            must_pass=version.must_pass,
            attempts=version.attempts,
            wait_hours=version.wait_hours,
            feedback=version.feedback,
            opens_at=version.opens_at,
            closes_at=version.closes_at,
            is_whole=version.layout == Layout.WHOLE,
            is_forward=version.navigation == Navigation.FORWARD,
            sections=tuple(least_by_section(version).items()),
            counts_confidence=version.counts_confidence,
        )
    return Step(
        id=row.pk,
        position=row.position,
        slug=row.slug,
        kind=row.kind,
        title=row.title,
        minutes=row.minutes or (rules.minutes or 0 if rules else 0),
        point=row.point,
        outcomes=tuple(row.outcomes),
        topics=tuple(row.topics or ()),
        module=modules.get(row.module_slug, 0),
        digest=row.digest,
        assessment_version=row.assessment_version_id,
        rules=rules,
    )
