"""The pages of a course as a folder has them: made where they are missing, changed where they differ, set aside where the folder has none.

Modules and steps are drafts for ever, as those an author makes: what learners read is a release of the course.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from assessments.models import Assessment
from courses.folder.bodies import Targets, raw_body, rich_text_of
from courses.folder.promises import promise_of
from courses.folder.shapes import Course, Lesson, Module, Step, Test
from courses.models import (
    AssessmentStepPage,
    CourseOutcome,
    CoursePage,
    CourseReference,
    FamilyPage,
    LessonPage,
    ModulePage,
    ReflectiveTaskPage,
)

if TYPE_CHECKING:
    from people.models import User

PART_TYPES = (ModulePage, LessonPage, AssessmentStepPage, ReflectiveTaskPage)


class CannotReplace(Exception):
    """The course in the product and the folder cannot be brought together; the message is a sentence."""


def write_course_page(
    course: Course,
    page: CoursePage | None,
    family: FamilyPage,
    *,
    media: Mapping[str, int],
    assessments: Mapping[str, Assessment],
    by: User | None,
) -> CoursePage:
    """Write a course's pages and return the course page, saved but without a revision of it yet."""
    targets = Targets({}, media, {file.name: file for file in course.media})
    page = _course_page(course, page, family, targets)
    parts = _Parts(page, by)
    for module in course.modules:
        parts.put(page, ModulePage, module.slug, {"title": module.title, "summary": module.summary})
    for module in course.modules:
        above = parts.modules[module.slug]
        for step in module.steps:
            kind = LessonPage if isinstance(step, Lesson) else ReflectiveTaskPage
            parts.put(above, kind, step.slug, _first_values(step))
    for test in course.tests:
        values = {"title": test.title, "assessment": assessments[test.slug], "introduction": test.introduction}
        parts.put(_above(test, course, page, parts), AssessmentStepPage, test.slug, values)
    # Only now does every step have a page that a link can lead to.
    ids = {slug: part.pk for slug, part in parts.steps.items()}
    targets = Targets(ids, media, targets.files)
    for step in course.steps():
        parts.change(parts.steps[step.slug], _last_values(step, course, targets))
    parts.save_revisions()
    parts.set_aside()
    _order(page, [*(parts.modules[module.slug] for module in course.modules), *_tests_in(course, "", parts)])
    for module in course.modules:
        _order(parts.modules[module.slug], _children(module, course, parts))
    page.refresh_from_db()
    return page


def _course_page(course: Course, page: CoursePage | None, family: FamilyPage, targets: Targets) -> CoursePage:
    warning, extra = course.content_warning, course.extra_minutes
    known = page is not None
    page = page or CoursePage(live=False, has_unpublished_changes=True)
    values: dict[str, Any] = {
        "code": course.code,
        "title": course.title,
        "draft_title": course.title,
        "promise": course.promise or promise_of(course.outcomes),
        "description": rich_text_of(course.description, targets),
        "audience": list(course.audience),
        "minutes": course.minutes,
        "extra_minutes": extra.minutes if extra else None,
        "extra_for": extra.purpose if extra else "",
        "validity_months": course.validity_months,
        "leads_to": list(course.leads_to),
        "certificate_template": course.certificate_template,
        "completion": course.completion,
        "requires": list(course.requires),
        "local_defaults": list(course.local_defaults),
        "marking": course.marking,
        "jurisdiction": course.jurisdiction,
        "warning_topic": warning.topic if warning else "",
        "warning_text": warning.text if warning else "",
        "warning_alternative": warning.alternative if warning else "",
        "warning_support": list(warning.support) if warning else [],
        "outcomes": [
            CourseOutcome(code=row.id, text=row.text, sort_order=place) for place, row in enumerate(course.outcomes)
        ],
        "references": [
            CourseReference(
                code=row.id,
                title=row.title,
                provision=row.provision,
                says=row.says,
                extent=row.extent,
                url=row.url,
                text_as_at=row.text_as_at,
                checked_on=row.checked_on,
                checked_by=row.checked_by,
                against=row.against,
                confidence=row.confidence,
                review_by=row.review_by,
                sort_order=place,
            )
            for place, row in enumerate(course.references)
        ],
    }
    for name, value in values.items():
        setattr(page, name, value)
    if not known:
        family.add_child(instance=page)
        return page
    page.save()
    if page.get_parent().pk != family.pk:
        page.move(family, pos="last-child")
        page = CoursePage.objects.get(pk=page.pk)
    return page


def _first_values(step: Step) -> dict[str, Any]:
    values: dict[str, Any] = {"title": step.title, "minutes": step.minutes, "outcomes": list(step.outcomes)}
    if isinstance(step, Lesson):
        return values | {"point": step.point, "topics": list(step.topics)}
    return values | {"prompt": ""}


def _last_values(step: Step, course: Course, targets: Targets) -> dict[str, Any]:
    if not isinstance(step, Lesson):
        return {"prompt": rich_text_of(step.prompt, targets)}
    blocks = LessonPage._meta.get_field("body").stream_block  # type: ignore[union-attr]
    return {"body": blocks.to_python(raw_body(step.blocks, course.code, step.slug, targets))}


def _above(test: Test, course: Course, page: CoursePage, parts: _Parts) -> Page:
    """Return the page a test stands below: its module, or the course."""
    module = next((module for module in course.modules if module.folder == test.module), None)
    return parts.modules[module.slug] if module else page


def _tests_in(course: Course, folder: str, parts: _Parts) -> list[Page]:
    return [parts.steps[test.slug] for test in course.tests if test.module == folder]


def _children(module: Module, course: Course, parts: _Parts) -> list[Page]:
    return [*(parts.steps[step.slug] for step in module.steps), *_tests_in(course, module.folder, parts)]


class _Parts:
    """The modules and steps of a course page: found by slug, wherever in the course they stand, or made."""

    def __init__(self, page: CoursePage, by: User | None) -> None:
        self.by = by
        below = Page.objects.descendant_of(page).order_by("path").specific()
        # Nothing in the product but a part's own last saved state may be lost: latest, not live.
        latest = [part.get_latest_revision_as_object() for part in below if isinstance(part, PART_TYPES)]
        self._known_modules = {part.slug: part for part in latest if isinstance(part, ModulePage)}
        self._known_steps = {part.slug: part for part in latest if not isinstance(part, ModulePage)}
        self.modules: dict[str, Page] = {}
        self.steps: dict[str, Page] = {}
        self._changed: dict[int, Page] = {}

    def put(self, above: Page, kind: type[Page], slug: str, values: Mapping[str, Any]) -> None:
        """Make the part, or bring the one of that slug to these values and below ``above``."""
        known = self._known_modules if kind is ModulePage else self._known_steps
        part = known.get(slug)
        if part is None:
            part = kind(slug=slug, live=False, has_unpublished_changes=True, **values)
            Page.objects.get(pk=above.pk).specific.add_child(instance=part)
            self._changed[part.pk] = part
        elif not isinstance(part, kind):
            raise CannotReplace(
                f"The step '{slug}' is a {part._meta.verbose_name} in the product and a {kind._meta.verbose_name}"
                " in the folder. Give it another slug in the folder."
            )
        else:
            self.change(part, dict(values))
            if part.get_parent().pk != above.pk:
                part.move(Page.objects.get(pk=above.pk), pos="last-child")
                part = kind.objects.get(pk=part.pk)
                self.change(part, dict(values))
        (self.modules if kind is ModulePage else self.steps)[slug] = part

    def change(self, part: Page, values: Mapping[str, Any]) -> None:
        """Set what differs; a part that was set aside is taken up again."""
        fields = {name: part._meta.get_field(name) for name in values}
        new = {name: field.get_prep_value(values[name]) for name, field in fields.items() if name != "assessment"}
        old = {
            name: field.get_prep_value(getattr(part, name)) for name, field in fields.items() if name != "assessment"
        }
        same_assessment = "assessment" not in values or part.assessment_id == values["assessment"].pk
        if new == old and same_assessment and not part.expired:
            return
        for name, value in values.items():
            setattr(part, name, value)
        if "title" in values:
            part.draft_title = values["title"]
        part.expired = False
        self._changed[part.pk] = part

    def save_revisions(self) -> None:
        for part in self._changed.values():
            # Children came and went since the part was read: its place in the tree is the database's to say.
            part.refresh_from_db(fields=["path", "depth", "numchild", "url_path"])
            part.has_unpublished_changes = True
            part.save()
            part.save_revision(user=self.by)

    def set_aside(self) -> None:
        """Mark what the folder does not have as expired: it stays in the tree, and out of every later release."""
        kept = {part.pk for part in (*self.modules.values(), *self.steps.values())}
        for part in (*self._known_modules.values(), *self._known_steps.values()):
            if part.pk not in kept:
                type(part).objects.filter(pk=part.pk).update(expired=True)


def _order(above: Page, wanted: Iterable[Page]) -> None:
    """Put the children into the folder's order; what is set aside stands before them."""
    ids = [part.pk for part in wanted]
    found = list(Page.objects.child_of(Page.objects.get(pk=above.pk)).order_by("path").values_list("pk", flat=True))
    if [number for number in found if number in ids] == ids:
        return
    for number in ids:
        Page.objects.get(pk=number).move(Page.objects.get(pk=above.pk), pos="last-child")
