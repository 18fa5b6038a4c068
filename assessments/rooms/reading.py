"""What the page of a room shows, in a fixed number of queries however many sit in it: who is where, and neither answers nor marks.

Of adjustments only their effect is seen: until when a test runs, and that somebody rests.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from assessments.models import Attempt, AttemptState, AttemptStep, Room, RoomCandidate, RoomEvent, RoomEventKind
from assessments.open_attempts import is_overdue
from assessments.rooms.pausing import pauses
from assessments.rooms.starting import is_stopped
from assessments.rooms.unclosed import closes_itself_at
from assessments.sitting_clock import PauseCause
from people.models import User

# Pages of a room are heard of every 20 seconds; after this long somebody has lost contact.
LOST_AFTER = timedelta(seconds=45)
LINES_SHOWN = 8


class Place(Enum):
    """Where a candidate is: its value is the tone that marks it, its words are for people."""

    NOT_STARTED = "not-started"
    WORKING = "started"
    LOST = "no"
    STOPPED = "due"
    RESTING = "waiting"
    SUBMITTED = "done"
    EXPIRED = "in-grace"
    VOIDED = "unknown"


WORDS = {
    Place.NOT_STARTED: "Not started",
    Place.WORKING: "Working",
    Place.LOST: "Lost contact",
    Place.STOPPED: "Clock stopped",
    Place.RESTING: "Resting",
    Place.SUBMITTED: "Handed in",
    Place.EXPIRED: "Time ran out",
    Place.VOIDED: "Voided",
}
# Trouble first, then who works, then who has not begun, then who has finished.
ORDER = (
    Place.LOST,
    Place.STOPPED,
    Place.RESTING,
    Place.WORKING,
    Place.NOT_STARTED,
    Place.EXPIRED,
    Place.SUBMITTED,
    Place.VOIDED,
)


@dataclass(frozen=True)
class CandidateLine:
    """One candidate. ``heard_at`` is when the page was last heard of; ``minutes_left`` counts up to whole minutes."""

    officer: User
    place: Place
    attempt: Attempt | None = None
    answered: int = 0
    questions: int = 0
    saved_at: datetime | None = None
    heard_at: datetime | None = None
    minutes_left: int | None = None
    is_expected: bool = True

    @property
    def words(self) -> str:
        return WORDS[self.place]

    @property
    def is_open(self) -> bool:
        return self.attempt is not None and self.attempt.state == AttemptState.OPEN


@dataclass(frozen=True)
class RoomPage:
    """The room now: candidates with trouble first, how many are where, and the newest lines of the log."""

    room: Room
    lines: tuple[CandidateLine, ...]
    counts: tuple[tuple[str, int], ...]
    is_stopped: bool
    log: tuple[LogLine, ...]
    now: datetime

    @property
    def is_started(self) -> bool:
        return any(line.attempt for line in self.lines)

    @property
    def closes_itself_at(self) -> datetime:
        return closes_itself_at(self.room)

    @property
    def open_lines(self) -> list[CandidateLine]:
        return [line for line in self.lines if line.is_open]

    @property
    def starts_now(self) -> bool:
        """Whether tests start with the code now."""
        return self.room.closed_at is None and self.room.opens_at <= self.now < self.room.closes_at


def room_page(room: Room, *, at: datetime) -> RoomPage:
    """Return the room as it stands at that moment."""
    attempts = list(sittings_of(room))
    expected = list(RoomCandidate.objects.filter(room=room).select_related("officer"))
    stopped = pauses(room)
    named = {row.officer_id for row in expected}
    lines = [
        _line(attempt, stopped.get(attempt.pk), attempt.officer_id in named or not named, at=at) for attempt in attempts
    ]
    here = {attempt.officer_id for attempt in attempts}
    lines += [CandidateLine(row.officer, Place.NOT_STARTED) for row in expected if row.officer_id not in here]
    lines.sort(key=lambda line: (ORDER.index(line.place), line.officer.name, line.officer.service_number))
    found = Counter(line.place for line in lines)
    return RoomPage(
        room=room,
        lines=tuple(lines),
        counts=tuple((WORDS[place], found[place]) for place in ORDER if found[place]),
        is_stopped=is_stopped(room),
        log=tuple(LogLine(event) for event in log_of(room).order_by("-at", "-id")[:LINES_SHOWN]),
        now=at,
    )


def sittings_of(room: Room) -> QuerySet[Attempt]:
    """Return the attempts of a room with their candidates, contact, and how many questions were answered and when."""
    answered = Count("items", filter=Q(items__response__isnull=False))
    counted = Attempt.objects.filter(room=room).annotate(
        answered=answered, questions=Count("items"), saved_at=Max("items__saved_at")
    )
    found: QuerySet[Attempt] = counted.select_related("officer", "contact").order_by("started_at")
    return found


def log_of(room: Room) -> QuerySet[RoomEvent]:
    """Return the lines of the room's log, the oldest first, with whom they are about."""
    return RoomEvent.objects.filter(room=room).select_related("by", "attempt__officer")


@dataclass(frozen=True)
class LogLine:
    """A line of the log in words: what happened, and to whom."""

    event: RoomEvent

    @property
    def what(self) -> str:
        minutes = self.event.minutes
        if self.event.kind == RoomEventKind.EXTENDED:
            return "One minute added" if minutes == 1 else f"{minutes} minutes added"
        return str(self.event.get_kind_display())

    @property
    def about(self) -> str:
        return self.event.attempt.officer.name if self.event.attempt else "The whole room"

    @property
    def service_number(self) -> str:
        return self.event.attempt.officer.service_number if self.event.attempt else ""

    @property
    def by(self) -> str:
        """Who did it; the service where nobody did."""
        return self.event.by.name if self.event.by else "The service"

    @property
    def is_incident(self) -> bool:
        return bool(self.event.kind == RoomEventKind.INCIDENT)


def log_lines(room: Room) -> list[LogLine]:
    """Return the log of a room, the oldest line first."""
    return [LogLine(event) for event in log_of(room).order_by("at", "id")]


def _line(attempt: Any, pause: AttemptStep | None, is_expected: bool, *, at: datetime) -> CandidateLine:
    contact = getattr(attempt, "contact", None)
    heard = max(filter(None, (attempt.started_at, contact and contact.seen_at, attempt.saved_at)))
    place = _place(attempt, pause, heard, at=at)
    left = None
    if attempt.state == AttemptState.OPEN and attempt.deadline_at is not None:
        remaining = attempt.deadline_at - (attempt.paused_at or at)
        left = max(0, -(-int(remaining.total_seconds()) // 60))
    return CandidateLine(
        officer=attempt.officer,
        place=place,
        attempt=attempt,
        answered=attempt.answered,
        questions=attempt.questions,
        saved_at=attempt.saved_at,
        heard_at=heard,
        minutes_left=left,
        is_expected=is_expected,
    )


def _place(attempt: Attempt, pause: AttemptStep | None, heard: datetime, *, at: datetime) -> Place:
    if attempt.state == AttemptState.SUBMITTED:
        return Place.SUBMITTED
    if attempt.state == AttemptState.VOIDED:
        return Place.VOIDED
    if attempt.state == AttemptState.EXPIRED or is_overdue(attempt, at=at):
        return Place.EXPIRED
    if attempt.paused_at is not None:
        resting = pause is not None and pause.data.get("cause") == PauseCause.REST
        return Place.RESTING if resting else Place.STOPPED
    return Place.LOST if at - heard > LOST_AFTER else Place.WORKING
