"""What an author should look at before a course is loaded. Nothing here stops it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from courses.folder.documents import plain_text
from courses.folder.markdown import read_markdown
from courses.folder.minutes import count_words
from courses.folder.shapes import CHOICE_TYPES, Catalogue, Course, Problem, Question

MOST_LONGEST_KEYS = 40
MOST_TRUE_FALSE = 10
MOST_STEM_WORDS = 90
MOST_KEY_WORDS = 40

# Kinds of warning, by which a reason is given for one.
LONGEST_KEY = "longest-key"
TRUE_FALSE = "many-true-false"
LONG_STEM = "long-stem"
PAST_REVIEW = "past-review"
BELOW_HIGH = "below-high"
UNSHOWN_CHECK = "unshown-check"
LONG_KEY_POINT = "long-key-point"
IDLE_RULE = "idle-rule"
UNSHOWN_FILE = "unshown-file"
KINDS = (
    LONGEST_KEY,
    TRUE_FALSE,
    LONG_STEM,
    PAST_REVIEW,
    BELOW_HIGH,
    UNSHOWN_CHECK,
    LONG_KEY_POINT,
    IDLE_RULE,
    UNSHOWN_FILE,
)


def warn(catalogue: Catalogue, *, on: date) -> Iterator[Problem]:
    """Yield the warnings of a folder, as they stand on a day."""
    for course in catalogue.courses:
        yield from _warn_of_keys(course)
        yield from _warn_of_true_false(course)
        yield from _warn_of_stems(course)
        yield from _warn_of_references(course, on)
        yield from _warn_of_lessons(course)
        yield from _warn_of_media(course)


def has_longest_key(question: Question) -> bool:
    """Whether the longest option of a choice is a right one, and longer than every wrong one."""
    options = [option for option in question.fields.get("options", ()) if isinstance(option, dict)]
    lengths = {True: [0], False: [0]}
    for option in options:
        fraction = option.get("fraction")
        lengths[isinstance(fraction, int | float) and fraction > 0].append(len(str(option.get("text", ""))))
    return max(lengths[True]) > max(lengths[False])


def _warn_of_keys(course: Course) -> Iterator[Problem]:
    choices = [question for question in course.questions() if question.type in CHOICE_TYPES]
    longest = [question for question in choices if has_longest_key(question)]
    if choices and len(longest) * 100 > len(choices) * MOST_LONGEST_KEYS:
        first = longest[0]
        named = ", ".join(question.id for question in longest)
        reason = (
            f"The right answer is the longest in {len(longest)} of {len(choices)} choice items, over {MOST_LONGEST_KEYS} %:"
            f" a candidate could guess by length. They are {named}."
        )
        yield Problem(first.file, first.lines.get("options", first.lines[""]), reason, LONGEST_KEY, course.code)


def _warn_of_true_false(course: Course) -> Iterator[Problem]:
    questions = list(course.questions())
    verdicts = [question for question in questions if question.type == "true_false"]
    if len(verdicts) * 100 > len(questions) * MOST_TRUE_FALSE:
        first = verdicts[0]
        reason = f"{len(verdicts)} of {len(questions)} items are true or false, over {MOST_TRUE_FALSE} %."
        yield Problem(first.file, first.lines.get("type", first.lines[""]), reason, TRUE_FALSE, course.code)


def _warn_of_stems(course: Course) -> Iterator[Problem]:
    for question in course.questions():
        words = count_words(question.stem)
        if words > MOST_STEM_WORDS:
            reason = f"The stem of {question.id} has {words} words; {MOST_STEM_WORDS} are enough, reading is not what is tested."
            yield Problem(question.file, question.lines["stem"], reason, LONG_STEM, question.id)


def _warn_of_references(course: Course, on: date) -> Iterator[Problem]:
    file = f"{course.folder}/references.yaml"
    for reference in course.references:
        if reference.review_by and reference.review_by < on:
            reason = f"The reference '{reference.id}' was to be reviewed by {reference.review_by.isoformat()}."
            yield Problem(file, reference.lines["review_by"], reason, PAST_REVIEW, reference.id)
        if reference.confidence in ("M", "L"):
            reason = f"The reference '{reference.id}' is {reference.confidence}, below H: a reviewer reads the source itself."
            yield Problem(file, reference.lines["confidence"], reason, BELOW_HIGH, reference.id)


def _warn_of_lessons(course: Course) -> Iterator[Problem]:
    shown = {block.words[0] for lesson in course.lessons() for block in lesson.blocks_of("check") if block.words}
    for question in course.questions():
        if question.use == "lesson" and question.id not in shown:
            reason = f"No lesson shows the check '{question.id}'."
            yield Problem(question.file, question.lines[""], reason, UNSHOWN_CHECK, question.id)
    for lesson in course.lessons():
        for block in lesson.blocks_of("key"):
            words = count_words(plain_text(read_markdown(block.text)[0]))
            if words >= MOST_KEY_WORDS:
                reason = f"A key point has fewer than {MOST_KEY_WORDS} words; this one has {words}."
                yield Problem(lesson.file, block.line, reason, LONG_KEY_POINT, lesson.slug)
    if not any(test.must_pass for test in course.tests):
        for question in course.questions():
            if question.must_pass:
                reason = (
                    f"No test of the course has 'must_pass: true', so the rule '{question.must_pass}' decides nothing."
                )
                yield Problem(question.file, question.lines["must_pass"], reason, IDLE_RULE, question.id)


def _warn_of_media(course: Course) -> Iterator[Problem]:
    used = {word for lesson in course.lessons() for block in lesson.blocks for word in block.words}
    texts = "\n".join(block.text for lesson in course.lessons() for block in lesson.blocks)
    for file in course.media:
        if file.name not in used and f"media/{file.name}" not in texts:
            reason = "No lesson shows this file; it will not be loaded."
            yield Problem(f"{course.folder}/media/{file.name}", 1, reason, UNSHOWN_FILE, file.name)
