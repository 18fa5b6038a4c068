"""A room that nobody closes: those who must act are told, and later it closes itself, so that no clock stands still for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from assessments.assessment_rules import current_version
from assessments.models import Attempt, Room, RoomEventKind
from assessments.open_attempts import is_overdue
from assessments.refusals import day_and_time
from assessments.rooms.locking import log_event
from assessments.rooms.pausing import stopped_by_invigilator
from assessments.sitting_clock import run_clock
from people import clock, work
from people.mail import tell_of_submission
from people.models import User

# After the last moment at which a test could start in the room. Local defaults: a working day's end, and the next morning.
TOLD_AFTER = timedelta(hours=2)
CLOSES_AFTER = timedelta(hours=12)
LOOK_AGAIN = timedelta(minutes=10)
WATCH = "assessments.watch_room"
TELL = "assessments.tell_of_unclosed_room"
NOBODY_CLOSED = "Nobody closed the room, so it closed itself."


def closes_itself_at(room: Room) -> datetime:
    """Return when a room that nobody closes closes itself, or as soon after as no test's clock runs in it."""
    return room.closes_at + CLOSES_AFTER


def watch(room: Room) -> None:
    """Ask for the room to be looked after; call in the transaction that opens it."""
    work.ask(WATCH, str(room.pk), at=room.closes_at + TOLD_AFTER)


@work.background(WATCH)
def watch_room(key: str) -> None:
    """Tell whoever must act that a room is not closed, and close it when its time has come; look again until then."""
    room = Room.objects.get(pk=key)
    now = clock.now()
    if room.closed_at is not None:
        return
    if now < room.closes_at + TOLD_AFTER:
        raise work.NotYet((room.closes_at + TOLD_AFTER - now).total_seconds() + 0.01)
    if _somebody_works(room, at=now):
        raise work.NotYet(LOOK_AGAIN.total_seconds())
    if now >= closes_itself_at(room):
        close_unattended(room, at=now)
        return
    people = {room.created_by_id, *_invigilators(room)}
    work.ask_many(TELL, [f"{room.pk}:{person}" for person in sorted(people)])
    raise work.NotYet((closes_itself_at(room) - now).total_seconds() + 0.01)


def close_unattended(room: Room, *, at: datetime) -> Room:
    """Close a room that nobody closed. Clocks that an invigilator stopped run on with the time they had left, to the end of those tests."""
    with transaction.atomic():
        locked: Room = Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
        if locked.closed_at is not None:
            return locked
        stopped = Attempt.objects.open().filter(pk__in=list(stopped_by_invigilator(locked)))
        for attempt in stopped.select_for_update(of=("self",)).select_related("assessment_version").order_by("pk"):
            if run_clock(attempt, by=None, at=at, reason=NOBODY_CLOSED):
                log_event(locked, RoomEventKind.RESUMED, by=None, at=at, words=NOBODY_CLOSED, attempt=attempt)
        locked.closed_at = at
        locked.save(update_fields=["closed_at"])
        log_event(locked, RoomEventKind.CLOSED, by=None, at=at, words=NOBODY_CLOSED)
    return locked


@work.background(TELL)
def tell_of_unclosed_room(key: str) -> None:
    """Tell somebody who invigilates the room, or who opened it, that it is not closed and what happens if it stays so."""
    room_id, _colon, person_id = key.partition(":")
    room = Room.objects.select_related("assessment").get(pk=room_id)
    if room.closed_at is not None:
        return
    stopped = len(stopped_by_invigilator(room))
    tell_of_submission(
        User.objects.get(pk=person_id),
        subject="An exam room is not closed",
        template="assessments/mail/unclosed_room.txt",
        about={
            "room": room,
            "version": current_version(room.assessment),
            "stopped": stopped,
            "closes_itself": day_and_time(closes_itself_at(room)),
        },
        path=f"/assess/rooms/{room.pk}/",
    )


def _somebody_works(room: Room, *, at: datetime) -> bool:
    """Return whether a test runs, or its candidate rests: such a clock runs on by itself."""
    others = Attempt.objects.open().filter(room=room).exclude(pk__in=list(stopped_by_invigilator(room)))
    return any(not is_overdue(attempt, at=at) for attempt in others)


def _invigilators(room: Room) -> list[int]:
    return list(room.invigilators.filter(left_at__isnull=True).values_list("invigilator", flat=True))
