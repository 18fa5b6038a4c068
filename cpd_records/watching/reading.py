"""What the page about the ledger says: whether it signs, what the last night found, and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.refusals import standing_refusal
from cpd_records.ledger.times import times_ahead
from cpd_records.models import Checkpoint, NightlyVerification, SealRefusal, UnsealedEntry

# A night that was missed is told the morning after.
LATE_AFTER = timedelta(hours=36)
NIGHTS_SHOWN = 14
REFUSALS_SHOWN = 5


@dataclass(frozen=True)
class Watch:
    """``last`` is the newest verification that ended, ``is_late`` that it is too long ago, or that a signed ledger has none;
    ``ahead`` says what to do where the ledger's last time is still to come."""

    last: NightlyVerification | None
    is_late: bool
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
            return "not-started"
        if not self.last.is_sound:
            return "refused"
        return "due" if self.is_late else "valid"

    @property
    def heading(self) -> str:
        if self.last is None:
            return "Not verified yet"
        if not self.last.is_sound:
            return "Found wanting"
        return "Sound, but not verified lately" if self.is_late else "Sound"


def watch(*, at: datetime) -> Watch:
    """Read it as at a moment; a handful of small queries, whatever the size of the ledger."""
    nights = list(NightlyVerification.objects.filter(ended_at__isnull=False).order_by("-night")[:NIGHTS_SHOWN])
    last = nights[0] if nights else None
    ended_at = last.ended_at if last else None
    checkpoint = last_checkpoint()
    return Watch(
        last=last,
        is_late=checkpoint is not None and (ended_at is None or at - ended_at > LATE_AFTER),
        nights=nights,
        refusal=standing_refusal(),
        refusals=list(SealRefusal.objects.filter(ended_at__isnull=False).order_by("-refused_at")[:REFUSALS_SHOWN]),
        checkpoint=checkpoint,
        waiting=UnsealedEntry.objects.count(),
        ahead=times_ahead(at=at),
    )
