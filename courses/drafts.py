"""A course as its authors last saved it: the course page, its modules and its steps, in order, read in a handful of queries.

Whether a module or step is 'live' in Wagtail means nothing here; what is saved last is what counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from wagtail.models import Page, Revision

from courses.models.pages import (
    AssessmentStepPage,
    CoursePage,
    FamilyPage,
    LessonPage,
    ModulePage,
    ReflectiveTaskPage,
)
from courses.models.releases import StepKind
from courses.rendering import CourseFrame, RawLesson, frame_of, raw_body

StepPage = LessonPage | AssessmentStepPage | ReflectiveTaskPage
KINDS: dict[type[Page], StepKind] = {
    LessonPage: StepKind.LESSON,
    AssessmentStepPage: StepKind.ASSESSMENT,
    ReflectiveTaskPage: StepKind.REFLECTIVE_TASK,
}


@dataclass(frozen=True)
class StepDraft:
    """A step as last saved, and the revision that holds it (None where it was only ever saved without one)."""

    page: StepPage
    revision: int | None
    kind: StepKind
    module: ModuleDraft | None = None

    @property
    def body(self) -> RawLesson:
        """The lesson's blocks as raw JSON, each with its id; empty for other kinds."""
        return raw_body(self.page) if isinstance(self.page, LessonPage) else []


@dataclass(frozen=True)
class ModuleDraft:
    """A module as last saved."""

    page: ModulePage
    revision: int | None


@dataclass(frozen=True)
class CourseDraft:
    """A course as last saved. ``steps`` are in the order a learner meets them."""

    page: CoursePage
    revision: int | None
    family: FamilyPage
    modules: list[ModuleDraft] = field(default_factory=list)
    steps: list[StepDraft] = field(default_factory=list)

    @property
    def frame(self) -> CourseFrame:
        return frame_of(self.page)

    def pages(self) -> Iterator[tuple[Page, int | None]]:
        """Yield every page with its revision, the course page first."""
        yield self.page, self.revision
        for module in self.modules:
            yield module.page, module.revision
        for step in self.steps:
            yield step.page, step.revision


def draft_of(course_page: CoursePage, *, revision: Revision | None = None) -> CourseDraft:
    """Return the course as last saved; with ``revision``, the course page itself as that revision has it."""
    family = cast(FamilyPage, course_page.get_parent().specific)
    # A part the course's folder no longer has is set aside: it stays in the tree as expired, and out of the course.
    below = list(Page.objects.descendant_of(course_page).filter(expired=False).order_by("path").specific())
    latest = _latest(below)
    page = revision.as_object() if revision else course_page.get_latest_revision_as_object()
    modules: list[ModuleDraft] = []
    steps: list[StepDraft] = []
    open_modules: dict[str, ModuleDraft] = {}
    for stored in below:
        current = latest.get(stored.pk, stored)
        if isinstance(current, ModulePage):
            module = ModuleDraft(current, stored.latest_revision_id)
            modules.append(module)
            open_modules[stored.path] = module
        elif type(current) in KINDS:
            above = open_modules.get(stored.path[: -Page.steplen])
            steps.append(
                StepDraft(cast(StepPage, current), stored.latest_revision_id, KINDS[type(current)], module=above)
            )
    return CourseDraft(page, revision.pk if revision else course_page.latest_revision_id, family, modules, steps)


def _latest(pages: list[Page]) -> dict[int, Page]:
    """Return the last saved state of those pages that have one beyond the row itself, read in one query."""
    behind = {
        page.latest_revision_id: page for page in pages if page.has_unpublished_changes and page.latest_revision_id
    }
    saved: dict[int, Page] = {}
    for number, revision in Revision.objects.in_bulk(list(behind)).items():
        stored = behind[number]
        # Not revision.as_object(): that asks the database again for every page.
        page = type(stored).from_serializable_data(revision.content, check_fks=False)
        page.pk, page.path, page.depth, page.url_path = stored.pk, stored.path, stored.depth, stored.url_path
        saved[stored.pk] = page
    return saved
