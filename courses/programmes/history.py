"""What was decided about a recruit, newest first, as a page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from courses.models import Recruit, RecruitState
from courses.programmes.moving import CAUSES, Cause
from courses.programmes.releasing import plan_of
from courses.programmes.states import BESIDE, ENDS, WORDS, Kind
from people.dated_rows import with_first_rows
from people.models import display_name


@dataclass(frozen=True, slots=True)
class End:
    """How something ended before it would have by itself: who decided that, '' for the product, why, and when it was recorded."""

    by: str
    reason: str
    recorded_at: datetime

    @property
    def words(self) -> str:
        by = f" by {self.by}" if self.by else ""
        return f"Ended{by}, recorded {_dated(self.recorded_at)}: {self.reason.rstrip('.')}."


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that stood for a time: since when, until when, who decided, why, and when it was recorded.

    ``end`` is who ended it, why and when that was recorded, where somebody did; who decided it in the first place stays who decided it.
    """

    kind: Kind
    title: str
    since: date
    until: date | None
    by: str
    reason: str
    evidence: str
    recorded_at: datetime
    end: End | None = None

    @property
    def days(self) -> str:
        return _short(self.since)

    def stood_on(self, day: date) -> bool:
        """Return whether it stood on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def icon(self) -> str:
        """The shape: done, in trouble, or a decision."""
        if self.kind in (Kind.PHASE, Kind.PATROL, Kind.CONFIRMED):
            return "tick" if self.until or self.kind is not Kind.PHASE else "half-disc"
        return "square" if self.kind in BESIDE else "octagon" if self.kind in ENDS else "document"

    @property
    def recorded(self) -> str:
        """Until when it stood, where the evidence is, who recorded it on which day, and who ended it and why."""
        until = f"Until {_short(self.until)} {self.until.year}. " if self.until else ""
        evidence = f"Evidence: {self.evidence}. " if self.evidence else ""
        by = f" by {self.by}" if self.by else ""
        end = f" {self.end.words}" if self.end else ""
        return f"{until}{evidence}Recorded {_dated(self.recorded_at)}{by}.{end}"


def history_of(recruit: Recruit, *, known_at: datetime | None = None) -> list[Told]:
    """Return everything that stood in a recruit's record at a time (None is now), the latest first.

    Who decided something, and why, stands in the first row of its chain; each row after it ended it. Two or three queries beside the
    plan's, however many rows.
    """
    plan = plan_of(recruit.release)
    titles = {phase.slug: phase.title for phase in plan.phases}
    rows = (
        recruit.states.known(known_at)  # type: ignore[attr-defined]
        .filter(is_void=False)
        .select_related("recorded_by", "intake")
        .order_by("-valid_from", "-pk")
    )
    told = []
    for row in with_first_rows(rows, "recorded_by"):
        first: RecruitState = row.granted  # type: ignore[attr-defined]  # put there by ``with_first_rows``
        title = WORDS[Kind(row.kind)]
        if row.kind == Kind.PHASE:
            title = titles.get(row.phase, row.phase)
        elif row.intake is not None:
            title = f"Intake {row.intake.name}"
        if row.cause:
            title = f"{title}: {CAUSES[Cause(row.cause)].lower()}"
        end = None if first is row else End(_name(row), row.reason, row.recorded_at)
        told.append(
            Told(
                kind=Kind(row.kind),
                title=title,
                since=row.valid_from,
                until=row.valid_until,
                by=_name(first),
                reason=first.reason,
                evidence=first.evidence,
                recorded_at=first.recorded_at,
                end=end,
            )
        )
    return told


def _name(row: RecruitState) -> str:
    return display_name(row.recorded_by) if row.recorded_by else ""


def _dated(moment: datetime) -> str:
    day = timezone.localdate(moment)
    return f"{_short(day)} {day.year}"


def _short(day: date) -> str:
    return f"{day.day} {day:%B}"
