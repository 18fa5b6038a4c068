"""What needs a look before an attempt is submitted. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments import question_types
from assessments.attempt_pages import address_in, in_a_row
from assessments.going_on import is_forward
from assessments.models import Attempt, AttemptItem
from assessments.question_types.words import divide_stem, in_words, quoted, shortened, without_emphasis


@dataclass(frozen=True)
class ReviewRow:
    """A question to look at before submitting, with its question or its answer in words. ``state`` says what the heading does not."""

    position: int
    words: str
    address: str
    state: str = ""

    @property
    def title(self) -> str:
        return f"Question {self.position}"


@dataclass(frozen=True)
class ReviewPage:
    """What needs a look before submitting, each question once: the unanswered, flagged or not, those answered in part, then the others
    that were flagged.
    """

    attempt: Attempt
    total: int
    answered: int
    turns: tuple[int, ...]
    unanswered_rows: tuple[ReviewRow, ...]
    partly_rows: tuple[ReviewRow, ...]
    flagged_rows: tuple[ReviewRow, ...]
    saved_at: datetime | None

    @property
    def kept_turns(self) -> str:
        return in_a_row(self.turns)

    @property
    def unanswered_heading(self) -> str:
        count = len(self.unanswered_rows)
        return "One has no answer" if count == 1 else f"{in_words(count).capitalize()} have no answer"

    @property
    def partly_heading(self) -> str:
        count = len(self.partly_rows)
        return "One is answered in part" if count == 1 else f"{in_words(count).capitalize()} are answered in part"

    @property
    def flagged_heading(self) -> str:
        more = " more" if any(row.state for row in [*self.unanswered_rows, *self.partly_rows]) else ""
        return f"{in_words(len(self.flagged_rows)).capitalize()}{more} you flagged"

    @property
    def is_forward(self) -> bool:
        return is_forward(self.attempt)

    @property
    def go_back_to(self) -> int:
        if self.is_forward:
            return self.attempt.reached
        rows = [*self.unanswered_rows, *self.partly_rows, *self.flagged_rows]
        return rows[0].position if rows else 1

    @property
    def way_back(self) -> str:
        return address_in(self.attempt, self.go_back_to)


def review_page(attempt: Attempt) -> ReviewPage:
    """Return what needs a look before submitting, in one query."""
    items = attempt.items.select_related("question_version").defer("question_version__note")
    return review_of(attempt, list(items), address=lambda position: address_in(attempt, position))


def review_of(attempt: Attempt, items: Sequence[AttemptItem], *, address: Callable[[int], str]) -> ReviewPage:
    """Return what needs a look among these questions; ``address`` gives where one of them is answered."""
    unanswered, partly, flagged, answered, saved = [], [], [], 0, []
    for item in items:
        question = item.question_version
        here = question_types.asked(question.type, question.definition)
        is_answered = here.is_answered(item.response)
        answered += is_answered
        if item.saved_at:
            saved.append(item.saved_at)
        there = "" if is_forward(attempt) else address(item.position)
        asked = without_emphasis(divide_stem(question.definition["stem"])[1])
        if not is_answered:
            state = "No answer, flagged" if item.flagged else ""
            unanswered.append(ReviewRow(item.position, asked, there, state))
        elif missing := here.what_is_missing(item.response):
            partly.append(ReviewRow(item.position, missing, there, "Flagged" if item.flagged else ""))
        elif item.flagged:
            summary = shortened(here.summarise(item.response))
            flagged.append(ReviewRow(item.position, f"Answered: {quoted(summary)}", there))
    return ReviewPage(
        attempt=attempt,
        total=len(items),
        answered=answered,
        turns=tuple(item.turn for item in items),
        unanswered_rows=tuple(unanswered),
        partly_rows=tuple(partly),
        flagged_rows=tuple(flagged),
        saved_at=max(saved, default=None),
    )
