"""What cites an act and section: every question and lesson, whether learners read it, or somebody is still writing it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest, Length, Substr
from django.urls import reverse
from wagtail.models import Revision

from assessments.authors import families_seen_by
from assessments.models import Citation, LegalReference, QuestionLine, QuestionVersion, VersionState
from courses.models import (
    Course,
    CoursePage,
    CourseReference,
    Enrolment,
    FamilyPage,
    LawMark,
    LessonPage,
    ReleaseStep,
    StepKind,
)
from courses.provisions import is_cited
from courses.rendering import cited_references, raw_body
from people.models import User

NOW = "Learners read it now"
BEFORE = "Learners of an earlier release read it"
DRAFT = "In what was saved last"


@dataclass(frozen=True)
class Citing:
    """A question or lesson that cites a provision. ``key`` names it in a form: ``question:<id>`` or ``lesson:<course code>:<step>``.

    ``page`` is the course's page, for a course that has not come out yet; ``places`` say where a lesson cites it.
    """

    key: str
    kind: str
    title: str
    cites: str
    family: str
    address: str
    detail: str = ""
    question: UUID | None = None
    course: str = ""
    page: int | None = None
    step: str = ""
    places: tuple[str, ...] = ()
    is_marked: bool = False

    @property
    def where(self) -> str:
        return "; ".join(self.places)


@dataclass(frozen=True)
class Provision:
    """An act and provision somebody names; an empty provision is the whole act."""

    act: str
    provision: str

    def is_cited_by(self, act: str, provision: str) -> bool:
        return is_cited(act, provision, wanted_act=self.act, wanted_provision=self.provision)

    def cited_in(self, references: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """Return those of a course's references that cite it, by id, each in words."""
        return {
            row.get("id") or row["code"]: ", ".join(part for part in (row["title"], row.get("provision")) if part)
            for row in references
            if self.is_cited_by(row["title"], row.get("provision") or "")
        }


def citing(user: User, act: str, provision: str) -> list[Citing]:
    """Return every question and lesson of this person's families that cites the provision, by kind and name.

    Of a question the newest version counts and the one in use; of a lesson what learners read, be it of an earlier release that some
    are still on, and what was saved last, whether the course ever came out or not.
    """
    if not act.strip():
        return []
    wanted = Provision(act, provision)
    drafts = _drafts_citing(user, wanted)
    return [*_questions_citing(user, wanted, drafts), *_lessons_citing(user, wanted, drafts)]


@dataclass(frozen=True)
class _DraftCiting:
    """A course page as last saved, with those of its references that cite the provision, by id."""

    page: CoursePage
    family: str
    cites: dict[str, str]


def _drafts_citing(user: User, wanted: Provision) -> list[_DraftCiting]:
    """Return the courses whose references as last saved cite the provision. Four queries, whatever there is."""
    families = families_seen_by(user)
    known = FamilyPage.objects.filter(expired=False).values_list("path", "code")
    mine = {path: code for path, code in known if families is None or code in families}
    steps = CoursePage.steplen
    pages = [
        page
        for page in CoursePage.objects.filter(expired=False).order_by("code").select_related("course")
        if page.path[:-steps] in mine
    ]
    behind = {page.latest_revision_id: page.pk for page in pages if page.has_unpublished_changes}
    references: dict[int, list[Mapping[str, Any]]] = {page.pk: [] for page in pages}
    revisions = Revision.objects.filter(pk__in=[number for number in behind if number])
    for number, content in revisions.values_list("pk", "content"):
        references[behind[number]] = list(content.get("references") or [])
    saved = set(behind.values())
    rows = CourseReference.objects.filter(page__in=[page.pk for page in pages if page.pk not in saved])
    for row in rows.values("page_id", "code", "title", "provision"):
        references[row["page_id"]].append(row)
    found = [(page, wanted.cited_in(references[page.pk])) for page in pages]
    return [_DraftCiting(page, mine[page.path[:-steps]], cites) for page, cites in found if cites]


def _questions_citing(user: User, wanted: Provision, drafts: list[_DraftCiting]) -> list[Citing]:
    cited = {
        (bank, code): ", ".join(part for part in (act, provision) if part)
        for bank, code, act, provision in LegalReference.objects.visible_to(user).values_list(
            "bank", "code", "act", "provision"
        )
        if wanted.is_cited_by(act, provision)
    }
    for draft in drafts:
        # The bank of a course has its references once it comes out; its questions cite them before.
        for code, words in draft.cites.items():
            cited.setdefault((draft.page.code, code), words)
    if not cited:
        return []
    pairs = Citation.objects.filter(code__in={code for _bank, code in cited})
    names: dict[UUID, str] = {}
    for question, bank, code in pairs.values_list("question", "question__bank", "code"):
        if (bank, code) in cited:
            names.setdefault(question, cited[bank, code])
    in_use = QuestionVersion.objects.filter(question=OuterRef("question"), state=VersionState.APPROVED)
    lines = QuestionLine.objects.visible_to(user).filter(question__in=names)
    lines = lines.filter(~Q(state=VersionState.RETIRED) | Exists(in_use))
    marked = set(LawMark.objects.still_open().filter(question__in=names).values_list("question", flat=True))
    return [
        Citing(
            key=f"question:{line.question_id}",
            kind="Question",
            title=line.code,
            detail=str(line.version.definition.get("stem", "")),
            cites=names[line.question_id],
            family=line.family,
            address=reverse("assessments_admin:question", args=[line.question_id]),
            question=line.question_id,
            is_marked=line.question_id in marked,
        )
        for line in lines.select_related("version").order_by("code")
    ]


def _lessons_citing(user: User, wanted: Provision, drafts: list[_DraftCiting]) -> list[Citing]:
    found: dict[str, Citing] = {}
    for one in (*_released(user, wanted), *_saved(drafts)):
        known = found.get(one.key)
        if known is None:
            found[one.key] = one
        elif one.places[0] not in known.places:
            found[one.key] = replace(known, places=known.places + one.places)
    codes = {one.course for one in found.values()}
    marks = LawMark.objects.still_open().filter(course__code__in=codes)
    marked = {f"lesson:{code}:{step}" for code, step in marks.values_list("course__code", "step")}
    return [replace(one, is_marked=key in marked) for key, one in sorted(found.items(), key=lambda row: row[1].course)]


def _released(user: User, wanted: Provision) -> Iterator[Citing]:
    """Yield lessons as learners read them: of current releases, and of earlier ones that somebody is still on."""
    courses = {course.pk: course for course in Course.objects.run_by(user)}
    current = Q(release=F("release__course__current_release"))
    still_read = Q(release__in=Enrolment.objects.open().order_by().values("release"))
    steps = ReleaseStep.objects.filter(current | still_read, release__course__in=courses, kind=StepKind.LESSON)
    steps = steps.exclude(references=[]).order_by("release__course__code", "-release__number", "position")
    for course_id, release, slug, title, references in steps.values_list(
        "release__course", "release", "slug", "title", "references"
    ):
        cites = list(wanted.cited_in(references).values())
        if cites:
            course = courses[course_id]
            is_current = release == course.current_release_id
            yield _lesson(
                course.code, slug, title, cites[0], course.family, course.page_id, NOW if is_current else BEFORE
            )


def _saved(drafts: list[_DraftCiting]) -> Iterator[Citing]:
    """Yield lessons as last saved that cite one of the references found. Two queries, however many courses there are."""
    if not drafts:
        return
    by_path = {draft.page.path: draft for draft in drafts}
    # Below its course stands a module, and below that the lesson.
    # PostgreSQL may cut the path of any page, and refuses a length below nothing.
    course_path = Substr("path", 1, Greatest(Length("path") - 2 * LessonPage.steplen, 0))
    known = LessonPage.objects.alias(course_path=course_path).filter(course_path__in=by_path, expired=False)
    lessons = list(known.order_by("path"))
    numbers = [one.latest_revision_id for one in lessons if one.has_unpublished_changes and one.latest_revision_id]
    saved = dict(Revision.objects.filter(pk__in=numbers).values_list("pk", "content"))
    for lesson in lessons:
        draft = by_path[lesson.path[: -2 * LessonPage.steplen]]
        content = saved.get(lesson.latest_revision_id or 0)
        body = raw_body(lesson) if content is None else json.loads(content["body"])
        cited = [code for block in body if block["type"] == "law" for code in cited_references(block)]
        words = next((draft.cites[code] for code in cited if code in draft.cites), "")
        if words:
            slug, title = (content["slug"], content["title"]) if content else (lesson.slug, lesson.title)
            yield _lesson(draft.page.code, slug, title, words, draft.family, draft.page.pk, DRAFT)


def _lesson(code: str, slug: str, title: str, cites: str, family: str, page: int | None, place: str) -> Citing:
    return Citing(
        key=f"lesson:{code}:{slug}",
        kind="Lesson",
        title=f"{code}: {title}",
        cites=cites,
        family=family,
        address="" if page is None else reverse("wagtailadmin_explore", args=[page]),
        course=code,
        page=page,
        step=slug,
        places=(place,),
    )
