"""What a second reader is pointed to: the importer's own warnings, and those of style, likeness, wording and cover."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from courses.catalogue_review.likeness import find_alike
from courses.catalogue_review.measures import key_ratio, measure_course, read_lesson
from courses.catalogue_review.wording import find_wording
from courses.folder.documents import plain_text
from courses.folder.markdown import read_markdown
from courses.folder.shapes import Catalogue, Course, Lesson, Problem, Question
from courses.folder.warning import KINDS as KINDS_OF_THE_FOLDER
from courses.folder.warning import warn

HARD_LESSON = "hard-lesson"
LONG_SENTENCES = "long-sentences"
KEY_STANDS_OUT = "key-stands-out"
SHORTEST_KEY = "shortest-key"
ALIKE = "alike"
WORDING = "wording"
SMALL_BANK = "small-bank"
UNCHECKED_OUTCOME = "unchecked-outcome"
UNVERIFIED_EXAM = "unverified-exam"
DIFFICULTY = "difficulty"
KINDS = (
    *KINDS_OF_THE_FOLDER,
    HARD_LESSON,
    LONG_SENTENCES,
    KEY_STANDS_OUT,
    SHORTEST_KEY,
    ALIKE,
    WORDING,
    SMALL_BANK,
    UNCHECKED_OUTCOME,
    UNVERIFIED_EXAM,
    DIFFICULTY,
)

MOST_GRADE = 9.0  # years at school: a reader of fourteen
MOST_WORDS_A_SENTENCE = 25.0
MOST_KEY_RATIO = 1.5
MOST_SHORTEST_KEYS = 0.5
LEAST_ALIKE = 0.3  # of the runs of three words
LEAST_BANK = 25
BANK_FOR_A_DRAW = 1.4
# Forecasts, in per cent of a bank, and how far a bank may be from them.
DIFFICULTIES = {"easy": 30, "medium": 50, "hard": 20}
DIFFICULTY_SLACK = 15


def warn_reviewer(catalogue: Catalogue, *, on: date) -> tuple[Problem, ...]:
    """Return everything to look at in a catalogue as it stands on a day, in the order of files and lines."""
    found = [*warn(catalogue, on=on), *_warn_of_likeness(catalogue)]
    for course in catalogue.courses:
        found += _warn_of_reading(course)
        found += _warn_of_options(course)
        found += _warn_of_wording(course)
        found += _warn_of_cover(course)
    return tuple(sorted(set(found)))


def _warn_of_reading(course: Course) -> Iterator[Problem]:
    for lesson in course.lessons():
        counts = read_lesson(lesson)
        if counts.grade is not None and counts.grade > MOST_GRADE:
            reason = f"The lesson reads at grade {counts.grade:.1f}, over {MOST_GRADE:.0f}: shorter words and sentences help."
            yield Problem(lesson.file, 1, reason, HARD_LESSON, lesson.slug)
        if counts.words_a_sentence is not None and counts.words_a_sentence > MOST_WORDS_A_SENTENCE:
            reason = f"Sentences have {counts.words_a_sentence:.1f} words on average, over {MOST_WORDS_A_SENTENCE:.0f}."
            yield Problem(lesson.file, 1, reason, LONG_SENTENCES, lesson.slug)


def _warn_of_options(course: Course) -> Iterator[Problem]:
    for question in course.questions():
        ratio = key_ratio(question) if question.type == "single_choice" else None
        if ratio is not None and ratio > MOST_KEY_RATIO:
            reason = (
                f"The right option of {question.id} is {ratio:.1f} times as long as the others: it gives itself away."
            )
            yield Problem(question.file, question.lines.get("options", 1), reason, KEY_STANDS_OUT, question.id)
    balance = measure_course(course).balance
    if balance and balance.shortest_key > MOST_SHORTEST_KEYS:
        reason = f"The right answer is the shortest in {balance.shortest_key:.0%} of choice items: a candidate could guess by length."
        yield Problem(course.file, 1, reason, SHORTEST_KEY, course.code)


def _warn_of_likeness(catalogue: Catalogue) -> Iterator[Problem]:
    questions = {question.id: question for course in catalogue.courses for question in course.questions()}
    texts = {name: "\n".join(words_of_item(question)) for name, question in questions.items()}
    for one, other, share in find_alike(texts, least=LEAST_ALIKE):
        question = questions[other]
        reason = f"{other} is {share:.0%} in the words of {one}: a candidate who met one has met the other."
        yield Problem(question.file, question.lines.get("stem", 1), reason, ALIKE, other)


def words_of_item(question: Question) -> Iterator[str]:
    """Yield what a candidate reads of a question: the stem, options, pairs and parts; no feedback, no key."""
    yield question.stem
    yield from _read_words(question.fields)


_READ = ("text", "since", "stem", "match")
_NESTED = ("options", "pairs", "matches", "items", "gaps", "areas", "responses", "parts", "definition")


def _read_words(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (str(value[key]) for key in _READ if isinstance(value.get(key), str))
        for key in _NESTED:
            yield from _read_words(value.get(key))
    elif isinstance(value, list):
        for one in value:
            yield from _read_words(one)


def _warn_of_wording(course: Course) -> Iterator[Problem]:
    for lesson in course.lessons():
        yield from _wording_of_lesson(lesson)
    for question in course.questions():
        for path, text in _true_words(question):
            for words, reason in find_wording(text):
                line = question.lines.get(path, question.lines.get("stem", 1))
                yield Problem(question.file, line, f"'{words}' in {question.id} {reason}.", WORDING, question.id)


def _wording_of_lesson(lesson: Lesson) -> Iterator[Problem]:
    for block in lesson.blocks:
        if block.kind == "check":
            continue
        for words, reason in find_wording(plain_text(read_markdown(block.text)[0])):
            line = block.text_line + _lines_before(block.text, words)
            yield Problem(lesson.file, line, f"'{words}' {reason}.", WORDING, lesson.slug)


def _lines_before(text: str, words: str) -> int:
    before, found, _after = text.partition(words)
    return before.count("\n") if found else 0


def _true_words(question: Question) -> Iterator[tuple[str, str]]:
    """Yield what a question says as true: its stem and its right options, not the mistakes it offers nor the feedback on them."""
    yield "stem", question.stem
    for number, option in enumerate(question.fields.get("options", ())):
        if option.get("fraction", 0) > 0:
            yield f"options.{number}", f"{option['text']}\n{option['feedback']}"


def _warn_of_cover(course: Course) -> Iterator[Problem]:
    measures = measure_course(course)
    drawn = sum(row.count for test in course.tests for row in test.draw)
    if course.tests and measures.exam_items < max(LEAST_BANK, BANK_FOR_A_DRAW * drawn):
        reason = (
            f"The bank has {measures.exam_items} exam items and the tests draw {drawn}: at least {LEAST_BANK}, and"
            f" {BANK_FOR_A_DRAW} for each drawn, keep a second attempt from being the first again."
        )
        yield Problem(course.file, 1, reason, SMALL_BANK, course.code)
    for outcome, line in zip(measures.coverage, course.outcomes, strict=True):
        if not outcome.checks:
            reason = f"No lesson check asks for {outcome.outcome}: it is taught and examined, and never practised."
            yield Problem(course.file, line.line or 1, reason, UNCHECKED_OUTCOME, outcome.outcome)
    unsure = {
        reference.id
        for reference in course.references
        if reference.confidence == "L" or reference.against == "not-checked"
    }
    for question in course.questions():
        if question.use == "exam" and (doubtful := unsure.intersection(question.refs)):
            reason = f"The exam item {question.id} rests on '{', '.join(sorted(doubtful))}', which nobody has read or few would trust."
            yield Problem(question.file, question.lines.get("refs", 1), reason, UNVERIFIED_EXAM, question.id)
    if measures.exam_items:
        for name, share in DIFFICULTIES.items():
            found = 100 * measures.difficulty.get(name, 0) / measures.exam_items
            if abs(found - share) > DIFFICULTY_SLACK:
                reason = f"{found:.0f} % of exam items are {name}; about {share} % make a test that tells people apart."
                yield Problem(course.file, 1, reason, DIFFICULTY, course.code)
