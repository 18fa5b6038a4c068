"""The question a pack answers, and the moments that cut what it may say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cpd_records.currency.awards import WHENEVER
from cpd_records.currency.facts import footing_at
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.models import Checkpoint
from people import clock
from people.models import User


@dataclass(frozen=True, slots=True)
class EvidenceQuestion:
    """Whom it is about, which day, as recorded by when (None: by now), why, and who asks, in words."""

    officer: User
    on: date
    known_at: datetime | None
    purpose: str
    asked_by: str

    @property
    def happened_by(self) -> datetime:
        """The last moment of the day asked about, by the force's own clock."""
        return clock.end_of_day(self.on)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the answer rests on: the checkpoint (None before the first), and by which moment rows count as recorded.

    ``recorded_by`` cuts rows with two times, as the checkpoint's time does; ``noted_by`` cuts what is written down as it happens
    (enrolments, steps, answers), which no checkpoint waits for: the moment asked about itself.
    """

    checkpoint: Checkpoint | None
    recorded_by: datetime
    noted_by: datetime
    is_provisional: bool

    @property
    def size(self) -> int:
        return self.checkpoint.size if self.checkpoint else 0


def ground_of(question: EvidenceQuestion) -> Ground:
    """Return what a question's answer rests on: the last checkpoint by ``known_at``, else the last there is."""
    footing = footing_at(question.known_at)
    return Ground(
        last_checkpoint(by=question.known_at), footing.cut.moment, question.known_at or WHENEVER, footing.is_provisional
    )
