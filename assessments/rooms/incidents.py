"""The incident log: free text about the room or one candidate, written once, with its time."""

from __future__ import annotations

from datetime import datetime

from assessments.models import Attempt, Room, RoomEvent, RoomEventKind
from assessments.rooms.locking import leads, log_event
from assessments.rooms.refusals import RoomRefused
from people.models import User

INCIDENT_LENGTH = 1000


def report_incident(room: Room, attempt: Attempt | None, words: str, *, by: User, at: datetime) -> RoomEvent:
    """Write what happened, in the whole room or with one candidate; also after the room was closed. For its invigilators and leaders."""
    words = words.strip()
    was_here = Room.objects.visible_to(by).filter(pk=room.pk, invigilators__invigilator=by).exists()
    if not was_here and not leads(room, by):
        raise RoomRefused("Only somebody who invigilates this room, or leads it, writes into its log.")
    if not words:
        raise RoomRefused("Write what happened.", field="words")
    if len(words) > INCIDENT_LENGTH:
        raise RoomRefused(f"Use at most {INCIDENT_LENGTH} characters. Write a second entry for more.", field="words")
    if attempt is not None and attempt.room_id != room.pk:
        raise RoomRefused("This candidate is not in the room. Choose one in the list.", field="about")
    return log_event(room, RoomEventKind.INCIDENT, by=by, at=at, words=words, attempt=attempt)
