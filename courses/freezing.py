"""Freezing a course: everything a release will hold, worked out once from what is saved last, before any transaction begins.

What is frozen is what reviewers read and what approval brings out; nothing is rendered, copied or looked up again afterwards.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import rfc8785
from django.db import transaction
from django.utils.html import linebreaks
from wagtail.models import Revision

from assessments.models import AssessmentVersion, QuestionVersion, VersionState
from courses import qualifying, readiness
from courses.drafts import CourseDraft, StepDraft, draft_of
from courses.lesson_media import ReleaseMedia
from courses.models.pages import AssessmentStepPage, CoursePage, LessonPage, ReflectiveTaskPage
from courses.models.releases import Course, ReleaseDemand, ReviewList
from courses.rendering import RawBlock, RenderedLesson, plain_text, render_lesson, render_prompt
from people import clock

if TYPE_CHECKING:
    from people.models import User


class NotReady(Exception):
    """Something stops publication. ``problems`` says what, where."""

    def __init__(self, problems: list[readiness.Problem]) -> None:
        self.problems = problems
        more = f" There are {len(problems) - 1} more." if len(problems) > 1 else ""
        super().__init__(f"This course cannot come out yet. {problems[0].where}: {problems[0].what}{more}")


@dataclass(frozen=True)
class Frozen:
    """A course ready to be written down as a list: the course page as read, the pages listed, their editors, the release to be."""

    page: CoursePage
    family: str
    items: list[dict[str, Any]]
    editors: list[int]
    draft: dict[str, Any]


def prepare(course_page: CoursePage, *, revision: Revision | None = None) -> Frozen:
    """Work out the release a course would be now; raise ``NotReady`` with all that stops it. Copies files, writes no list."""
    source = draft_of(course_page, revision=revision)
    problems = readiness.problems_of(source)
    if problems:
        raise NotReady(problems)
    bodies = [
        prompt_body(step.page) if isinstance(step.page, ReflectiveTaskPage) else step.body for step in source.steps
    ]
    media = ReleaseMedia([*bodies, description_body(source.page)])
    checks = _question_versions(source)
    versions = _assessment_versions(source)
    modules = {module.page.pk: number for number, module in enumerate(source.modules, 1)}
    steps = [_step(step, source, media, checks, versions, modules) for step in source.steps]
    draft = _release_to_be(source, steps, media)
    return Frozen(source.page, source.family.code, _items(source), _editors(source), draft)


def write_list(
    frozen: Frozen,
    *,
    revision: int,
    by: User | None,
    at: datetime,
    demand: str = ReleaseDemand.NONE,
    demand_reason: str = "",
    note: str = "",
    because: str = "",
) -> ReviewList:
    """Write down what was prepared as the list for a revision of the course page."""
    with transaction.atomic():
        return ReviewList.objects.create(
            course=course_of(frozen.page, family=frozen.family),
            course_revision=revision,
            items=frozen.items,
            draft=frozen.draft,
            editors=frozen.editors,
            requested_by=by,
            requested_at=at,
            note=note.strip(),
            demand=demand,
            demand_reason=demand_reason.strip(),
            frozen_because=because,
        )


def course_of(page: CoursePage, *, family: str) -> Course:
    """Return the course a page writes, known by its code; a page made again after a deletion is the same course."""
    course, created = Course.objects.get_or_create(
        code=page.code, defaults={"slug": page.slug, "family": family, "page_id": page.pk}
    )
    if not created and (course.page_id, course.family) != (page.pk, family):
        course.page_id, course.family = page.pk, family
        course.save(update_fields=["page", "family"])
    return course


def saved_revision(page: CoursePage, *, by: User | None) -> int:
    """Return the id of the course page's latest revision, saving one where there is none."""
    number = type(page).objects.values_list("latest_revision_id", flat=True).get(pk=page.pk)
    return int(number) if number else int(page.save_revision(user=by).pk)


def digest_of(value: Any) -> str:
    """Return the SHA-256, in hexadecimal, of a value's canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


# --- The release to be ------------------------------------------------------------------------------------------------


def _release_to_be(source: CourseDraft, steps: list[dict[str, Any]], media: ReleaseMedia) -> dict[str, Any]:
    page = source.page
    description = render_lesson(description_body(page), frame=source.frame, media=media)
    particulars = {
        "code": page.code,
        "slug": page.slug,
        "title": page.title,
        "family": {"code": source.family.code, "title": source.family.title},
        "promise": page.promise,
        "audience": list(page.audience),
        "minutes": page.minutes,
        "extra_minutes": page.extra_minutes,
        "extra_for": page.extra_for,
        "validity_months": page.validity_months,
        **qualifying.as_released(page.leads_to, on=clock.today()),
        **({"certificate_template": page.certificate_template} if page.certificate_template else {}),
        "completion": page.completion,
        "requires": list(page.requires),
        "local_defaults": list(page.local_defaults),
        "marking": page.marking,
        "jurisdiction": page.jurisdiction,
        "warning": warning_of(page),
        "outcomes": [{"code": row.code, "text": row.text} for row in page.outcomes.all()],
        "references": list(source.frame.references.values()),
        "modules": [
            {"slug": module.page.slug, "title": module.page.title, "summary": module.page.summary}
            for module in source.modules
        ],
    }
    return {
        "title": page.title,
        "minutes": page.minutes,
        "validity_months": page.validity_months,
        "completion": page.completion,
        "particulars": particulars,
        "description_html": description.html,
        "steps": steps,
        "digest": digest_of_release(particulars, description.html, [step["digest"] for step in steps]),
    }


def _step(
    step: StepDraft,
    source: CourseDraft,
    media: ReleaseMedia,
    checks: dict[str, QuestionVersion],
    versions: dict[Any, AssessmentVersion],
    modules: dict[int, int],
) -> dict[str, Any]:
    page, module = step.page, step.module.page if step.module else None
    rendered = _rendered(step, source, media)
    version = versions[page.assessment_id] if isinstance(page, AssessmentStepPage) else None
    copies = {check.slot: {**_copy_of(checks[check.question]), "when": check.when} for check in rendered.checks}
    for copy in copies.values():
        media.take_pictures(copy["definition"])
    written = {
        "slug": page.slug,
        "kind": str(step.kind),
        "title": page.title,
        "module_slug": module.slug if module else "",
        "module_title": module.title if module else "",
        "module_position": modules[module.pk] if module else 0,
        "minutes": (version.minutes or 0) if version else getattr(page, "minutes", 0),
        "point": getattr(page, "point", ""),
        "outcomes": list(getattr(page, "outcomes", [])),
        "content": _content(step),
        "html": rendered.html,
        "text": _whole_text(rendered, copies),
        "checks": copies,
        "reflections": rendered.reflections,
        "references": [source.frame.references[code] for code in rendered.references],
        "files": media.taken(),
        "assessment": {"version": version.pk, "number": version.number, "digest": version.digest} if version else None,
    }
    return {**written, "digest": digest_of_step(written)}


def digest_of_step(written: dict[str, Any]) -> str:
    """Return the digest of a step as written; numbers of database rows are not part of it."""
    outside = {
        **written,
        "checks": {slot: {key: copy[key] for key in copy if key != "id"} for slot, copy in written["checks"].items()},
        "assessment": {key: value for key, value in written["assessment"].items() if key != "version"}
        if written["assessment"]
        else None,
    }
    outside.pop("digest", None)
    return digest_of(outside)


def warning_of(page: CoursePage) -> dict[str, Any] | None:
    """Return a course's content warning as a release keeps it: ``text``, ``alternative``, ``support``, and ``topic`` where it has one."""
    if not page.warning_text:
        return None
    topic = {"topic": page.warning_topic} if page.warning_topic else {}
    return {
        **topic,
        "text": page.warning_text,
        "alternative": page.warning_alternative,
        "support": list(page.warning_support),
    }


def digest_of_release(particulars: dict[str, Any], description_html: str, step_digests: list[str]) -> str:
    """Return the digest of a release: its particulars, its description and its steps' digests in order."""
    return digest_of(
        {"format": 1, "particulars": particulars, "description_html": description_html, "steps": step_digests}
    )


def _rendered(step: StepDraft, source: CourseDraft, media: ReleaseMedia) -> RenderedLesson:
    page = step.page
    if isinstance(page, LessonPage):
        return render_lesson(step.body, frame=source.frame, media=media)
    if isinstance(page, ReflectiveTaskPage):
        return render_prompt(page.prompt, media=media)
    markup = linebreaks(page.introduction, autoescape=True) if page.introduction else ""
    return RenderedLesson(html=markup, text=plain_text(markup))


def _content(step: StepDraft) -> dict[str, Any]:
    page = step.page
    if isinstance(page, LessonPage):
        return {"body": step.body, "topics": list(page.topics)}
    if isinstance(page, ReflectiveTaskPage):
        return {"prompt": page.prompt}
    return {"introduction": page.introduction}


def _copy_of(version: QuestionVersion) -> dict[str, Any]:
    return {
        "id": version.pk,
        "code": version.question.code,
        "number": version.number,
        "type": version.type,
        "definition": version.definition,
        "outcome": version.outcome,
        "topic": version.topic,
        "references": version.references,
        "digest": version.digest,
    }


def _whole_text(rendered: RenderedLesson, copies: dict[str, dict[str, Any]]) -> str:
    asked = [plain_text(str(copy["definition"].get("stem", ""))) for copy in copies.values()]
    prompts = [plain_text(prompt) for prompt in rendered.reflections.values()]
    return "\n".join(part for part in [rendered.text, *asked, *prompts] if part)


def prompt_body(page: ReflectiveTaskPage) -> list[RawBlock]:
    """Return a task's prompt as a block, so that its links are read with the others."""
    return [{"type": "reflect", "value": {"prompt": page.prompt}, "id": "task"}]


def description_body(page: CoursePage) -> list[RawBlock]:
    """Return a course's description as a block."""
    return [{"type": "text", "value": page.description, "id": "description"}]


def _question_versions(source: CourseDraft) -> dict[str, QuestionVersion]:
    codes = readiness.asked_codes(source)
    found = QuestionVersion.objects.filter(state=VersionState.APPROVED, question__code__in=codes)
    return {version.question.code: version for version in found.select_related("question")}


def _assessment_versions(source: CourseDraft) -> dict[Any, AssessmentVersion]:
    wanted = [step.page.assessment_id for step in source.steps if isinstance(step.page, AssessmentStepPage)]
    found = AssessmentVersion.objects.filter(assessment__in=wanted).order_by("number")
    return {version.assessment_id: version for version in found}


# --- What is listed, and who worked on it -----------------------------------------------------------------------------


def _items(source: CourseDraft) -> list[dict[str, Any]]:
    above = {step.page.pk: step.module.page.slug for step in source.steps if step.module}
    return [
        {
            "page": page.pk,
            "revision": revision,
            "kind": page._meta.model_name,
            "slug": page.slug,
            "title": page.title,
            "parent": above.get(page.pk, source.page.slug if page.pk != source.page.pk else ""),
        }
        for page, revision in source.pages()
    ]


def _editors(source: CourseDraft) -> list[int]:
    """Return ids of everybody who saved a listed page since the last release: an earlier hand is a hand in it too."""
    pages = [str(page.pk) for page, _revision in source.pages()]
    last = (
        ReviewList.objects.filter(course__code=source.page.code, release__isnull=False)
        .order_by("release__number")
        .last()
    )
    released = {item["page"]: item["revision"] or 0 for item in last.items} if last else {}
    saved = Revision.page_revisions.filter(object_id__in=pages, user__isnull=False).values_list(
        "object_id", "pk", "user_id"
    )
    return sorted({user for page, number, user in saved if number > released.get(int(page), 0)})
