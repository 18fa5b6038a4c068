"""What the page about the ledger says: whether it signs, what was found last, and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.refusals import standing_refusal
from cpd_records.ledger.times import times_ahead
from cpd_records.models import AskedVerification, Checkpoint, NightlyVerification, SealRefusal, UnsealedEntry
from cpd_records.models.watching import Verification
from cpd_records.watching import silence
from cpd_records.watching.remedies import remedies_for

NIGHTS_SHOWN = 14
ASKED_SHOWN = 5
REFUSALS_SHOWN = 5


@dataclass(frozen=True)
class Watch:
    """``last`` is the newest verification that ended, a night's or one that was asked for; ``running`` one that was asked for and has not,
    ``asked`` are the last of those that have. The sentences say what is wrong and what to do: ``late`` where it is too long ago or
    there should be one, ``failure`` where the last try failed, ``stopped`` where nothing is sealed, ``ahead`` where the ledger's last
    time is still to come."""

    last: Verification | None
    is_stale: bool
    running: AskedVerification | None
    asked: list[AskedVerification]
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
        return "due" if self.is_stale else "valid"

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
        return "Sound, but not verified lately" if self.is_stale else "Sound"


def watch(*, at: datetime) -> Watch:
    """Read it as at a moment; a handful of small queries, whatever the size of the ledger."""
    nights = list(NightlyVerification.objects.filter(ended_at__isnull=False).order_by("-night")[:NIGHTS_SHOWN])
    asked = list(AskedVerification.objects.select_related("asked_by").order_by("-asked_at")[: ASKED_SHOWN + 1])
    ended = [one for one in asked if not one.is_running][:ASKED_SHOWN]
    last = max([*nights[:1], *ended[:1]], key=lambda one: one.ended_at or at, default=None)
    late = silence.nights_stopped(at=at)
    return Watch(
        last=last,
        is_stale=late is not None
        and (last is None or last.ended_at is None or at - last.ended_at > silence.LATE_AFTER),
        running=next((one for one in asked if one.is_running), None),
        asked=ended,
        late=late,
        failure=silence.failure(silence.VERIFY_WORK, silence.ASKED_WORK),
        stopped=silence.sealing_stopped(at=at),
        nights=nights,
        refusal=standing_refusal(),
        refusals=list(SealRefusal.objects.filter(ended_at__isnull=False).order_by("-refused_at")[:REFUSALS_SHOWN]),
        checkpoint=last_checkpoint(),
        waiting=UnsealedEntry.objects.count(),
        ahead=times_ahead(at=at),
    )
