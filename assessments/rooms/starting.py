"""Starting in a room: the code of one that is open now, for this assessment, by somebody who does not invigilate it."""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db import connection

from assessments.models import AssessmentVersion, Room, RoomEvent, RoomEventKind
from assessments.refusals import CannotStart, clock_time
from assessments.rooms.codes import tidy
from assessments.rooms.refusals import CodeRefused
from people.models import User

# Wrong codes somebody may try for one assessment before waiting: one in 24 million is right.
MOST_TRIES = 10
TRIES_KEPT = 10 * 60
NO_CODE = "Enter the start code. The invigilator gives it out in the room."
WRONG_CODE = "No room that is open now has this code. Check it with the invigilator and enter it again."
NONE_OPEN = "No room is open for this test now. Ask the invigilator, or your trainer when and where it is sat."
TOO_MANY = "There were too many wrong codes. Wait ten minutes, then enter the one the invigilator shows you."


def room_for_code(version: AssessmentVersion, typed: str, *, by: User, at: datetime) -> Room:
    """Return the room of this assessment that is open now and has the code; raises ``CodeRefused`` with a sentence where none has."""
    code = tidy(typed)
    if not code:
        raise CodeRefused(NO_CODE)
    tries = f"start-code:{version.assessment_id}:{by.pk}"
    if (cache.get(tries) or 0) >= MOST_TRIES:
        raise CodeRefused(TOO_MANY)
    rooms = rooms_open(version, at=at)
    found = [room for room in rooms if hmac.compare_digest(room.start_code, code)]
    if not found:
        cache.add(tries, 0, TRIES_KEPT)
        cache.incr(tries)
        raise CodeRefused(WRONG_CODE if rooms else NONE_OPEN)
    refuse_start(version, found[0].pk, by=by, at=at)
    return found[0]


def rooms_open(version: AssessmentVersion, *, at: datetime) -> list[Room]:
    """Return the rooms in which this assessment starts now."""
    rooms = Room.objects.filter(assessment=version.assessment_id, closed_at__isnull=True)
    return list(rooms.filter(opens_at__lte=at, closes_at__gt=at))


def refuse_start(version: AssessmentVersion, room_id: UUID | None, *, by: User, at: datetime) -> None:
    """Refuse to start outside a room, in one of another assessment, not yet or no more open, stopped as a whole, or invigilated by oneself.

    Reads the room anew: whoever asks again after inserting the attempt sees what was committed meanwhile.
    """
    if not version.is_invigilated:
        if room_id is not None:
            raise CannotStart("This test is not invigilated. Start it without a code.")
        return
    if room_id is None:
        raise CodeRefused(NO_CODE)
    room = Room.objects.get(pk=room_id)
    if room.assessment_id != version.assessment_id:
        raise CodeRefused(WRONG_CODE)
    if room.closed_at is not None or at >= room.closes_at:
        closed = min(filter(None, (room.closed_at, room.closes_at)))
        raise CannotStart(f"The room takes no more starts since {clock_time(closed)}. Ask the invigilator.")
    if at < room.opens_at:
        raise CannotStart(f"The room opens at {clock_time(room.opens_at)}. Start then.")
    if room.invigilators.filter(invigilator=by).exists():
        raise CannotStart(
            "You invigilate this room, so you cannot sit the test in it. Ask your trainer for another room."
        )
    if is_stopped(room):
        raise CannotStart(
            "The invigilator has stopped the clock for everybody in the room. Start when it runs again, with the same code."
        )


def hold_room(room_id: UUID) -> None:
    """Let whoever closes or stops the room wait until this transaction ends, and wait for them; starts do not wait for one another.

    The reference to the room holds nothing until the commit, when it is checked. SQLite has one writer at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM assessments_room WHERE id = %s FOR KEY SHARE", [room_id])


def is_stopped(room: Room) -> bool:
    """Return whether the clock is stopped for everybody in the room, newcomers included."""
    whole = RoomEvent.objects.filter(room=room, attempt__isnull=True)
    last = whole.filter(kind__in=(RoomEventKind.PAUSED, RoomEventKind.RESUMED)).order_by("-at", "-id").first()
    return last is not None and last.kind == RoomEventKind.PAUSED
