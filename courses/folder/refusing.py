"""What a course must be, beyond being readable. Every rule is a small function that yields problems; all of them are collected.

What a question's own fields must be is said by its type (``question_files``); lessons have ``refusing_lessons``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.drawing import BankItem, CannotDraw, DrawRow, draw_items
from assessments.sittings import check_sitting
from assessments.topic_paths import key_of, titles_in
from courses.folder.markdown import DESCRIPTION, is_https, read_markdown
from courses.folder.media_files import what_is_wrong
from courses.folder.minutes import minutes_of_course
from courses.folder.reading import LOCAL_DEFAULTS
from courses.folder.refusing_lessons import refuse_lesson, refuse_task
from courses.folder.shapes import SITTING, Catalogue, Course, DrawLine, Lesson, Problem, Question, Test
from courses.leading import what_contradicts
from cpd_records.currency.values import Lasting

MARKING = "OFFICIAL"
LEAST_EXAM_ITEMS = 3
_LAW = re.compile(
    r"\b(sections?|ss?\.|regulations?|regs?\.?|schedule|article)\s?\d"
    r"|\bCode [A-H]\b|\bPACE\b|\b[A-Z]\w+ Act\b|\bthe Act\b|\bEWHC\b|\bUKSC\b|\b(un)?lawful(ly)?\b"
)


@dataclass(frozen=True)
class Known:
    """What the site holds beside the folder. ``banks`` gives the course a question or test code belongs to."""

    courses: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    banks: Mapping[str, str] = field(default_factory=dict)
    qualifications: Mapping[str, Lasting] = field(default_factory=dict)
    templates: frozenset[str] = frozenset()


def refuse(catalogue: Catalogue, known: Known) -> Iterator[Problem]:
    """Yield everything that stands against loading the folder, beyond what could not be read."""
    yield from _refuse_ids_across(catalogue, known)
    families = {family.code for family in catalogue.families} | known.families
    courses = {course.code for course in catalogue.courses} | known.courses
    for course in catalogue.courses:
        yield from _refuse_course(course, families, courses)
        yield from _refuse_leads_to(course, known)
        yield from _refuse_template(course, known)
        yield from _refuse_slugs(course)
        yield from _refuse_references(course)
        yield from _refuse_media(course)
        for step in course.steps():
            yield from refuse_lesson(step, course) if isinstance(step, Lesson) else refuse_task(step, course)
        for question in course.questions():
            yield from _refuse_question(question, course)
        yield from _refuse_must_pass(course)
        for test in course.tests:
            yield from _refuse_test(test, course)


def _refuse_ids_across(catalogue: Catalogue, known: Known) -> Iterator[Problem]:
    codes: dict[str, str] = {}
    ids: dict[str, str] = {}
    for course in catalogue.courses:
        if course.slug in codes:
            yield Problem(
                course.file, course.lines.get("code", 1), f"The code {course.code} is that of {codes[course.slug]} too."
            )
        codes.setdefault(course.slug, course.folder)
        things: list[Question | Test] = [*course.questions(), *course.tests]
        for thing in things:
            if "id" not in thing.lines:
                continue
            if thing.id in ids:
                reason = f"The id '{thing.id}' is used twice: it stands in {ids[thing.id]} too. An id is never reused."
                yield Problem(thing.file, thing.lines["id"], reason)
            elif known.banks.get(thing.id, course.code) != course.code:
                reason = f"The id '{thing.id}' belongs to the course {known.banks[thing.id]}. An id is never reused."
                yield Problem(thing.file, thing.lines["id"], reason)
            ids.setdefault(thing.id, f"{thing.file}:{thing.lines['id']}")


def _refuse_course(course: Course, families: set[str], courses: set[str]) -> Iterator[Problem]:
    def problem(key: str, reason: str) -> Problem:
        return Problem(course.file, course.lines.get(key, 1), reason)

    if "marking" in course.lines and course.marking != MARKING:
        yield problem("marking", f"Only {MARKING} content can be loaded, not '{course.marking}'.")
    if "family" in course.lines and course.family not in families:
        yield problem("family", f"The family '{course.family}' is not found in families.yaml.")
    for number, code in enumerate(course.requires):
        if code not in courses or code == course.code:
            yield problem(f"requires.{number}", f"The required course '{code}' is not found.")
    for number, name in enumerate(course.local_defaults):
        if name not in LOCAL_DEFAULTS:
            known = ", ".join(LOCAL_DEFAULTS)
            yield problem(f"local_defaults.{number}", f"'{name}' is no local default. They are {known}.")
    if "audience" in course.lines and not course.audience:
        yield problem("audience", "Say whom the course is for.")
    if "outcomes" in course.lines and not course.outcomes:
        yield problem("outcomes", "A course has at least one outcome.")
    if not course.modules:
        yield problem(
            "code", "The course has no module: a folder such as 10-first-module with a module.md and lessons."
        )
    if course.completion == "pass" and not any(test.pass_percent is not None for test in course.tests):
        yield problem("completion", "'completion: pass' needs a test with a pass mark in assessments/.")
    right = minutes_of_course(course)
    if "minutes" in course.lines and course.minutes != right:
        reason = f"The course claims {course.minutes} minutes; its lessons, tests and extra minutes come to {right}. Write {right}."
        yield problem("minutes", reason)
    yield from _refuse_outcomes(course)
    if not course.description.strip():
        yield Problem(
            course.file,
            course.description_line,
            "The course has no description: write one page below the front matter.",
        )
    for line, reason in read_markdown(course.description, DESCRIPTION, line=course.description_line)[1]:
        yield Problem(course.file, line, reason)
    for module in course.modules:
        if not module.steps:
            yield Problem(
                module.file, 1, "This module has no step: put a lesson such as 10-first-lesson.md into its folder."
            )


def _refuse_leads_to(course: Course, known: Known) -> Iterator[Problem]:
    if "leads_to" not in course.lines:
        return
    for fault in what_contradicts(course.leads_to, course.validity_months, known.qualifications):
        key = "validity_months" if fault.code is None else f"leads_to.{course.leads_to.index(fault.code)}"
        yield Problem(course.file, course.lines.get(key, course.lines["leads_to"]), fault.sentence)


def _refuse_template(course: Course, known: Known) -> Iterator[Problem]:
    if course.certificate_template and course.certificate_template not in known.templates:
        reason = (
            f"There is no certificate template '{course.certificate_template}' here. Make it under Certificate templates, or take the line"
            " out for the product's own form."
        )
        yield Problem(course.file, course.lines["certificate_template"], reason)


def _refuse_outcomes(course: Course) -> Iterator[Problem]:
    taught = {outcome for lesson in course.lessons() for outcome in lesson.outcomes}
    examined = Counter(question.outcome for question in course.questions() if question.use == "exam")
    for outcome in course.outcomes:
        if outcome.id not in taught:
            yield Problem(course.file, outcome.line, f"The outcome {outcome.id} has no lesson.")
        if examined[outcome.id] < LEAST_EXAM_ITEMS:
            reason = f"The outcome {outcome.id} has {examined[outcome.id]} exam items; at least {LEAST_EXAM_ITEMS} are needed."
            yield Problem(course.file, outcome.line, reason)


def _refuse_slugs(course: Course) -> Iterator[Problem]:
    """A step's slug is its identity in the course; modules and tests stand side by side below the course."""
    seen: dict[str, str] = {}
    for thing in (*course.steps(), *course.tests):
        if thing.slug in seen:
            reason = (
                f"The step '{thing.slug}' stands twice: it is in {seen[thing.slug]} too. A step's slug is its identity."
            )
            yield Problem(thing.file, 1, reason)
        seen.setdefault(thing.slug, thing.file)
    for things in (course.modules, *(module.steps for module in course.modules)):
        numbers: dict[int, str] = {}
        for numbered in things:
            if numbered.number in numbers:
                reason = f"The number {numbered.number} stands twice here: '{numbers[numbered.number]}' has it too. Numbers give the order."
                yield Problem(numbered.file, 1, reason)
            numbers.setdefault(numbered.number, numbered.slug)
    modules: dict[str, str] = {test.slug: test.file for test in course.tests}
    for module in course.modules:
        if module.slug in modules:
            yield Problem(
                module.file, 1, f"The module's slug '{module.slug}' is used twice: {modules[module.slug]} has it too."
            )
        modules.setdefault(module.slug, module.file)


def _refuse_references(course: Course) -> Iterator[Problem]:
    for reference in course.references:
        file = f"{course.folder}/references.yaml"
        if "url" in reference.lines and not is_https(reference.url):
            yield Problem(file, reference.lines["url"], f"The link '{reference.url}' is not an https address.")
        if reference.against in ("live", "stored-copy", "secondary") and reference.checked_on is None:
            line = reference.lines.get("checked_on", reference.lines[""])
            yield Problem(file, line, f"A check against '{reference.against}' has its day in 'checked_on'.")


def _refuse_media(course: Course) -> Iterator[Problem]:
    for file in course.media:
        if reason := what_is_wrong(file.name, file.content()):
            yield Problem(f"{course.folder}/media/{file.name}", 1, reason)


def _refuse_question(question: Question, course: Course) -> Iterator[Problem]:
    def problem(key: str, reason: str) -> Problem:
        return Problem(question.file, question.lines.get(key, question.lines[""]), reason)

    if "outcome" in question.lines and question.outcome not in {outcome.id for outcome in course.outcomes}:
        yield problem("outcome", f"The outcome '{question.outcome}' is not found in course.md.")
    references = {reference.id for reference in course.references}
    for number, ref in enumerate(question.refs):
        if ref not in references:
            yield problem(f"refs.{number}", f"The reference '{ref}' is not found in references.yaml.")
    if "refs" in question.lines and not question.refs and (found := _LAW.search(_words(question.definition))):
        yield problem("refs", f"An item on law ('{found[0]}') names at least one reference.")
    if question.must_pass and question.use == "lesson":
        yield problem("must_pass", "A lesson check cannot be must-pass: only an exam item can fail somebody.")


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "\n".join(map(_words, value.values()))
    return "\n".join(map(_words, value)) if isinstance(value, list) else ""


def _refuse_must_pass(course: Course) -> Iterator[Problem]:
    references = {reference.id: reference for reference in course.references}
    items = [question for question in course.questions() if question.must_pass and question.use == "exam"]
    siblings = Counter(question.must_pass for question in items)
    for question in items:
        line = question.lines["must_pass"]
        if siblings[question.must_pass] == 1:
            reason = f"The must-pass rule '{question.must_pass}' has one item; it needs at least two, so that an attempt can differ."
            yield Problem(question.file, line, reason)
        if "refs" in question.lines and not question.refs:
            yield Problem(
                question.file, question.lines["refs"], "A must-pass item names the reference its rule rests on."
            )
        for number, ref in enumerate(question.refs):
            if (reference := references.get(ref)) and not reference.is_sound:
                reason = (
                    f"The must-pass rule '{question.must_pass}' rests on '{ref}', which is {reference.confidence} and checked"
                    f" '{reference.against}'; it must be H and live or stored-copy."
                )
                yield Problem(question.file, question.lines.get(f"refs.{number}", line), reason)


def _refuse_test(test: Test, course: Course) -> Iterator[Problem]:
    outcomes = {outcome.id for outcome in course.outcomes}
    bank = [
        BankItem(item.id, item.outcome, key_of(titles_in(item.topic)), item.difficulty, item.must_pass)
        for item in course.questions()
        if item.use == "exam"
    ]
    if test.module and test.module not in {module.folder for module in course.modules}:
        yield Problem(test.file, test.lines.get("module", 1), f"The module '{test.module}' is not found.")
    if "draw" in test.lines and not test.draw:
        yield Problem(test.file, test.lines["draw"], "A test draws at least one item.")
    short = False
    for row in test.draw:
        if row.outcome and row.outcome not in outcomes:
            yield Problem(test.file, row.line, f"The outcome '{row.outcome}' is not found in course.md.")
            short = True
        elif not (row.outcome or row.topic or row.difficulty):
            yield Problem(test.file, row.line, "A line of the draw names an outcome, a topic or a difficulty.")
            short = True
        elif (held := sum(map(_drawn_by(row).accepts, bank))) < row.count:
            yield Problem(
                test.file, row.line, f"The test draws {row.count} items of {_named(row)}; the bank holds {held}."
            )
            short = True
    if test.draw and not short:
        yield from _refuse_overlap(test, bank)
    if test.must_pass and test.pass_percent is None and "pass_percent" in test.lines:
        yield Problem(
            test.file,
            test.lines["must_pass"],
            "Must-pass questions need a pass mark: write 'pass_percent', or false here.",
        )
    if "pass_percent" in test.lines and "feedback" in test.lines:
        yield from _refuse_sitting(test)


def _refuse_sitting(test: Test) -> Iterator[Problem]:
    """What the engine says of the window, the sections and when results are told."""
    rules = {name: getattr(test, name) for name in ("pass_percent", "feedback", *SITTING)}
    for problem in check_sitting({**rules, "draw": [row.rule for row in test.draw]}):
        key, _dot, rest = problem.path.partition(".")
        number = rest.partition(".")[0]
        line = test.draw[int(number)].line if number else test.lines.get(key, 1)
        yield Problem(test.file, line, problem.message)


def _drawn_by(line: DrawLine) -> DrawRow:
    """Return a line as the engine draws by it, its topic read as the bank's tree will have it."""
    return DrawRow(line.outcome, line.count, line.topic, line.difficulty, stands_at=key_of(titles_in(line.topic)))


def _named(row: Any) -> str:
    return " ".join(word for word in (row.outcome, row.topic, row.difficulty) if word)


def _refuse_overlap(test: Test, bank: list[BankItem]) -> Iterator[Problem]:
    """Each row alone can be met: whether all can together is for the engine that draws to say."""
    try:
        draw_items(bank, [_drawn_by(row) for row in test.draw], must_pass=test.must_pass, seed="")
    except CannotDraw as refusal:
        yield Problem(
            test.file, test.lines["draw"], f"The test draws more than the bank holds: {' '.join(refusal.shortfalls)}"
        )
