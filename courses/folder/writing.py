"""A course in the product to the course of a folder: what its authors last saved, and the questions of its bank.

``course_as_folder`` reads; ``canonical.write_course`` turns what it returns into files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from assessments import question_types
from assessments.models import AssessmentVersion, OverlapRule, QuestionVersion, VersionState
from courses.drafts import CourseDraft, StepDraft, draft_of
from courses.folder.bodies import CannotExport, Sources, blocks_of
from courses.folder.canonical import Files, write_course, write_families
from courses.folder.digests import digest_of_files
from courses.folder.files import Files as FilesOnDisk
from courses.folder.media import MediaNames
from courses.folder.promises import promise_of
from courses.folder.shapes import (
    SITTING,
    ContentWarning,
    Course,
    DrawLine,
    ExtraMinutes,
    Family,
    Lesson,
    Module,
    Outcome,
    Question,
    Reference,
    ReflectiveTask,
    Step,
    Test,
)
from courses.models import AssessmentStepPage, CourseFolder, CoursePage, FamilyPage, LessonPage, ReflectiveTaskPage

FIRST_NUMBER = STEP_NUMBER = 10
NO_AUTHOR = "Course author"
_PART_OF_FORMAT = re.compile(
    r"course\.md|references\.yaml|[1-9]\d{0,3}-[a-z0-9-]+/[a-z0-9-]+\.md|(questions|assessments)/[a-z0-9-]+\.yaml|media/[^/]+"
)


class FolderInTheWay(Exception):
    """The place to write to holds something else; the message says what."""


def families_as_folder() -> tuple[Family, ...]:
    """Return the families in the catalogue's order."""
    pages = FamilyPage.objects.order_by("path")
    return tuple(Family(page.code, page.title, page.introduction.strip()) for page in pages)


def course_as_folder(course_page: CoursePage) -> Course:
    """Return a course as its authors last saved it, draft or not. Raises ``CannotExport`` for what no folder can carry."""
    source = draft_of(course_page)
    page = source.page
    known = CourseFolder.objects.filter(course__code=page.code).first()
    bodies = [step.body for step in source.steps]
    media = MediaNames.of(bodies)
    slugs = {step.page.pk: step.page.slug for step in source.steps}
    modules = tuple(_modules(source, known, slugs, media))
    folders = {module.slug: module.folder for module in modules}
    outcomes = tuple(Outcome(row.code, row.text) for row in page.outcomes.all())
    description = Sources(page.title, slugs, media).markdown_of(page.description)
    return Course(
        folder=page.code,
        code=page.code,
        title=page.title,
        promise="" if page.promise == promise_of(outcomes) else page.promise,
        family=source.family.code,
        audience=tuple(page.audience),
        minutes=page.minutes,
        extra_minutes=ExtraMinutes(page.extra_minutes, page.extra_for) if page.extra_minutes else None,
        validity_months=page.validity_months,
        leads_to=tuple(page.leads_to),
        certificate_template=page.certificate_template,
        local_defaults=tuple(page.local_defaults),
        marking=page.marking,
        jurisdiction=page.jurisdiction,
        requires=tuple(page.requires),
        completion=page.completion,
        content_warning=_content_warning(page),
        outcomes=outcomes,
        description=description,
        references=tuple(_references(page)),
        modules=modules,
        tests=tuple(_tests(source, folders)),
        media=tuple(media.files),
    )


def export_course(course_page: CoursePage) -> Files:
    """Return the canonical files of a course by their path inside its folder."""
    return write_course(course_as_folder(course_page))


def digest_of_course(course_page: CoursePage) -> str:
    """Return the digest of a course's canonical form as it is saved now."""
    return digest_of_files(export_course(course_page))


def place_for(code: str, folder: Path) -> Path:
    """Return the course's own folder: ``folder`` itself if it is called as the code, else ``folder/CODE``."""
    return folder if folder.resolve().name.lower() == code.lower() else folder / code


def write_folder(files: Files, place: Path) -> list[str]:
    """Write a course's files into its folder and return what was taken out because it is no longer part of the course.

    Raises ``FolderInTheWay`` where the place is a link, or holds anything but a course folder.
    """
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise FolderInTheWay(f"{place} is not a folder of its own.")
    on_disk = FilesOnDisk(place)
    if place.is_dir():
        on_disk.find()
        if on_disk.problems:
            raise FolderInTheWay(f"{place} cannot be written over: {on_disk.problems[0]}")
        if on_disk.paths and "course.md" not in on_disk.paths:
            raise FolderInTheWay(f"{place} holds files but no course.md; choose an empty folder.")
    for path, content in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    left = [path for path in sorted(on_disk.paths) if path not in files and _PART_OF_FORMAT.fullmatch(path)]
    for path in left:
        (place / path).unlink()
        if not any((place / path).parent.iterdir()):
            (place / path).parent.rmdir()
    return left


def write_families_beside(place: Path) -> bool:
    """Write ``families.yaml`` beside a course's folder unless there is one; return whether it was written."""
    path = place.parent / "families.yaml"
    if path.exists():
        return False
    path.write_bytes(write_families(families_as_folder()))
    return True


def _content_warning(page: CoursePage) -> ContentWarning | None:
    if not page.warning_text:
        return None
    return ContentWarning(page.warning_text, page.warning_alternative, tuple(page.warning_support), page.warning_topic)


def _references(page: CoursePage) -> Iterator[Reference]:
    for row in page.references.all():
        yield Reference(
            row.code,
            row.title,
            row.provision,
            row.says,
            row.extent,
            row.url,
            row.text_as_at,
            row.checked_on,
            row.checked_by,
            row.against,
            row.confidence,
            row.review_by,
        )


def numbered(slugs: Iterable[str], known: Mapping[str, int]) -> dict[str, int]:
    """Return a rising number for each slug in order: the one it came with where that still rises, else the next ten."""
    numbers: dict[str, int] = {}
    last = 0
    for slug in slugs:
        number = known.get(slug, 0)
        last = number if number > last else (last // STEP_NUMBER + 1) * STEP_NUMBER
        numbers[slug] = last
    return numbers


def _modules(
    source: CourseDraft, known: CourseFolder | None, slugs: Mapping[int, str], media: MediaNames
) -> Iterator[Module]:
    numbers = known.numbers if known else {}
    pages = [module.page for module in source.modules]
    module_numbers = numbered([page.slug for page in pages], numbers.get("modules", {}))
    questions = _questions_by_module(source, known)
    for page in pages:
        steps = [step for step in source.steps if step.module and step.module.page.pk == page.pk]
        learnt = [step for step in steps if not isinstance(step.page, AssessmentStepPage)]
        step_numbers = numbered([step.page.slug for step in learnt], numbers.get("steps", {}))
        asked = questions.get(page.slug, [])
        author = next((question.author for question in asked if question.author), NO_AUTHOR) if asked else ""
        yield Module(
            number=module_numbers[page.slug],
            slug=page.slug,
            title=page.title,
            summary=page.summary,
            steps=tuple(_step(step, step_numbers[step.page.slug], slugs, media) for step in learnt),
            questions=tuple(asked),
            author=author,
        )


def _step(step: StepDraft, number: int, slugs: Mapping[int, str], media: MediaNames) -> Step:
    page = step.page
    sources = Sources(page.title, slugs, media)
    if isinstance(page, LessonPage):
        return Lesson(
            number,
            page.slug,
            page.title,
            page.minutes,
            page.point,
            tuple(page.outcomes),
            tuple(page.topics),
            blocks_of(step.body, sources),
        )
    if not isinstance(page, ReflectiveTaskPage):
        raise CannotExport(f"'{page.title}' is a step of a kind that a folder cannot carry.")
    return ReflectiveTask(
        number, page.slug, page.title, page.minutes, tuple(page.outcomes), sources.markdown_of(page.prompt)
    )


# --- Questions and tests ---------------------------------------------------------------------------------------------


def _questions_by_module(source: CourseDraft, known: CourseFolder | None) -> dict[str, list[Question]]:
    """Return the bank's questions by module slug, in the order of their files, new ones after them.

    A question whose grouping names no module goes to the module that shows it, else to the first.
    """
    order: dict[str, list[str]] = known.questions if known else {}
    names = {name: module.page.slug for module in source.modules for name in (module.page.title, module.page.slug)}
    shown = {
        block["value"]["question"]: step.module.page.slug
        for step in source.steps
        if step.module
        for block in step.body
        if block["type"] == "check"
    }
    first = source.modules[0].page.slug if source.modules else ""
    found: dict[str, list[Question]] = {}
    for version in _latest_versions(source.page.code):
        code = version.question.code
        place = names.get(version.question.module) or shown.get(code) or first
        found.setdefault(place, []).append(_question(version))
    for slug, questions in found.items():
        places = {code: place for place, code in enumerate(order.get(slug, []))}
        questions.sort(key=lambda question: places.get(question.id, len(places)))
    return found


def _latest_versions(bank: str) -> list[QuestionVersion]:
    """Return the newest version of each question of a bank that is not retired, in the order the questions were first saved."""
    newest: dict[Any, QuestionVersion] = {}
    for version in QuestionVersion.objects.filter(question__bank=bank).select_related("question").order_by("pk"):
        kept = newest.get(version.question_id)
        if kept is None or version.number > kept.number:
            newest[version.question_id] = version
    return [version for version in newest.values() if version.state != VersionState.RETIRED]


def _question(version: QuestionVersion) -> Question:
    question = version.question
    try:
        definition = question_types.get(version.type).plain(version.definition)
    except question_types.UnknownType as error:
        raise CannotExport(f"Question {question.code} cannot be written: {error}") from None
    return Question(
        id=question.code,
        type=version.type,
        use=question.use,
        must_pass=version.must_pass,
        outcome=version.outcome,
        topic=version.topic,
        difficulty=version.difficulty,
        refs=tuple(version.references),
        stem=definition["stem"],
        fields={key: value for key, value in definition.items() if key != "stem"},
        note=version.note,
        author=version.author_name or (version.created_by.get_short_name() if version.created_by else ""),
    )


def _tests(source: CourseDraft, folders: Mapping[str, str]) -> Iterator[Test]:
    steps = [step for step in source.steps if isinstance(step.page, AssessmentStepPage)]
    wanted = [step.page.assessment_id for step in steps if isinstance(step.page, AssessmentStepPage)]
    versions = {
        version.assessment_id: version
        for version in AssessmentVersion.objects.filter(assessment__in=wanted)
        .select_related("assessment")
        .order_by("number")
    }
    for step in sorted(steps, key=lambda step: step.page.slug):
        page = step.page
        if not isinstance(page, AssessmentStepPage):
            continue
        version = versions.get(page.assessment_id)
        if version is None or version.minutes is None:
            lacking = "no rules yet" if version is None else "no time limit"
            raise CannotExport(f"The assessment of '{page.title}' has {lacking}; a folder needs its minutes.")
        if version.excluded or version.overlap != OverlapRule.AVOID:
            raise CannotExport(
                f"The assessment of '{page.title}' leaves questions out or says what attempts may share; a folder has no place for it."
            )
        yield Test(
            slug=page.slug,
            id=version.assessment.code,
            title=page.title,
            introduction=page.introduction.strip(),
            module=folders[step.module.page.slug] if step.module else "",
            minutes=version.minutes,
            pass_percent=version.pass_percent,
            must_pass=version.must_pass,
            attempts=version.attempts,
            wait_hours=version.wait_hours,
            feedback=version.feedback,
            draw=tuple(
                DrawLine(
                    row.get("outcome", ""),
                    row["count"],
                    row.get("topic", ""),
                    row.get("difficulty", ""),
                    row.get("section", ""),
                    row.get("least"),
                )
                for row in version.draw
            ),
            **{name: getattr(version, name) for name in SITTING},
        )
