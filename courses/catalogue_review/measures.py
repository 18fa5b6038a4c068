"""What a course's questions and lessons come to in figures. No figure here refuses or warns; ``warnings`` says which are out of bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from courses.catalogue_review.readability import Readability, measure
from courses.folder.documents import plain_text
from courses.folder.markdown import read_markdown
from courses.folder.minutes import words_of_lesson
from courses.folder.shapes import CHOICE_TYPES, Course, Lesson, Question
from courses.folder.warning import has_longest_key

_READ = ("text", "warning", "case", "key", "reflect", "law", "accordion")


@dataclass(frozen=True)
class Coverage:
    """One outcome: lessons and tasks that teach it, lesson checks, exam items, and how many a test draws by its outcome."""

    outcome: str
    lessons: int
    checks: int
    exam_items: int
    drawn: int


@dataclass(frozen=True)
class Balance:
    """The options of single-choice items with a right one: shares are 0 to 1, the ratio is key length over the mean of the others."""

    items: int
    longest_key: float
    shortest_key: float
    mean_ratio: float


@dataclass(frozen=True)
class CourseMeasures:
    """A course in figures. ``readability`` is of all its lessons together."""

    lessons: int
    words: int
    minutes: int
    exam_items: int
    lesson_items: int
    types: Mapping[str, int]
    difficulty: Mapping[str, int]
    readability: Readability
    balance: Balance | None
    coverage: tuple[Coverage, ...]


def measure_course(course: Course) -> CourseMeasures:
    """Return the figures of a course as it was read."""
    lessons = list(course.lessons())
    questions = list(course.questions())
    exam = [question for question in questions if question.use == "exam"]
    read = [read_lesson(lesson) for lesson in lessons]
    return CourseMeasures(
        lessons=len(lessons),
        words=sum(map(words_of_lesson, lessons)),
        minutes=course.minutes,
        exam_items=len(exam),
        lesson_items=len(questions) - len(exam),
        types=dict(Counter(question.type for question in exam)),
        difficulty=dict(Counter(question.difficulty for question in exam)),
        readability=Readability(
            sum(one.words for one in read), sum(one.sentences for one in read), sum(one.syllables for one in read)
        ),
        balance=balance_of(questions),
        coverage=tuple(_coverage(course)),
    )


def read_lesson(lesson: Lesson) -> Readability:
    """Return the counts of what a reader reads in a lesson."""
    return measure("\n".join(text_of_lesson(lesson)))


def text_of_lesson(lesson: Lesson) -> list[str]:
    """Return the plain text of a lesson's blocks, in order."""
    return [plain_text(read_markdown(block.text)[0]) for block in lesson.blocks_of(*_READ)]


def key_ratio(question: Question) -> float | None:
    """Return the length of a single choice's right option over the mean length of the others; None without both."""
    rights, wrongs = lengths_of(question)
    return rights[0] / fmean(wrongs) if len(rights) == 1 and wrongs and fmean(wrongs) else None


def lengths_of(question: Question) -> tuple[list[int], list[int]]:
    """Return the lengths in characters of a choice's right and wrong options."""
    lengths: dict[bool, list[int]] = {True: [], False: []}
    for option in question.fields.get("options", ()):
        lengths[option["fraction"] > 0].append(len(str(option["text"])))
    return lengths[True], lengths[False]


def balance_of(questions: list[Question]) -> Balance | None:
    """Return how the lengths of right and wrong options compare over a course's choice items; None where there are none."""
    choices = [question for question in questions if question.type in CHOICE_TYPES]
    singles = [question for question in choices if question.type == "single_choice"]
    ratios = [ratio for question in singles if (ratio := key_ratio(question)) is not None]
    if not ratios:
        return None
    shortest = 0
    for question in choices:
        rights, wrongs = lengths_of(question)
        shortest += bool(rights and wrongs and min(rights) < min(wrongs))
    longest = sum(map(has_longest_key, choices))
    return Balance(len(choices), longest / len(choices), shortest / len(choices), fmean(ratios))


def _coverage(course: Course) -> list[Coverage]:
    drawn: Counter[str] = Counter()
    for test in course.tests:
        for row in test.draw:
            drawn[row.outcome] += row.count
    taught = Counter(outcome for step in course.steps() for outcome in step.outcomes)
    by_use = Counter((question.outcome, question.use) for question in course.questions())
    return [
        Coverage(one.id, taught[one.id], by_use[one.id, "lesson"], by_use[one.id, "exam"], drawn[one.id])
        for one in course.outcomes
    ]
