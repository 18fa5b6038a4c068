"""What was decided about a recruit, newest first, as a page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from courses.models import Recruit
from courses.programmes.moving import CAUSES, Cause
from courses.programmes.releasing import plan_of
from courses.programmes.states import BESIDE, ENDS, WORDS, Kind
from people.models import display_name


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that stood for a time: since when, until when, who decided, why, and when it was recorded."""

    kind: Kind
    title: str
    since: date
    until: date | None
    by: str
    reason: str
    evidence: str
    recorded_at: datetime

    @property
    def days(self) -> str:
        return _short(self.since)

    @property
    def icon(self) -> str:
        """The shape: done, in trouble, or a decision."""
        if self.kind in (Kind.PHASE, Kind.PATROL, Kind.CONFIRMED):
            return "tick" if self.until or self.kind is not Kind.PHASE else "half-disc"
        return "square" if self.kind in BESIDE else "octagon" if self.kind in ENDS else "document"

    @property
    def recorded(self) -> str:
        """Until when it stood, where the evidence is, and who recorded it on which day."""
        until = f"Until {_short(self.until)} {self.until.year}. " if self.until else ""
        evidence = f"Evidence: {self.evidence}. " if self.evidence else ""
        day = timezone.localdate(self.recorded_at)
        by = f" by {self.by}" if self.by else ""
        return f"{until}{evidence}Recorded {_short(day)} {day.year}{by}."


def history_of(recruit: Recruit, *, known_at: datetime | None = None) -> list[Told]:
    """Return everything that stood in a recruit's record at a time (None is now), the latest first. One query beside the plan's."""
    plan = plan_of(recruit.release)
    titles = {phase.slug: phase.title for phase in plan.phases}
    rows = (
        recruit.states.known(known_at)  # type: ignore[attr-defined]
        .filter(is_void=False)
        .select_related("recorded_by", "intake")
        .order_by("-valid_from", "-pk")
    )
    told = []
    for row in rows:
        title = WORDS[Kind(row.kind)]
        if row.kind == Kind.PHASE:
            title = titles.get(row.phase, row.phase)
        elif row.intake is not None:
            title = f"Intake {row.intake.name}"
        if row.cause:
            title = f"{title}: {CAUSES[Cause(row.cause)].lower()}"
        by = display_name(row.recorded_by) if row.recorded_by else ""
        told.append(
            Told(Kind(row.kind), title, row.valid_from, row.valid_until, by, row.reason, row.evidence, row.recorded_at)
        )
    return told


def _short(day: date) -> str:
    return f"{day.day} {day:%B}"
