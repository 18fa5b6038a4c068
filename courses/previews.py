"""What authors and reviewers see of a page before it comes out: the learners' own markup, every check open, nothing counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Page as PageOfResults
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from assessments import question_types
from assessments.models import QuestionVersion, VersionState
from assessments.picture_addresses import address_in_bank
from assessments.question_types import Address
from courses.catalogue import ON_A_PAGE, Entry, Family, Listing, Query, in_sentence, listing
from courses.drafts import draft_of
from courses.freezing import warning_of
from courses.lesson_media import PreviewMedia, picture_name
from courses.lesson_page import Check, Part, Reflection
from courses.models import (
    AssessmentStepPage,
    CataloguePage,
    CoursePage,
    FamilyPage,
    LessonPage,
    ReflectiveTaskPage,
    ReviewList,
)
from courses.qualifying import as_released
from courses.rendering import (
    RawLesson,
    RenderedLesson,
    frame_of,
    raw_body,
    render_lesson,
    render_prompt,
    split_at_slots,
)
from people import clock


@dataclass(frozen=True)
class ShownStep:
    """A step as its page shows it. ``missing`` are codes of checks that have no version yet."""

    title: str
    module: str
    course: str
    minutes: int
    point: str
    parts: list[Part]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownCourse:
    """A course page as learners will meet it: particulars in the shape of a release, its modules with their steps."""

    particulars: dict[str, Any]
    description: SafeString
    outcomes: list[str]
    modules: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class ShownListing:
    """The first page of the catalogue or of a family, as readers will meet it: ``pages`` are the numbers of all."""

    listing: Listing
    query: Query
    page: PageOfResults[Entry]
    pages: list[int]


def step_as_saved(page: Any) -> ShownStep:
    """Return a lesson, task or assessment step from its page, saved or not."""
    module = page.get_parent().specific
    course = module if isinstance(module, CoursePage) else module.get_parent().specific
    course = course.get_latest_revision_as_object()
    body: RawLesson = raw_body(page) if isinstance(page, LessonPage) else []
    if isinstance(page, ReflectiveTaskPage):
        body = [{"type": "reflect", "value": {"prompt": page.prompt}, "id": "task"}]
    media = PreviewMedia([body])
    if isinstance(page, ReflectiveTaskPage):
        rendered = render_prompt(page.prompt, media=media)
    elif isinstance(page, AssessmentStepPage):
        rendered = RenderedLesson(html=linebreaks(page.introduction, autoescape=True))
    else:
        rendered = render_lesson(body, frame=frame_of(course), media=media)
    checks, missing = _checks(rendered)
    return ShownStep(
        title=page.title,
        module="" if module.pk == course.pk else module.title,
        course=course.title,
        minutes=getattr(page, "minutes", 0),
        point=getattr(page, "point", ""),
        parts=_parts(rendered.html, checks, rendered.reflections),
        missing=missing,
    )


def step_of_list(review_list: ReviewList, slug: str) -> ShownStep | None:
    """Return a step of a frozen list, or None where it has no such step."""
    step = next((one for one in review_list.draft["steps"] if one["slug"] == slug), None)
    if step is None:
        return None
    files = reverse("courses_admin:file", args=[review_list.pk, "0" * 64, "name"]).removesuffix(f"{'0' * 64}/name")
    return ShownStep(
        title=step["title"],
        module=step["module_title"],
        course=review_list.draft["title"],
        minutes=step["minutes"],
        point=step["point"],
        parts=_parts(
            step["html"].replace("/learn/files/", files),
            step["checks"],
            step["reflections"],
            address=lambda digest: f"{files}{digest}/{picture_name(digest)}",
        ),
    )


def course_as_saved(page: CoursePage) -> ShownCourse:
    """Return a course page from its draft."""
    source = draft_of(page) if page.pk else None
    description = [{"type": "text", "value": page.description, "id": "description"}]
    rendered = render_lesson(description, frame=frame_of(page), media=PreviewMedia([description]))
    steps = source.steps if source else []
    return ShownCourse(
        particulars={
            "title": page.title,
            "promise": page.promise,
            "audience": list(page.audience),
            "minutes": page.minutes,
            "validity_months": page.validity_months,
            **as_released(page.leads_to, on=clock.today()),
            "local_defaults": list(page.local_defaults),
            "code": page.code,
            "warning": warning_of(page),
            "references": list(frame_of(page).references.values()),
        },
        description=mark_safe(rendered.html),  # noqa: S308 - cleaned by the renderer
        outcomes=[in_sentence(row.text) for row in page.outcomes.all()],
        modules=[
            (module.page.title, [step.page.title for step in steps if step.module is module])
            for module in (source.modules if source else [])
        ],
    )


def listing_as_saved(page: CataloguePage | FamilyPage, reader: Any, *, on: date) -> ShownListing:
    """Return what the catalogue lists today, or a family of it with the title and introduction of its page, saved or not."""
    query = Query(family=page.code if isinstance(page, FamilyPage) else "")
    found = listing(query, reader, on=on)
    if isinstance(page, FamilyPage):
        found = _with_family(found, page)
    results = Paginator(found.entries, ON_A_PAGE).get_page(1)
    return ShownListing(found, query, results, list(results.paginator.page_range))


def _with_family(found: Listing, page: FamilyPage) -> Listing:
    """Return the listing with the family as its page has it, in its place among the others; a new one comes last."""
    count = found.family.count if found.family else 0
    family = Family(page.code, page.slug, page.title, page.introduction, count)
    others = [family if other.code == family.code else other for other in found.families]
    if family not in others:
        others.append(family)
    return replace(found, family=family, families=tuple(others))


def _checks(rendered: RenderedLesson) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    codes = [check.question for check in rendered.checks]
    versions: dict[str, QuestionVersion] = {}
    found = QuestionVersion.objects.filter(question__code__in=codes).exclude(state=VersionState.RETIRED)
    for version in found.select_related("question").order_by("number"):
        known = versions.get(version.question.code)
        if known is None or known.state != VersionState.APPROVED:
            versions[version.question.code] = version
    shown = {
        check.slot: {
            "type": versions[check.question].type,
            "definition": versions[check.question].definition,
            "when": check.when,
            "address": address_in_bank(versions[check.question]),
        }
        for check in rendered.checks
        if check.question in versions
    }
    return shown, tuple(code for code in codes if code not in versions)


def _parts(
    html: str, checks: dict[str, dict[str, Any]], reflections: dict[str, str], *, address: Address | None = None
) -> list[Part]:
    parts = []
    for kind, piece in split_at_slots(html):
        if kind == "html":
            parts.append(Part(html=piece))
        elif piece in checks:
            parts.append(Part(check=_open_check(piece, checks[piece], address)))
        elif piece in reflections:
            parts.append(Part(reflection=Reflection(piece, reflections[piece], "", None)))
    return parts


def _open_check(slot: str, check: dict[str, Any], address: Address | None) -> Check:
    return Check(
        slot=slot,
        face=question_types.asked(check["type"], check["definition"]).face(
            None, name=slot, level=2, address=address or check.get("address")
        ),
        is_before=check.get("when") == "before",
        can_answer=False,
    )
