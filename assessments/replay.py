"""What an attempt came to, from its steps alone. Pure: knows no database and marks nothing, since a mark is a step too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from assessments.models import AttemptState, StepKind


class Step(Protocol):
    """One thing that happened; ``AttemptStep`` rows are such."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def position(self) -> int | None: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def device(self) -> str: ...
    @property
    def sequence(self) -> int | None: ...


@dataclass
class ReplayedItem:
    """One question of the attempt: the last response, when it was saved, and how often it changed after the first."""

    response: dict[str, Any] | None = None
    saved_at: datetime | None = None
    turn: int = 0
    sequence: int = 0
    flagged: bool = False
    checked_at: datetime | None = None
    changes: int = 0
    fraction: int | None = None


@dataclass
class Replayed:
    """An attempt as its steps tell it. ``rulings`` are the decisions its last mark rests on, by position.

    ``tells_deadline`` is False where no step says it: attempts begun before steps did.
    """

    state: str = AttemptState.OPEN
    device: str = ""
    turn: int = 0
    deadline_at: datetime | None = None
    tells_deadline: bool = False
    paused_at: datetime | None = None
    reached: int = 1
    moved_at: datetime | None = None
    closed_at: datetime | None = None
    score: int | None = None
    outcome: str = ""
    failed_rules: list[str] = field(default_factory=list)
    failed_sections: list[str] = field(default_factory=list)
    marked_at: datetime | None = None
    rulings: dict[int, dict[str, Any]] = field(default_factory=dict)
    items: dict[int, ReplayedItem] = field(default_factory=dict)


def replay(steps: Iterable[Step]) -> Replayed:
    """Fold the steps, in their order, into the state they leave."""
    attempt = Replayed()
    for step in steps:
        _TAKE[StepKind(step.kind)](attempt, step)
    return attempt


def _start(attempt: Replayed, step: Step) -> None:
    attempt.items = {number: ReplayedItem() for number in range(1, len(step.data["questions"]) + 1)}
    _deadline(attempt, step)


def _deadline(attempt: Replayed, step: Step) -> None:
    if "deadline" in step.data:
        told = step.data["deadline"]
        attempt.tells_deadline = True
        attempt.deadline_at = None if told is None else datetime.fromisoformat(told)


def _pause(attempt: Replayed, step: Step) -> None:
    attempt.paused_at = step.at


def _resume(attempt: Replayed, step: Step) -> None:
    attempt.paused_at = None
    _deadline(attempt, step)


def _pass_on(attempt: Replayed, step: Step) -> None:
    attempt.reached = step.position or attempt.reached


def _move(attempt: Replayed, step: Step) -> None:
    attempt.device = step.device
    attempt.turn += 1
    attempt.moved_at = step.at


def _save(attempt: Replayed, step: Step) -> None:
    item = attempt.items[step.position or 0]
    response = step.data["response"]
    if item.response is not None and item.response != response:
        item.changes += 1
    item.response = response
    item.saved_at = step.at
    _order(attempt, item, step)


def _flag(attempt: Replayed, step: Step) -> None:
    _order(attempt, attempt.items[step.position or 0], step)


def _check(attempt: Replayed, step: Step) -> None:
    attempt.items[step.position or 0].checked_at = step.at


def _order(attempt: Replayed, item: ReplayedItem, step: Step) -> None:
    if "flagged" in step.data:
        item.flagged = step.data["flagged"]
    item.turn = attempt.turn
    item.sequence = step.sequence or 0


def _close(attempt: Replayed, step: Step) -> None:
    attempt.state = {
        StepKind.SUBMITTED: AttemptState.SUBMITTED,
        StepKind.EXPIRED: AttemptState.EXPIRED,
        StepKind.VOIDED: AttemptState.VOIDED,
    }[StepKind(step.kind)]
    attempt.closed_at = attempt.closed_at or step.at
    attempt.paused_at = None


def _mark(attempt: Replayed, step: Step) -> None:
    attempt.score = step.data["score"]
    attempt.outcome = step.data["outcome"]
    attempt.failed_rules = list(step.data["failed_rules"])
    attempt.failed_sections = list(step.data.get("failed_sections", []))
    attempt.marked_at = step.at
    attempt.rulings = {int(position): ruling for position, ruling in step.data.get("rulings", {}).items()}
    for position, fraction in enumerate(step.data["fractions"], start=1):
        attempt.items[position].fraction = fraction


_TAKE = {
    StepKind.STARTED: _start,
    StepKind.MOVED: _move,
    StepKind.PASSED_ON: _pass_on,
    StepKind.PAUSED: _pause,
    StepKind.RESUMED: _resume,
    StepKind.EXTENDED: _deadline,
    StepKind.SAVED: _save,
    StepKind.FLAGGED: _flag,
    StepKind.CHECKED: _check,
    StepKind.SUBMITTED: _close,
    StepKind.EXPIRED: _close,
    StepKind.VOIDED: _close,
    StepKind.MARKED: _mark,
    StepKind.REMARKED: _mark,
    StepKind.MODERATED: _mark,
}
