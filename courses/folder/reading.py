"""A folder to shapes: files, YAML, front matter and blocks. What cannot be read is a problem; the rest is read on.

Rules about what a course must be are in ``refusing``; here only what makes a file unreadable or a key wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from courses.folder.course_files import LONG, CourseFiles, read_yaml_file, take_format, take_slug
from courses.folder.files import Files, printable
from courses.folder.reading_steps import read_modules
from courses.folder.reading_tests import read_media, read_tests
from courses.folder.shapes import (
    Catalogue,
    ContentWarning,
    Course,
    ExtraMinutes,
    Family,
    MediaFile,
    Module,
    Outcome,
    Problem,
    Reference,
    Test,
)
from courses.folder.yaml_lines import Items, Keys

AGAINST = ("live", "stored-copy", "secondary", "not-checked")
CONFIDENCE = ("H", "M", "L")
COMPLETION = ("pass", "all_steps", "supervisor")
LOCAL_DEFAULTS = ("minutes", "extra_minutes", "validity_months", "pass_percent", "attempts", "wait_hours")

_CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


@dataclass(frozen=True)
class Reading:
    """What was read, and what could not be. ``catalogue`` lacks only what was refused."""

    catalogue: Catalogue
    problems: tuple[Problem, ...]


def read_folder(folder: Path) -> Reading:
    """Read a catalogue (``families.yaml`` and course folders) or one course's folder (``course.md``)."""
    problems: list[Problem] = []
    if not folder.is_dir():
        return Reading(Catalogue((), ()), (Problem(str(folder), 1, "There is no such folder."),))
    if (folder / "course.md").is_file():
        beside = folder.resolve().parent
        families = _read_families(beside, problems) if (beside / "families.yaml").is_file() else ()
        courses = [_read_course(folder, folder.resolve().name, problems)]
        return Reading(Catalogue(families, tuple(course for course in courses if course)), tuple(problems))
    families = _read_families(folder, problems)
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")) or (not path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink():
            problems.append(Problem(printable(path.name), 1, "A symbolic link is refused: put the folder itself here."))
        elif course := _read_course(path, path.name, problems):
            if course.code and course.code != path.name:
                line = course.lines.get("code", 1)
                problems.append(
                    Problem(
                        course.file, line, f"The folder '{path.name}' is to be called as its code, '{course.code}'."
                    )
                )
            found.append(course)
    if not found and not problems:
        problems.append(Problem("families.yaml", 1, "There is no course folder beside this file."))
    return Reading(Catalogue(families, tuple(found)), tuple(problems))


def _read_families(folder: Path, problems: list[Problem]) -> tuple[Family, ...]:
    files = Files(folder)
    path = folder / "families.yaml"
    if path.is_file() and not path.is_symlink():
        files.paths["families.yaml"] = path
    node = read_yaml_file(files, "families.yaml")
    problems.extend(files.problems)
    families: list[Family] = []
    if node is None:
        return ()
    if not isinstance(node, Items):
        problems.append(Problem("families.yaml", node.line, "Families are a list, each with 'code' and 'title'."))
        return ()
    for item in node.items:
        keys = Keys(item, "families.yaml", problems, "a family")
        code = take_slug(keys, "code", most=60)
        title = keys.text("title", most=255)
        introduction = keys.text("introduction", most=LONG, optional=True, one_line=False)
        keys.close()
        if code and any(family.code == code for family in families):
            keys.wrong("code", f"The family '{code}' stands twice.")
        elif code and title:
            families.append(Family(code, title, introduction, keys.lines))
    return tuple(families)


def _read_course(path: Path, name: str, problems: list[Problem]) -> Course | None:
    if not (path / "course.md").is_file():
        problems.append(Problem(f"{printable(name)}/course.md", 1, "This file is missing, so the folder is no course."))
        return None
    files = Files(path, prefix=f"{name}/")
    files.find()
    course = _course(CourseFiles(files), name)
    problems.extend(files.problems)
    return course


def _course(files: CourseFiles, folder: str) -> Course | None:
    front = files.front_matter("course.md")
    if front is None:
        _read_parts(files, "")
        return None
    node, body, body_line = front
    keys = files.keys(node, "course.md", "a course")
    take_format(keys)
    code = keys.text("code", most=40)
    references, modules, tests, media = _read_parts(files, code)
    if code and not _CODE.fullmatch(code):
        keys.wrong("code", f"A course's code has letters, digits and single hyphens, such as MH-101, not '{code}'.")
    course = Course(
        folder=folder,
        code=code,
        title=keys.text("title", most=255),
        promise=keys.text("promise", most=300, optional=True),
        family=take_slug(keys, "family", most=60),
        audience=keys.words("audience", most=200),
        minutes=keys.whole("minutes", least=1, most=100_000) or 0,
        extra_minutes=_extra_minutes(files, keys),
        validity_months=keys.whole("validity_months", least=1, most=600, null=True),
        leads_to=keys.words("leads_to", most=20, optional=True),
        certificate_template=keys.text("certificate_template", most=40, optional=True),
        local_defaults=keys.words("local_defaults", most=40),
        marking=keys.text("marking", most=40),
        jurisdiction=keys.text("jurisdiction", most=80),
        requires=keys.words("requires", most=40),
        completion=keys.choice("completion", COMPLETION),
        content_warning=_content_warning(files, keys),
        outcomes=_outcomes(files, keys),
        description=body.strip("\n"),
        references=references,
        modules=modules,
        tests=tests,
        media=media,
        lines=keys.lines,
        description_line=body_line + len(body) - len(body.lstrip("\n")),
    )
    keys.close()
    return course


def _read_parts(
    files: CourseFiles, code: str
) -> tuple[tuple[Reference, ...], tuple[Module, ...], tuple[Test, ...], tuple[MediaFile, ...]]:
    """Read everything beside course.md, so that all that is wrong is said at once."""
    parts = _references(files), read_modules(files, code), read_tests(files), read_media(files)
    files.refuse_the_rest()
    return parts


def _extra_minutes(files: CourseFiles, keys: Keys) -> ExtraMinutes | None:
    node = keys.node("extra_minutes", optional=True)
    if node is None:
        return None
    inner = Keys(node, keys.file, files.problems, "'extra_minutes'")
    extra = ExtraMinutes(inner.whole("minutes", least=1, most=100_000) or 0, inner.text("for", most=200))
    inner.close()
    if len(inner.lines) == 2:
        keys.accept("extra_minutes")
    return extra


def _content_warning(files: CourseFiles, keys: Keys) -> ContentWarning | None:
    node = keys.node("content_warning")
    if node is None:
        return None
    if getattr(node, "is_null", False):
        keys.accept("content_warning")
        return None
    inner = Keys(node, keys.file, files.problems, "'content_warning'")
    text = partial(inner.text, most=LONG, one_line=False)
    topic = inner.text("topic", most=120, optional=True)
    warning = ContentWarning(text("text"), text("alternative"), inner.words("support", most=300), topic)
    inner.close()
    keys.accept("content_warning")
    return warning


def _outcomes(files: CourseFiles, keys: Keys) -> tuple[Outcome, ...]:
    found: list[Outcome] = []
    for inner in keys.mappings("outcomes", "an outcome"):
        outcome = Outcome(inner.text("id", most=20), inner.text("text", most=300), inner.line)
        inner.close()
        if outcome.id and any(outcome.id == other.id for other in found):
            inner.wrong("id", f"The outcome '{outcome.id}' stands twice.")
        elif outcome.id:
            found.append(outcome)
    return tuple(found)


def _references(files: CourseFiles) -> tuple[Reference, ...]:
    node = files.yaml("references.yaml")
    if node is None:
        return ()
    if not isinstance(node, Items):
        files.files.refuse("references.yaml", "References are a list.", node.line)
        return ()
    found: list[Reference] = []
    for item in node.items:
        keys = files.keys(item, "references.yaml", "a reference")
        reference = Reference(
            id=take_slug(keys, "id"),
            title=keys.text("title", most=255),
            provision=keys.text("provision", most=255),
            says=keys.text("says", most=LONG, one_line=False),
            extent=keys.text("extent", most=120),
            url=keys.text("url", most=500),
            text_as_at=keys.day("text_as_at", null=True),
            checked_on=keys.day("checked_on", null=True),
            checked_by=keys.text("checked_by", most=200),
            against=keys.choice("against", AGAINST),
            confidence=keys.choice("confidence", CONFIDENCE),
            review_by=keys.day("review_by", null=True),
            lines={**keys.lines, "": keys.line},
        )
        keys.close()
        if reference.id and any(reference.id == other.id for other in found):
            keys.wrong("id", f"The reference '{reference.id}' stands twice.")
        elif reference.id:
            found.append(reference)
    return tuple(found)
