"""What a course page and a lesson's list say of each module and step to one reader: state, words, where it leads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from courses.models import StepKind
from courses.outlines import AssessmentRules, Module, Outline, Step
from courses.progress import waiting_for
from people.durations import hours

DONE, STARTED, NOT_STARTED, NOT_OPEN = "done", "started", "not-started", "not-open"
MOST_SHOWN_IN_MODULE = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A row: ``state`` as the icons know it, ``address`` empty where it does not lead anywhere (yet)."""

    state: str
    title: str
    address: str = ""
    detail: str = ""
    side: str = ""
    is_current: bool = False

    @property
    def icon(self) -> str:
        return {DONE: "tick", STARTED: "half-disc", NOT_STARTED: "ring", NOT_OPEN: "padlock"}[self.state]

    @property
    def word(self) -> str:
        """The state in a word, for those who do not see the icon."""
        return {DONE: "Done", STARTED: "Started", NOT_STARTED: "Not started", NOT_OPEN: "Not open"}[self.state]


def step_address(outline: Outline, step: Step) -> str:
    return f"/learn/{outline.slug}/{step.slug}/"


def step_to_resume(outline: Outline, place: str, done: Collection[str]) -> Step | None:
    """Return where to go on: the remembered place, else the next step not done after it, else the first; None when all are done."""
    start = outline.by_slug.get(place)
    if start is None:
        return next((step for step in outline.steps if step.slug not in done), None)
    from_there = outline.steps[outline.steps.index(start) :]
    return next((step for step in (*from_there, *outline.steps) if step.slug not in done), None)


def module_lines(outline: Outline, done: Collection[str], *, is_reader: bool, following: Step | None) -> list[Line]:
    """Return a line for each module, and for each step that stands outside one."""
    return [_module_line(outline, module, done, is_reader, following) for module in outline.modules]


def steps_in_module(outline: Outline, current: Step, done: Collection[str]) -> tuple[list[Line], int]:
    """Return the lines of the current step's module and how many steps it has; a very long one is shown around the current step."""
    steps = outline.module_of(current).steps
    place = steps.index(current)
    first = max(0, min(place - MOST_SHOWN_IN_MODULE // 2, len(steps) - MOST_SHOWN_IN_MODULE))
    lines = [
        Line(
            STARTED if step is current and step.slug not in done else _step_state(outline, step, done),
            step.title,
            step_address(outline, step),
            is_current=step is current,
        )
        for step in steps[first : first + MOST_SHOWN_IN_MODULE]
    ]
    return lines, len(steps)


def contents(steps: Collection[Step]) -> str:
    """Say what is in a module: '4 lessons, 1 test'."""
    words = {
        StepKind.LESSON: ("lesson", "lessons"),
        StepKind.ASSESSMENT: ("test", "tests"),
        StepKind.REFLECTIVE_TASK: ("reflective task", "reflective tasks"),
    }
    counted = [(sum(step.kind == kind for step in steps), one, many) for kind, (one, many) in words.items()]
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counted if count)


def rules_in_words(rules: AssessmentRules) -> str:
    """Say an assessment's rules in a line: '25 questions, 80% and every must-pass question'."""
    words = [f"{rules.questions} question{'' if rules.questions == 1 else 's'}"]
    if rules.pass_percent is not None:
        words.append(
            f"{rules.pass_percent}%" + (" and every must-pass question" if rules.must_pass else "") + " to pass"
        )
    return ", ".join(words)


def what_opens(outline: Outline, missing: Collection[Step]) -> str:
    """Say what opens a step: 'Opens when modules 1 to 5 are done', or the one lesson that is missing."""
    if len(missing) == 1:
        return f"Opens when ‘{next(iter(missing)).title}’ is done."
    numbers = sorted({step.module for step in missing if step.module})
    if not numbers:
        return f"Opens when {len(missing)} earlier steps are done."
    if len(numbers) == 1:
        return f"Opens when module {numbers[0]} is done."
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        word = "and" if len(numbers) == 2 else "to"
        return f"Opens when modules {numbers[0]} {word} {numbers[-1]} are done."
    return f"Opens when modules {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} are done."


def as_sentence(title: str) -> str:
    """Return a title that ends a sentence: with a full stop, unless it brings its own mark."""
    return title if title.endswith(("?", "!", ".", "…")) else f"{title}."


def _module_line(
    outline: Outline, module: Module, done: Collection[str], is_reader: bool, following: Step | None
) -> Line:
    finished = sum(step.slug in done for step in module.steps)
    title = f"{module.number}. {module.title}" if module.number else module.title
    only = module.steps[0] if len(module.steps) == 1 and module.steps[0].is_assessment else None
    detail = rules_in_words(only.rules) + "." if only and only.rules else contents(module.steps) + "."
    if not is_reader:
        minutes = sum(step.minutes for step in module.steps)
        return Line(NOT_STARTED, title, detail=detail, side=hours(minutes) if minutes else "")
    if finished == len(module.steps):
        return Line(DONE, title, step_address(outline, module.steps[0]), detail, "Done")
    missing = waiting_for(outline, only, done) if only else []
    if missing:
        return Line(NOT_OPEN, title, detail=f"{what_opens(outline, missing)} {detail}")
    here = following if following in module.steps else None
    target = here or next(step for step in module.steps if step.slug not in done)
    if finished or here:
        next_words = f" Next: {as_sentence(target.title)}" if not only else ""
        return Line(
            STARTED if finished else NOT_STARTED,
            title,
            step_address(outline, target),
            detail + next_words,
            f"{finished} of {len(module.steps)}" if finished else "",
        )
    return Line(NOT_STARTED, title, step_address(outline, target), detail)


def _step_state(outline: Outline, step: Step, done: Collection[str]) -> str:
    if step.slug in done:
        return DONE
    return NOT_OPEN if waiting_for(outline, step, done) else NOT_STARTED
