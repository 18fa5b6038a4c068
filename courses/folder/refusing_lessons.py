"""What a lesson and a reflective task must be: their parts, their words, their minutes, and that all they name is there."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.question_types.words import wrong_in
from courses.folder.documents import links_of
from courses.folder.lesson_blocks import MEDIA, RECORDINGS
from courses.folder.markdown import KEY_POINT, LESSON_TEXT, PLAIN, RICH, Allowed, read_markdown
from courses.folder.media_files import extension, kind_of
from courses.folder.minutes import minutes_of_lesson, minutes_of_recording, words_of_lesson
from courses.folder.shapes import Block, Course, Lesson, Problem, ReflectiveTask

FEWEST_WORDS, MOST_WORDS = 300, 900
NEEDED = ("case", "law", "check", "reflect")
ALLOWED: dict[str, Allowed] = {
    "text": LESSON_TEXT,
    "key": KEY_POINT,
    "law": PLAIN,
    "image": PLAIN,
    "document": PLAIN,
    "warning": RICH,
    "case": RICH,
    "reflect": RICH,
    "accordion": RICH,
    "video": RICH,
    "audio": RICH,
}
_INSIDE = {
    "image": ("its text alternative", 400),
    "video": ("its transcript", None),
    "audio": ("its transcript", None),
    "document": ("its title", 200),
}
_LONGEST_TITLE = {"case": 120, "accordion": 120, "image": 200}


def refuse_lesson(lesson: Lesson, course: Course) -> Iterator[Problem]:
    """Yield what stands against a lesson."""
    yield from _refuse_front(lesson, course)
    body = lesson.lines.get("body", 1)
    words = words_of_lesson(lesson)
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        yield Problem(lesson.file, body, f"A lesson has {FEWEST_WORDS} to {MOST_WORDS} words; this one has {words}.")
    for kind in NEEDED:
        if not any(lesson.blocks_of(kind)):
            yield Problem(lesson.file, body, f"The lesson has no ':::{kind}' block.")
    for block in lesson.blocks:
        for line, reason in _refuse_block(block, course):
            yield Problem(lesson.file, line, reason)
    seen: set[str] = set()
    for block in lesson.blocks_of("check"):
        if block.words and block.words[0] in seen:
            yield Problem(lesson.file, block.line, f"The check '{block.words[0]}' stands twice in this lesson.")
        seen.update(block.words[:1])
    media = {file.name: file for file in course.media}
    right = minutes_of_lesson(lesson, media)
    if "minutes" in lesson.lines and lesson.minutes != right:
        checks, reflections = (sum(1 for _ in lesson.blocks_of(kind)) for kind in ("check", "reflect"))
        reason = (
            f"The lesson claims {lesson.minutes} minutes; by the rule ({words} words / 200, {checks} × 1.5 for checks,"
            f" {reflections} × 3 for reflections, recordings; up to the next 5) it is {right}. Write {right}."
        )
        yield Problem(lesson.file, lesson.lines["minutes"], reason)


def refuse_task(task: ReflectiveTask, course: Course) -> Iterator[Problem]:
    """Yield what stands against a reflective task."""
    yield from _refuse_front(task, course)
    body = task.lines.get("body", 1)
    if not task.prompt.strip():
        yield Problem(task.file, body, "The task has no prompt: write it below the front matter.")
    for line, reason in read_markdown(task.prompt, RICH, line=body)[1]:
        yield Problem(task.file, line, reason)


def _refuse_front(step: Lesson | ReflectiveTask, course: Course) -> Iterator[Problem]:
    outcomes = {outcome.id for outcome in course.outcomes}
    for number, outcome in enumerate(step.outcomes):
        if outcome not in outcomes:
            line = step.lines.get(f"outcomes.{number}", 1)
            yield Problem(step.file, line, f"The outcome '{outcome}' is not found in course.md.")
    if "outcomes" in step.lines and not step.outcomes:
        yield Problem(step.file, step.lines["outcomes"], "Name at least one outcome this serves.")


def _refuse_block(block: Block, course: Course) -> Iterator[tuple[int, str]]:
    if block.kind == "check":
        yield from _refuse_check(block, course)
        return
    what, longest = _INSIDE.get(block.kind, ("its text", None))
    document, problems = read_markdown(block.text, ALLOWED[block.kind], line=block.text_line)
    yield from problems
    if not document:
        yield block.line, f"The block ':::{block.kind}' is empty: write {what} inside it."
    elif longest and len(block.text) > longest:
        yield block.text_line, f"The text in ':::{block.kind}' may have {longest} characters; it has {len(block.text)}."
    if reason := wrong_in(block.title):
        yield block.line, reason
    if len(block.title) > _LONGEST_TITLE.get(block.kind, 200):
        yield block.line, f"The words after ':::{block.kind}' may have {_LONGEST_TITLE[block.kind]} characters."
    for link in links_of(document):
        if reason := _wrong_inner_link(link, course):
            yield block.text_line, reason
    if block.kind == "warning" and course.content_warning is None and "content_warning" in course.lines:
        yield block.line, "A lesson that warns needs the course's 'content_warning', with another route and support."
    if block.kind == "law":
        references = {reference.id for reference in course.references}
        for ref in block.words:
            if ref not in references:
                yield block.line, f"The reference '{ref}' is not found in references.yaml."
    if block.kind in MEDIA and block.words:
        yield from _refuse_medium(block, course)


def _refuse_check(block: Block, course: Course) -> Iterator[tuple[int, str]]:
    if not block.words:
        return
    question = next((question for question in course.questions() if question.id == block.words[0]), None)
    if question is None:
        yield block.line, f"The question '{block.words[0]}' is not found in questions/."
    elif question.use == "exam":
        yield block.line, f"The question '{question.id}' is an exam item; a lesson shows only items with 'use: lesson'."


def _refuse_medium(block: Block, course: Course) -> Iterator[tuple[int, str]]:
    media = {file.name: file for file in course.media}
    name, captions, _minutes = (*block.words, "", "", "")[:3]
    if name not in media:
        yield block.line, f"The file '{name}' is not found in media/."
    elif kind_of(name) != block.kind:
        yield block.line, f"':::{block.kind}' cannot show a .{extension(name)} file."
    if block.kind == "video" and not captions:
        yield block.line, "A video names its captions, a .vtt file, after the file."
    elif captions and captions not in media:
        yield block.line, f"The file '{captions}' is not found in media/."
    elif captions and kind_of(captions) != "captions":
        yield block.line, f"Captions are a .vtt file, not '{captions}'."
    elif block.kind in RECORDINGS and minutes_of_recording(block, media) is None:
        yield (
            block.line,
            "Name the captions, or the length in whole minutes, after the file: the lesson's minutes need it.",
        )


def _wrong_inner_link(link: str, course: Course) -> str:
    kind, _, rest = link.partition(":" if link.startswith("step:") else "/")
    if kind == "step" and rest not in {thing.slug for thing in (*course.steps(), *course.tests)}:
        return f"The link leads to the step '{rest}', which is not found in this course."
    if kind == "media" and (kind_of(rest) != "document" or rest not in {file.name for file in course.media}):
        return f"The link leads to '{link}', which is no document of media/."
    return ""
