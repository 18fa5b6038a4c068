"""Tests and media of a course folder to shapes."""

from __future__ import annotations

import hashlib
from functools import partial

from assessments.sittings import (
    AT_ONCE,
    FREE,
    LAYOUTS,
    LONGEST_SECTION,
    NAVIGATIONS,
    ONE,
    QUERY_DAYS,
    RESULTS,
)
from courses.folder.course_files import LONG, SLUG, CourseFiles, take_slug
from courses.folder.media_files import largest
from courses.folder.question_files import DIFFICULTIES
from courses.folder.shapes import DrawLine, MediaFile, Test
from courses.folder.yaml_lines import Keys

FEEDBACK = ("at_once", "after_submit", "after_window", "never")


def read_tests(files: CourseFiles) -> tuple[Test, ...]:
    found = []
    for name in files.files.below("assessments"):
        slug = name.removeprefix("assessments/").removesuffix(".yaml")
        if not name.endswith(".yaml") or not SLUG.fullmatch(slug):
            files.used.add(name)
            files.files.refuse(name, "A test's file is called by its slug, such as assessments/final.yaml.")
            continue
        node = files.yaml(name)
        if node is not None:
            found.append(_test(files, name, slug, files.keys(node, name, "a test")))
    return tuple(found)


def _test(files: CourseFiles, name: str, slug: str, keys: Keys) -> Test:
    test = Test(
        slug=slug,
        id=take_slug(keys, "id"),
        title=keys.text("title", most=200),
        introduction=keys.text("introduction", most=LONG, optional=True, one_line=False),
        module=keys.text("module", most=120, optional=True),
        minutes=keys.whole("minutes", least=1, most=600) or 0,
        pass_percent=keys.whole("pass_percent", least=0, most=100, null=True),
        must_pass=keys.truth("must_pass"),
        attempts=keys.whole("attempts", least=1, most=1000, null=True),
        wait_hours=keys.whole("wait_hours", least=0, most=8784) or 0,
        feedback=keys.choice("feedback", FEEDBACK),
        results=keys.choice("results", RESULTS, optional=True) or AT_ONCE,
        results_from=keys.moment("results_from"),
        query_days=_or(keys.whole("query_days", least=0, most=250, optional=True), QUERY_DAYS),
        opens_at=keys.moment("opens_at"),
        closes_at=keys.moment("closes_at"),
        layout=keys.choice("layout", LAYOUTS, optional=True) or ONE,
        navigation=keys.choice("navigation", NAVIGATIONS, optional=True) or FREE,
        is_invigilated=keys.truth("is_invigilated", optional=True),
        counts_confidence=keys.truth("counts_confidence", optional=True),
        draw=tuple(_draw_line(files, inner) for inner in keys.mappings("draw", "a line of the draw")),
        file=files.files.shown(name),
        lines=keys.lines,
    )
    keys.close()
    return test


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _draw_line(files: CourseFiles, keys: Keys) -> DrawLine:
    drawn = DrawLine(
        outcome=keys.text("outcome", most=20, optional=True),
        topic=keys.text("topic", most=120, optional=True),
        difficulty=keys.choice("difficulty", DIFFICULTIES, optional=True),
        count=keys.whole("count", least=1, most=1000) or 0,
        section=keys.text("section", most=LONGEST_SECTION, optional=True),
        least=keys.whole("least", least=1, most=100, optional=True),
        line=keys.line,
    )
    keys.close()
    return drawn


def read_media(files: CourseFiles) -> tuple[MediaFile, ...]:
    found = []
    for name in files.files.below("media"):
        files.used.add(name)
        file_name = name.removeprefix("media/")
        if "/" in file_name:
            files.files.refuse(name, "Files of media/ lie in it, not in folders below it.")
            continue
        content = files.files.content(name, largest(file_name))
        digest = hashlib.sha256(content).hexdigest()
        found.append(MediaFile(file_name, len(content), digest, partial(files.files.content, name)))
    return tuple(found)
