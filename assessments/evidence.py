"""What somebody answered in tests and how it was marked, as recorded by a moment: for evidence, from the steps alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assessments.models import Attempt, AttemptItem, AttemptState, AttemptStep
from assessments.replay import Replayed, replay
from assessments.results import ItemResult, item_result
from assessments.rulings import keys_by_id
from people.models import User


@dataclass(frozen=True, slots=True)
class AnsweredFile:
    """A file handed in as part of an answer: ``digest`` is its SHA-256, ``size`` in bytes."""

    position: int
    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class AttemptKnown:
    """An attempt as its steps had it by the moment; ``attempt`` gives only what never changes.

    ``items`` are its questions as the candidate met them, each with the answer and mark known then. ``steps`` are ``(when, what)``.
    """

    attempt: Attempt
    state: Replayed
    items: tuple[ItemResult, ...]
    files: tuple[AnsweredFile, ...]
    steps: tuple[tuple[datetime, str], ...]

    @property
    def state_words(self) -> str:
        return str(AttemptState(self.state.state).label)


# Steps that say nothing of what happened to somebody: every answer saved, every flag.
TOO_SMALL = frozenset({"saved", "flagged", "checked", "passed_on"})


def attempts_known(officer: User, *, begun_by: datetime, known_at: datetime) -> Iterator[AttemptKnown]:
    """Yield the attempts that somebody began by a moment, the first first, each as recorded by another (both aware)."""
    begun = Attempt.objects.filter(officer=officer, started_at__lte=min(begun_by, known_at))
    for attempt in begun.select_related("assessment_version").order_by("started_at", "pk"):
        steps = list(AttemptStep.objects.filter(attempt=attempt, at__lte=known_at).order_by("number"))
        if steps:
            yield _as_known(attempt, steps, known_at)


def _as_known(attempt: Attempt, steps: list[AttemptStep], known_at: datetime) -> AttemptKnown:
    state = replay(steps)
    keys = keys_by_id(state.rulings.values())
    rows = attempt.items.select_related("question_version__question").order_by("position")
    files = attempt.answer_files.filter(added_at__lte=known_at).order_by("position", "pk")
    return AttemptKnown(
        attempt=attempt,
        state=state,
        items=tuple(item_result(_as_replayed(row, state), state.rulings.get(row.position, {}), keys) for row in rows),
        files=tuple(AnsweredFile(file.position, file.name, file.digest, file.size) for file in files),
        steps=tuple((step.at, str(step.get_kind_display())) for step in steps if step.kind not in TOO_SMALL),
    )


def _as_replayed(row: AttemptItem, state: Replayed) -> AttemptItem:
    """Return the row with the answer and the mark that the steps tell; it is not saved."""
    told = state.items[row.position]
    row.response, row.fraction = told.response, told.fraction
    return row
