"""What the start page of an assessment says: whether it is open, what opens it, the rules, earlier attempts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from assessments.attempts import StartAnswer, can_start
from assessments.models import AssessmentVersion, Attempt, AttemptState, FeedbackPolicy, ResultsPolicy
from assessments.refusals import day_and_time
from assessments.releasing import is_withheld, told_from
from courses.course_lines import what_opens
from courses.course_page import steps_done_on
from courses.outlines import AssessmentRules, Outline, Step
from courses.progress import context_of, waiting_for
from courses.standing import ReaderStanding
from people.adjustments import adjustments_of, extra_minutes
from people.durations import hours

if TYPE_CHECKING:
    from people.models import User

FEEDBACK = {
    FeedbackPolicy.AT_ONCE.value: "Shown as you answer",
    FeedbackPolicy.AFTER_SUBMIT.value: "Shown after you submit",
    FeedbackPolicy.AFTER_WINDOW.value: "Shown when you have passed, or after your last attempt",
    FeedbackPolicy.NEVER.value: "Not shown",
}
CERTAINTY = (
    "Right earns a third of the mark if you guess, two thirds if you think so, all of it if you are sure. Wrong costs nothing, two thirds "
    "or twice the mark. Say nothing and you are taken to guess; your result is never below 0."
)


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An earlier or open attempt: what it was, when, where it is read."""

    title: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class AssessmentState:
    """``opens`` is a sentence while earlier steps are missing; ``answer`` is the engine's, None where it was not asked."""

    attempts: tuple[AttemptLine, ...]
    opens: str = ""
    answer: StartAnswer | None = None
    results: str = ""
    is_invigilated: bool = False
    adjustments: dict[str, Any] = field(default_factory=dict)

    @property
    def asks_code(self) -> bool:
        """Whether starting asks for the code of a room; going on does not."""
        return self.is_invigilated and self.answer is not None and self.answer.is_new


def attempts_at(reader: ReaderStanding, step: Step, officer: User, *, at: datetime) -> list[AttemptLine]:
    """Return the officer's attempts at a step, the latest first."""
    ref = context_of(reader.context_ref, step.slug)
    sat = Attempt.objects.sat_by(officer).filter(context_ref=ref).select_related("assessment_version")
    return [_line(attempt, at=at) for attempt in sat.order_by("-number")]


def assessment_state(
    reader: ReaderStanding, outline: Outline, step: Step, officer: User, *, at: datetime
) -> AssessmentState:
    """Return what stands between this reader and a start."""
    attempts = tuple(attempts_at(reader, step, officer, at=at))
    missing = waiting_for(outline, step, steps_done_on(reader)) if reader.is_open else []
    if missing:
        return AssessmentState(attempts, opens=what_opens(outline, missing))
    if not reader.is_open or step.assessment_version is None:
        return AssessmentState(attempts)
    version = AssessmentVersion.objects.select_related("assessment").get(pk=step.assessment_version)
    ref = context_of(reader.context_ref, step.slug)
    answer = can_start(version, officer, context_ref=ref, at=at)
    return AssessmentState(
        attempts,
        answer=answer,
        results=_results_words(version),
        is_invigilated=version.is_invigilated,
        adjustments=adjustments_of(officer, on=timezone.localdate(at)),
    )


def _results_words(version: AssessmentVersion) -> str:
    """Return when results are told, where it is not at once."""
    if version.results == ResultsPolicy.NEVER:
        return "Not shown"
    moment = told_from(version)
    return f"From {day_and_time(moment)}" if moment else ""


def rules_rows(step: Step, state: AssessmentState) -> list[tuple[str, ...]]:
    """Return the rules as label, value and sometimes a note."""
    rules = step.rules
    if rules is None:
        return []
    rows: list[tuple[str, ...]] = [*_window_rows(rules), ("Questions", str(rules.questions), _way_in_words(rules))]
    if rules.sections:
        rows.append(("Sections", ", ".join(section for section, _least in rules.sections), _least_in_words(rules)))
    rows.append(("Time", hours(rules.minutes) if rules.minutes else "No limit", _extra_in_words(rules, state)))
    if rules.minutes and (rest := state.adjustments.get("rest_minutes")):
        rows.append(("Rest breaks", f"{rest} minutes for each hour", "The clock stops meanwhile."))
    if rules.pass_percent is None:
        rows.append(("Pass mark", "None", "You complete it by handing it in."))
    else:
        rows.append(("Pass mark", f"{rules.pass_percent}%", "And every must-pass question." if rules.must_pass else ""))
    left = state.answer.attempts_left if state.answer else None
    if rules.attempts is None:
        rows.append(("Attempts", "As many as you need"))
    else:
        rows.append(("Attempts", str(rules.attempts), f"You have {left} left." if left is not None else ""))
    if state.is_invigilated:
        rows.append(("Place", "In a room", "An invigilator gives out the start code there."))
    if rules.wait_hours:
        rows.append(("Between attempts", f"{rules.wait_hours} hours"))
    if rules.counts_confidence:
        rows.append(("How sure you are", "Counts where it is asked", CERTAINTY))
    rows.append(("Answers", _answers_words(rules)))
    if state.results:
        rows.append(("Results", state.results))
    return rows


def _answers_words(rules: AssessmentRules) -> str:
    """Return when a candidate is shown what was right."""
    if rules.feedback == FeedbackPolicy.AFTER_WINDOW and rules.closes_at is not None:
        return "Shown when the test has closed and everybody has handed in"
    return FEEDBACK[rules.feedback]


def _window_rows(rules: AssessmentRules) -> list[tuple[str, ...]]:
    """Return when the test can be begun, where that is not always."""
    rows: list[tuple[str, ...]] = []
    if rules.opens_at is not None:
        rows.append(("Opens", day_and_time(rules.opens_at)))
    if rules.closes_at is not None:
        kept = "Begin before then; you keep the whole time."
        note = kept if rules.minutes else "What you have answered by then is submitted."
        rows.append(("Closes", day_and_time(rules.closes_at), note))
    return rows


def _extra_in_words(rules: AssessmentRules, state: AssessmentState) -> str:
    """Return what the reader's own extra time makes of the limit; nothing for most people."""
    extra = extra_minutes(state.adjustments, rules.minutes or 0)
    if rules.minutes is None or not extra:
        return ""
    return f"You have {hours(extra)} more: {hours(rules.minutes + extra)} in all."


def _way_in_words(rules: AssessmentRules) -> str:
    if rules.is_forward:
        return "One at a time, forward only: you cannot come back to a question."
    return "All on one page." if rules.is_whole else "One at a time, in any order."


def _least_in_words(rules: AssessmentRules) -> str:
    least = [f"{percent}% in {section}" for section, percent in rules.sections if percent is not None]
    return f"You need at least {' and '.join(least)}." if least else ""


def _line(attempt: Attempt, *, at: datetime) -> AttemptLine:
    started = f"Started {day_and_time(attempt.started_at)}"
    if attempt.state == AttemptState.OPEN:
        return AttemptLine(f"Attempt {attempt.number}: open now", started, f"/assess/{attempt.pk}/")
    if is_withheld(attempt.assessment_version, at=at):
        return AttemptLine(f"Attempt {attempt.number}: handed in", started, f"/assess/{attempt.pk}/receipt/")
    percent = "" if attempt.score is None else f", {attempt.score // 10_000}%"
    words = attempt.get_outcome_display() if attempt.outcome else "being marked"
    address = f"{attempt.context_address}result/{attempt.pk}/"
    return AttemptLine(f"Attempt {attempt.number}: {words[:1].lower()}{words[1:]}{percent}", started, address)
