"""The reasons given for warnings that stay.

A question gives its own in its note: 'Why long-stem: the clock needs both times.' Lessons, references and courses have no note, so theirs
stand in ``explained.yaml`` beside ``families.yaml``: a list of ``course``, ``warning``, ``about`` (may be absent: every warning of the kind
in that course) and ``reason``. A reason for a warning that is no longer given is itself told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from courses.catalogue_review.warnings import KINDS
from courses.folder.course_files import read_yaml_file
from courses.folder.files import Files
from courses.folder.shapes import Catalogue, Problem
from courses.folder.yaml_lines import Items, Keys

FILE = "explained.yaml"
_IN_A_NOTE = re.compile(r"\bWhy ([a-z-]+): (.+?)(?=\s*\bWhy [a-z-]+: |\s*\Z)", re.DOTALL)
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Explanation:
    """Why a warning stays. ``about`` is empty where every warning of the kind in the course is meant."""

    course: str
    kind: str
    about: str
    reason: str
    file: str = field(compare=False)
    line: int = field(compare=False)

    def meets(self, warning: Problem, course: str) -> bool:
        return (course, warning.kind) == (self.course, self.kind) and self.about in ("", warning.about)


@dataclass(frozen=True)
class Explained:
    """Warnings with the reasons given for them, those without, and reasons that explain nothing or cannot be read."""

    explained: tuple[tuple[Problem, str], ...]
    unexplained: tuple[Problem, ...]
    idle: tuple[Problem, ...]


def explain(folder: Path, catalogue: Catalogue, warnings: Iterable[Problem]) -> Explained:
    """Hold each warning against the reasons given in a folder."""
    problems: list[Problem] = []
    codes = {course.folder: course.code for course in catalogue.courses}
    root = folder.resolve().parent if (folder / "course.md").is_file() else folder
    given = (*_of_notes(catalogue), *_of_the_file(root, problems))
    reasons = [reason for reason in given if reason.course in codes.values()]
    explained: list[tuple[Problem, str]] = []
    unexplained: list[Problem] = []
    used: set[Explanation] = set()
    for warning in warnings:
        course = codes.get(warning.file.partition("/")[0], "")
        meeting = [reason for reason in reasons if reason.meets(warning, course)]
        used.update(meeting)
        if meeting:
            explained.append((warning, max(meeting, key=lambda reason: bool(reason.about)).reason))
        else:
            unexplained.append(warning)
    for reason in reasons:
        if reason not in used:
            about = reason.about or reason.course
            problems.append(
                Problem(
                    reason.file,
                    reason.line,
                    f"This explains '{reason.kind}' of {about}, which is not warned of: take it out.",
                )
            )
    return Explained(tuple(explained), tuple(unexplained), tuple(sorted(problems)))


def _of_notes(catalogue: Catalogue) -> Iterator[Explanation]:
    for course in catalogue.courses:
        for question in course.questions():
            for kind, reason in _IN_A_NOTE.findall(question.note):
                line = question.lines.get("note", 1)
                yield Explanation(course.code, kind, question.id, reason.strip(), question.file, line)


def _of_the_file(folder: Path, problems: list[Problem]) -> Iterator[Explanation]:
    path = folder / FILE
    if not path.is_file() or path.is_symlink():
        return
    files = Files(folder)
    files.paths[FILE] = path
    node = read_yaml_file(files, FILE)
    problems.extend(files.problems)
    if not isinstance(node, Items):
        if node is not None:
            problems.append(
                Problem(FILE, node.line, "Reasons are a list, each with 'course', 'warning', 'about' and 'reason'.")
            )
        return
    for item in node.items:
        keys = Keys(item, FILE, problems, "a reason")
        course = keys.text("course", most=40)
        kind = keys.text("warning", most=40)
        about = keys.text("about", most=255, optional=True)
        reason = keys.text("reason", most=LONGEST_REASON)
        keys.close()
        if kind and kind not in KINDS:
            keys.wrong("warning", f"There is no warning '{kind}'. They are {', '.join(KINDS)}.")
        elif course and kind and reason:
            yield Explanation(course, kind, about, reason, FILE, item.line)
