"""A course folder into the product: pages below their family, references and outcomes, questions, tests, media, and a release.

A folder with one refusal is refused whole. What is loaded is published as a course is: what learners read is a release. Nothing is ever
deleted: what a folder no longer has is set aside, and a course edited in the product is only renewed when that is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.models import Page, Site

from assessments.models import Assessment, Question
from courses.families import collection_of, set_up_family
from courses.folder.canonical import write_course
from courses.folder.checking import Findings, check_folder
from courses.folder.digests import digest_of_files, digest_of_folder
from courses.folder.loading_pages import CannotReplace, write_course_page
from courses.folder.loading_questions import load_questions, load_tests, retire_left_out
from courses.folder.media import load_media
from courses.folder.refusing import Known
from courses.folder.shapes import Course, Family, Problem
from courses.folder.writing import CannotExport, digest_of_course
from courses.freezing import NotReady
from courses.models import CataloguePage, CourseFolder, CoursePage, FamilyPage, Release, ReviewList
from courses.models import Course as TaughtCourse
from courses.qualifying import known_qualifications
from courses.releases import publish_release
from cpd_records.certificates.templates import templates_by_code
from people import clock

if TYPE_CHECKING:
    from people.models import User

LOADED, REPLACED, SKIPPED = "loaded", "replaced", "skipped"
IMPORTED = "Imported with the course folder"
AS_IT_IS = "Already loaded; it is as the folder has it."


class FolderRefused(Exception):
    """The folder is refused whole; ``findings`` says where and why, file by file and line by line."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        count = len(findings.refusals)
        super().__init__(
            f"The folder is refused for {count} {'reason' if count == 1 else 'reasons'}: {findings.refusals[0]}"
        )


@dataclass(frozen=True)
class Loaded:
    """What became of one course: ``state`` is loaded, replaced or skipped; ``detail`` is a sentence; ``release`` its number."""

    code: str
    state: str
    detail: str
    release: int | None = None


@dataclass(frozen=True)
class Loading:
    """What became of a folder: its courses in order, and the warnings about them (none where nothing had to be read)."""

    courses: tuple[Loaded, ...]
    warnings: tuple[Problem, ...] = ()


def load_catalogue(folder: Path, *, by: User | None, at: datetime, replace: bool = False) -> Loading:
    """Load a catalogue or one course's folder. Raises ``FolderRefused`` before anything is written.

    A course already loaded is skipped; with ``replace`` it gets a new revision and release from the folder. ``by`` None is the importer.
    """
    if not replace and (unchanged := _unchanged(folder)):
        return Loading(unchanged)
    findings = check_folder(folder, on=clock.today(), known=known_to_the_site())
    if findings.refusals:
        raise FolderRefused(findings)
    with transaction.atomic():
        families = _load_families(findings.catalogue.families)
    loaded = []
    for course in findings.catalogue.courses:
        source = folder if (folder / "course.md").is_file() else folder / course.folder
        try:
            loaded.append(_load_or_skip(course, source, families, by=by, at=at, replace=replace))
        except (NotReady, CannotReplace, CannotExport) as error:
            problem = Problem(course.file, 1, str(error))
            raise FolderRefused(Findings(findings.catalogue, (problem,), findings.warnings)) from error
    return Loading(tuple(loaded), findings.warnings)


def _unchanged(folder: Path) -> tuple[Loaded, ...]:
    """Return a line for each course if every one was loaded from these very bytes, so that a second start need not read them."""
    known = {row.course.code: row.source_digest for row in CourseFolder.objects.select_related("course")}
    if not known or not folder.is_dir() or (folder / "course.md").is_file():
        return ()
    places = [place for place in sorted(folder.iterdir()) if (place / "course.md").is_file()]
    if not places or any(known.get(place.name) != digest_of_folder(place) for place in places):
        return ()
    return tuple(Loaded(place.name, SKIPPED, "Already loaded from this folder.") for place in places)


def known_to_the_site() -> Known:
    """Return what the site holds beside the folder."""
    banks = dict(Question.objects.values_list("code", "bank")) | dict(Assessment.objects.values_list("code", "bank"))
    return Known(
        courses=frozenset(TaughtCourse.objects.values_list("code", flat=True)),
        families=frozenset(FamilyPage.objects.values_list("code", flat=True)),
        banks=banks,
        qualifications=known_qualifications(None, on=clock.today()),
        templates=frozenset(templates_by_code(offered_only=True)),
    )


def _load_families(families: Sequence[Family]) -> dict[str, FamilyPage]:
    """Return every family's page, making the catalogue and the families that are missing; those there are left as they are."""
    catalogue = CataloguePage.objects.first() or _make_catalogue()
    for family in families:
        if not FamilyPage.objects.filter(code=family.code).exists():
            page = FamilyPage(title=family.title, slug=family.code, code=family.code, introduction=family.introduction)
            catalogue.add_child(instance=page)
            set_up_family(page)
    return {page.code: page for page in FamilyPage.objects.all()}


def _make_catalogue() -> CataloguePage:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    above = site.root_page if site else Page.get_first_root_node()
    catalogue: CataloguePage = above.add_child(instance=CataloguePage(title="Catalogue", slug="catalogue"))
    return catalogue


def _load_or_skip(
    course: Course,
    source: Path,
    families: Mapping[str, FamilyPage],
    *,
    by: User | None,
    at: datetime,
    replace: bool,
) -> Loaded:
    page = CoursePage.objects.filter(code=course.code).first()
    files = write_course(course)
    canonical = digest_of_files(files)
    if page is None and not TaughtCourse.objects.filter(code=course.code).exists():
        release = _load_course(course, None, families, by=by, at=at)
        state = LOADED
    else:
        if (reason := _why_skip(course, page, canonical, replace=replace)) != "":
            if reason == AS_IT_IS:  # next time the bytes alone will tell
                CourseFolder.objects.filter(course__code=course.code).update(source_digest=digest_of_folder(source))
            return Loaded(course.code, SKIPPED, reason)
        release = _load_course(course, page, families, by=by, at=at)
        state = REPLACED
    _remember(course, canonical, digest_of_folder(source), by=by, at=at)
    steps = sum(1 for _ in course.steps()) + len(course.tests)
    detail = f"Release {release.number}: {steps} steps, {sum(1 for _ in course.questions())} questions."
    return Loaded(course.code, state, detail, release.number)


def _why_skip(course: Course, page: CoursePage | None, canonical: str, *, replace: bool) -> str:
    """Return why a course that is known stays as it is, or nothing where the folder is to renew it."""
    if page is None:
        return "" if replace else "Its page was deleted in the product; --replace makes it again."
    if ReviewList.objects.still_open().filter(course__code=course.code).exists():
        return "It is under review; decide or withdraw the review first."
    now = digest_of_course(page)
    if now == canonical:
        return AS_IT_IS
    if replace:
        return ""
    known = CourseFolder.objects.filter(course__code=course.code).first()
    if known is None:
        return "It was made in the product; --replace renews it from the folder."
    if now != known.canonical_digest:
        return (
            "Edited in the product since it was loaded; --replace renews it from the folder, and keeps every release."
        )
    return "The folder has changed since it was loaded; --replace brings that in."


def _load_course(
    course: Course, page: CoursePage | None, families: Mapping[str, FamilyPage], *, by: User | None, at: datetime
) -> Release:
    """Write a course and bring it out, in one transaction."""
    with transaction.atomic():
        family = FamilyPage.objects.get(pk=families[course.family].pk)
        media = load_media(course, collection_of(family))
        load_questions(course, by=by, at=at, reason=IMPORTED)
        assessments = load_tests(course, by=by, at=at)
        written = write_course_page(course, page, family, media=media, assessments=assessments, by=by)
        retire_left_out(course, by=by, at=at)
        return _bring_out(written, by=by, at=at)


def _bring_out(page: CoursePage, *, by: User | None, at: datetime) -> Release:
    """Release the course as it was just saved, then have Wagtail call it published: the release is there already."""
    revision = page.save_revision(user=by)
    release = publish_release(page, by=by, at=at, revision=revision.pk)
    revision.publish(user=by, skip_permission_checks=True)
    return release


def _remember(course: Course, canonical: str, source: str, *, by: User | None, at: datetime) -> None:
    """Keep what the folder says that no page shows."""
    CourseFolder.objects.update_or_create(
        course=TaughtCourse.objects.get(code=course.code),
        defaults={
            "numbers": {
                "modules": {module.slug: module.number for module in course.modules},
                "steps": {step.slug: step.number for step in course.steps()},
            },
            "questions": {module.slug: [question.id for question in module.questions] for module in course.modules},
            "source_digest": source,
            "canonical_digest": canonical,
            "loaded_at": at,
            "loaded_by": by,
        },
    )
