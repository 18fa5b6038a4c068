"""Why something about an attempt was refused: each a sentence for the person, with what to do."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.dateformat import format as format_date

from assessments.models import Attempt, AttemptState


def clock_time(moment: datetime) -> str:
    """Return a moment as people read it on a clock here: 10:42."""
    return format_date(timezone.localtime(moment), "H:i")


def day_and_time(moment: datetime) -> str:
    """Return a moment in words: Thursday 26 November 2026, 11:08."""
    return format_date(timezone.localtime(moment), "l j F Y, H:i")


class AttemptRefused(Exception):
    """Something about an attempt was refused; the message is a sentence for the person. ``kind`` names it to scripts."""

    kind = "refused"


class UnknownAttempt(AttemptRefused):
    """There is no such attempt or question, or it is somebody else's: the answer is the same."""

    kind = "unknown"

    def __init__(self) -> None:
        super().__init__("There is no such question in an attempt of yours. Open your test again from the course.")


class CannotStart(AttemptRefused):
    """An attempt cannot be started now."""

    kind = "cannot-start"


class AttemptClosed(AttemptRefused):
    """The attempt takes no more answers."""

    kind = "closed"

    def __init__(self, attempt: Attempt) -> None:
        ended = attempt.closed_at or attempt.deadline_at
        at = f" at {clock_time(ended)}" if ended else ""
        if attempt.state == AttemptState.SUBMITTED:
            sentence = f"You submitted this test{at}. What reached us by then counts, and nothing can be changed."
        elif attempt.state == AttemptState.VOIDED:
            sentence = "This test was voided, so it takes no answers. Ask your trainer."
        else:
            sentence = f"Time ran out{at}. What had reached us by then was submitted, and nothing can be changed."
        super().__init__(sentence)


class AttemptPaused(AttemptRefused):
    """The clock stands still: answers wait in the page until it runs again."""

    kind = "paused"

    def __init__(self) -> None:
        super().__init__("The clock is stopped. Your answers are kept, and you can go on when it runs again.")


class StillRunning(AttemptRefused):
    """The attempt has time left, so it cannot be closed for lack of it; ``seconds`` are left, grace included."""

    kind = "running"

    def __init__(self, seconds: float) -> None:
        super().__init__("This test has time left.")
        self.seconds = seconds


class MovedElsewhere(AttemptRefused):
    """Another device or tab took the attempt over after this page was opened."""

    kind = "moved"

    def __init__(self, moved_at: datetime | None) -> None:
        at = f" at {clock_time(moved_at)}" if moved_at else ""
        super().__init__(f"You moved to another device{at}. This one is now read only.")


class AnswerFinal(AttemptRefused):
    """The candidate has seen what is right, so the answer stays."""

    kind = "final"

    def __init__(self) -> None:
        super().__init__("You have checked this answer, so it is final. Go on to the next question.")


class RepeatedSequence(AttemptRefused):
    """A sequence number came twice with different questions, which no page of ours sends."""

    kind = "repeated"

    def __init__(self) -> None:
        super().__init__("This answer came under a number that was already used. Reload the page and answer again.")
