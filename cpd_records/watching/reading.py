"""What the page about the ledger says: whether it signs, what the last night found, and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.refusals import standing_refusal
from cpd_records.ledger.times import times_ahead
from cpd_records.models import Checkpoint, NightlyVerification, SealRefusal, UnsealedEntry
from cpd_records.watching import silence
from cpd_records.watching.remedies import remedies_for

NIGHTS_SHOWN = 14
REFUSALS_SHOWN = 5


@dataclass(frozen=True)
class Watch:
    """``last`` is the newest verification that ended. The sentences say what is wrong and what to do: ``late`` where it is too long ago or
    there should be one, ``failure`` where the last try failed, ``stopped`` where nothing is sealed, ``ahead`` where the ledger's last
    time is still to come."""

    last: NightlyVerification | None
    late: str | None
    failure: str | None
    stopped: str | None
    nights: list[NightlyVerification]
    refusal: SealRefusal | None
    refusals: list[SealRefusal]
    checkpoint: Checkpoint | None
    waiting: int
    ahead: str | None

    @property
    def state(self) -> str:
        """The state whose look the answer has."""
        if self.last is None:
            return "due" if self.late else "not-started"
        if not self.last.is_sound:
            return "refused"
        return "due" if self.late else "valid"

    @property
    def remedies(self) -> list[str]:
        """What to do about what the last verification found; of very many problems, about the first."""
        return [] if self.last is None else remedies_for(problem["kind"] for problem in self.last.problems)

    @property
    def heading(self) -> str:
        if self.last is None:
            return "Not verified, though it should have been" if self.late else "Not verified yet"
        if not self.last.is_sound:
            return "Found wanting"
        return "Sound, but not verified lately" if self.late else "Sound"


def watch(*, at: datetime) -> Watch:
    """Read it as at a moment; a handful of small queries, whatever the size of the ledger."""
    nights = list(NightlyVerification.objects.filter(ended_at__isnull=False).order_by("-night")[:NIGHTS_SHOWN])
    return Watch(
        last=nights[0] if nights else None,
        late=silence.nights_stopped(at=at),
        failure=silence.failure(),
        stopped=silence.sealing_stopped(at=at),
        nights=nights,
        refusal=standing_refusal(),
        refusals=list(SealRefusal.objects.filter(ended_at__isnull=False).order_by("-refused_at")[:REFUSALS_SHOWN]),
        checkpoint=last_checkpoint(),
        waiting=UnsealedEntry.objects.count(),
        ahead=times_ahead(at=at),
    )
