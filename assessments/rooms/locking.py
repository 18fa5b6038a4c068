"""A room under its lock, for whoever may change it, and the lines of its log."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from assessments.authors import may_open_rooms
from assessments.models import Attempt, AttemptState, Room, RoomEvent, RoomEventKind
from assessments.refusals import clock_time
from assessments.rooms.refusals import RoomRefused
from people.models import User

NOT_A_LEADER = (
    "Trainers of the course’s family and training administrators open rooms and say who invigilates. Ask one of them."
)
NOT_AN_INVIGILATOR = "Only somebody who invigilates this room may do this. Ask whoever opened it to add you."


class Who(Enum):
    """Who may do something to a room: those who lead it, trainers of the family and training administrators; its invigilators; or both."""

    LEADERS = "leaders"
    INVIGILATORS = "invigilators"
    EITHER = "either"


def lock_room(room: Room, who: Who, *, by: User) -> Room:
    """Return the room locked until the transaction ends, while it is not closed, if ``by`` is one of those who may."""
    locked: Room = Room.objects.select_for_update(of=("self",)).select_related("assessment").get(pk=room.pk)
    allowed = (who is not Who.LEADERS and invigilates(locked, by)) or (
        who is not Who.INVIGILATORS and leads(locked, by)
    )
    if not allowed:
        raise RoomRefused(NOT_AN_INVIGILATOR if who is Who.INVIGILATORS else NOT_A_LEADER)
    if locked.closed_at is not None:
        raise RoomRefused(f"The room was closed at {clock_time(locked.closed_at)}. Its log can still be read.")
    return locked


def invigilates(room: Room, person: User) -> bool:
    """Return whether the person invigilates the room now."""
    return Room.objects.invigilated_by(person).filter(pk=room.pk).exists()


def leads(room: Room, person: User) -> bool:
    """Return whether the person may say who invigilates the room and who is expected; never one of its candidates."""
    return may_open_rooms(person, room.assessment.family) and not sits_in(room, person)


def log_event(
    room: Room,
    kind: RoomEventKind,
    *,
    by: User | None,
    at: datetime,
    words: str = "",
    attempt: Attempt | None = None,
    minutes: int | None = None,
) -> RoomEvent:
    """Write a line of the room's log; ``by`` is None where nobody did it."""
    return RoomEvent.objects.create(room=room, kind=kind, words=words, attempt=attempt, minutes=minutes, at=at, by=by)


def sits_in(room: Room, person: User) -> bool:
    """Return whether the person has a test in this room, or one of the same assessment that is open."""
    tests = Attempt.objects.sat_by(person)
    open_now = tests.filter(assessment_version__assessment=room.assessment_id, state=AttemptState.OPEN)
    return tests.filter(room=room).exists() or open_now.exists()
