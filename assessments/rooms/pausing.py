"""Stopping the clock in a room, letting it run on and adding time, for one candidate or for all: each with a reason, a line of the
room's log and a step of every attempt, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from assessments.models import Attempt, AttemptState, AttemptStep, Room, RoomEvent, RoomEventKind, StepKind
from assessments.open_attempts import is_overdue
from assessments.refusals import clock_time
from assessments.rests import end_rest_of, is_resting
from assessments.rooms.locking import Who, lock_room, log_event
from assessments.rooms.refusals import RoomRefused
from assessments.rooms.starting import is_stopped
from assessments.sitting_clock import PauseCause, add_time, run_clock, stop_clock
from people.models import User

REASON_LENGTH = 500
MOST_MINUTES = 180


def stop(room: Room, attempt: Attempt | None, *, reason: str, by: User, at: datetime) -> int:
    """Stop the clock of one candidate, or of the whole room; return of how many.

    A rest break that runs ends first: nobody lets a clock run on that the invigilator has stopped. While the whole room is stopped
    nobody starts in it.
    """
    reason = _checked(reason)
    with transaction.atomic():
        locked = lock_room(room, Who.INVIGILATORS, by=by)
        if attempt is None and is_stopped(locked):
            raise RoomRefused("The clock is stopped for everybody already. Nothing was changed.")

        def stop_one(one: Attempt) -> bool:
            if is_resting(one):
                end_rest_of(one, by=by, at=at)
            return not is_overdue(one, at=at) and stop_clock(one, PauseCause.INVIGILATOR, by=by, at=at, reason=reason)

        done = _for_each(locked, attempt, stop_one, at=at)
        if attempt is not None and not done:
            raise RoomRefused("The clock of this candidate is stopped already. Nothing was changed.")
        log_event(locked, RoomEventKind.PAUSED, by=by, at=at, words=reason, attempt=attempt)
    return done


def run_on(room: Room, attempt: Attempt | None, *, reason: str, by: User, at: datetime) -> int:
    """Let the clock run on that an invigilator stopped, for one or for all; return for how many. A rest break is its candidate's."""
    reason = _checked(reason)
    with transaction.atomic():
        locked = lock_room(room, Who.INVIGILATORS, by=by)
        stopped = stopped_by_invigilator(locked)

        def run_one(one: Attempt) -> bool:
            return one.pk in stopped and run_clock(one, by=by, at=at, reason=reason)

        was_stopped = is_stopped(locked)
        done = _for_each(locked, attempt, run_one, at=at)
        if not done and not (attempt is None and was_stopped):
            raise RoomRefused("No clock is stopped here by an invigilator. Nothing was changed.")
        log_event(locked, RoomEventKind.RESUMED, by=by, at=at, words=reason, attempt=attempt)
    return done


def extend(
    room: Room, attempt: Attempt | None, minutes: int, *, reason: str, by: User, at: datetime, seen: int | None = None
) -> int:
    """Add minutes for one candidate, or for all whose test runs; return for how many.

    ``seen`` is the last line of the log on the page that asks: the same press twice adds once.
    """
    reason = _checked(reason)
    if not 0 < minutes <= MOST_MINUTES:
        raise RoomRefused(f"Add between 1 and {MOST_MINUTES} minutes.", field="minutes")
    with transaction.atomic():
        locked = lock_room(room, Who.INVIGILATORS, by=by)
        same = locked.events.filter(kind=RoomEventKind.EXTENDED, attempt=attempt)
        if seen is not None and (last := same.filter(pk__gt=seen).select_related("by").last()):
            who = last.by.name if last.by else "Somebody"
            raise RoomRefused(
                f"{who} added {last.minutes} minutes at {clock_time(last.at)}, after you opened this page. "
                "Look at the room before you add more."
            )
        done = _for_each(locked, attempt, lambda one: add_time(one, minutes, by=by, at=at, reason=reason), at=at)
        if not done:
            raise RoomRefused("This test has no time limit, so there is nothing to add to." if attempt else NO_LIMIT)
        log_event(locked, RoomEventKind.EXTENDED, by=by, at=at, words=reason, attempt=attempt, minutes=minutes)
    return done


NO_LIMIT = "No test with a time limit runs in this room now, so no time was added."


def stopped_by_invigilator(room: Room) -> dict[object, AttemptStep]:
    """Return the step that stopped it for each open attempt of the room whose clock an invigilator stopped. One query."""
    return {key: step for key, step in pauses(room).items() if step.data.get("cause") == PauseCause.INVIGILATOR}


def pauses(room: Room) -> dict[object, AttemptStep]:
    """Return the step that stopped it for each open attempt of the room whose clock stands still. One query."""
    stopped = {"attempt__room": room, "attempt__state": AttemptState.OPEN, "attempt__paused_at__isnull": False}
    steps = AttemptStep.objects.filter(kind=StepKind.PAUSED, **stopped).order_by("number")
    return {step.attempt_id: step for step in steps}


def last_line(room: Room) -> int:
    """Return the number of the newest line of the room's log."""
    return RoomEvent.objects.filter(room=room).order_by("-pk").values_list("pk", flat=True).first() or 0


def _for_each(room: Room, attempt: Attempt | None, change: Callable[[Attempt], bool], *, at: datetime) -> int:
    """Lock the open attempts meant, in one order, and change each; return how many were changed. One that has ended is refused."""
    meant = Attempt.objects.filter(room=room)
    meant = meant.open() if attempt is None else meant.filter(pk=attempt.pk)
    locked = list(meant.select_for_update(of=("self",)).select_related("assessment_version").order_by("pk"))
    running = [one for one in locked if one.state == AttemptState.OPEN and not is_overdue(one, at=at)]
    if attempt is not None and not running:
        raise RoomRefused("This test has ended, so its clock does not change any more.")
    return sum(change(one) for one in running)


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise RoomRefused("Say why, in a few words. The reason stands in the log.", field="reason")
    if len(reason) > REASON_LENGTH:
        raise RoomRefused(f"Use at most {REASON_LENGTH} characters for the reason.", field="reason")
    return reason
