"""Modules, their lessons and tasks, and their questions, to shapes."""

from __future__ import annotations

import re

from courses.folder.course_files import LONG, CourseFiles, take_format
from courses.folder.lesson_blocks import read_blocks
from courses.folder.question_files import read_questions
from courses.folder.shapes import LESSON, REFLECTIVE_TASK, Lesson, Module, Question, ReflectiveTask, Step

_NUMBERED = re.compile(r"([1-9]\d{0,3})-([a-z0-9]+(?:-[a-z0-9]+)*)")
_OTHER_FOLDERS = {"questions", "assessments", "media"}


def read_modules(files: CourseFiles, code: str) -> tuple[Module, ...]:
    """Read every module's folder and question file. ``code`` is the course's, empty where it could not be read."""
    names = sorted({name.split("/")[0] for name in files.files.paths if "/" in name} - _OTHER_FOLDERS)
    found: list[Module] = []
    for folder in names:
        numbered = _NUMBERED.fullmatch(folder)
        if not numbered:
            files.used.update(files.files.below(folder))
            files.files.refuse(folder, "A module's folder is called by a number and a slug, such as 30-section-136.")
            continue
        found.append(_module(files, code, folder, int(numbered[1]), numbered[2]))
    return tuple(sorted(found, key=lambda module: (module.number, module.slug)))


def _module(files: CourseFiles, code: str, folder: str, number: int, slug: str) -> Module:
    steps = [step for name in files.files.below(folder) if (step := _step(files, folder, name))]
    steps.sort(key=lambda step: (step.number, step.slug))
    author, questions = _questions(files, code, folder)
    name = f"{folder}/module.md"
    front = files.front_matter(name)
    title = summary = ""
    lines: dict[str, int] = {}
    if front is not None:
        keys = files.keys(front[0], name, "a module")
        title = keys.text("title", most=255)
        summary = keys.text("summary", most=LONG, one_line=False)
        keys.close()
        lines = keys.lines
        if front[1].strip():
            files.files.refuse(name, "A module has a title and a summary only; put text into a lesson.", front[2])
    return Module(
        number, slug, title, summary, tuple(steps), questions, author, file=files.files.shown(name), lines=lines
    )


def _step(files: CourseFiles, folder: str, name: str) -> Step | None:
    file_name = name.removeprefix(f"{folder}/")
    if file_name == "module.md":
        return None
    numbered = _NUMBERED.fullmatch(file_name.removesuffix(".md"))
    if not numbered or not file_name.endswith(".md"):
        files.used.add(name)
        files.files.refuse(name, "A step's file is called by a number and a slug, such as 20-where-it-stops.md.")
        return None
    front = files.front_matter(name)
    if front is None:
        return None
    node, body, body_line = front
    keys = files.keys(node, name, "a step")
    kind = keys.choice("kind", (LESSON, REFLECTIVE_TASK), optional=True) or LESSON
    keys.what = "a lesson" if kind == LESSON else "a reflective task"
    number, slug = int(numbered[1]), numbered[2]
    title = keys.text("title", most=255)
    minutes = keys.whole("minutes", least=1, most=10_000) or 0
    if kind == REFLECTIVE_TASK:
        outcomes = keys.words("outcomes", most=20)
        keys.close()
        lines = {**keys.lines, "body": body_line + len(body) - len(body.lstrip("\n"))}
        return ReflectiveTask(
            number, slug, title, minutes, outcomes, body.strip("\n"), file=files.files.shown(name), lines=lines
        )
    point = keys.text("point", most=300)
    outcomes = keys.words("outcomes", most=20)
    topics = keys.words("topics", most=120)
    keys.close()
    blocks, problems = read_blocks(body, body_line)
    for line, reason in problems:
        files.files.refuse(name, reason, line)
    lines = {**keys.lines, "body": body_line}
    return Lesson(
        number, slug, title, minutes, point, outcomes, topics, blocks, file=files.files.shown(name), lines=lines
    )


def _questions(files: CourseFiles, code: str, folder: str) -> tuple[str, tuple[Question, ...]]:
    name = f"questions/{folder}.yaml"
    if name not in files.files.paths:
        return "", ()
    node = files.yaml(name)
    if node is None:
        return "", ()
    keys = files.keys(node, name, "a question file")
    take_format(keys)
    course = keys.text("course", most=40)
    if course and code and course != code:
        keys.wrong("course", f"'course' is the code in course.md, '{code}', not '{course}'.")
    module = keys.text("module", most=120)
    if module and module != folder:
        keys.wrong("module", f"'module' is the name of the file, '{folder}', not '{module}'.")
    author = keys.text("author", most=200)
    questions = read_questions(keys, author, files.files.shown(name))
    keys.close()
    return author, questions
